"""Soft randomness: the textures that clouds, water, stone and paper are made of."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from pipeline.painting.colour import Field

Shape = tuple[int, int]
Line = NDArray[np.floating[Any]]  # (n,)


def lattice(rng: np.random.Generator, shape: Shape, cell: tuple[float, float]) -> Field:
    """Smooth noise, roughly -1..1, whose features are `cell` (height, width) pixels large."""
    rows = max(2, round(shape[0] / cell[0]) + 2)
    columns = max(2, round(shape[1] / cell[1]) + 2)
    grid = rng.uniform(-1, 1, (rows, columns)).astype(np.float32)
    inset = (0.5, 0.5, columns - 0.5, rows - 0.5)
    return np.asarray(Image.fromarray(grid).resize((shape[1], shape[0]), Image.Resampling.BICUBIC, box=inset))


def fbm(
    rng: np.random.Generator, shape: Shape, cell: float, octaves: int = 4, stretch: float = 1.0, gain: float = 0.5
) -> Field:
    """Fractal noise, 0..1 with mean about a half: octaves of `lattice`, each half as large and `gain` as strong.

    `stretch` above 1 makes features that much wider than high.
    """
    # Summed where the finest features are a few pixels large, then enlarged once: the same look, sooner.
    finest = cell / 2 ** (octaves - 1) * min(1.0, stretch)
    shrink = max(1.0, finest / 4)
    small = (math.ceil(shape[0] / shrink), math.ceil(shape[1] / shrink))
    total = np.zeros(small, np.float32)
    size, weight, norm = cell / shrink, 1.0, 0.0
    for _ in range(octaves):
        total += weight * lattice(rng, small, (max(size, 1.5), max(size * stretch, 1.5)))
        norm += weight * weight
        weight *= gain
        size /= 2
    if small != shape:
        total = np.asarray(Image.fromarray(total).resize((shape[1], shape[0]), Image.Resampling.BICUBIC))
    return np.clip(0.5 + total * np.float32(0.42 / norm**0.5), 0, 1)


def grain(rng: np.random.Generator, shape: Shape, softness: float = 0.0) -> Field:
    """Fine noise with mean 0 and standard deviation 1."""
    values = rng.standard_normal(shape, dtype=np.float32)
    if softness <= 0:
        return values
    values = ndimage.gaussian_filter(values, softness)
    return np.asarray(values / values.std(), np.float32)


def blur(values: Field, radius: float) -> Field:
    """Gaussian blur of a (height, width) or (height, width, channels) array, the last axis left alone."""
    sigma = (radius, radius, 0) if values.ndim == 3 else radius
    return np.asarray(ndimage.gaussian_filter(values, sigma, truncate=2.5), np.float32)


def sample(texture: Field, rows: Field, columns: Field) -> Field:
    """The texture's values at fractional places; beyond its edges it goes on mirrored."""
    return np.asarray(ndimage.map_coordinates(texture, [rows, columns], order=1, mode="mirror"), np.float32)


def profile(rng: np.random.Generator, length: int, cell: float, octaves: int = 4, gain: float = 0.5) -> Field:
    """A wandering line as `length` heights, roughly -1..1: the outline of a ridge, the edge of a torn paper."""
    total = np.zeros(length, np.float32)
    places = np.arange(length, dtype=np.float64)
    weight = 1.0
    for _ in range(octaves):
        knots = np.arange(-cell, length + 2 * cell, max(cell, 2.0))
        values = rng.uniform(-1, 1, len(knots))
        total += (weight * _cosine(places, knots, values)).astype(np.float32)
        weight *= gain
        cell /= 2
    return total


def _cosine(places: Line, knots: Line, values: Line) -> Line:
    """Interpolation that is level at each knot."""
    step = knots[1] - knots[0]
    position = (places - knots[0]) / step
    left = position.astype(int)
    t = position - left
    t = t * t * (3 - 2 * t)
    return np.asarray(values[left] * (1 - t) + values[left + 1] * t)


def shifted(values: Field, down: int, right: int) -> Field:
    """The field moved by whole pixels, its edge values carried on."""
    height, width = values.shape
    rows = np.clip(np.arange(height) - down, 0, height - 1)
    columns = np.clip(np.arange(width) - right, 0, width - 1)
    return values[rows[:, None], columns[None, :]]


def relit(values: Field, reach: int, strength: float) -> Field:
    """How far each place of a height field faces a light from the upper left: 0..1, level ground 0.5."""
    lit: Field = np.clip(0.5 + strength * (values - shifted(values, -reach, -reach)), 0, 1)
    return lit
