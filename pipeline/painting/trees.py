"""Trees: bare branches, firs and leafy crowns, for every landscape that wants them."""

import numpy as np
from numpy.typing import NDArray

from pipeline.painting.colour import Rgb
from pipeline.painting.shapes import Points, Sheet, curve, disc, path

Strokes = list[tuple[Points, NDArray[np.float64]]]


def bare(rng: np.random.Generator, x: float, foot: float, height: float, lean: float = 0.0, depth: int = 5) -> Strokes:
    """A leafless tree as strokes (line, widths), trunk first: each limb splits in two or three, thinner each time."""
    strokes: Strokes = []
    limbs = [(x, foot, -np.pi / 2 + lean, height * 0.34, height * 0.035, depth)]
    while limbs:
        left, top, heading, reach, width, generation = limbs.pop()
        bend = rng.normal(0, 0.16)
        steps = np.linspace(0, 1, 5)
        headings = heading + bend * steps * 2
        line = np.add(np.cumsum(np.stack([np.cos(headings), np.sin(headings)], 1) * reach / 5, axis=0), (left, top))
        line = np.concatenate([[[left, top]], line])
        strokes.append((line, np.linspace(width, width * 0.62, len(line)).clip(0.5)))
        if generation == 0:
            continue
        for _ in range(3 if rng.random() < 0.3 and generation > 1 else 2):
            turn = rng.normal(0, 0.2) + rng.choice([-1, 1]) * rng.uniform(0.2, 0.62)
            start = line[int(rng.integers(3, len(line)))]
            limbs.append(
                (start[0], start[1], headings[-1] + turn, reach * rng.uniform(0.62, 0.85), width * 0.62, generation - 1)
            )
    return strokes


def fir(sheet: Sheet, rng: np.random.Generator, x: float, foot: float, height: float, tones: tuple[Rgb, Rgb]) -> None:
    """A conifer: ragged tiers, the left side in the light tone."""
    dark, light = tones
    tiers = max(5, int(height / 9))
    sheet.lines(np.array([[x, foot], [x, foot - height]]), max(1.0, height * 0.03), dark)
    for tier in range(tiers):
        share = (tier + 0.6) / tiers
        y = foot - height * (1 - share) + height * 0.02
        reach = height * 0.21 * share**0.85 * rng.uniform(0.75, 1.15)
        drop = height * 0.085 * rng.uniform(0.8, 1.3)
        bough = np.array([[x, y - drop * 1.5], [x + reach, y + drop], [x + reach * 0.3, y + drop * 0.5], [x, y + drop]])
        mirrored = np.array([[2 * x, 0]]) + bough * (-1, 1)
        sheet.polygon(bough, dark).polygon(mirrored, dark)
        sheet.polygon(np.array([[x, y - drop], [x - reach, y + drop * 0.9], [x - reach * 0.35, y + drop * 0.2]]), light)


def crown(
    sheet: Sheet,
    rng: np.random.Generator,
    centre: tuple[float, float],
    size: tuple[float, float],
    tones: tuple[Rgb, ...],
) -> None:
    """A leafy mass: clumps of leaves from the shaded tone (first) to the lit one (last), light from the upper left."""
    x, y = centre
    wide, high = size
    count = int(26 + wide * high / 60)
    leaf = max(2.0, (wide * high) ** 0.5 * 0.11)
    for k in range(count):
        share = k / count
        angle, away = rng.uniform(0, 2 * np.pi), rng.uniform(0, 1) ** 0.5
        left = x + wide * (np.cos(angle) * away * (1 - 0.25 * share) - 0.16 * share)
        top = y + high * (np.sin(angle) * away * (1 - 0.25 * share) - 0.18 * share)
        tone = tones[min(len(tones) - 1, int(share * len(tones) + rng.uniform(-0.25, 0.25)))]
        sheet.polygon(
            disc(left, top, leaf * rng.uniform(0.6, 1.3), leaf * rng.uniform(0.4, 0.9), rng.uniform(0, 3), 9), tone
        )


def cypress(
    sheet: Sheet, rng: np.random.Generator, x: float, foot: float, height: float, tones: tuple[Rgb, Rgb]
) -> None:
    """A flame-shaped tree with a few licks of lighter paint."""
    reach = height * 0.13
    side = path("0,0 0.75,-0.16 1,-0.36 0.7,-0.66 0.22,-0.9 0,-1.02")
    shape = np.concatenate([side, (side * (-1, 1))[::-1]]) * (reach, height)
    sheet.polygon(curve(np.add(shape, (x, foot)), closed=True), tones[0])
    for _ in range(14):
        low = rng.uniform(0.05, 0.7)
        start = rng.uniform(-0.7, 0.5) * reach * (1 - low * 0.6)
        lick = np.array([[start, -low], [start * 0.9 - 2, -low - 0.09], [start * 0.5, -low - 0.2]]) * (1, height)
        sheet.stroke(curve(np.add(lick, (x, foot))), np.linspace(3.4, 0.8, 25) * height / 170, tones[1])
