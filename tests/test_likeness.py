import csv
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from indexes.encoders import Vectors, pocket
from pipeline.evaluate.likeness import Recognition, attributes, batches, recognition, same_genre, scenes
from pipeline.evaluate.pictures import pictures
from pipeline.painting import compose
from pipeline.training.corpus import is_held_out


def test_recognition_counts_first_places_and_first_pages() -> None:
    works = np.eye(20, dtype=np.float32)
    photos = works.copy()
    photos[0] = works[1]  # one work is ahead of the right one
    photos[1, 2:16] = 2  # fourteen are
    assert recognition(works, photos) == Recognition(20, 18 / 20, 19 / 20)


def test_neighbours_of_one_genre_are_counted_over_works_with_a_genre() -> None:
    near = np.repeat(np.eye(2, dtype=np.float32), 11, axis=0)
    assert same_genre(near, ["a"] * 11 + ["b"] * 11) == 1.0
    assert same_genre(near, ["a"] * 11 + [None] * 11) == 1.0
    assert same_genre(near, ["a", "b"] * 11) == pytest.approx(5 / 11)


def test_pictures_come_in_batches_of_64() -> None:
    assert [len(batch) for batch in batches(Image.new("RGB", (1, 1)) for _ in range(130))] == [64, 64, 2]


class Oracle:
    """Finds the works that a query names, by the place that each query has in its vectors."""

    def __init__(self, answers: dict[str, set[int]], count: int) -> None:
        self._answers, self._count = answers, count

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        found = np.zeros((len(texts), self._count), dtype=np.float32)
        for row, text in zip(found, texts, strict=True):
            row[list(self._answers[text])] = 1
        return found


def test_every_frequent_attribute_of_generated_works_is_asked_for() -> None:
    works = [compose(1, index) for index in range(230)]
    truth: dict[str, set[int]] = {}
    for row, work in enumerate(works):
        for colour in work.colours:
            truth.setdefault(f"{colour} {work.genre.lower()}", set()).add(row)
        if work.background:
            truth.setdefault(f"{work.genre.lower()} with {work.background} background", set()).add(row)
    asked = attributes(Oracle(truth, 230), works, np.eye(230, dtype=np.float32))
    assert {one.query for one in asked} == {query for query, rows in truth.items() if len(rows) >= 5}
    assert {one.precision for one in asked} == {1.0}
    blind = attributes(Oracle({query: {0} for query in truth}, 230), works, np.eye(230, dtype=np.float32))
    assert np.mean([one.precision for one in blind]) < 0.5


def measure(folder: Path, *arguments: object) -> Result:
    """The command over four works, which it finds in the folder, with their photos undistorted."""
    with (folder / "works.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "Title", "Genre", "file_id"])
        for number, (scene, picture) in enumerate(scenes(range(4), 2)):
            picture.save(folder / f"{number}.png")
            table.writerow([f"w{number}", scene.title, scene.genre, f"{number}.png"])
    places = ["--images", folder, "--table", folder / "works.csv", "--output", folder / "f.json"]
    return CliRunner().invoke(pictures, [str(argument) for argument in (*places, "--strength", 0, *arguments)])


def test_the_command_measures_a_folder_of_pictures(tmp_path: Path) -> None:
    result = measure(tmp_path)
    assert result.exit_code == 0, result.output
    lines = json.loads((tmp_path / "f.json").read_text())["methods"]
    assert [line["method"] for line in lines] == ["clip", "pixels", "palette"]
    assert all(line["photos"]["0"] == {"photos": 4, "first": 1.0, "page": 1.0} for line in lines)


@pytest.mark.parametrize("own", [False, True])
def test_of_weights_that_may_have_seen_what_is_held_out_it_is_said(tmp_path: Path, own: bool) -> None:
    weights = tmp_path / "half.safetensors"
    shutil.copy(pocket.FOLDER / "pocket.safetensors", weights)
    result = measure(tmp_path, "--held-out", *(("--weights", weights) if own else ()))
    assert result.exit_code == 0, result.output
    assert ("held nothing out" in result.stderr) is not own
    held_out = sum(is_held_out(f"w{number}") for number in range(4))
    assert 0 < held_out < 4
    lines = json.loads((tmp_path / "f.json").read_text())["methods"]
    assert [line["works"] for line in lines] == [held_out] * 3


def test_the_command_wants_a_release_or_a_folder_with_a_table(tmp_path: Path) -> None:
    result = CliRunner().invoke(pictures, ["--images", str(tmp_path)])
    assert result.exit_code == 2
    assert "together with" in result.output
