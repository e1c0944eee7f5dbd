"""What a family of genres decides before a brush is lifted, and the easel on which it is then drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np

from pipeline.painting.brush import Hand
from pipeline.painting.colour import Field, Pixels, Rgb

Choice = TypeVar("Choice")

WIDE = ((640, 480), (640, 428), (640, 512), (640, 360))
TALL = ((480, 640), (512, 640), (428, 640))
SQUARE = ((580, 580),)


@dataclass(frozen=True, slots=True)
class Easel:
    """Where a picture is drawn: its size in pixels, the painter's hand, and the chance it is drawn with."""

    width: int
    height: int
    hand: Hand
    rng: np.random.Generator

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width)."""
        return self.height, self.width

    def grid(self) -> tuple[Field, Field]:
        """Every pixel's row and column, each (height, width)."""
        rows, columns = np.indices(self.shape, dtype=np.float32)
        return rows, columns


class Motif(Protocol):
    """The frozen description of what is drawn; drawing twice with equal easels gives equal pictures."""

    def draw(self, easel: Easel) -> Pixels:
        """The finished picture, (height, width, 3), sRGB, 0..1."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a picture that a caption may speak of: its noun, its paint, and about how much of the whole it is."""

    noun: str
    colour: Rgb
    area: float  # share of the picture, 0..1


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is decided about a picture: drawn by its motif, worded from the rest."""

    size: tuple[int, int]  # width, height in pixels
    title: str
    subjects: tuple[str, ...]  # what is seen, as noun phrases, the most prominent first
    setting: str  # follows the subjects: "at dusk", "on a dark table"; may be empty
    manner: str  # the medium it is in the manner of
    parts: tuple[Part, ...]
    motif: Motif
    tradition: "Tradition | None" = None  # where it is not the artist's own time and culture that it follows


@dataclass(frozen=True, slots=True)
class Tradition:
    """A time and culture in whose manner something is made. Years are astronomical, as in `Artwork`."""

    culture: str
    period: str
    year_from: int
    year_to: int


def pick(rng: np.random.Generator, options: Sequence[Choice]) -> Choice:
    """One of the options, each as likely."""
    return options[int(rng.integers(len(options)))]


class _Tempered(Protocol):
    @property
    def temper(self) -> str: ...


Tempered = TypeVar("Tempered", bound=_Tempered)


def suited(rng: np.random.Generator, options: Sequence[Tempered], temper: str) -> Tempered:
    """One of the options; three times in four one of the artist's own temper, where there is any."""
    own = [option for option in options if option.temper == temper]
    return pick(rng, own if own and rng.random() < 0.75 else options)


_SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "of",
        "in",
        "on",
        "at",
        "by",
        "with",
        "for",
        "from",
        "under",
        "over",
        "to",
        "off",
        "onto",
        "into",
        "before",
        "after",
        "near",
        "below",
        "above",
        "among",
    ]
)


def headline(title: str) -> str:
    """A title with capitals as English titles have them; words that bear capitals already keep them."""
    words = title.split()
    raised = [
        word if word in _SMALL and at > 0 and not words[at - 1].endswith(":") else word[0].upper() + word[1:]
        for at, word in enumerate(words)
    ]
    return " ".join(raised)


def number(count: int, noun: str, plural: str | None = None) -> str:
    """`a boat`, `two boats`, ... up to twelve in words."""
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    if count == 1:
        return article(noun)
    return f"{words[count] if count < len(words) else count} {plural or noun + 's'}"


def article(noun: str) -> str:
    """The noun with `a` or `an`."""
    return f"{'an' if noun[0] in 'aeiouAEIOU' else 'a'} {noun}"
