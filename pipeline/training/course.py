"""How long and how hard `pocket` learns, and the log of how it went."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_WARM_UP = 80  # steps
_FALL = 0.35  # of all steps, the last


@dataclass(frozen=True, slots=True)
class Course:
    """How long and how hard is learnt; equal courses over equal works give equal weights on one machine."""

    steps: int = 7500
    pairs: int = 96  # pictures in a batch, each seen twice
    rate: float = 2e-3  # the highest learning rate
    words: float = 2.0  # weight of the words against the photos
    reading: int = 2400  # further steps, of the words alone
    seed: int = 0
    every: int = 50  # steps between two checkpoints


@dataclass(frozen=True, slots=True)
class Progress:
    """What one step cost and how well its batch was told apart."""

    step: int
    photos: float  # loss
    words: float  # loss
    recognised: float  # share of views whose nearest is the other view of their picture
    named: float  # share of pictures whose nearest wording is true of them
    seconds: float


def rate(course: Course, step: int) -> float:
    """The learning rate of a step: a rise, a plateau, and along half a cosine down to nothing at the end.

    On the plateau it does not depend on the length of the course: one that was cut off there may be made longer or
    shorter (Hu et al., "MiniCPM", 2024).
    """
    left = (course.steps - step) / max(1.0, course.steps * _FALL)
    return course.rate * min(1.0, (step + 1) / _WARM_UP) * (1 - math.cos(math.pi * min(1.0, left))) / 2


def read_progress(log: Path) -> Iterator[Progress]:
    """Every step of a log; a last line cut short by a kill is left out."""
    for line in log.read_text(encoding="utf-8").splitlines() if log.exists() else ():
        if line.endswith("}"):
            yield Progress(**json.loads(line))
