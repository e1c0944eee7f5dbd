"""Etchings: the painters' landscapes and streets in hatched line, printed in one ink on warm paper."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from PIL import Image
from scipy import ndimage

from pipeline.painting import canal, mountains, street, winter, woodland
from pipeline.painting.brush import Sketch
from pipeline.painting.colour import Field, Pixels, Rgb, flat, mix, over, paint, smooth
from pipeline.painting.noise import fbm, lattice
from pipeline.painting.paper import paper, stained
from pipeline.painting.plan import Easel, Part, Plan, pick

_INKS = (("black", "#1d1a1c"), ("sepia", "#43291a"), ("blue-black", "#1c2740"), ("brown", "#523422"))


class Sketched(Protocol):
    """A motif that can be followed with any tool."""

    def sketch(self, easel: Easel) -> Sketch:
        """Its colours and directions."""


@dataclass(frozen=True, slots=True)
class Etching:
    """Another motif, etched."""

    motif: Sketched
    ink: Rgb
    sheet: Rgb

    def draw(self, easel: Easel) -> Pixels:
        """The print: hatching in up to four directions, closer where it is darker, inside a plate mark."""
        rng = easel.rng
        sketch = self.motif.sketch(easel)
        tone = ndimage.gaussian_filter((sketch.image * flat((0.3, 0.59, 0.11))).sum(axis=2), 0.8)
        low, high = np.percentile(tone, (2, 97))
        tone = np.clip((tone - low) / max(high - low, 0.05), 0, 1).astype(np.float32) ** 0.85
        lines = np.maximum(_hatched(easel, tone), 0.9 * _outlined(tone))
        bite = 0.85 + 0.3 * (fbm(rng, easel.shape, 30, 3) - 0.5)
        image = paper(easel, self.sheet, 1.2, 0.4)
        rows, columns = easel.grid()
        margin = 0.055 * min(easel.shape)
        inside = np.minimum(np.minimum(columns, easel.width - columns), np.minimum(rows, easel.height - rows)) - margin
        plate = smooth(inside, 0, 1)
        wiped = 0.06 + 0.05 * (1 - tone)  # the film of ink that wiping leaves on the plate
        image = stained(image, self.ink, np.clip(lines * bite + wiped, 0, 0.97).astype(np.float32) * plate)
        return over(image, (1, 1, 1), 0.22 * smooth(np.abs(inside + 2.5), 1.6, 0.6))


def _hatched(easel: Easel, tone: Field) -> Field:
    """Lines of varying width, (height, width): drawn at double size and reduced."""
    rng = easel.rng
    shape = (easel.height * 2, easel.width * 2)
    large = np.asarray(Image.fromarray(tone).resize((shape[1], shape[0]), Image.Resampling.BILINEAR))
    rows, columns = np.indices(shape, dtype=np.float32)
    sway = lattice(rng, shape, (180, 180))
    ragged = lattice(rng, shape, (3, 14))
    lines = np.zeros(shape, np.float32)
    for angle, pitch, light, dark in (
        (0.42, 6.6, 0.86, 0.3),
        (-0.65, 7.0, 0.56, 0.14),
        (1.5, 7.4, 0.34, 0.04),
        (0.05, 6.2, 0.2, 0.0),
    ):
        away = (columns * math.sin(angle) + rows * math.cos(angle)) / pitch + sway * 1.8
        ridge = np.abs(away - np.floor(away) - 0.5) * 2
        width = np.clip((light - large) / (light - dark), 0, 1) * 0.66 + 0.07 * ragged
        lines = np.maximum(lines, np.clip((width - ridge) * (pitch / 2.6), 0, 1))
    printed = Image.fromarray((lines * 255).astype(np.uint8)).reduce(2)
    return np.asarray(printed, np.float32) / 255


def _outlined(tone: Field) -> Field:
    """Lines where one tone meets another."""
    soft = ndimage.gaussian_filter(tone, 0.7)
    edge = np.hypot(ndimage.sobel(soft, axis=0), ndimage.sobel(soft, axis=1))
    return smooth(edge.astype(np.float32), 0.42, 0.9)


def compose(rng: np.random.Generator, temper: str) -> Plan:
    """An etching after one of the painted genres."""
    builders: tuple[Callable[[np.random.Generator, str], Plan], ...] = (
        mountains.compose,
        woodland.compose,
        winter.compose,
        canal.compose,
        street.compose,
    )
    plan = pick(rng, builders)(rng, temper)
    name, ink = pick(rng, _INKS)
    sheet = paint(pick(rng, ("#ece2cc", "#f1e9d6", "#e6dac0")))
    motif = plan.motif
    if not isinstance(motif, mountains.Mountains | woodland.Woodland | winter.Winter | canal.Canal | street.Street):
        raise TypeError("motif: must be one that can be sketched")
    ending = pick(rng, ("", "", " (Etching)", ", First State", ", Second State"))
    return replace(
        plan,
        title=f"{plan.title}{ending}",
        manner=f"etching in {name} ink on paper",
        parts=(Part("paper", mix(sheet, paint(ink), 0.1), 0.5), Part("lines", mix(sheet, paint(ink), 0.55), 0.5)),
        motif=Etching(motif, paint(ink), sheet),
    )
