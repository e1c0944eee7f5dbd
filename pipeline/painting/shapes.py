"""Shapes with soft edges: polygons, curves and strokes of varying width, drawn large and reduced."""

from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageDraw

from pipeline.painting.colour import Field, Pixels, Rgb

Points = NDArray[np.float64]  # (n, 2): x and y in pixels


def path(written: str) -> Points:
    """Points as SVG writes them: `0,-1.2 0.8,-1.1`."""
    return np.array([[float(value) for value in pair.split(",")] for pair in written.split()])


def curve(through: ArrayLike, closed: bool = False, steps: int = 12) -> Points:
    """A smooth line through points, (n, 2) -> (m, 2): a uniform Catmull-Rom spline, `steps` points to each stretch."""
    p = np.asarray(through, np.float64)
    ends = (p[-1:], p[:2]) if closed else (2 * p[:1] - p[1:2], 2 * p[-1:] - p[-2:-1])
    p = np.concatenate([ends[0], p, ends[1]])
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    a, b, c, d = (p[k : len(p) - 3 + k, None, :] for k in range(4))
    line = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    points = line.reshape(-1, 2)
    return points if closed else np.concatenate([points, p[-2:-1]])


def ribbon(line: Points, widths: ArrayLike) -> Points:
    """The outline, (2n, 2), of a stroke along a line, (n, 2), that is `widths` (one, or n) pixels wide."""
    half = np.broadcast_to(np.asarray(widths, np.float64), len(line))[:, None] / 2
    ahead = np.gradient(line, axis=0)
    ahead /= np.maximum(np.hypot(ahead[:, 0], ahead[:, 1]), 1e-6)[:, None]
    normal = np.stack([-ahead[:, 1], ahead[:, 0]], axis=1)
    return np.concatenate([line + normal * half, (line - normal * half)[::-1]])


def disc(x: float, y: float, rx: float, ry: float | None = None, turn: float = 0.0, steps: int = 40) -> Points:
    """An ellipse as points, turned by `turn` radians."""
    angle = np.linspace(0, 2 * np.pi, steps, endpoint=False)
    across, down = rx * np.cos(angle), (rx if ry is None else ry) * np.sin(angle)
    return np.stack(
        [x + across * np.cos(turn) - down * np.sin(turn), y + across * np.sin(turn) + down * np.cos(turn)], axis=1
    )


def box(left: float, top: float, right: float, bottom: float) -> Points:
    """A rectangle as points."""
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)


def moved(points: Points, x: float, y: float, turn: float = 0.0, size: float = 1.0) -> Points:
    """Points scaled and turned about the origin, then moved to (x, y)."""
    cos, sin = np.cos(turn) * size, np.sin(turn) * size
    return np.stack([x + points[:, 0] * cos - points[:, 1] * sin, y + points[:, 0] * sin + points[:, 1] * cos], axis=1)


def dot(centre: Points, radius: float, steps: int = 20) -> Points:
    """A small round spot as points."""
    return disc(float(centre[0]), float(centre[1]), radius, steps=steps)


class Stencil:
    """A mask in the making, drawn `scale` times larger than the picture, so that edges come out soft."""

    def __init__(self, shape: tuple[int, int], scale: int = 3) -> None:
        """A mask of this shape, empty."""
        self._scale = scale
        self._image = Image.new("L", (shape[1] * scale, shape[0] * scale))
        self._pen = ImageDraw.Draw(self._image)

    def polygon(self, points: Points, value: float = 1.0) -> Self:
        """Fill a polygon."""
        self._pen.polygon((points * self._scale).ravel().tolist(), fill=round(value * 255))
        return self

    def stroke(self, line: Points, widths: ArrayLike, value: float = 1.0) -> Self:
        """Draw a stroke of varying width with round ends."""
        ends = np.broadcast_to(np.asarray(widths, np.float64), len(line))
        self.polygon(ribbon(line, widths), value)
        for point, width in ((line[0], ends[0]), (line[-1], ends[-1])):
            if width > 1:
                self.polygon(disc(point[0], point[1], width / 2, steps=16), value)
        return self

    def mask(self) -> Field:
        """The mask, (height, width), 0..1."""
        return np.asarray(self._image.reduce(self._scale), np.float32) / 255


class Sheet:
    """A colour picture in the making, drawn large like a `Stencil`."""

    def __init__(self, picture: Pixels, scale: int = 2) -> None:
        """A sheet that starts as the given picture, and gives it back exactly where nothing is drawn."""
        self._scale = scale
        ground = Image.fromarray(bytes_of(picture))
        self._image = ground.resize((ground.width * scale, ground.height * scale), Image.Resampling.NEAREST)
        self._pen = ImageDraw.Draw(self._image)

    def polygon(self, points: Points, colour: Rgb) -> Self:
        """Fill a polygon."""
        self._pen.polygon((points * self._scale).ravel().tolist(), fill=_ink(colour))
        return self

    def stroke(self, line: Points, widths: ArrayLike, colour: Rgb) -> Self:
        """Draw a stroke of varying width."""
        return self.polygon(ribbon(line, widths), colour)

    def lines(self, points: Points, width: float, colour: Rgb) -> Self:
        """Draw a line of one width."""
        flat = (points * self._scale).ravel().tolist()
        self._pen.line(flat, fill=_ink(colour), width=max(1, round(width * self._scale)), joint="curve")
        return self

    def pixels(self) -> Pixels:
        """The picture, (height, width, 3), 0..1."""
        return np.asarray(self._image.reduce(self._scale), np.float32) / 255


def bytes_of(picture: Pixels) -> NDArray[np.uint8]:
    """A picture of floats, 0..1, as bytes."""
    return (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)


def _ink(colour: Sequence[float]) -> tuple[int, int, int]:
    red, green, blue = (round(min(1.0, max(0.0, c)) * 255) for c in colour)
    return red, green, blue
