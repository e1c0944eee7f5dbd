import csv
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from indexes.encoders import Vectors
from pipeline.evaluate.likeness import Recognition, attributes, batches, recognition, same_genre, scenes
from pipeline.evaluate.pictures import pictures
from pipeline.painting import compose


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


def test_the_command_measures_a_folder_of_pictures(tmp_path: Path) -> None:
    with (tmp_path / "works.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "Title", "Genre", "file_id"])
        for number, (scene, picture) in enumerate(scenes(range(4), 2)):
            picture.save(tmp_path / f"{number}.png")
            table.writerow([f"w{number}", scene.title, scene.genre, f"{number}.png"])
    arguments = [
        "--images",
        tmp_path,
        "--table",
        tmp_path / "works.csv",
        "--strength",
        0,
        "--output",
        tmp_path / "f.json",
    ]
    result = CliRunner().invoke(pictures, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    lines = json.loads((tmp_path / "f.json").read_text())["methods"]
    assert [line["method"] for line in lines] == ["clip", "pixels", "palette"]
    assert all(line["photos"]["0"] == {"photos": 4, "first": 1.0, "page": 1.0} for line in lines)


def test_the_command_wants_a_release_or_a_folder_with_a_table(tmp_path: Path) -> None:
    result = CliRunner().invoke(pictures, ["--images", str(tmp_path)])
    assert result.exit_code == 2
    assert "together with" in result.output
