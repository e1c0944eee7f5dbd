"""Notes: they speak of the works that are shown, under their filters and in their order."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.ends import missing_note
from app.query import RecommendQuery, SearchQuery
from app.recommend import Sides, Spaces, recommend
from app.search import every, search
from indexes.artwork import Artwork
from indexes.loader import Encoders, Release
from indexes.search import Answer, understand
from tests.small_release import release_of, titled

WORKS = [
    Artwork(id="both", title="Storm over a Harbour", genre="painting"),
    Artwork(id="harbour", title="Harbour", genre="print", accession="7"),
    Artwork(id="storm", title="Storm", genre="print"),
    Artwork(id="named", title="A Man", genre="drawing", image_name="storm_17.jpg"),
]
ALL_FIRST = "Works with all of these words come first; after them come works with some of them."
SOME_HAVE = "Some of these works have all of these words, the others only some of them."
NONE_HAS = "None of these works has all of these words; shown are works with some of them."
NAMED_FIRST = "Works with this number or image name come first; after them come works with some of these words."
SOME_NAMED = "Some of these works have this number or image name, the others some of these words."
UNRANKED = "This collection does not say how popular these works are:"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return release_of(tmp_path_factory.mktemp("notes"), WORKS)


@pytest.mark.parametrize(
    ("asked", "note"),
    [
        ({}, ALL_FIRST),
        ({"sort": "title"}, SOME_HAVE),
        ({"genre": ("painting",)}, None),
        ({"genre": ("print",)}, NONE_HAS),
        ({"genre": ("print",), "sort": "title"}, NONE_HAS),
        ({"genre": ("painting", "print")}, ALL_FIRST),
        ({"accession": "7"}, NONE_HAS),
        ({"q": "harbour man"}, "No work has all of these words; shown are works with some of them."),
        ({"q": "storm_17.jpg"}, NAMED_FIRST),
        ({"q": "storm_17.jpg", "sort": "date"}, SOME_NAMED),
        ({"q": "storm_17.jpg", "genre": ("print",)}, NONE_HAS),
        ({"q": "storm_17.jpg", "genre": ("drawing",)}, None),
    ],
)
def test_words_that_only_some_works_have(release: Release, asked: dict[str, Any], note: str | None) -> None:
    query = SearchQuery(**{"q": "storm harbour", "mode": "keyword"} | asked)
    assert search(release, Encoders(), query).note == note


def test_pictures_are_said_to_lead_only_where_they_do() -> None:
    by_picture = Answer(understand("woman"), np.arange(3, dtype=np.int32), np.ones(3, np.float32), "visual")
    ranked, sorted_by_title = (missing_note(by_picture, by_picture.rows, best_first) for best_first in (True, False))
    assert ranked is not None
    assert ranked.endswith("the first are the most like them.")
    assert sorted_by_title == (
        "Every work with a picture is here, however little it is like the words; “Best match” ranks them."
    )


def test_where_only_pictures_pass_the_filters_no_record_is_said_to_match() -> None:
    both = Answer(
        understand("woman"),
        np.arange(4, dtype=np.int32),
        np.array([0.9, 0.8, 0.2, 0.1], np.float32),
        "hybrid",
        recorded=2,
        complete=2,
        seen=frozenset({1, 2, 3}),
    )
    pictures = np.array([2, 3], np.int32)
    shown = "; shown are works whose pictures are the most like the words."
    assert missing_note(both, both.rows, best_first=True) is None
    assert missing_note(both, pictures, best_first=True) == f"None of these records has “woman”{shown}"
    asked = replace(both, question=understand("old woman"))
    assert missing_note(asked, pictures, best_first=True) == f"None of these records has all of these words{shown}"


@pytest.mark.parametrize("sort", ["popular", "rare"])
def test_an_order_by_popularity_that_is_not_known_is_not_claimed(release: Release, sort: str) -> None:
    query = SearchQuery(q="harbour storm", mode="keyword", sort=sort)
    found, best = (search(release, Encoders(), asked) for asked in (query, replace(query, sort="relevance")))
    assert found.rows.tolist() == best.rows.tolist() == every(release, Encoders(), query).rows.tolist()
    assert found.note == f"{UNRANKED} the best matches come first. {ALL_FIRST}"
    assert search(release, Encoders(), SearchQuery(sort=sort)).note == f"{UNRANKED} they keep its own order."
    assert search(release, Encoders(), SearchQuery(sort=sort, genre=("painting",))).note is None  # one, in any order


def test_recommendations_say_the_same_of_popularity(tmp_path: Path) -> None:
    release = release_of(tmp_path, titled("One", "Two", "Three"), pictures=np.eye(3, dtype=np.float32))
    taste = Sides(("0",)).taste(release)
    found = recommend(release, Spaces().of(release), RecommendQuery(order="popular"), taste)
    assert found.note == f"{UNRANKED} the nearest come first."


def test_an_order_by_popularity_that_is_known_needs_no_note(tmp_path: Path) -> None:
    ranks = {"0": 3, "1": None, "2": 1}
    works = [replace(work, rank=ranks[work.id]) for work in titled("Harbour", "Harbour at Night", "A Storm at Harbour")]
    release = release_of(tmp_path, works)
    for sort, order in (("popular", [2, 0, 1]), ("rare", [0, 2, 1])):
        found = search(release, Encoders(), SearchQuery(q="harbour", mode="keyword", sort=sort))
        assert (found.rows.tolist(), found.note) == (order, None)
