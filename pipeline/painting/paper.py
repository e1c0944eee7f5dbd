"""Grounds that are not canvas: paper, silk, and what age and the press do to them."""

import numpy as np
from scipy import ndimage

from pipeline.painting.colour import Field, Pixels, Rgb, darker, flat, lighter, over, ramp, smooth
from pipeline.painting.noise import fbm, grain
from pipeline.painting.plan import Easel


def paper(easel: Easel, colour: Rgb, tooth: float = 1.0, age: float = 0.5) -> Pixels:
    """A sheet of paper: fine tooth, long fibres, and with age (0..1) a browner edge and a few spots."""
    rng = easel.rng
    fibres = grain(rng, easel.shape, 0.8) * 0.6 + ndimage.gaussian_filter(grain(rng, easel.shape), (0.6, 5)) * 1.8
    cloud = fbm(rng, easel.shape, easel.width * 0.3, 4) - 0.5
    image = flat(colour) * (1 + 0.012 * tooth * fibres + 0.05 * age * cloud)[..., None]
    rows, columns = easel.grid()
    rim = np.minimum(np.minimum(rows, easel.height - rows), np.minimum(columns, easel.width - columns))
    worn = np.exp(-(rim + 50 * cloud) / (0.06 * easel.width)) * age
    image = over(image, darker(colour, 0.45), np.clip(0.5 * worn, 0, 0.6).astype(np.float32))
    spots = smooth(fbm(rng, easel.shape, 9, 2), 0.9, 0.97) * age
    return np.asarray(over(image, darker(colour, 0.35), 0.35 * spots), np.float32)


def silk(easel: Easel, colour: Rgb) -> Pixels:
    """Old silk: a fine upright weave, unevenly browned."""
    rows, columns = easel.grid()
    thread = 0.5 * np.sin(columns * 2.3) + 0.4 * np.sin(rows * 2.7)
    cloud = fbm(easel.rng, easel.shape, easel.width * 0.4, 4)
    tone = ramp(np.clip(0.2 + 0.7 * cloud, 0, 1), (darker(colour, 0.2), colour, lighter(colour, 0.15)))
    toned: Pixels = (tone * (1 + 0.012 * thread + 0.01 * grain(easel.rng, easel.shape))[..., None]).astype(np.float32)
    return toned


def stained(ground: Pixels, colour: Rgb, strength: Field) -> Pixels:
    """Transparent colour on a ground: the ground shows through and multiplies (a wash, or printer's ink)."""
    washed: Pixels = ground * (1 - strength[..., None] * (1 - flat(colour)))
    return washed


def pooled(rng: np.random.Generator, mask: Field, depth: float, edge: float = 0.5) -> Field:
    """A mask as a watercolour wash: uneven within, darker along its drying edge, with the paper's grain.

    `depth` (0..1) is how strong the wash is, `edge` how much pigment gathers at its rim.
    """
    soft = ndimage.gaussian_filter(mask, 5, truncate=2)
    rim = np.clip(mask - soft, 0, 1) * 1.6
    pool = fbm(rng, mask.shape, 60, 4)
    speck = grain(rng, mask.shape, 0.7)
    wash: Field = np.clip(mask * (depth * (0.62 + 0.66 * pool) + 0.025 * speck) + edge * rim * mask, 0, 1)
    return wash.astype(np.float32)
