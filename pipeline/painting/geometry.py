"""Geometric abstraction: grids, discs, nested squares and shards, in flat hand-laid colour."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from pipeline.painting.colour import Pixels, Rgb, darker, dominant, flat, lighter, mix, paints, term
from pipeline.painting.noise import fbm, grain
from pipeline.painting.plan import SQUARE, TALL, WIDE, Easel, Part, Plan, article, pick, suited
from pipeline.painting.shapes import Points, Sheet, box, disc

_PALETTES = (
    ("bright", "#f2ecdd #d8372c #1f4f9c #f0c22e #1c1b1a"), ("bright", "#f5efe2 #e8673c #2a7f8a #f2b84b #26333f"),
     ("bright", "#efe6d4 #4f9fb8 #e0574f #f3c95b #3a3a5c"),
    ("warm", "#ecd9b8 #c4512d #8a2b2a #e59c3c #3d2a26"), ("warm", "#f3e3cf #d9735a #a8434a #f0b27a #5a2f3c"),
     ("cool", "#e3e6e0 #3f6f94 #8fb3bf #26405c #c98f5a"),
    ("cool", "#dfe6dc #4f8070 #9cb8a0 #2a4a4a #d0a85c"), ("dark", "#23262e #8f3a34 #2f5a78 #c9a04a #d8cfbe"),
     ("dark", "#1d2a2c #3f6b62 #a85a3c #d2b06a #e6dcc8"), ("dark", "#2a2233 #6a4a8a #b0567a #e0a05a #e9dfd0"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tints:
    """A ground and the colours on it."""

    temper: str
    tones: tuple[Rgb, ...]


@dataclass(frozen=True, slots=True)
class Patch:
    """A flat shape: its outline, as shares of width and height, and its colour."""

    outline: tuple[tuple[float, float], ...]
    tone: Rgb


@dataclass(frozen=True, slots=True)
class Geometry:
    """Flat shapes on a ground."""

    ground: Rgb
    patches: tuple[Patch, ...]

    def draw(self, easel: Easel) -> Pixels:
        """The shapes in order, in matt paint with the brush's faint unevenness; edges drawn by hand."""
        rng = easel.rng
        sheet = Sheet(flat(self.ground, easel.shape), 3)
        for patch in self.patches:
            sheet.polygon(np.asarray(patch.outline) * (easel.width, easel.height), patch.tone)
        image = sheet.pixels()
        brushed = fbm(rng, easel.shape, 9, 3, 6) - 0.5
        upright = fbm(rng, easel.shape, 30, 3, 0.25) - 0.5
        tooth = grain(rng, easel.shape, 0.7)
        edges = np.abs(np.diff(image.sum(axis=2), axis=1, append=image[:, -1:].sum(axis=2)))
        worn = np.clip(edges * smooth_noise(easel), 0, 0.12)
        toned: Pixels = image * (1 + 0.07 * brushed + 0.05 * upright + 0.014 * tooth)[..., None] + worn[..., None]
        return np.clip(toned, 0, 1).astype(np.float32)


def smooth_noise(easel: Easel) -> Pixels:
    """Where paint has chipped a little along edges: 0..0.2."""
    return np.asarray(0.2 * (fbm(easel.rng, easel.shape, 8, 2) > 0.62), np.float32)


def _share(points: Points) -> tuple[tuple[float, float], ...]:
    return tuple((round(float(x), 5), round(float(y), 5)) for x, y in points)


