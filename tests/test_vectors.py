from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from indexes.columns import Rows
from indexes.vectors import VectorIndex


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
