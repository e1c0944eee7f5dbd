from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest
from PIL import Image

from indexes.encoders import Vectors
from indexes.encoders.palette import PaletteEncoder
from indexes.encoders.pixels import PixelsEncoder
from indexes.pictures import PictureStore
from pipeline import embed as stage
from pipeline.embed import Target, embed, embed_all, missing
from pipeline.vector_log import VectorLog


def jpeg(seed: int) -> bytes:
    random = np.random.default_rng(seed)
    out = BytesIO()
    Image.fromarray(random.integers(0, 256, (30, 20, 3), dtype=np.uint8)).save(out, "JPEG")
    return out.getvalue()


class Counting(PixelsEncoder):
    """Says how many pictures it was given in each call."""

    def __init__(self, dies_after: int | None = None) -> None:
        self.calls: list[int] = []
        self.dies_after = dies_after

    def encode_images(self, pictures: Sequence[Image.Image]) -> Vectors:
        if self.dies_after == len(self.calls):
            raise KeyboardInterrupt
        self.calls.append(len(pictures))
        return super().encode_images(pictures)


class Report:
    def __init__(self) -> None:
        self.done = 0
        self.unreadable: list[tuple[str, str]] = []

    def progress(self, count: int) -> None:
        self.done += count

    def failed(self, digest: str, reason: str) -> None:
        self.unreadable.append((digest, reason))


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "_BATCH", 4)


@pytest.fixture
def store(tmp_path: Path) -> PictureStore:
    return PictureStore(tmp_path / "pictures")


def run(target: Target, digests: Sequence[str], store: PictureStore, report: Report | None = None) -> int:
    report = report or Report()
    return embed(target, digests, store, report.progress, report.failed)


def test_every_picture_gets_its_own_vector(store: PictureStore, tmp_path: Path) -> None:
    digests = [store.put(jpeg(seed)) for seed in range(10)]
    encoder, report = Counting(), Report()
    with VectorLog(tmp_path, encoder.identity, encoder.dimension) as log:
        assert run(Target(encoder, log), digests, store, report) == 10
        pictures = [Image.open(BytesIO(store.read(digest))) for digest in digests]
        assert log.read(digests).tobytes() == PixelsEncoder().encode_images(pictures).tobytes()
    assert sorted(encoder.calls) == [2, 4, 4]
    assert (report.done, report.unreadable) == (10, [])


def test_what_is_there_is_not_computed_again(store: PictureStore, tmp_path: Path) -> None:
    digests = [store.put(jpeg(seed)) for seed in range(6)]
    encoder, report = Counting(), Report()
    with VectorLog(tmp_path, encoder.identity, encoder.dimension) as log:
        run(Target(encoder, log), digests[1:4], store)
        assert run(Target(encoder, log), digests, store, report) == 3
        assert run(Target(encoder, log), digests, store, report) == 0
    assert encoder.calls == [3, 3]
    assert report.done == 3


def test_a_picture_of_two_works_is_embedded_once(store: PictureStore, tmp_path: Path) -> None:
    digest = store.put(jpeg(1))
    encoder = Counting()
    with VectorLog(tmp_path, encoder.identity, encoder.dimension) as log:
        assert run(Target(encoder, log), [digest, digest], store) == 1
        assert len(log) == 1


def test_a_killed_run_resumes_to_the_very_same_vectors(store: PictureStore, tmp_path: Path) -> None:
    digests = [store.put(jpeg(seed)) for seed in range(11)]
    whole, killed = Counting(), Counting(dies_after=2)
    with VectorLog(tmp_path / "whole", whole.identity, whole.dimension) as log:
        run(Target(whole, log), digests, store)
        expected = log.read(digests)
    with (
        VectorLog(tmp_path / "killed", killed.identity, killed.dimension) as log,
        pytest.raises(KeyboardInterrupt),
    ):
        embed_all({"": Target(killed, log)}, digests, store, print, print, workers=1)
    resumed = Counting()
    with VectorLog(tmp_path / "killed", resumed.identity, resumed.dimension) as log:
        assert run(Target(resumed, log), digests, store) == 3
        assert log.read(digests).tobytes() == expected.tobytes()


def test_a_picture_that_arrives_twice_is_kept_once(store: PictureStore, tmp_path: Path) -> None:
    digests = [store.put(jpeg(seed)) for seed in range(4)]
    both = Barrier(2, timeout=60)

    class AtOnce(Counting):
        def encode_images(self, pictures: Sequence[Image.Image]) -> Vectors:
            both.wait()
            return super().encode_images(pictures)

    encoder = AtOnce()
    with VectorLog(tmp_path, encoder.identity, encoder.dimension) as log:
        assert embed_all({"": Target(encoder, log)}, [*digests, *digests], store, print, print, workers=2)[""] == 4
        assert len(log) == 4
    assert encoder.calls == [4, 4]


def test_one_pass_feeds_every_encoder_that_lacks_a_picture(
    store: PictureStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests = [store.put(jpeg(seed)) for seed in range(5)]
    reads: list[str] = []
    read = store.read

    def recorded(digest: str) -> bytes:
        reads.append(digest)
        return read(digest)

    monkeypatch.setattr(store, "read", recorded)
    pixels, palette = Counting(), PaletteEncoder()
    with (
        VectorLog(tmp_path, pixels.identity, pixels.dimension) as one,
        VectorLog(tmp_path, palette.identity, palette.dimension) as other,
    ):
        targets = {"pixels": Target(pixels, one), "palette": Target(palette, other)}
        run(targets["pixels"], digests[:2], store)
        reads.clear()
        report = Report()
        assert missing(targets, digests) == digests
        added = embed_all(targets, digests, store, report.progress, report.failed)
        assert added == {"pixels": 3, "palette": 5}
        assert missing(targets, digests) == []
        assert sorted(reads) == sorted(digests)
        assert other.read(digests).shape == (5, palette.dimension)


def test_unreadable_pictures_are_told_and_the_rest_goes_on(store: PictureStore, tmp_path: Path) -> None:
    good = [store.put(jpeg(seed)) for seed in range(5)]
    damaged, lost = store.put(b"no picture at all"), "0" * 64
    encoder, report = Counting(), Report()
    with VectorLog(tmp_path, encoder.identity, encoder.dimension) as log:
        assert run(Target(encoder, log), [damaged, *good, lost], store, report) == 5
        assert damaged not in log
        assert lost not in log
    assert report.done == 7
    reasons = dict(report.unreadable)
    assert reasons.keys() == {damaged, lost}
    assert reasons[lost] == "its picture is no longer in the store"
    assert "not an image" in reasons[damaged]


def test_a_batch_without_any_readable_picture_is_no_call(store: PictureStore, tmp_path: Path) -> None:
    encoder, report = Counting(), Report()
    with VectorLog(tmp_path, encoder.identity, encoder.dimension) as log:
        assert run(Target(encoder, log), ["0" * 64], store, report) == 0
    assert encoder.calls == []


def test_without_pictures_there_is_nothing_to_do(store: PictureStore, tmp_path: Path) -> None:
    encoder, report = Counting(), Report()
    with VectorLog(tmp_path, encoder.identity, encoder.dimension) as log:
        assert run(Target(encoder, log), [], store, report) == 0
    assert report.done == 0
