"""The oil painter's hand: bristle strokes that follow form, in layers from broad to fine, lit from the upper left."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from scipy import ndimage

from pipeline.painting.colour import Field, Pixels
from pipeline.painting.noise import grain
from pipeline.painting.shapes import bytes_of

_DIRECTIONS = 24
_VARIANTS = 3


@dataclass(frozen=True, slots=True)
class Hand:
    """How a painter handles the brush."""

    width: float = 1.0  # of strokes, against the usual
    length: float = 3.2  # of strokes, in widths
    relief: float = 1.0  # thickness of the paint
    liveliness: float = 1.0  # how much neighbouring strokes differ in tone


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is to be painted: the colours, which way strokes run, and where small strokes are due."""

    image: Pixels
    flow: Field  # radians; 0 is horizontal
    detail: Field  # 0..1


@dataclass(frozen=True, slots=True)
class _Layer:
    """One pass over the canvas."""

    width: float
    spacing: float  # between strokes, in widths
    error: float  # paint where the canvas is further than this from the sketch ...
    detail: float  # ... or nearly as far, where the sketch wants at least this much detail


_LAYERS = (
    _Layer(24, 0.66, -1.0, 0.0),
    _Layer(13, 0.66, 0.030, 0.25),
    _Layer(8, 0.66, 0.055, 0.5),
    _Layer(4.6, 0.8, 0.085, 0.75),
)


def oil(sketch: Sketch, hand: Hand, rng: np.random.Generator) -> Pixels:
    """The sketch painted in layers of strokes, the finer ones only where still needed (after Hertzmann 1998,
    "Painterly rendering with curved brush strokes of multiple sizes"), then lit and given a canvas.
    """
    image = np.clip(sketch.image, 0, 1)
    ground = np.concatenate([image * 0.86 + 0.06, np.full((*image.shape[:2], 1), 0.4, np.float32)], axis=2)
    canvas = softened(Image.fromarray(bytes_of(ground)), 8)  # RGBA; the fourth channel is the paint's height
    source = Image.fromarray(bytes_of(image))
    for layer in _LAYERS:
        size = layer.width * hand.width
        target = np.asarray(softened(source, size / 7), np.float32) / 255
        if layer.error < 0:
            wanted = np.ones(image.shape[:2], bool)
        else:
            error = np.abs(np.asarray(canvas, np.float32)[..., :3] / 255 - target).sum(axis=2) / 3
            error = np.asarray(ndimage.uniform_filter(error, round(size / 2) | 1))
            bound = np.where(sketch.detail >= layer.detail, layer.error * 0.4, layer.error)
            wanted = error > bound
        _lay(canvas, target, sketch.flow, wanted, layer, hand, rng)
    painted = np.asarray(canvas, np.float32) / 255
    colours = painted[..., :3] + (image - painted[..., :3]) * (0.08 + 0.6 * sketch.detail[..., None] ** 2)
    return _lit(colours, painted[..., 3], hand.relief, rng)


def softened(picture: Image.Image, radius: float) -> Image.Image:
    """The picture blurred, all channels, quickly: two box blurs stand in for a Gaussian of this sigma."""
    return picture.filter(ImageFilter.BoxBlur(radius * 1.2)).filter(ImageFilter.BoxBlur(radius * 1.2))


def _lay(
    canvas: Image.Image, target: Pixels, flow: Field, wanted: Field, layer: _Layer, hand: Hand, rng: np.random.Generator
) -> None:
    """One layer of strokes onto the canvas, in random order."""
    width = layer.width * hand.width
    rows, columns = _places(wanted, width * layer.spacing, rng)
    lively = 0.028 * hand.liveliness
    shade = rng.normal(0, lively, (len(rows), 1)) + rng.normal(0, lively * 0.45, (len(rows), 3))
    colours = np.clip(target[rows, columns] + shade, 0, 1)
    lift = 0.12 + 0.25 * min(1.0, width / 20)
    heights = rng.uniform(0.5 - lift, 0.5 + lift, (len(rows), 1))
    inks = bytes_of(np.concatenate([colours, heights], axis=1).astype(np.float32)).tolist()
    angles = flow[rows, columns] + rng.normal(0, 0.16, len(rows))
    turns = np.round(angles / np.pi * _DIRECTIONS).astype(int) % _DIRECTIONS
    kinds = rng.integers(0, _VARIANTS, len(rows))
    length = hand.length * (0.9 if width > 8 else 0.8)
    table = stamps(round(width * 2), round(width * length * 2))
    pen = ImageDraw.Draw(canvas)  # its bitmap() blends all four channels, like paste(), and is quicker
    strokes = zip(rows.tolist(), columns.tolist(), map(tuple, inks), turns.tolist(), kinds.tolist(), strict=True)
    for row, column, ink, turn, kind in strokes:
        stamp, across, down = table[turn][kind]
        pen.bitmap((column - across, row - down), stamp, ink)


