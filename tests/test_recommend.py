from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient
from numpy.typing import NDArray

from indexes.recommend import STRATEGIES, Recommender, Space, Taste, Wish
from indexes.recommend.rank import HEAD
from indexes.recommend.shortlist import Shortlist
from indexes.recommend.tastes import Centres, silhouette, tastes
from indexes.vectors import VectorIndex

Vectors = NDArray[np.float32]


def rows(*numbers: int) -> NDArray[np.int32]:
    return np.array(numbers, np.int32)


def unit(vectors: NDArray[np.floating]) -> Vectors:
    found: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return found


def subjects(count: int, each: int, seed: int = 0, common: float = 0.0) -> Vectors:
    """`count` subjects of `each` works; `common` likens every work to every other, as some encoders do."""
    random = np.random.default_rng(seed)
    centre = np.repeat(np.eye(count, 32), each, axis=0)
    vectors = unit(centre + 0.1 * random.standard_normal((count * each, 32)))
    return unit(np.hstack([vectors, np.full((len(vectors), 1), common)]))


def index(path: Path, vectors: Vectors, which: NDArray[np.int32] | None = None) -> VectorIndex:
    VectorIndex.write(path, np.arange(len(vectors), dtype=np.int32) if which is None else which, vectors)
    return VectorIndex(path)


def space(path: Path, vectors: Vectors) -> Space:
    found = Space.of({"clip": index(path / "clip", vectors)}, len(vectors))
    assert found is not None
    return found


@pytest.mark.parametrize("common", [0.0, 1.0, 3.0])
def test_tastes_are_found_whatever_the_encoders_scale(common: float) -> None:
    works = subjects(4, 10, common=common)
    groups = tastes(works[[0, 10, 1, 11, 21, 20]])
    assert sorted(sorted(group.tolist()) for group in groups) == [[0, 2], [1, 3], [4, 5]]
    alike = unit(np.hstack([np.eye(6), np.full((6, 1), common)]))  # any two as much as any others
    assert [sorted(group.tolist()) for group in tastes(alike)] == [[0, 1, 2, 3, 4, 5]]


def test_two_likes_are_two_tastes_and_there_are_never_more_than_six() -> None:
    works = subjects(20, 2)
    assert [group.tolist() for group in tastes(works[:2])] == [[0], [1]]
    assert len(tastes(works)) <= 6


def test_the_silhouette_is_that_of_rousseeuw() -> None:
    places = np.array([0.0, 1.0, 5.0])
    likeness = 1 - np.abs(places[:, np.newaxis] - places)
    assert silhouette(likeness, [np.array([0, 1]), np.array([2])]) == pytest.approx((4 / 5 + 3 / 4 + 0) / 3)


def test_the_mean_is_that_of_rocchio() -> None:
    liked, disliked = np.eye(3, dtype=np.float32)[:2], np.eye(3, dtype=np.float32)[2:]
    expected = np.array([0.5**0.5, 0.5**0.5, -0.2]) / np.sqrt(1.04)
    assert Centres.of("mean", liked, disliked).vectors[0] == pytest.approx(expected)
    assert Centres.of("each", liked, disliked[:0]).vectors.shape == (2, 3)
    assert Centres.of("clusters", liked[:0], disliked).vectors.shape == (0, 3)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_work_comes_once_but_those_judged_or_seen(strategy: str, tmp_path: Path) -> None:
    works = subjects(10, 20)
    taste = Taste(rows(0, 25, 1), rows(40, 41), rows(2, 26, 199))
    recommender = Recommender(space(tmp_path, works), taste, Wish(strategy, seed=5))
    whole = recommender.first(200)
    assert sorted([*whole.rows.tolist(), 0, 25, 1, 40, 41, 2, 26, 199]) == list(range(200))
    assert len(whole.rows) > HEAD  # the tail is reached too
    for count in (1, 12, HEAD, HEAD + 7):
        assert recommender.first(count).rows.tolist() == whole.rows[:count].tolist()


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_filters_act_within_the_search(strategy: str, tmp_path: Path) -> None:
    works = subjects(10, 20)
    mask = np.zeros(200, np.bool_)
    mask[[3, 199, 50]] = True
    found = Recommender(space(tmp_path, works), Taste(rows(0, 1)), Wish(strategy)).first(12, mask)
    assert found.rows[0] == 3
    assert sorted(found.rows.tolist()) == [3, 50, 199]


