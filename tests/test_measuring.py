"""Pictures are measured while others are fetched."""

import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from PIL import Image

from indexes.artwork import Artwork
from indexes.encoders import EncoderError, Vectors, autoencoder
from indexes.encoders.clip import ClipEncoder
from indexes.pictures import PictureStore, render
from pipeline.cluster import ClusterError
from pipeline.encoding import Encoder, Encoding
from pipeline.fetch import Reference
from pipeline.ledger import Ledger
from pipeline.measuring import Measuring
from pipeline.progress import Progress
from pipeline.stage import Stage
from pipeline.works import PicturedWorks
from pipeline.workspace import Workspace
from tests.image_server import jpeg

COUNT = 130  # more than are read ahead


class Small:
    """Stands in for a CLIP: the mean colour; tells when it has been given pictures."""

    identity = "small-1"
    dimension = 3
    has_words = False

    def __init__(self) -> None:
        self.asked = threading.Event()

    def encode_images(self, pictures: Sequence[Image.Image]) -> Vectors:
        self.asked.set()
        return np.array([np.asarray(picture).reshape(-1, 3).mean(axis=0) + 1 for picture in pictures], np.float32)


class Opened(Encoder):
    """Is there, or is not."""

    def __init__(self, model: Small | None) -> None:
        super().__init__(Encoding("small"))
        self.model = model

    def open(self) -> ClipEncoder:
        if self.model is None:
            raise EncoderError("small: it cannot be had")
        return cast(ClipEncoder, self.model)


@pytest.fixture(autouse=True)
def short_training(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(autoencoder, "training_steps", lambda _count: 2)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(Workspace(tmp_path / "work"), PictureStore(tmp_path / "pictures"), Progress(quiet=True), [])


def arrive(stage: Stage, ledger: Ledger, measuring: Measuring, numbers: range) -> None:
    """Pictures of these works are fetched, one after the other."""
    for number in numbers:
        picture = stage.store.keep(render(jpeg(number, 40, 30)))
        ledger.fetched(str(number), Reference(f"{number}.jpg"), picture)
        measuring.arrived(picture.digest)


def recorded(stage: Stage, ledger: Ledger, count: int) -> PicturedWorks:
    stage.workspace.keep_records((Artwork(id=str(number), image_file=f"{number}.jpg") for number in range(count)), [])
    return PicturedWorks(stage.workspace, ledger)


def test_pictures_are_measured_while_others_are_fetched(stage: Stage) -> None:
    model = Small()
    with Ledger(stage.workspace.ledger, stage.store) as ledger, Measuring(Opened(model), stage) as measuring:
        works = recorded(stage, ledger, COUNT)
        arrive(stage, ledger, measuring, range(COUNT - 1))
        assert model.asked.wait(60)
        arrive(stage, ledger, measuring, range(COUNT - 1, COUNT))
        measured = measuring.complete(works)
        assert [len(made.log) for made in measured.methods] == [COUNT] * 4
    assert stage.failures == []


def test_what_never_arrived_is_measured_in_the_end(stage: Stage) -> None:
    with Ledger(stage.workspace.ledger, stage.store) as ledger, Measuring(Opened(Small()), stage) as measuring:
        works = recorded(stage, ledger, 3)
        for number in range(3):  # by an earlier run
            picture = stage.store.keep(render(jpeg(number, 40, 30)))
            ledger.fetched(str(number), Reference(f"{number}.jpg"), picture)
        assert [len(made.log) for made in measuring.complete(works).methods] == [3] * 4


def test_a_picture_damaged_on_its_way_is_reported_once(stage: Stage) -> None:
    with Ledger(stage.workspace.ledger, stage.store) as ledger, Measuring(Opened(Small()), stage) as measuring:
        works = recorded(stage, ledger, 3)
        arrive(stage, ledger, measuring, range(2))
        damaged = stage.store.keep(render(jpeg(2, 40, 30)))
        ledger.fetched("2", Reference("2.jpg"), damaged)
        stage.store.path(damaged.digest).write_bytes(b"no picture")
        measuring.arrived(damaged.digest)
        assert [len(made.log) for made in measuring.complete(works).methods] == [2] * 4
    assert [(failure.id, failure.status) for failure in stage.failures] == [(damaged.digest, "damaged picture")]


def test_a_missing_encoder_ends_the_fetching(stage: Stage) -> None:
    def arrive_for_a_minute() -> None:
        for _ in range(600):
            arrive(stage, ledger, measuring, range(1))
            time.sleep(0.1)

    with (
        Ledger(stage.workspace.ledger, stage.store) as ledger,
        Measuring(Opened(None), stage) as measuring,
        pytest.raises(EncoderError, match="cannot be had"),
    ):
        arrive_for_a_minute()


def test_without_any_picture_no_encoder_is_opened(stage: Stage) -> None:
    with Ledger(stage.workspace.ledger, stage.store) as ledger, Measuring(Opened(None), stage) as measuring:
        assert measuring.complete(recorded(stage, ledger, 3)).methods == []


def test_when_fetching_fails_measuring_ends_too(stage: Stage) -> None:
    def fail_in_the_middle() -> None:
        with Ledger(stage.workspace.ledger, stage.store) as ledger, Measuring(Opened(Small()), stage) as measuring:
            arrive(stage, ledger, measuring, range(5))
            raise ClusterError("scheduler: gone")

    with pytest.raises(ClusterError):
        fail_in_the_middle()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("measure")]