def _places(wanted: Field, spacing: float, rng: np.random.Generator) -> tuple[Field, Field]:
    """Rows and columns of a shaken grid, in random order, where strokes are wanted."""
    height, width = wanted.shape
    grid = np.mgrid[0:height:spacing, 0:width:spacing].reshape(2, -1).T
    grid = grid + rng.uniform(-0.6, 0.6, grid.shape) * spacing
    rows = np.clip(grid[:, 0], 0, height - 1).astype(int)
    columns = np.clip(grid[:, 1], 0, width - 1).astype(int)
    kept = np.flatnonzero(wanted[rows, columns])
    kept = rng.permutation(kept)
    return rows[kept], columns[kept]


@lru_cache(maxsize=64)
def stamps(width: int, length: int) -> tuple[tuple[tuple[Image.Image, int, int], ...], ...]:
    """Masks of one brush, each with its middle: by direction (half a turn in equal steps), then by variant.

    Sizes are in half pixels. They depend on the size alone, so that all pictures share them.
    """
    rng = np.random.default_rng([width, length])
    flat = [_stroke(width, length, rng) for _ in range(_VARIANTS)]
    turned = [
        [mask.rotate(-180 * k / _DIRECTIONS, Image.Resampling.BICUBIC, expand=True).reduce(2) for mask in flat]
        for k in range(_DIRECTIONS)
    ]
    return tuple(tuple((mask, mask.width // 2, mask.height // 2) for mask in masks) for masks in turned)


def _stroke(width: int, length: int, rng: np.random.Generator) -> Image.Image:
    """A horizontal stroke as a mask: bristle streaks with ragged ends."""
    height, reach = max(3, width), max(5, length)
    v = np.linspace(-1, 1, height)[:, None]
    u = np.linspace(0, 1, reach)[None, :]
    streak = ndimage.gaussian_filter1d(rng.uniform(0, 1, height), max(0.6, height / 22))
    streak = (streak - streak.min()) / (np.ptp(streak) + 1e-6)
    start = ndimage.gaussian_filter1d(rng.uniform(0.0, 0.16, height), 1)[:, None] + 0.10 * v**2
    end = 1 - ndimage.gaussian_filter1d(rng.uniform(0.0, 0.34, height), 1)[:, None] - 0.14 * v**2
    run = np.clip((u - start) * 9, 0, 1) * np.clip((end - u) * 5, 0, 1)
    body = np.clip((1 - np.abs(v) ** 2.5) * 2.2, 0, 1) * (0.5 + 0.5 * streak[:, None])
    fade = 1 - 0.35 * u * (1 - streak[:, None])
    mask = np.zeros((height + 2, reach + 2), np.float32)
    mask[1:-1, 1:-1] = body * run * fade
    return Image.fromarray(bytes_of(mask))


def _lit(colours: Pixels, height: Field, relief: float, rng: np.random.Generator) -> Pixels:
    """Paint with light raking over its ridges, on a woven canvas that shows where paint is thin."""
    rows = np.arange(height.shape[0], dtype=np.float32)[:, None]
    columns = np.arange(height.shape[1], dtype=np.float32)[None, :]
    weave = np.sin(rows * 2.1) * np.sin(columns * 2.1) * (0.5 + 0.5 * np.sin((rows + columns) * 1.05))
    surface = ndimage.gaussian_filter(height, 0.7, truncate=2) + 0.035 * (1 - height) * weave
    slope = surface - np.roll(surface, (1, 1), (0, 1))
    shade = np.clip(slope * relief * 0.8, -0.13, 0.16) + 0.006 * grain(rng, height.shape)
    lit: Pixels = np.clip(colours * (1 + shade[..., None]) + 0.25 * np.clip(shade, 0.03, 1)[..., None] - 0.0075, 0, 1)
    return lit
