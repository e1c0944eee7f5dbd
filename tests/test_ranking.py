import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexes.ranking import Ranking


@given(st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), max_size=40), st.integers(0, 50))
def test_the_best_are_the_beginning_of_the_ranking(scores: list[float], count: int) -> None:
    rows, array = np.arange(len(scores), dtype=np.int32), np.array(scores, np.float32)
    whole, best = Ranking.of(rows, array), Ranking.best(rows, array, count)
    assert best.rows.tolist() == whole.rows[:count].tolist()
    assert best.scores.tolist() == whole.scores[:count].tolist()
