import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from indexes.text import spelling
from indexes.text.spelling import LONG, SHORT, Neighbours, errors_allowed

WORDS = st.text(alphabet="abcé", min_size=1, max_size=14)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=25, unique=True), WORDS)
def test_every_word_within_reach_is_a_candidate(
    tmp_path_factory: pytest.TempPathFactory, known: list[str], typed: str
) -> None:
    folder = tmp_path_factory.mktemp("spelling")
    spelling.write(folder, known)
    found = set(Neighbours(folder).candidates(typed))
    allowed = errors_allowed(typed)
    near = {
        number
        for number, word in enumerate(known)
        if allowed and len(word) >= SHORT and OSA.distance(word, typed) <= allowed
    }
    assert near <= found


@pytest.mark.parametrize(
    ("word", "errors"), [("to", 0), ("cat", 1), ("a" * (LONG - 1), 1), ("a" * LONG, 2), ("d27290", 0), ("1885", 0)]
)
def test_errors_that_are_looked_for(word: str, errors: int) -> None:
    assert errors_allowed(word) == errors
