from pathlib import Path

import numpy as np
from click.testing import CliRunner

from indexes.artwork import Artwork
from indexes.recommend import Space
from indexes.vectors import VectorIndex
from pipeline.evaluate.recommend import (
    Visitor,
    far_apart,
    judge,
    plain_mean,
    recommend,
    said_without,
    simulate,
    vitrine,
)

EACH = 20  # works of each of five classes, on axes of their own but for some noise
LABELS = np.repeat(["a", "b", "c", "d", "e"], EACH)


def indexed(path: Path) -> VectorIndex:
    random = np.random.default_rng(0)
    vectors = np.repeat(np.eye(5, 8), EACH, axis=0) + 0.05 * random.standard_normal((5 * EACH, 8))
    unit = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    VectorIndex.write(path, np.arange(5 * EACH, dtype=np.int32), unit)
    return VectorIndex(path)


def test_visitors_like_works_of_their_tastes(tmp_path: Path) -> None:
    space = Space.of({"clip": indexed(tmp_path / "clip")}, 5 * EACH)
    assert space is not None
    visitors = list(simulate(LABELS, space, 2, 3, 50, np.random.default_rng(1)))
    assert len(visitors) == 50
    for visitor in visitors:
        assert sorted(LABELS[visitor.liked].tolist()) == sorted(3 * visitor.tastes)
        assert len(set(visitor.liked.tolist())) == 6
    assert list(simulate(LABELS, space, 1, 9, 5, np.random.default_rng(1))) == []  # too few are left for a page


def test_classes_far_apart_are_the_least_alike_third(tmp_path: Path) -> None:
    places = {"north": (1.0, 0.0), "near": (1.0, 0.2), "south": (-1.0, -0.1)}
    labels = np.repeat(list(places), EACH)
    vectors = np.repeat(np.array(list(places.values()), np.float32), EACH, axis=0)
    rows = np.arange(len(labels), dtype=np.int32)
    VectorIndex.write(tmp_path / "clip", rows, vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
    space = Space.of({"clip": VectorIndex(tmp_path / "clip")}, len(labels))
    assert space is not None
    assert len(far_apart(list(places), labels, space, rows)) == 1
    assert "south" in far_apart(list(places), labels, space, rows)[0]


def test_figures_of_a_perfect_page_and_of_a_poor_one(tmp_path: Path) -> None:
    index = indexed(tmp_path / "clip")
    space = Space.of({"clip": index}, 5 * EACH)
    assert space is not None
    visitor = Visitor(("a", "b"), np.array([0, 1, 2, 20, 21, 22], np.int32))
    clusters = judge("clusters", vitrine(space, "clusters", 0.9), [visitor], LABELS, space)
    assert (clusters.precision, clusters.covered) == (1.0, 1.0)
    one = judge("the Harvard recommender", plain_mean(index), [Visitor(("a",), visitor.liked[:3])], LABELS, space)
    assert (one.precision, one.covered) == (1.0, 1.0)
    assert 0 < one.novelty < 0.05 < clusters.variety
    wrong = judge("wrong", lambda *_: np.arange(40, 52, dtype=np.int32), [visitor], LABELS, space)
    assert (wrong.precision, wrong.covered) == (0.0, 0.0)
    assert wrong.novelty > 0.5


def test_what_is_judged_is_left_out_in_every_form() -> None:
    work = Artwork(
        id="a",
        title="Studies for a Portrait",
        artist="Ann Bell",
        genre="sketch and study",
        medium="ink on paper",
        keywords=("female-portraits", "designs-and-sketches", "bells"),
        descriptions=("A sketched head, studied twice; signed by Bell.",),
    )
    genre = said_without("genre", work)
    assert genre.facts == ("artist: Ann Bell", "medium: ink on paper", "keyword: female-portraits", "keyword: bells")
    assert not {"sketch", "sketched", "sketches", "study", "studied", "studies"} & set(genre.text.split())
    assert {"portrait", "bell", "head"} <= set(genre.text.split())
    artist = said_without("artist", work)
    assert artist.facts == (
        "genre: sketch and study", "medium: ink on paper", "keyword: female-portraits", "keyword: designs-and-sketches",
    )  # fmt: skip
    assert "bell" not in artist.text
    assert "portrait" in artist.text


def test_the_command_says_where_there_are_too_few_works(collection: Path) -> None:
    outcome = CliRunner().invoke(recommend, ["--indexes", str(collection), "--visitors", "3", "--leave-out"])
    assert outcome.exit_code == 0, outcome.output
    assert "genre: too few works of one genre for 3 likes and a page of others" in outcome.output
