"""Words for a scene: captions that say what is seen, in which colours, and that it was generated."""

from pipeline.painting.colour import dominant
from pipeline.painting.plan import article
from pipeline.painting.scene import Scene

_NOUNS = {
    "Tile": "tile panel",
    "Photograph": "cyanotype photograph",
    "Colour field": "colour field painting",
    "Geometric abstraction": "abstract painting",
    "Night sky": "nocturne",
    "Woodcut": "woodcut print",
    "Woodland": "woodland painting",
}
_THINGS = frozenset({"Vessel", "Textile", "Map"})  # genres whose first subject is the work itself
_UNSPOKEN = frozenset({"shape", "glaze", "wool", "lines"})  # no nouns to hang a colour on
_UNCOUNTED = frozenset(["water", "snow", "land", "skin", "ink", "paper", "foam", "decoration", "silk", "light"])


def captions(scene: Scene) -> tuple[str, str, str]:
    """Three descriptions, differently worded: a full one, a short one, and one that leads with the medium."""
    subjects, colours = scene.subjects, listed(scene.colours)
    where = f" {scene.plan.setting}" if scene.plan.setting else ""
    parts = coloured_parts(scene)
    full = (
        f"{_raised(listed(subjects))}{where}. The main {'colours are' if len(scene.colours) > 1 else 'colour is'} "
        f"{colours}.{f' {_raised(listed(parts))}.' if parts else ''} "
        f"Generated image, in the manner of {scene.plan.manner}."
    )
    noun = _NOUNS.get(scene.genre, scene.genre.lower())
    lead = (
        f"{_raised(article(_format(scene.size)))} {noun} in {colours}, generated in the manner of {scene.plan.manner}, "
        f"showing {listed(subjects[:3])}."
    )
    return full, _short(scene, noun, where), lead


def coloured_parts(scene: Scene) -> tuple[str, ...]:
    """Up to three parts with their colours, largest first: `a blue sky`, `green leaves`."""
    areas: dict[str, float] = {}
    for part in scene.plan.parts:
        areas[part.noun] = areas.get(part.noun, 0.0) + part.area
    spoken = [noun for noun in sorted(areas, key=lambda noun: -areas[noun]) if noun not in _UNSPOKEN]
    return tuple(_coloured(scene, noun) for noun in spoken if areas[noun] >= 0.08)[:3]


def listed(things: tuple[str, ...]) -> str:
    """`one`, `one and two`, `one, two and three`."""
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"


def _short(scene: Scene, noun: str, where: str) -> str:
    """One sentence: the colour first, then what is seen."""
    if scene.genre in _THINGS:
        first = scene.subjects[0].split(" ", 1)[1]
        own = dominant((part.colour, part.area) for part in scene.plan.parts if part.noun != "background")[0]
        return f"{_raised(article(own))} {first} with {listed(scene.subjects[1:3])}{where}."
    return f"{_raised(article(scene.colours[0]))} {noun} showing {listed(scene.subjects[:2])}{where}."


def _coloured(scene: Scene, noun: str) -> str:
    words = dominant(((part.colour, part.area) for part in scene.plan.parts if part.noun == noun), 0.3, 2)
    if any(word in noun.split() for word in words):
        return noun
    colour = " and ".join(words)
    return f"{colour} {noun}" if noun in _UNCOUNTED or noun.endswith("s") else f"{article(colour)} {noun}"


def _raised(text: str) -> str:
    return text[0].upper() + text[1:]


def _format(size: tuple[int, int]) -> str:
    width, height = size
    if width > height * 1.08:
        return "wide"
    return "tall" if height > width * 1.08 else "square"
