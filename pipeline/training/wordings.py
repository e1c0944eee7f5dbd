"""What may be said of a picture, in many ways, and the facts that make each wording true of other pictures too.

"A blue seascape" is true of every picture that has the facts `genre: seascape` and `colour: blue`, so that in training
none of them counts as a wrong answer. A title is true of its own work alone.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from indexes.artwork import Artwork
from pipeline.painting import Scene, captions
from pipeline.painting.colour import dominant
from pipeline.painting.plan import article
from pipeline.painting.wording import coloured_parts

_COLOURS_SEEN = 12  # into which a picture is divided before its colours are named


@dataclass(frozen=True, slots=True)
class Wording:
    """A text, and what a picture has to show for it to be true; without any facts it is true of its own work alone."""

    text: str
    facts: frozenset[str] = frozenset()


Known = tuple[frozenset[str], tuple[Wording, ...]]  # all facts about a work, and the wordings that rest on them


def of_scene(scene: Scene) -> Known:
    """The facts of a generated work, and wordings from one word to a whole description."""
    genre, setting = scene.genre.lower(), scene.plan.setting
    kind = f"genre: {genre}"
    parts = coloured_parts(scene)
    facts = {kind, *(f"colour: {c}" for c in scene.colours), *(f"seen: {s}" for s in scene.subjects)}
    facts |= {f"part: {part}" for part in parts}
    said = [Wording(genre, frozenset({kind})), *(Wording(text) for text in (*captions(scene), scene.title))]
    for colour in scene.colours:
        said += _coloured(genre, kind, colour)
    if scene.background:
        ground = f"background: {scene.background}"
        facts.add(ground)
        phrase = f"{scene.background} background"
        said += [Wording(f"{genre} with {one}", frozenset({kind, ground})) for one in (phrase, article(phrase))]
        said.append(Wording(phrase, frozenset({ground})))
    for subject in scene.subjects[:3]:
        seen = f"seen: {subject}"
        said += [Wording(subject, frozenset({seen})), Wording(f"{genre} with {subject}", frozenset({kind, seen}))]
    for part in parts:
        said.append(Wording(f"{genre} with {part}", frozenset({kind, f"part: {part}"})))
    if setting:
        facts.add(f"setting: {setting}")
        said.append(Wording(f"{genre} {setting}", frozenset({kind, f"setting: {setting}"})))
    return frozenset(facts), tuple(said)


def of_artwork(work: Artwork, picture: Image.Image) -> Known:
    """The facts of a real work by its record, with the colours that its picture shows."""
    facts = {f"{name}: {value.lower()}" for name, value in _fields(work)}
    said = [Wording(" ".join(part for part in (work.title, work.artist) if part))] if work.title else []
    said += [Wording(text) for text in work.descriptions]
    for name, value in _fields(work):
        fact = f"{name}: {value.lower()}"
        said.append(Wording(value.replace("-", " ").lower(), frozenset({fact})))
        if work.genre and name != "genre":
            said.append(Wording(f"{work.genre}, {value}".lower(), frozenset({fact, f"genre: {work.genre.lower()}"})))
    for colour in colours(picture):
        facts.add(f"colour: {colour}")
        if work.genre:
            said += _coloured(work.genre.lower(), f"genre: {work.genre.lower()}", colour)
    return frozenset(facts), tuple(said)


def colours(picture: Image.Image) -> tuple[str, ...]:
    """Words of the one to three colours that cover most of an RGB picture, the largest first."""
    few = picture.resize((64, 64)).quantize(_COLOURS_SEEN, method=Image.Quantize.MEDIANCUT)
    palette = np.asarray(few.getpalette(), dtype=float)[: 3 * _COLOURS_SEEN].reshape(-1, 3) / 255
    return dominant(((r, g, b), count) for (r, g, b), count in _counted(few, palette))


def _counted(few: Image.Image, palette: np.ndarray) -> list[tuple[tuple[float, float, float], float]]:
    counts = np.bincount(np.asarray(few).ravel(), minlength=len(palette))
    return [(tuple(colour.tolist()), float(count)) for colour, count in zip(palette, counts, strict=False) if count]


def _coloured(genre: str, kind: str, colour: str) -> list[Wording]:
    shade = f"colour: {colour}"
    return [
        Wording(f"{colour} {genre}", frozenset({kind, shade})),
        Wording(f"{article(colour)} {genre}", frozenset({kind, shade})),
        Wording(f"{article(colour)} picture", frozenset({shade})),
    ]


def _fields(work: Artwork) -> list[tuple[str, str]]:
    named = [("genre", work.genre), ("artist", work.artist), ("period", work.period), ("culture", work.culture)]
    named += [("medium", work.medium), *(("keyword", word) for word in work.keywords)]
    return [(name, value) for name, value in named if value]