@pytest.mark.parametrize("strategy", ["clusters", "each"])
def test_two_tastes_share_the_page(strategy: str, tmp_path: Path) -> None:
    found = Recommender(space(tmp_path, subjects(10, 20)), Taste(rows(0, 1, 2, 20, 21, 22)), Wish(strategy)).first(12)
    assert np.bincount(found.rows // 20).tolist() == [6, 6]


def test_the_page_is_shared_out_by_likes(tmp_path: Path) -> None:
    liked = rows(0, 20, 1, 21, 2, 22, 40, 41, 3, 23, 4, 24)  # five, five and two
    found = Recommender(space(tmp_path, subjects(10, 20)), Taste(liked), Wish("clusters")).first(12)
    assert np.bincount(found.rows // 20).tolist() == [5, 5, 2]


def test_a_taste_of_many_likes_keeps_its_share_of_every_page(tmp_path: Path) -> None:
    tastes_of = [50, 5, 5, 5, 5, 5]
    liked = rows(*(150 * taste + like for taste, likes in enumerate(tastes_of) for like in range(likes)))
    recommender = Recommender(space(tmp_path, subjects(6, 150)), Taste(liked), Wish("clusters"))
    pages = recommender.first(HEAD).rows.reshape(5, 12)
    assert np.count_nonzero(pages < 150, axis=1).tolist() == [7, 8, 10, 7, 8]  # two thirds; the five take turns at once


def test_prints_of_one_plate_do_not_fill_the_page(tmp_path: Path) -> None:
    works = subjects(2, 40)
    works[1:30] = works[1]  # the plate that is most like the like
    found = Recommender(space(tmp_path, works), Taste(rows(0)), Wish("mean", relevance=0.6)).first(5)
    assert np.count_nonzero(found.rows < 30) < 5
    plain = Recommender(space(tmp_path, works), Taste(rows(0)), Wish("mean", relevance=1.0)).first(5)
    assert sorted(set(plain.scores.tolist()), reverse=True) == plain.scores.tolist() or len(set(plain.scores)) == 1


def test_the_seed_decides_what_chance_brings(tmp_path: Path) -> None:
    held = space(tmp_path, subjects(10, 20))

    def page(strategy: str, seed: int) -> list[int]:
        return Recommender(held, Taste(rows(0, 1, 20)), Wish(strategy, seed)).first(12).rows.tolist()

    assert page("each", 1) == page("each", 1)
    assert page("each", 1) != page("each", 2)
    assert page("clusters", 1) == page("clusters", 2)


def test_a_dislike_pushes_its_kind_away(tmp_path: Path) -> None:
    works = unit(np.array([[1, 1, 0], [1, 0, 0], [1, 0.1, 0], [0, 1, 0], [0, 1, 0.1]], np.float32))
    held = space(tmp_path, works)
    with_dislike = Recommender(held, Taste(rows(0), rows(1)), Wish()).first(3).rows
    assert with_dislike.tolist()[0] in (3, 4)
    assert with_dislike.tolist()[-1] == 2


def test_pictures_and_descriptions_are_blended(tmp_path: Path) -> None:
    eye = np.eye(4, dtype=np.float32)
    vectors: Mapping[str, VectorIndex] = {
        "clip": index(tmp_path / "clip", eye[[0, 0, 1]], rows(0, 1, 3)),
        "description": index(tmp_path / "description", eye[[0, 1, 0]], rows(0, 1, 2)),
    }
    both = Space.of(vectors, 5, share=0.4)
    assert both is not None
    assert both.rows.tolist() == [0, 1, 2, 3]
    assert both.has(rows(4, 3)).tolist() == [False, True]
    assert both.likeness(both.vectors(rows(0)), rows(0, 1, 2, 3))[:, 0] == pytest.approx([1.0, 0.6, 0.4, 0.0])
    alone = Space.of({"description": vectors["description"]}, 5, share=0.4)
    assert alone is not None
    assert alone.likeness(alone.vectors(rows(0)), rows(0, 1, 2))[:, 0].tolist() == [1, 0, 1]
    assert Space.of({}, 5) is None


def test_a_large_collection_is_searched_by_a_shortlist(tmp_path: Path) -> None:
    works = subjects(20, 800)
    held = space(tmp_path, works)
    mask = np.ones(len(works), np.bool_)
    mask[::2] = False
    for strategy in STRATEGIES:
        recommender = Recommender(held, Taste(rows(1, 801, 803)), Wish(strategy))
        exact = recommender.first(12, None, exact=True)
        quick = recommender.first(12)
        assert len(np.intersect1d(quick.rows, exact.rows)) >= 11
        assert quick.scores.min() >= exact.scores.min() - 0.01
        assert np.all(recommender.first(30, mask).rows % 2 == 1)


def test_what_a_build_wrote_is_what_the_first_recommendation_would_make(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = subjects(20, 800)
    made = space(tmp_path, works)
    made.write(tmp_path)
    assert [path.name for path in tmp_path.glob("near-*")] == ["near-clip1.faiss"]
    monkeypatch.setattr(Shortlist, "learn", None)
    held = {"clip": VectorIndex(tmp_path / "clip")}
    written = Space.of(held, len(works), folder=tmp_path)
    assert written is not None
    pages = [Recommender(space, Taste(rows(1, 801)), Wish()).first(40) for space in (made, written)]
    assert pages[0].rows.tolist() == pages[1].rows.tolist()
    other = Space.of(held, len(works), folder=tmp_path / "elsewhere")
    assert other is not None
    with pytest.raises(TypeError):
        other.prepare()


def like(client: FlaskClient, *works: str, value: str = "like") -> None:
    for work in works:
        assert client.post("/likes", json={"id": work, "value": value}).status_code == 200


def test_without_likes_it_says_so(client: FlaskClient) -> None:
    answer = client.get("/recommend")
    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["error"]["message"].startswith("You like no works yet.")


def test_each_result_names_the_like_it_is_nearest_to(client: FlaskClient) -> None:
    like(client, "blue-vase", "red-tile")
    body = client.get("/recommend?strategy=clusters").json
    assert body is not None
    assert {hit["like"]["id"] for hit in body["results"][:2]} == {"blue-vase", "red-tile"}
    for hit in body["results"]:
        assert hit["why"] == [f"like: {hit['like']['title']}"]
        assert {"image", "page", "title"} <= set(hit["like"])
    assert not {"blue-vase", "red-tile"} & {hit["id"] for hit in body["results"]}


def test_pages_are_stable_while_works_are_shown(client: FlaskClient) -> None:
    like(client, "blue-vase")
    found: list[str] = []
    address: str | None = "/recommend?size=5&strategy=each&seed=3"
    total = 0
    while address:
        body = client.get(address).json
        assert body is not None
        total = body["total"]
        found += [hit["id"] for hit in body["results"]]
        client.post("/shown", json={"id": [hit["id"] for hit in body["results"]]})
        address = body["next"]
    assert len(found) == len(set(found)) == total


def test_shown_works_do_not_come_again_until_it_starts_over(client: FlaskClient) -> None:
    like(client, "blue-vase")
    first = client.get("/recommend").json
    assert first is not None
    assert client.get("/recommend").json == first  # asking changes nothing
    client.post("/shown", json={"id": first["more"]["id"]})
    second = client.get("/recommend").json
    assert second is not None
    assert second["total"] == first["total"] - 12
    client.post("/shown", json={"id": [hit["id"] for hit in second["results"]]})
    nothing = client.get("/recommend").json
    assert nothing is not None
    assert (nothing["total"], nothing["results"], nothing["next"]) == (0, [], None)
    assert nothing["note"].startswith("You have seen every work here")
    assert nothing["start_over"] == {"action": "/shown", "value": "clear", "next": "/recommend"}
    client.post("/shown", json={"value": "clear"})
    assert client.get("/recommend").json == first


def test_what_a_search_showed_is_not_recommended(client: FlaskClient) -> None:
    like(client, "blue-vase")
    body = client.get("/search?genre=vase").json
    assert body is not None
    client.post("/shown", json={"id": [hit["id"] for hit in body["results"]]})
    body = client.get("/recommend?genre=vase").json
    assert body is not None
    assert body["total"] == 0
    assert body["note"].startswith("You have seen every work under these filters")


def test_among_the_nearest_the_popular_or_the_rare_come_first(client: FlaskClient) -> None:
    like(client, "blue-vase")

    def page(address: str) -> list[str]:
        body = client.get(address).json
        assert body is not None
        return [hit["id"] for hit in body["results"]]

    near, popular, rare = (page(f"/recommend?size=100&order={order}") for order in ("similarity", "popular", "rare"))
    everything = [work for work in page("/search?size=100&sort=popular") if work in near]
    assert near != popular == everything
    ranked = [work for work in page("/search?size=100&sort=rare") if work in near]
    assert rare == ranked


def test_one_work_is_in_any_order(client: FlaskClient) -> None:
    like(client, "blue-vase", "red-vase")
    for order in ("popular", "rare"):
        body = client.get(f"/recommend?genre=vase&order={order}").json
        assert body is not None
        assert ([hit["id"] for hit in body["results"]], body["note"]) == (["green-vase"], None)


def test_works_that_left_the_collection_are_no_error(client: FlaskClient) -> None:
    assert client.post("/likes/file", json=["gone"]).json == {"imported": 1}
    assert client.get("/recommend").status_code == 409
    like(client, "blue-vase")
    assert client.get("/recommend").status_code == 200
