from pathlib import Path

import faiss
import numpy as np
import pytest
from numpy.typing import NDArray

from indexes.columns import Rows
from indexes.vectors import HEAD, VectorIndex
from indexes.vectors import index as searching
from indexes.vectors.codes import Codes
from indexes.vectors.precise import Precise
from indexes.vectors.recall import Sample


def unit(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def vectors() -> NDArray[np.float32]:
    return unit(np.random.default_rng(1).standard_normal((3000, 16)))


@pytest.fixture
def rows() -> Rows:
    return np.arange(0, 6000, 2, dtype=np.int32)  # every second work has a vector


@pytest.fixture
def index(tmp_path: Path, rows: Rows, vectors: NDArray[np.float32]) -> VectorIndex:
    VectorIndex.write(tmp_path / "clip", rows, vectors)
    return VectorIndex(tmp_path / "clip")


def expected(rows: Rows, vectors: NDArray[np.float32], query: NDArray[np.float32]) -> list[int]:
    return rows[np.argsort(-(vectors @ query), kind="stable")].tolist()


@pytest.mark.parametrize("count", [1, 12, 999, 2500, 9999])
def test_nearest_are_exact(index: VectorIndex, rows: Rows, vectors: NDArray[np.float32], count: int) -> None:
    found = index.search(vectors[5], count)
    assert found.rows.tolist() == expected(rows, vectors, vectors[5])[:count]
    assert found.rows[0] == 10
    assert found.scores[0] == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("count", [12, 2000])
def test_a_filter_acts_inside_the_search(
    index: VectorIndex, rows: Rows, vectors: NDArray[np.float32], count: int
) -> None:
    mask = np.random.default_rng(2).random(6000) < 0.9
    allowed = mask[rows]
    found = index.search(vectors[0], count, mask)
    assert found.rows.tolist() == expected(rows[allowed], vectors[allowed], vectors[0])[:count]
    assert index.candidates(mask).tolist() == rows[allowed].tolist()


def test_a_narrow_filter_still_gives_all_that_pass(index: VectorIndex, vectors: NDArray[np.float32]) -> None:
    mask = np.zeros(6000, np.bool_)
    mask[[2, 3, 400, 5998]] = True  # row 3 has no vector
    assert sorted(index.search(vectors[0], 12, mask).rows.tolist()) == [2, 400, 5998]
    assert index.search(vectors[0], 12, np.zeros(6000, np.bool_)).rows.tolist() == []


def test_pages_of_equal_scores_never_overlap(tmp_path: Path) -> None:
    same = unit(np.random.default_rng(3).integers(0, 2, (500, 2)) + 1.0)  # three distinct directions, many times
    VectorIndex.write(tmp_path / "same", np.arange(500, dtype=np.int32), same)
    index = VectorIndex(tmp_path / "same")
    every = index.search(same[0], 500).rows.tolist()
    assert [index.search(same[0], count).rows.tolist() for count in range(1, 130)] == [
        every[:count] for count in range(1, 130)
    ]


def test_vectors_of_rows(index: VectorIndex, vectors: NDArray[np.float32]) -> None:
    assert np.array_equal(index.vectors(np.array([4, 3, 0, 7000], np.int32)), vectors[[2, 0]])


def test_rows_must_be_ascending(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="rows: must be ascending"):
        VectorIndex.write(tmp_path / "x", np.array([1, 1], np.int32), unit(np.ones((2, 4))))


def test_an_index_without_vectors(tmp_path: Path) -> None:
    VectorIndex.write(tmp_path / "none", np.empty(0, np.int32), np.empty((0, 8), np.float32))
    index = VectorIndex(tmp_path / "none")
    assert index.search(np.ones(8, np.float32), 12).rows.tolist() == []
    assert index.vectors(np.array([1], np.int32)).shape == (0, 8)


MANY = 2500


@pytest.fixture(scope="module")
def many() -> NDArray[np.float32]:
    """Vectors around a hundred centres."""
    random = np.random.default_rng(4)
    centres = random.standard_normal((100, 32))
    return unit(centres[random.integers(100, size=MANY)] + 0.6 * random.standard_normal((MANY, 32)))


def written(path: Path, vectors: NDArray[np.float32]) -> VectorIndex:
    """An index with codes, of every second row."""
    assert VectorIndex.write(path, np.arange(0, 2 * len(vectors), 2, dtype=np.int32), vectors, few=100).recall > 0.99
    return VectorIndex(path)


@pytest.fixture(scope="module")
def quantised(tmp_path_factory: pytest.TempPathFactory, many: NDArray[np.float32]) -> VectorIndex:
    return written(tmp_path_factory.mktemp("vectors") / "clip", many)


def test_many_vectors_are_found_by_codes(quantised: VectorIndex, many: NDArray[np.float32]) -> None:
    exact = np.argsort(-(many[:200] @ many.T), axis=1)[:, :12]
    found = [quantised.search(vector, 12).rows // 2 for vector in many[:200]]
    assert np.mean([np.isin(a, b).mean() for a, b in zip(exact, found, strict=True)]) > 0.99


def test_every_page_of_many_vectors_is_whole(quantised: VectorIndex, many: NDArray[np.float32]) -> None:
    whole = quantised.search(many[7], 2 * MANY)
    assert sorted(whole.rows.tolist()) == list(range(0, 2 * MANY, 2))
    assert whole.scores == pytest.approx(many[whole.rows // 2] @ many[7], abs=5e-5)
    for count in (1, 12, HEAD - 1, HEAD, HEAD + 1, 600):
        some = quantised.search(many[7], count)
        assert some.rows.tolist() == whole.rows[:count].tolist()
        assert some.scores.tolist() == whole.scores[:count].tolist()


def test_what_the_codes_miss_comes_behind(
    quantised: VectorIndex, many: NDArray[np.float32], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Codes, "shortlist", lambda *_: np.array([9, 7, 8]))
    found = quantised.search(many[30], MANY)
    assert sorted(found.rows[:3].tolist()) == [14, 16, 18]
    assert found.rows[3] == 60
    assert len(set(found.rows.tolist())) == MANY
    assert quantised.search(many[30], 2).rows.tolist() == found.rows[:2].tolist()


@pytest.mark.parametrize("share", [0.002, 0.2, 0.5, 0.95])
def test_filters_among_many_vectors(quantised: VectorIndex, many: NDArray[np.float32], share: float) -> None:
    mask = np.random.default_rng(5).random(2 * MANY) < share
    exact = np.sort(many[mask[::2]] @ many[3])[::-1]
    whole = quantised.search(many[3], MANY, mask)
    assert sorted(whole.rows.tolist()) == (np.flatnonzero(mask[::2]) * 2).tolist()
    assert whole.scores == pytest.approx(exact, abs=5e-5 if share < 0.25 else 0.05)
    assert whole.scores[:12] == pytest.approx(exact[:12], abs=5e-5)
    assert quantised.search(many[3], 12, mask).rows.tolist() == whole.rows[:12].tolist()


def test_filters_that_leave_nothing_near_or_nothing_at_all(quantised: VectorIndex, many: NDArray[np.float32]) -> None:
    far = np.repeat(many @ many[3] < 0.3, 2)
    assert np.count_nonzero(far) > MANY
    found = quantised.search(many[3], 100, far)
    assert found.scores == pytest.approx(np.sort((many @ many[3])[far[::2]])[::-1][:100], abs=5e-5)
    assert quantised.search(many[3], 12, np.zeros(2 * MANY, np.bool_)).rows.tolist() == []


def test_the_same_vectors_make_the_same_files(tmp_path: Path, many: NDArray[np.float32]) -> None:
    for folder, threads in (("a", 1), ("b", 2)):
        (tmp_path / folder).mkdir()
        faiss.omp_set_num_threads(threads)
        written(tmp_path / folder / "clip", many)
        assert faiss.omp_get_max_threads() == threads
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == [f"clip.{part}" for part in ("faiss", "reach.npy", "rows.npy", "steps.npy", "vectors.npy")]
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_where_codes_find_too_little_all_are_measured(
    tmp_path: Path, many: NDArray[np.float32], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "_ENOUGH", 1.1)
    built = VectorIndex.write(tmp_path / "clip", np.arange(MANY, dtype=np.int32), many, few=100)
    assert (built.name, built.recall) == ("Flat", 1.0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.faiss", "clip.rows.npy"]
    found = VectorIndex(tmp_path / "clip").search(many[5], 12)
    assert found.rows.tolist() == expected(np.arange(MANY, dtype=np.int32), many, many[5])[:12]


def test_integers_keep_six_digits(tmp_path: Path, many: NDArray[np.float32]) -> None:
    vectors = many.copy()
    vectors[:, 3] = 0  # a column that says nothing
    Precise.write(tmp_path / "x", vectors)
    precise = Precise.open(tmp_path / "x")
    places = np.array([5, 2499, 0])
    assert precise.read(places) == pytest.approx(vectors[places], abs=2e-5)
    assert precise.scores(vectors[0], places) == pytest.approx(vectors[places] @ vectors[0], abs=2e-5)
    assert precise.scores(vectors[0]) == pytest.approx(vectors @ vectors[0], abs=2e-5)


def test_recall_leaves_out_what_was_asked_for(many: NDArray[np.float32]) -> None:
    few = many[:300]
    sample = Sample.of(few, 50, 12)
    assert not np.any(sample.nearest == sample.places[:, np.newaxis])
    whole = {vector.tobytes(): np.argsort(-(few @ vector), kind="stable") for vector in few}
    assert sample.recall(lambda vector, count: whole[vector.tobytes()][:count]) == 1
    assert sample.recall(lambda vector, count: whole[vector.tobytes()][: count - 3]) == 9 / 12
