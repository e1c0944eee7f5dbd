"""What several test files share: a small collection, and the service over it."""

from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.config import Settings
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
