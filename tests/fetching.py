"""What tests of one attempt share: a local server that may be reached, and what came of it."""

from collections.abc import Iterator

import pytest

from indexes.pictures import Rendition
from pipeline.fetch import Limits, Reference, Refused, fetch
from tests.image_server import ImageServer

OPEN = Limits(allow_private=True)


@pytest.fixture(scope="module")
def server() -> Iterator[ImageServer]:
    with ImageServer() as running:
        yield running


def get(url: str, limits: Limits = OPEN) -> Rendition | Refused:
    return fetch(Reference(url), limits)


def refused(answer: Rendition | Refused) -> Refused:
    assert isinstance(answer, Refused)
    assert answer.reason.strip()
    return answer
