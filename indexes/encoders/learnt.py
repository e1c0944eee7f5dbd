"""The words that the bundled model has learnt. Apart from the model, which takes seconds to import."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from indexes.stems import stem

_BUNDLED = Path(__file__).parent / "pocket" / "pocket.safetensors"


def knows(words: Iterable[str], weights: Path | None = None) -> bool:
    """Whether the model has learnt from many a picture of which each of these folded words was said.

    With other `weights` than the bundled ones it is told by the file that `train-pocket` wrote beside them; without
    that file they are taken to know every word.
    """
    learnt = _stems((weights or _BUNDLED).with_suffix(".words.txt"))
    return learnt is None or all(stem(word) in learnt for word in words)


@cache
def _stems(file: Path) -> frozenset[str] | None:
    return frozenset(map(stem, file.read_text().split())) if file.exists() else None
