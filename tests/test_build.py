"""The whole path, from a table and a folder of pictures to a release, again and again."""

import csv
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from indexes.encoders import EncoderError, Vectors
from indexes.encoders.pixels import PixelsEncoder
from indexes.loader import Encoders, Release
from indexes.pictures import PictureStore
from indexes.release import Manifest, current, releases
from indexes.search import answer
from pipeline import indexing
from pipeline.build import Outcome, Plan, build
from pipeline.encoding import Encoding
from pipeline.progress import Progress
from pipeline.sources import SourceError
from pipeline.sources.table import TableSource
from pipeline.workspace import Workspace, WorkspaceBusy
from tests.museum import make_museum, write_table

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def museum(tmp_path: Path) -> Path:
    return make_museum(tmp_path / "museum")


def run(museum: Path, name: str = "a", weights: Path | None = None) -> Outcome:
    source = TableSource(museum / "works.csv", museum / "images", None, None)
    workspace, root = Workspace(museum / f"workspace-{name}"), museum / f"indexes-{name}"
    return build(source, workspace, root, Plan(Encoding("pocket", weights)), Progress(quiet=True))


def test_a_build_publishes_what_is_good_and_reports_what_is_not(museum: Path) -> None:
    outcome = run(museum)
    assert outcome.published
    assert (outcome.manifest.works, outcome.manifest.pictures) == (14, 12)
    assert set(outcome.manifest.methods) == {"clip", "pixels", "palette", "autoencoder", "description"}
    assert all(outcome.manifest.methods[name].count == 12 for name in ("clip", "pixels", "palette", "autoencoder"))
    assert [(f.id, f.status) for f in outcome.failures] == [("w12", "not an image")]
    with (museum / "workspace-a" / "report.csv").open() as file:
        assert [row["status"] for row in csv.DictReader(file)] == ["not an image"]
    release = Release(outcome.release, PictureStore(museum / "indexes-a" / "pictures"))
    assert release.catalogue.artwork(3).title == "Harbour 3"
    assert answer(release, Encoders(), "harbour").rows.tolist() == list(range(14))
    assert 12 not in release.vectors["clip"].rows
    assert not np.any(np.linalg.norm(release.vectors["clip"].vectors(release.catalogue.all_rows()), axis=1) < 0.99)


def test_nothing_changed_publishes_nothing(museum: Path) -> None:
    first, second = run(museum), run(museum)
    assert not second.published
    assert second.release == first.release
    assert len(releases(museum / "indexes-a")) == 1


def test_one_changed_record_embeds_no_picture_again(museum: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(museum)
    encoded: list[int] = []
    whole = PixelsEncoder.encode_images

    def counted(self: PixelsEncoder, pictures: Sequence[Image.Image]) -> Vectors:
        encoded.append(len(pictures))
        return whole(self, pictures)

    monkeypatch.setattr(PixelsEncoder, "encode_images", counted)
    write_table(museum, {5: "Lighthouse"})
    outcome = run(museum)
    assert outcome.published
    assert encoded == []
    release = Release(outcome.release, PictureStore(museum / "indexes-a" / "pictures"))
    assert answer(release, Encoders(), "lighthouse").rows.tolist() == [5]

    Image.new("RGB", (160, 120), "red").save(museum / "images" / "5.png")
    assert run(museum).published
    assert sum(encoded) == 1


def test_a_picture_damaged_in_the_store_is_reported_once(museum: Path) -> None:
    run(museum)
    workspace, store = museum / "workspace-a", PictureStore(museum / "indexes-a" / "pictures")
    shutil.rmtree(workspace / "vectors")
    for weights in workspace.glob("autoencoder-*"):
        weights.unlink()
    catalogue = Release(current(museum / "indexes-a"), store).catalogue
    picture = catalogue.picture(3)
    assert picture
    store.path(picture.digest).write_bytes(b"no picture")
    outcome = run(museum)
    damaged = [failure.id for failure in outcome.failures if failure.status == "damaged picture"]
    assert damaged == [picture.digest]
    assert outcome.manifest.methods["autoencoder"].count == outcome.manifest.methods["clip"].count == 11


def test_two_builds_from_the_same_input_have_the_same_content(museum: Path) -> None:
    assert run(museum, "a").manifest.content == run(museum, "b").manifest.content


def test_processes_write_the_same_indexes(museum: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = run(museum, "a").manifest
    monkeypatch.setattr(indexing, "_FEW", 0)
    assert run(museum, "b").manifest.files == alone.files


def test_a_workspace_takes_one_build_at_a_time(museum: Path) -> None:
    with Workspace(museum / "workspace-a").locked(), pytest.raises(WorkspaceBusy, match="another build is at work"):
        run(museum)


def test_an_empty_table_publishes_nothing(museum: Path) -> None:
    run(museum)
    (museum / "works.csv").write_text("id,title\n")
    with pytest.raises(SourceError, match="no work"):
        run(museum)
    assert Manifest.read(current(museum / "indexes-a")).works == 14


def test_missing_weights_are_a_sentence_and_lose_nothing(museum: Path) -> None:
    with pytest.raises(EncoderError, match="weights"):
        run(museum, weights=museum / "none.safetensors")
    assert run(museum).published


def test_text_alone_needs_no_encoder(museum: Path) -> None:
    source = TableSource(museum / "works.csv", None, None, None)
    encoding = Encoding("ViT-B-32:laion2b_s34b_b79k")
    outcome = build(source, Workspace(museum / "w"), museum / "i", Plan(encoding), Progress(quiet=True))
    assert outcome.manifest.pictures == 0
    assert set(outcome.manifest.methods) == {"description"}


@pytest.mark.slow
def test_a_build_killed_at_any_moment_ends_in_the_same_release(museum: Path) -> None:
    undisturbed = run(museum, "a").manifest
    command = [
        sys.executable, "-m", "pipeline", "build", "table", "--encoder", "pocket", "--quiet",
        "--table", str(museum / "works.csv"), "--images", str(museum / "images"),
        "--workspace", str(museum / "workspace-b"), "--indexes", str(museum / "indexes-b"),
    ]  # fmt: skip
    moments = random.Random(11)
    environment = os.environ | {"OMP_NUM_THREADS": str(os.cpu_count())}
    for _ in range(int(os.environ.get("VITRINE_TEST_KILLS", "4"))):
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(moments.uniform(0.5, 9))
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    resumed = Manifest.read(current(museum / "indexes-b"))
    assert resumed.content == undisturbed.content
    assert not list((museum / "indexes-b").glob(".building*"))
    assert json.loads((museum / "workspace-b" / "state.json").read_text())["records"]["digest"]