def _grid(rng: np.random.Generator, tones: tuple[Rgb, ...], ratio: float) -> list[Patch]:
    """Rectangles between dark bars."""
    xs = [0.0, *sorted(rng.uniform(0.08, 0.92, int(rng.integers(2, 5)))), 1.0]
    ys = [0.0, *sorted(rng.uniform(0.08, 0.92, int(rng.integers(2, 5)))), 1.0]
    patches = []
    for left, right in pairwise(xs):
        for top, low in pairwise(ys):
            if rng.random() < 0.38:
                patches.append(Patch(_share(box(left, top, right, low)), pick(rng, tones[1:4])))
    bar = float(rng.uniform(0.006, 0.014))
    ink = tones[4] if sum(tones[4]) < sum(tones[0]) else tones[0]
    ink = darker(ink, 0.3)
    for x in xs[1:-1]:
        reach = sorted(rng.choice(ys, 2, replace=False)) if rng.random() < 0.25 else [0, 1]
        patches.append(Patch(_share(box(x - bar, reach[0], x + bar, reach[1])), ink))
    patches += [Patch(_share(box(0, y - bar * ratio, 1, y + bar * ratio)), ink) for y in ys[1:-1]]
    return patches


def _discs(rng: np.random.Generator, tones: tuple[Rgb, ...], ratio: float) -> list[Patch]:
    """Discs cut into rings and sectors that change colour where they cross."""
    patches = []
    for _ in range(int(rng.integers(3, 6))):
        x, y, reach = rng.uniform(0.15, 0.85), rng.uniform(0.15, 0.85), rng.uniform(0.16, 0.36)
        cuts = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(2, 5))))
        for ring in np.linspace(1, 0.22, int(rng.integers(3, 6))):
            for start, end in zip(cuts, [*cuts[1:], cuts[0] + 2 * np.pi], strict=True):
                angle = np.linspace(start, end, 40)
                arc = np.stack([x + np.cos(angle) * reach * ring, y + np.sin(angle) * reach * ring * ratio], axis=1)
                patches.append(Patch(_share(np.concatenate([[[x, y]], arc])), pick(rng, tones[1:])))
    return patches


def _nested(rng: np.random.Generator, tones: tuple[Rgb, ...], ratio: float) -> list[Patch]:
    """Squares within squares, sinking towards the foot, in neighbouring tones."""
    across = int(rng.choice([1, 2, 3]))
    down = max(1, round(across / ratio))
    patches = []
    for row in range(down):
        for column in range(across):
            first, last = pick(rng, tones), pick(rng, tones)
            wide, high = 1 / across, 1 / down
            for k, size in enumerate(np.linspace(0.96, 0.3, 4)):
                left = wide * (column + (1 - size) / 2)
                top = high * (row + (1 - size) * 0.72)
                patches.append(
                    Patch(_share(box(left, top, left + wide * size, top + high * size)), mix(first, last, k / 3))
                )
    return patches


def _shards(rng: np.random.Generator, tones: tuple[Rgb, ...], ratio: float) -> list[Patch]:
    """Beams, wedges, a few discs and arcs held in balance about a diagonal."""
    patches = []
    lean = rng.uniform(-0.9, -0.3)
    for _ in range(int(rng.integers(9, 15))):
        centre = rng.normal(0.5, 0.2, 2)
        along = (
            np.array([np.cos(lean), np.sin(lean)])
            if rng.random() < 0.6
            else np.array([np.cos(lean + 1.57), np.sin(lean + 1.57)])
        )
        side = np.array([-along[1], along[0]])
        long, wide = rng.uniform(0.1, 0.42), rng.choice([0.006, 0.02, 0.05, 0.1])
        shape = np.array(
            [
                centre - along * long - side * wide,
                centre + along * long - side * wide * rng.choice([0, 1]),
                centre + along * long + side * wide,
                centre - along * long + side * wide,
            ]
        )
        patches.append(Patch(_share(shape), pick(rng, tones[1:])))
    for _ in range(int(rng.integers(2, 6))):
        x, y, reach = rng.uniform(0.15, 0.85), rng.uniform(0.15, 0.85), rng.choice([0.025, 0.06, 0.12, 0.17])
        tone = pick(rng, tones[1:])
        patches.append(Patch(_share(disc(x, y, reach, reach * ratio, steps=72)), tone))
        if rng.random() < 0.5:
            patches.append(Patch(_share(disc(x, y, reach * 0.72, reach * 0.72 * ratio, steps=60)), lighter(tone, 0.5)))
    return patches


