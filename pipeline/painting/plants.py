"""Plants as outlines: leaves with their veins, fern fronds and flower heads, for plates and photograms."""

from dataclasses import dataclass

import numpy as np

from pipeline.painting.shapes import Points, curve, disc, moved, path

_LEAVES = {
    "lance": "0,0 0.25,0.11 0.5,0.14 0.75,0.09 1,0",
    "oval": "0,0 0.16,0.17 0.45,0.25 0.8,0.15 1,0",
    "heart": "0,0 -0.08,0.2 0.1,0.38 0.45,0.33 0.8,0.12 1,0",
    "blade": "0,0 0.2,0.045 0.6,0.05 0.9,0.02 1,0",
    "leaflet": "0,0 0.08,0.075 0.4,0.07 0.75,0.045 1,0",
    "spoon": "0,0 0.3,0.04 0.55,0.12 0.8,0.2 0.96,0.1 1,0",
}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf: its outline and its veins (the midrib first)."""

    outline: Points
    veins: tuple[Points, ...]


@dataclass(frozen=True, slots=True)
class Plant:
    """A plant laid flat: stems as (line, width), leaves, and where flowers sit (x, y, size, heading)."""

    stems: tuple[tuple[Points, float], ...]
    leaves: tuple[Leaf, ...]
    flowers: tuple[tuple[float, float, float, float], ...]


def leaf(kind: str, size: float, bend: float = 0.0, teeth: int = 0) -> Leaf:
    """A leaf from the origin along x, `size` long; `bend` curves it; `teeth` notch its edge."""
    half = path(_LEAVES[kind])
    upper, lower = curve(half, steps=10), curve(half * (1, -1), steps=10)
    if teeth:
        ripple = 1 + 0.13 * np.abs(np.sin(np.linspace(0, np.pi * teeth, len(upper))))[:, None] * (0, 1)
        upper, lower = upper * ripple, lower * ripple
    outline = np.concatenate([upper, lower[::-1]])
    ribs = [np.stack([np.linspace(0, 0.98, 20), np.zeros(20)], axis=1)]
    for share in np.linspace(0.14, 0.8, 7):
        reach = np.interp(share + 0.08, upper[:, 0], np.abs(upper[:, 1])) * 0.86
        vein = np.stack([np.linspace(share, share + 0.16, 8), reach * np.linspace(0, 1, 8) ** 0.85], axis=1)
        ribs += [vein, vein * (1, -1)]
    return Leaf(_bent(outline, bend) * size, tuple(_bent(rib, bend) * size for rib in ribs))


def _bent(points: Points, bend: float) -> Points:
    x, y = points[:, 0], points[:, 1]
    return np.stack([x * (1 - 0.15 * abs(bend) * x), y + bend * 0.5 * x * x], axis=1)


def laid(piece: Leaf, x: float, y: float, turn: float) -> Leaf:
    """The leaf moved to a place and turned."""
    return Leaf(moved(piece.outline, x, y, turn), tuple(moved(vein, x, y, turn) for vein in piece.veins))


def sprig(rng: np.random.Generator, kind: str, root: tuple[float, float], height: float, branches: int) -> Plant:
    """A flowering stem with side shoots, leaves set in turn to left and right."""
    stems: list[tuple[Points, float]] = []
    leaves: list[Leaf] = []
    flowers: list[tuple[float, float, float, float]] = []
    size, teeth = height * rng.uniform(0.17, 0.26), int(rng.choice([0, 0, 12, 18]))
    shoots = [(root, -np.pi / 2 + rng.normal(0, 0.08), height, height * 0.014)]
    for k in range(branches):
        share = rng.uniform(0.25, 0.7)
        shoots.append(
            (
                (root[0], root[1] - height * share),
                -np.pi / 2 + (-1) ** k * rng.uniform(0.35, 0.7),
                height * (0.85 - share) * rng.uniform(0.7, 1.05),
                height * 0.009,
            )
        )
    main = None
    for start, heading, reach, width in shoots:
        sway = rng.normal(0, 0.07) * reach
        knots = np.array([[0, 0], [0.35 * reach, sway], [0.7 * reach, -0.4 * sway], [reach, 0.4 * sway]])
        line = moved(curve(knots), *start, heading)
        if main is None:
            main = line
        else:
            near = int(np.argmin(np.abs(main[:, 1] - start[1])))
            line = line + (main[near] - line[0])
        stems.append((line, width))
        count = max(3, int(reach / height * 11))
        for at, side in zip(np.linspace(3, len(line) - 7, count).astype(int), np.resize([1, -1], count), strict=True):
            ahead = line[at + 1] - line[at]
            turn = np.arctan2(ahead[1], ahead[0]) + side * rng.uniform(0.7, 1.15)
            own = size * rng.uniform(0.75, 1.1) * (1.15 - 0.55 * at / len(line))
            leaves.append(laid(leaf(kind, own, -side * rng.uniform(0, 0.5), teeth), line[at, 0], line[at, 1], turn))
        tip = line[-1] - line[-3]
        flowers.append((*line[-1], height * rng.uniform(0.065, 0.09), float(np.arctan2(tip[1], tip[0]))))
    return Plant(tuple(stems), tuple(leaves), tuple(flowers))


def fern(rng: np.random.Generator, root: tuple[float, float], reach: float, heading: float) -> Plant:
    """A frond: a bending rib with leaflets that shorten to the tip, each cut into lobes."""
    bow = rng.normal(0, 0.22) * reach
    rib = moved(
        curve(np.array([[0, 0], [0.4 * reach, 0.35 * bow], [0.75 * reach, 0.8 * bow], [reach, 1.5 * bow]])),
        *root,
        heading,
    )
    leaves = []
    count = 30
    for k in range(4, count):
        share = k / count
        at = int(share * (len(rib) - 2))
        ahead = rib[at + 1] - rib[at]
        long = reach * 0.3 * np.sin(np.pi * (0.2 + 0.8 * share)) ** 0.9 + reach * 0.012
        for side in (1, -1):
            turn = np.arctan2(ahead[1], ahead[0]) + side * (1.22 - 0.35 * share)
            leaves.append(laid(leaf("leaflet", long, -side * 0.25, 11), rib[at, 0], rib[at, 1], turn))
    return Plant(((rib, reach * 0.012),), tuple(leaves), ())


def petals(
    centre: tuple[float, float], size: float, heading: float, count: int, squash: float = 0.8
) -> tuple[Points, ...]:
    """The petals of an open flower seen a little from the side, back ones first."""
    shapes = []
    for k in range(count):
        angle = 2 * np.pi * k / count
        away = np.array([np.cos(angle), np.sin(angle)]) * size * 0.6
        petal = disc(away[0], away[1], size * 0.52, size * (1.9 / count + 0.06), angle, 24) * (squash, 1)
        shapes.append((float(-np.cos(angle)), moved(petal, *centre, heading)))
    return tuple(shape for _, shape in sorted(shapes, key=lambda item: -item[0]))
