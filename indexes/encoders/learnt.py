"""The words that the bundled model has learnt. Apart from the model, which takes seconds to import."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from indexes.stems import stem

_FILE = Path(__file__).parent / "pocket" / "pocket.words.txt"  # written by `train-pocket` beside the weights


def knows(words: Iterable[str]) -> bool:
    """Whether the bundled model has learnt from many a picture of which each of these folded words was said."""
    return all(stem(word) in _stems() for word in words)


@cache
def _stems() -> frozenset[str]:
    return frozenset(map(stem, _FILE.read_text().split()))