def _arches(rng: np.random.Generator, tones: tuple[Rgb, ...], ratio: float) -> list[Patch]:
    """Quarter circles in square cells, turned at random: a rhythm of arches and petals."""
    across = int(rng.integers(3, 6))
    down = max(2, round(across / ratio))
    patches = []
    for row in range(down):
        for column in range(across):
            left, top, wide, high = column / across, row / down, 1 / across, 1 / down
            patches.append(Patch(_share(box(left, top, left + wide, top + high)), pick(rng, tones)))
            turn = int(rng.integers(4))
            x, y = left + wide * (turn in {1, 2}), top + high * (turn in {2, 3})
            for ring in (1.0, 0.66, 0.33)[: int(rng.integers(1, 4))]:
                angle = np.linspace(0, np.pi / 2, 30) + turn * np.pi / 2
                arc = np.stack([x + np.cos(angle) * wide * ring, y + np.sin(angle) * high * ring], axis=1)
                patches.append(Patch(_share(np.concatenate([[[x, y]], arc])), pick(rng, tones)))
    return patches


_KINDS = {
    "grid": (_grid, "rectangles between dark bars", ("Composition with {a} and {b}", "Tableau {n}: {a} and {b}",
        "Grid with {a}, No. {n}")),
    "discs": (_discs, "overlapping discs and rings", ("Rhythm of Discs, {a} and {b}", "Circular Forms {n}",
        "Turning {a}, No. {n}")),
    "nested": (_nested, "squares within squares", ("Study for a Square: {a} and {b}", "Squares in {a}, No. {n}",
        "Interaction {n}: {a} with {b}")),
    "shards": (_shards, "diagonal beams and discs", ("Construction {n}", "{a} Wedge and {b} Disc",
        "Balance with {a}, No. {n}")),
    "arches": (_arches, "a pattern of quarter circles", ("Arches in {a} and {b}", "Garden Rhythm {n}",
        "Quarter Circles, {a}, No. {n}")),
}  # fmt: skip


def compose(rng: np.random.Generator, temper: str) -> Plan:
    """A geometric abstraction for an artist of this temper."""
    tints = suited(rng, [Tints(name, paints(codes)) for name, codes in _PALETTES], temper)
    size = pick(rng, SQUARE + SQUARE + TALL + WIDE[:2])
    kind = pick(rng, tuple(_KINDS))
    build, phrase, forms = _KINDS[kind]
    patches = tuple(build(rng, tints.tones, size[0] / size[1]))
    motif = Geometry(tints.tones[0], patches)
    shares = _visible(motif)
    words = [word.title() for word in dominant(shares, 0.12)]
    pair = [*words, term(tints.tones[1]).title(), term(tints.tones[2]).title()][:2]
    title = pick(rng, forms).format(a=pair[0], b=pair[1], n=int(rng.integers(2, 60)))
    return Plan(
        size=size,
        title=title,
        subjects=(phrase, *(f"{article(word.lower())} area" for word in words[:2])),
        setting="",
        manner="oil on canvas" if kind != "shards" else "gouache on paper",
        parts=tuple(Part("shape", tone, area) for tone, area in shares),
        motif=motif,
    )


def _visible(motif: Geometry) -> tuple[tuple[Rgb, float], ...]:
    """The colours and the share of the picture that each is seen on, by drawing it small."""
    sheet = Sheet(flat(motif.ground, (48, 48)), 2)
    for patch in motif.patches:
        sheet.polygon(np.asarray(patch.outline) * 48, patch.tone)
    image = sheet.pixels()
    tones = list(dict.fromkeys([motif.ground, *(patch.tone for patch in motif.patches)]))
    nearest = np.argmin(np.stack([np.abs(image - flat(tone)).sum(axis=2) for tone in tones]), axis=0)
    counts = np.bincount(nearest.ravel(), minlength=len(tones)) / nearest.size
    return tuple((tone, float(count)) for tone, count in zip(tones, counts, strict=True) if count > 0.005)
