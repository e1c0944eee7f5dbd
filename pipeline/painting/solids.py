"""Solid things in a light from the upper left: round fruit and vessels turned on a wheel."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.interpolate import PchipInterpolator

from pipeline.painting.colour import Field, Pixels, Rgb, darker, flat, lighter, mix, over, ramp, smooth


@dataclass(frozen=True, slots=True)
class Turned:
    """A vessel of revolution seen from the front, as fields over the picture."""

    mask: Field
    around: Field  # -pi/2 at the left outline to pi/2 at the right: the angle round the axis
    along: Field  # 0 at the lip, 1 at the foot
    radius: Field  # in pixels, by row, broadcast to the picture


def turned(rows: Field, columns: Field, axis: float, lip: float, foot: float, radii: ArrayLike) -> Turned:
    """The vessel whose half widths, lip to foot at equal steps, are `radii` pixels; rows and columns as in a grid."""
    widths = np.asarray(radii, np.float64)
    outline = PchipInterpolator(np.linspace(0, 1, len(widths)), widths)
    along = np.clip((rows - lip) / (foot - lip), 0, 1)
    radius = np.maximum(outline(along[:, :1]), 0.5).astype(np.float32)
    belly = 0.07 * radius * (1 - ((columns - axis) / np.maximum(radius, 1)) ** 2).clip(0)
    inside = smooth(np.abs(columns - axis) - radius, 0.7, -0.7)
    inside = inside * smooth(rows, lip - 0.7, lip + 0.7) * smooth(rows - belly, foot + 0.7, foot - 0.7)
    around = np.arcsin(np.clip((columns - axis) / radius, -1, 1))
    bent = np.clip((rows - belly - lip) / (foot - lip), 0, 1)
    return Turned(inside, around.astype(np.float32), bent.astype(np.float32), np.broadcast_to(radius, rows.shape))


def sheen(vessel: Turned, gloss: float) -> tuple[Field, Field]:
    """Light on a turned vessel: shade (multiplies colour, about 0.3 to 1.1) and highlight (0..1, to be added)."""
    facing = np.cos(vessel.around + 0.62)
    rim = 0.14 * smooth(vessel.around, 0.95, 1.5)
    shade = 0.34 + 0.74 * np.clip(facing, 0, 1) + rim
    shade = shade * (1.06 - 0.22 * vessel.along)
    glint = (
        np.exp(-(((vessel.around + 0.72) / 0.13) ** 2))
        * smooth(vessel.along, 0.08, 0.2)
        * smooth(vessel.along, 0.8, 0.5)
    )
    return shade.astype(np.float32), (gloss * glint * vessel.mask).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Fruit:
    """A kind of fruit: how its radius goes round (cosine terms of its angle), and its colours."""

    name: str
    plural: str
    skin: Rgb
    blush: Rgb
    gloss: float
    wide: float  # width against height
    dent: float  # of the top, as in an apple
    neck: float  # narrowing towards the top, as in a pear
    tip: float  # points at both ends, as in a lemon


def place(
    image: Pixels, flow: Field, fruit: Fruit, centre: tuple[float, float], size: float, turn: float, texture: Field
) -> tuple[Pixels, Field, Field]:
    """The picture with the fruit on it, strokes that go round its form, and its mask. `texture` is noise, 0..1."""
    height, width = flow.shape
    reach = int(size * 1.5) + 2
    top, left = max(0, int(centre[1]) - reach), max(0, int(centre[0]) - reach)
    rows, columns = np.mgrid[top : min(height, top + 2 * reach), left : min(width, left + 2 * reach)].astype(np.float32)
    window = np.s_[top : top + rows.shape[0], left : left + rows.shape[1]]
    x, y = columns - centre[0], rows - centre[1]
    across = (x * np.cos(turn) + y * np.sin(turn)) / fruit.wide
    upward = x * np.sin(turn) - y * np.cos(turn)
    angle = np.arctan2(upward, across)
    up, side = np.sin(angle), np.cos(angle)
    outline = size * (
        1 - fruit.dent * np.clip(up, 0, 1) ** 14 + fruit.neck * (0.42 * np.clip(up, 0,
            1) ** 3 - 0.2 * np.clip(up + 0.1, 0, 1))
        + fruit.tip * np.abs(side) ** 16
    )  # fmt: skip
    away = np.hypot(across, upward) / outline
    mask = smooth(away, 1.012, 0.985)
    bulge = np.sqrt(np.clip(1 - away**2, 0, 1))
    toward = np.hypot(x, y) + 1e-3
    lit = np.clip(away * (-0.55 * x - 0.62 * y) / toward + 0.56 * bulge, -0.2, 1)
    ripe = np.clip(smooth(texture[window] + 0.35 * x / size, 0.4, 0.75), 0, 1)
    tone = over(flat(fruit.skin, x.shape), fruit.blush, ripe)
    tones: Pixels = tone * ramp(np.clip(lit, 0, 1), ((0.3, 0.24, 0.3), (0.72, 0.66, 0.66), (1.05, 1.02, 0.98)))
    tones = over(tones, lighter(fruit.skin, 0.4), 0.35 * smooth(lit, 0.72, 1.0))
    tones = over(tones, lighter(fruit.skin, 0.15), 0.16 * smooth(y / size, 0.5, 1.0) * smooth(lit, 0.25, 0.0))
    glint = np.exp(-(((x / size + 0.34) / 0.15) ** 2 + ((y / size + 0.42) / 0.11) ** 2)) * fruit.gloss
    tones = over(tones, (1.0, 0.99, 0.95), np.clip(glint, 0, 1).astype(np.float32))
    image, flow = image.copy(), flow.copy()
    image[window] = over(image[window], tones.astype(np.float32), mask)
    flow[window] = np.where(mask > 0.5, np.arctan2(y, x) + np.pi / 2, flow[window])
    whole = np.zeros_like(flow)
    whole[window] = mask
    return image, flow, whole


def cast(image: Pixels, centre: tuple[float, float], reach: tuple[float, float], depth: float = 0.55) -> Pixels:
    """The picture with the shadow of a thing that stands at `centre`, falling to the right."""
    rows, columns = np.indices(image.shape[:2], dtype=np.float32)
    x = (columns - centre[0] - 0.45 * reach[0]) / reach[0]
    y = (rows - centre[1] + 0.12 * (columns - centre[0])) / reach[1]
    soft = np.clip(1.15 - np.hypot(x, y), 0, 1)
    return over(image, darker(mix((0.2, 0.15, 0.2), (0.1, 0.1, 0.2), 0.5), 0.3), depth * smooth(soft, 0.0, 0.6))


def backdrop(rows: Field, columns: Field, colour: Rgb, texture: Field) -> Pixels:
    """A wall behind a still life: lighter on the left, mottled by the texture (0..1)."""
    height, width = rows.shape
    bright = 0.76 - 0.36 * columns / width - 0.12 * rows / height + 0.34 * (texture - 0.5)
    red, green, blue = (min(1.0, channel * 1.2 + 0.02) for channel in colour)
    lit = (red, green, blue)
    return ramp(np.clip(bright, 0, 1), (darker(colour, 0.55), colour, lit), (0.0, 0.5, 1.0))
