"""What several test files share: a small collection, and the service over it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright

from app import create_app
from app.config import Settings
from tests.browser import Visit, launch, served
from tests.collection import small_collection


@pytest.fixture(scope="session")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the small collection is published; not to be changed."""
    return small_collection(tmp_path_factory.mktemp("collection"))


@pytest.fixture
def app(collection: Path, tmp_path: Path) -> Flask:
    """The service over the small collection, without likes."""
    return create_app(
        Settings(indexes=collection, database_url=f"sqlite:///{tmp_path / 'likes.sqlite'}", secret_key="of the tests")
    )


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor of that service, by HTTP but without a network."""
    return app.test_client()


@pytest.fixture(scope="module")
def site(collection: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the service over the small collection, run as it is in earnest."""
    with served(collection, tmp_path_factory.mktemp("site")) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser, for all visits of a file."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A new visitor. Parametrised by width and whether scripts run; a desk with script otherwise."""
    width, script = getattr(request, "param", (1440, True))
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, java_script_enabled=script, has_touch=width < 500
    )
    visit = Visit(context, site, script)
    yield visit
    context.close()
    assert not visit.wrong
