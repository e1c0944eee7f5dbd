"""A work before it is drawn: decided once from (seed, index), then painted and worded from the same description."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

from pipeline.painting import (
    bird,
    botanical,
    canal,
    chart,
    colourfield,
    cyanotype,
    etching,
    flowers,
    fruit,
    geometry,
    ink,
    interior,
    mountains,
    nocturne,
    portrait,
    seascape,
    shanshui,
    street,
    textile,
    tiles,
    vessel,
    winter,
    woodcut,
    woodland,
)  # fmt: skip
from pipeline.painting.artists import Artist, artists
from pipeline.painting.colour import dominant
from pipeline.painting.plan import Easel, Plan, headline, pick
from pipeline.painting.shapes import bytes_of

Compose = Callable[[np.random.Generator, str], Plan]

# What a stream of random numbers is for: the third number of its seed.
_FOR_GENRES, _FOR_SCENE, _FOR_PAINT = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Scene:
    """All that is decided about a work; equal seeds and indices give equal scenes."""

    seed: int
    index: int
    genre: str
    artist: Artist
    years: tuple[int, int]  # in whose manner it is dated
    plan: Plan

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.plan.size

    @property
    def title(self) -> str:
        """The work's title."""
        return headline(self.plan.title)

    @property
    def subjects(self) -> tuple[str, ...]:
        """What is seen, as noun phrases, the most prominent first."""
        return self.plan.subjects

    @property
    def colours(self) -> tuple[str, ...]:
        """Words of the one to three colours that truly cover most of the picture, the largest first."""
        return dominant((part.colour, part.area) for part in self.plan.parts)

    @property
    def background(self) -> str | None:
        """The word of the background's colour, where the picture has a plain one."""
        grounds = [part for part in self.plan.parts if part.noun == "background"]
        return dominant((part.colour, part.area) for part in grounds)[0] if grounds else None


def genres() -> dict[str, tuple[Compose, ...]]:
    """Every genre and who composes it (one of them, at random, where there are several)."""
    return {
        "Seascape": (seascape.compose,), "Mountain landscape": (mountains.compose,), "Woodland": (woodland.compose,),
        "Winter scene": (winter.compose,), "City view": (canal.compose, street.compose),
            "Night sky": (nocturne.compose,),
        "Flower still life": (flowers.compose,), "Fruit still life": (fruit.compose,), "Interior": (interior.compose,),
        "Portrait": (portrait.compose,), "Colour field": (colourfield.compose,),
            "Geometric abstraction": (geometry.compose,),
        "Ink painting": (ink.compose,), "Ink landscape": (shanshui.compose,), "Woodcut": (woodcut.compose,),
        "Etching": (etching.compose,), "Tile": (tiles.compose,), "Textile": (textile.compose,),
            "Vessel": (vessel.compose,),
        "Botanical plate": (botanical.compose,), "Bird study": (bird.compose,), "Map": (chart.compose,),
        "Photograph": (cyanotype.compose,),
    }  # fmt: skip


def compose(seed: int, index: int) -> Scene:
    """The scene of work `index` (0 and up). Every run of as many works as there are genres has each genre once."""
    table = genres()
    block, place = divmod(index, len(table))
    order = np.random.default_rng([seed, block, _FOR_GENRES]).permutation(len(table))
    genre = tuple(table)[order[place]]
    rng = np.random.default_rng([seed, index, _FOR_SCENE])
    artist = pick(rng, [artist for artist in artists() if genre in artist.genres])
    plan = pick(rng, table[genre])(rng, artist.temper)
    first, last = artist.years
    start = int(rng.integers(first, max(first + 1, last - 4)))
    years = (plan.tradition.year_from, plan.tradition.year_to) if plan.tradition else (start, min(start + 5, last))
    return Scene(seed, index, genre, artist, years, plan)


def paint(scene: Scene) -> Image.Image:
    """The picture, RGB, about 640 pixels on its longer side; the same bytes each time."""
    rng = np.random.default_rng([scene.seed, scene.index, _FOR_PAINT])
    width, height = scene.size
    return Image.fromarray(bytes_of(scene.plan.motif.draw(Easel(width, height, scene.artist.hand, rng))))
