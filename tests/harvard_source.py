"""The Harvard source, which waits for little here, over a server that plays the museum."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from indexes.artwork import Artwork
from pipeline.sources import Failure
from pipeline.sources.harvard import HarvardSource
from pipeline.sources.harvard_api import Politeness
from tests.harvard_server import HarvardServer

QUICK = Politeness(interval=0, attempts=3, backoff=0.01, timeout=5)


@pytest.fixture(scope="module")
def server() -> Iterator[HarvardServer]:
    """Shared by tests that only read from it."""
    with HarvardServer() as museum:
        yield museum


def source(museum: HarvardServer, **options: Any) -> HarvardSource:
    return HarvardSource(museum.base_url, museum.key, **{"politeness": QUICK, **options})


def gathered(museum: HarvardSource, workspace: Path) -> tuple[list[Artwork], list[Failure]]:
    failures: list[Failure] = []
    return list(museum.records(workspace, failures.append)), failures
