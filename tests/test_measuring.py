"""Pictures are measured while others are fetched."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from PIL import Image

from indexes.artwork import Artwork
from indexes.encoders import EncoderError, Vectors, autoencoder
from indexes.encoders.clip import ClipEncoder
from indexes.pictures import PictureStore, render
from pipeline.autoencoding import sample, weights
from pipeline.cluster import ClusterError
from pipeline.encoding import Encoder, Encoding
from pipeline.fetch import Reference, Refused
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
        measuring.settled([str(number)], picture.digest)


@contextmanager
def measuring_of(model: Small | None, stage: Stage, count: int) -> Iterator[tuple[Ledger, Measuring]]:
    """Of so many works, each with a picture to fetch unless the ledger has it already."""
    stage.workspace.keep_records((Artwork(id=str(number), image_url=f"{number}.jpg") for number in range(count)), [])
    with Ledger(stage.workspace.ledger, stage.store) as ledger:
        works = PicturedWorks(stage.workspace, ledger)
        pending = ledger.pending(stage.workspace.works(), None)
        with Measuring(Opened(model), works, pending, stage) as measuring:
            yield ledger, measuring


def test_pictures_are_measured_while_others_are_fetched(stage: Stage) -> None:
    model = Small()
    with measuring_of(model, stage, COUNT) as (ledger, measuring):
        arrive(stage, ledger, measuring, range(COUNT - 1))
        assert model.asked.wait(60)
        arrive(stage, ledger, measuring, range(COUNT - 1, COUNT))
        measured = measuring.complete()
        assert [len(made.log) for made in measured.methods] == [COUNT] * 4
    assert stage.failures == []


def test_what_never_arrived_is_measured_in_the_end(stage: Stage) -> None:
    with Ledger(stage.workspace.ledger, stage.store) as ledger:
        for number in range(3):  # by an earlier run
            picture = stage.store.keep(render(jpeg(number, 40, 30)))
            ledger.fetched(str(number), Reference(f"{number}.jpg"), picture)
    with measuring_of(Small(), stage, 3) as (_, measuring):
        assert [len(made.log) for made in measuring.complete().methods] == [3] * 4


def test_a_picture_damaged_on_its_way_is_reported_once(stage: Stage) -> None:
    with measuring_of(Small(), stage, 3) as (ledger, measuring):
        arrive(stage, ledger, measuring, range(2))
        damaged = stage.store.keep(render(jpeg(2, 40, 30)))
        ledger.fetched("2", Reference("2.jpg"), damaged)
        stage.store.path(damaged.digest).write_bytes(b"no picture")
        measuring.settled(["2"], damaged.digest)
        assert [len(made.log) for made in measuring.complete().methods] == [2] * 4
    assert [(failure.id, failure.status) for failure in stage.failures] == [(damaged.digest, "damaged picture")]


def test_where_every_picture_is_damaged_there_is_nothing_to_learn(stage: Stage) -> None:
    with measuring_of(Small(), stage, 2) as (ledger, measuring):
        for number in range(2):
            damaged = stage.store.keep(render(jpeg(number, 40, 30)))
            ledger.fetched(str(number), Reference(f"{number}.jpg"), damaged)
            stage.store.path(damaged.digest).write_bytes(b"no picture")
            measuring.settled([str(number)], damaged.digest)
        assert measuring.complete().methods == []
    assert [failure.status for failure in stage.failures] == ["damaged picture"] * 2


def test_a_missing_encoder_ends_the_fetching(stage: Stage) -> None:
    def arrive_for_a_minute() -> None:
        for _ in range(600):
            arrive(stage, ledger, measuring, range(1))
            time.sleep(0.1)

    with measuring_of(None, stage, 1) as (ledger, measuring), pytest.raises(EncoderError, match="cannot be had"):
        arrive_for_a_minute()


def test_without_any_picture_no_encoder_is_opened(stage: Stage) -> None:
    with measuring_of(None, stage, 3) as (_, measuring):
        assert measuring.complete().methods == []


def test_when_fetching_fails_measuring_ends_too(stage: Stage) -> None:
    def fail_in_the_middle() -> None:
        with measuring_of(Small(), stage, COUNT) as (ledger, measuring):
            arrive(stage, ledger, measuring, range(5))
            raise ClusterError("scheduler: gone")

    with pytest.raises(ClusterError):
        fail_in_the_middle()
    ours = ("measure", "embed", "autoencoder")
    assert not [thread for thread in threading.enumerate() if thread.name.startswith(ours)]


def test_training_that_fails_ends_the_fetching(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MemoryError("no room to learn")

    monkeypatch.setattr(autoencoder, "train", fail)

    def arrive_for_a_minute() -> None:
        for _ in range(600):
            arrive(stage, ledger, measuring, range(1))
            time.sleep(0.1)

    with measuring_of(Small(), stage, 2) as (ledger, measuring), pytest.raises(MemoryError, match="no room to learn"):
        arrive_for_a_minute()


def test_whoever_is_interrupted_while_giving_up_leaves_nothing_behind(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    def give_up() -> None:
        with measuring_of(Small(), stage, COUNT) as (ledger, measuring):
            arrive(stage, ledger, measuring, range(5))
            monkeypatch.setattr(measuring._beside, "shutdown", interrupted)
            raise ClusterError("scheduler: gone")

    with pytest.raises(KeyboardInterrupt):
        give_up()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("autoencoder")]


def weights_after(stage: Stage, arrivals: Callable[[Ledger, Measuring], None]) -> bytes:
    with measuring_of(Small(), stage, COUNT) as (ledger, measuring):
        arrivals(ledger, measuring)
        file = measuring.complete().methods[-1].file
        assert file
        return file.read_bytes()


def test_the_autoencoder_learns_while_pictures_arrive_and_the_same_in_whichever_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autoencoder, "training_steps", lambda count: count)
    learning = threading.Event()
    early: list[bool] = []
    shrink = autoencoder._shrink

    def noticed(picture: Image.Image) -> np.ndarray:
        learning.set()
        return shrink(picture)

    monkeypatch.setattr(autoencoder, "_shrink", noticed)

    def in_order(ledger: Ledger, measuring: Measuring) -> None:
        arrive(stages[0], ledger, measuring, range(40))
        early.append(learning.wait(60))
        arrive(stages[0], ledger, measuring, range(40, COUNT))

    def backwards(ledger: Ledger, measuring: Measuring) -> None:
        arrive(stages[1], ledger, measuring, range(COUNT - 1, -1, -1))

    def by_an_earlier_run(ledger: Ledger, _measuring: Measuring) -> None:
        for number in range(COUNT):
            picture = stages[2].store.keep(render(jpeg(number, 40, 30)))
            ledger.fetched(str(number), Reference(f"{number}.jpg"), picture)

    stages = [
        Stage(Workspace(tmp_path / f"work-{n}"), PictureStore(tmp_path / f"pictures-{n}"), Progress(quiet=True), [])
        for n in range(3)
    ]
    ways = in_order, backwards, by_an_earlier_run
    made = [weights_after(stage, way) for stage, way in zip(stages, ways, strict=True)]
    assert early == [True]
    assert made[0] == made[1] == made[2]


def test_a_refused_picture_does_not_hold_up_the_training(stage: Stage) -> None:
    with measuring_of(Small(), stage, 40) as (ledger, measuring):
        measuring.settled(["0"], None)
        arrive(stage, ledger, measuring, range(1, 5))
        measuring.settled(["5"], None)
        arrive(stage, ledger, measuring, range(6, 40))
        assert [len(made.log) for made in measuring.complete().methods] == [38] * 4


def test_a_picture_that_cannot_be_had_anew_is_learnt_as_it_was(tmp_path: Path) -> None:
    def anew(ledger: Ledger, measuring: Measuring) -> None:
        arrive(stages[0], ledger, measuring, range(40))
        for number in range(40, COUNT):
            ledger.refused(str(number), Reference(f"{number}.jpg"), Refused("timeout", "too slow", retry=True))
            measuring.settled([str(number)], None)

    stages = [
        Stage(Workspace(tmp_path / f"work-{n}"), PictureStore(tmp_path / f"pictures-{n}"), Progress(quiet=True), [])
        for n in range(2)
    ]
    for stage, address in zip(stages, ("old-{}.jpg", "{}.jpg"), strict=True):
        with Ledger(stage.workspace.ledger, stage.store) as ledger:
            for number in range(COUNT):
                picture = stage.store.keep(render(jpeg(number, 40, 30)))
                ledger.fetched(str(number), Reference(address.format(number)), picture)
    assert weights_after(stages[0], anew) == weights_after(stages[1], lambda _ledger, _measuring: None)


def test_weights_serve_until_the_collection_has_outgrown_them(stage: Stage) -> None:
    current = stage.workspace.path / f"autoencoder-{autoencoder.RECIPE}-10.safetensors"
    current.touch()
    assert weights(stage.workspace, 19) == current
    assert weights(stage.workspace, 20) is None
    current.rename(current.with_name("autoencoder-10.safetensors"))  # of an earlier network
    assert weights(stage.workspace, 10) is None


def test_of_many_pictures_a_sample_is_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(autoencoder, "LARGEST_SAMPLE", 3)
    assert list(sample(["d", "b", "e", "a"])) == ["d", "b", "a"]
    assert list(sample(["e", "c", "d", "b", "a"])) == ["c", "b", "a"]  # nearly the same ones after an update
