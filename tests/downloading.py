"""What tests of fetching pictures share: a local server, and the stage over a workspace."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from indexes.artwork import Artwork
from indexes.pictures import PictureStore
from pipeline.download import Counts, Job, download
from pipeline.fetch import Limits
from pipeline.hosts import Manners
from pipeline.ledger import Ledger
from pipeline.sources import Failure
from tests.image_server import ImageServer

QUICK = Manners(per_host=8, pace=0.0, backoff=0.02)
JOB = Job(limits=Limits(allow_private=True), manners=QUICK)


@pytest.fixture
def server() -> Iterator[ImageServer]:
    with ImageServer() as running:
        yield running


@dataclass
class Workspace:
    """Runs the stage over one workspace, each time as a new build would."""

    root: Path
    images: Path | None = None
    failures: list[Failure] = field(default_factory=list)
    progress: list[tuple[int, int]] = field(default_factory=list)
    settled: dict[str, str | None] = field(default_factory=dict)

    @property
    def store(self) -> PictureStore:
        return PictureStore(self.root / "pictures")

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        with Ledger(self.root / "pictures.jsonl", self.store) as ledger:
            yield ledger

    def run(self, works: list[Artwork], job: Job = JOB) -> Counts:
        self.failures, self.progress, self.settled = [], [], {}

        def settled(ids: list[str], digest: str | None) -> None:
            self.settled |= dict.fromkeys(ids, digest)

        with self.ledger() as ledger:
            pending = ledger.pending(works, self.images, job.again)
            return download(
                pending, ledger, job, self.failures.append, lambda *step: self.progress.append(step), settled
            )

    def small(self, work: Artwork) -> bytes:
        with self.ledger() as ledger:
            picture = ledger.picture(work)
        assert picture is not None
        return self.store.read(picture.digest)

    def statuses(self) -> dict[str, str]:
        return {failure.id: failure.status for failure in self.failures}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def linked(*urls: str) -> list[Artwork]:
    return [Artwork(id=f"w{number}", image_url=url) for number, url in enumerate(urls)]
