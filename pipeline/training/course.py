"""How long and how hard `pocket` learns, and the log of how it went."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_WARM_UP = 80  # steps
_FALL = 0.35  # of the first steps, the last
_TAUGHT = 0.6  # of the highest rate, where a network learns from itself


@dataclass(frozen=True, slots=True)
class Course:
    """How long and how hard is learnt; equal courses over equal works give equal weights on one machine."""

    steps: int = 7500
    pairs: int = 96  # pictures in a batch, each seen twice
    rate: float = 2e-3  # the highest learning rate
    words: float = 2.0  # weight of the words against the photos
    generations: int = 6  # times that the network as it has become teaches itself
    span: int = 800  # steps of a generation
    reading: int = 6000  # further steps, of the words alone
    seed: int = 0
    every: int = 50  # steps between two checkpoints

    @property
    def all_steps(self) -> int:
        """With those of the generations, without the reading."""
        return self.steps + self.generations * self.span

    def begins_generation(self, step: int) -> bool:
        """Whether the network teaches itself from this step on, as it is then."""
        return self.steps <= step < self.all_steps and (step - self.steps) % self.span == 0

    def is_last_generation(self, step: int) -> bool:
        """Whether the network learns from the last of its teachers at this step."""
        return self.generations > 0 and step >= self.all_steps - self.span


@dataclass(frozen=True, slots=True)
class Progress:
    """What one step cost and how well its batch was told apart."""

    step: int
    photos: float  # loss
    words: float  # loss
    recognised: float  # share of views whose nearest is the other view of their picture
    named: float  # share of pictures whose nearest wording is true of them
    seconds: float
    likeness: float = 0.0  # loss beside a teacher, where there is one


def rate(course: Course, step: int) -> float:
    """The learning rate of a step: a rise, a plateau, and along half a cosine down to nothing; again in a generation.

    On the plateau it does not depend on the length of the course: one that was cut off there may be made longer or
    shorter (Hu et al., "MiniCPM", 2024). A generation has no plateau.
    """
    if step < course.steps:
        return course.rate * _risen(step) * _fallen((course.steps - step) / max(1.0, course.steps * _FALL))
    at = (step - course.steps) % course.span
    return course.rate * _TAUGHT * _risen(at) * _fallen(1 - at / course.span)


def _risen(step: int) -> float:
    return min(1.0, (step + 1) / _WARM_UP)


def _fallen(left: float) -> float:
    """Half a cosine, from 1 at `left` 1 or more to 0 at 0."""
    return (1 - math.cos(math.pi * min(1.0, left))) / 2


def read_progress(log: Path) -> Iterator[Progress]:
    """Every step of a log; a last line cut short by a kill is left out."""
    for line in log.read_text(encoding="utf-8").splitlines() if log.exists() else ():
        if line.endswith("}"):
            yield Progress(**json.loads(line))
