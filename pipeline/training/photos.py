"""A visitor's photo of a picture on a wall, simulated: perspective, crop, frame, light, blur, noise, JPEG.

For measuring. Training draws its own views, in `views`, by other means.
"""

import io
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

Pixels = NDArray[np.floating]

_SIDE = 400  # pixels of the photo's longer side
_FRAMES = ((40, 28, 20), (150, 118, 60), (18, 18, 20), (205, 198, 182), (110, 72, 40))
_WALLS = ((232, 230, 224), (196, 200, 204), (120, 40, 44), (64, 78, 84), (214, 202, 178), (150, 158, 140))


@dataclass(frozen=True, slots=True)
class _Hanging:
    """A picture on its wall, and where on it the picture and its frame are: left, top, right, bottom."""

    wall: Image.Image
    inside: tuple[int, int, int, int]


def photograph(picture: Image.Image, seed: int, strength: float = 1.0) -> Image.Image:
    """A photo of an RGB picture, about 400 pixels long; equal arguments give equal photos.

    Each distortion is drawn from a range that is `strength` times as wide as usual; 0 leaves the picture as it is but
    for its size and the JPEG.
    """
    random = np.random.default_rng(seed)
    sized = ImageOps.contain(picture, (_SIDE, _SIDE), Image.Resampling.BICUBIC)
    seen = _seen(_hung(sized, random, strength), random, strength)
    lit = _lit(np.asarray(seen, dtype=np.float32) / 255, random, strength)
    soft = Image.fromarray(_bytes(lit)).filter(ImageFilter.GaussianBlur(random.uniform(0, 1.6) * strength))
    grainy = np.asarray(soft, dtype=np.float32) / 255 + random.normal(
        0, random.uniform(0, 0.025) * strength, (*lit.shape,)
    )
    return _jpeg(Image.fromarray(_bytes(grainy)), max(12, round(88 - random.uniform(0, 40) * strength)))


def _hung(picture: Image.Image, random: np.random.Generator, strength: float) -> _Hanging:
    """Three pictures in five have a frame; all have wall on every side."""
    width = round(max(picture.size) * random.uniform(0.015, 0.06) * strength) if random.random() < 0.6 else 0
    framed = ImageOps.expand(picture, width, _FRAMES[int(random.integers(len(_FRAMES)))])
    room = max(framed.size)
    wall = Image.new(
        "RGB", (framed.width + 2 * room, framed.height + 2 * room), _WALLS[int(random.integers(len(_WALLS)))]
    )
    wall.paste(framed, (room, room))
    return _Hanging(wall, (room, room, room + framed.width, room + framed.height))


def _seen(hanging: _Hanging, random: np.random.Generator, strength: float) -> Image.Image:
    """What the camera has in view: a little off, a little turned, from one side, cut off or with wall round it."""
    left, top, right, bottom = hanging.inside
    width, height = right - left, bottom - top
    middle = np.array([left + right, top + bottom]) / 2 + random.uniform(-0.06, 0.06, 2) * strength * (width, height)
    half = np.array([width, height]) / 2 * (1 + random.uniform(-0.15, 0.3, 2) * strength).clip(0.4)
    angle = math.radians(random.uniform(-7, 7) * strength)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    corners = np.array([[-1, -1], [-1, 1], [1, 1], [1, -1]]) * (1 + random.uniform(-0.09, 0.09, (4, 2)) * strength)
    places = middle + (corners * half) @ turn.T
    scale = _SIDE / (2 * half.max())
    size = tuple(max(32, round(2 * side * scale)) for side in half.tolist())
    return hanging.wall.transform(
        (size[0], size[1]), Image.Transform.PERSPECTIVE, _homography(size[0], size[1], places), Image.Resampling.BICUBIC
    )


def _homography(width: int, height: int, places: NDArray[np.float64]) -> tuple[float, ...]:
    """The eight numbers with which Pillow takes the photo's corners (from the top left, downwards) to `places`."""
    rows, values = [], []
    for (u, v), (x, y) in zip(((0, 0), (0, height), (width, height), (width, 0)), places.tolist(), strict=True):
        rows += [[u, v, 1, 0, 0, 0, -u * x, -v * x], [0, 0, 0, u, v, 1, -u * y, -v * y]]
        values += [x, y]
    return tuple(np.linalg.solve(np.array(rows, dtype=float), np.array(values)).tolist())


def _lit(pixels: Pixels, random: np.random.Generator, strength: float) -> Pixels:
    """Exposure, the lamp's colour, contrast, light from one side, and now and then a reflection."""
    exposure = math.exp(random.uniform(-0.3, 0.25) * strength)
    lamp = np.exp(random.uniform(-0.1, 0.1, 3) * strength)
    contrast = 1 + random.uniform(-0.25, 0.1) * strength
    pixels = (pixels * exposure * lamp - 0.5) * max(0.2, contrast) + 0.5
    down, across = np.meshgrid(np.linspace(-1, 1, pixels.shape[0]), np.linspace(-1, 1, pixels.shape[1]), indexing="ij")
    slope = random.uniform(-0.18, 0.18, 2) * strength
    pixels = pixels * (1 + slope[0] * down + slope[1] * across)[..., None].clip(0.1)
    if random.random() < 0.2 * strength:
        y, x = random.uniform(-0.8, 0.8, 2)
        spot = np.exp(-((down - y) ** 2 + (across - x) ** 2) / random.uniform(0.01, 0.06))
        pixels = pixels + (spot * random.uniform(0.2, 0.7))[..., None]
    return pixels


def _bytes(pixels: Pixels) -> NDArray[np.uint8]:
    return np.round(np.clip(pixels, 0, 1) * 255).astype(np.uint8)


def _jpeg(picture: Image.Image, quality: int) -> Image.Image:
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=quality)
    return Image.open(io.BytesIO(data.getvalue())).convert("RGB")
