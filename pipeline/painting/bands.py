"""Figures that potters paint in bands: masks over (u, v), where u counts repeats and v runs 0..1 down the band."""

import numpy as np
from scipy import ndimage

from pipeline.painting.colour import Field, smooth


def band(kind: str, u: Field, v: Field) -> Field:
    """The band's figures as a mask, 0..1. `plain` is left bare and `filled` painted all over."""
    figures = {
        "meander": _meander, "zigzag": _zigzag, "diamonds": _diamonds, "tongues": _tongues, "waves": _waves,
            "dots": _dots,
        "steps": _steps, "lines": _lines, "lotus": _lotus, "cord": _cord, "scroll": _scroll, "plain": _plain,
            "filled": _filled,
    }  # fmt: skip
    return figures[kind](u, v)


def _away(u: Field) -> Field:
    """0 in the middle of a repeat, 1 at its sides."""
    return np.asarray(np.abs(u - np.floor(u) - 0.5) * 2)


def _zigzag(u: Field, v: Field) -> Field:
    return smooth(0.5 + 0.5 * np.cos(np.abs(_away(u) - v) * np.pi * 4), 0.42, 0.58)


def _diamonds(u: Field, v: Field) -> Field:
    return smooth(0.5 + 0.5 * np.cos((_away(u) + np.abs(v - 0.5) * 2) * np.pi * 5), 0.42, 0.58)


def _tongues(u: Field, v: Field) -> Field:
    x = _away(u)
    round_end = smooth(np.hypot(x, np.maximum(v - 0.7, 0) * 3.2), 0.74, 0.64)
    return smooth(x, 0.72, 0.62) * smooth(v, 0.0, 0.06) * round_end


def _waves(u: Field, v: Field) -> Field:
    phase = u * 2 * np.pi
    return smooth(v - 0.5 - 0.3 * np.sin(phase) - 0.09 * np.sin(2 * phase), -0.03, 0.03)


def _dots(u: Field, v: Field) -> Field:
    return smooth(np.hypot(_away(u) * 0.8, np.abs(v - 0.5) * 2), 0.56, 0.48)


def _steps(u: Field, v: Field) -> Field:
    return smooth(np.floor(_away(u) * 4) / 4 + np.floor(v * 4) / 4, 0.8, 0.7)


def _lines(_: Field, v: Field) -> Field:
    return smooth(np.abs(np.modf(v * 4)[0] - 0.5), 0.2, 0.14) * (v > 0)


def _lotus(u: Field, v: Field) -> Field:
    x = _away(u)
    petal = smooth(x - 0.95 * np.sin(np.clip(1 - v, 0, 1) ** 0.7 * np.pi * 0.55), 0.03, -0.03)
    inner = smooth(x - 0.62 * np.sin(np.clip(0.86 - v, 0, 1) ** 0.7 * np.pi * 0.55), 0.03, -0.03)
    return petal - 0.72 * inner


def _cord(u: Field, v: Field) -> Field:
    twist = np.sin((u * 3 + v * 9) * np.pi * 2) * np.sin((u * 3 - v * 7) * np.pi)
    return 0.8 * smooth(twist, 0.1, 0.6)


def _plain(_: Field, v: Field) -> Field:
    return np.zeros(v.shape, np.float32)


def _filled(_: Field, v: Field) -> Field:
    return np.ones(v.shape, np.float32)


def _meander(u: Field, v: Field) -> Field:
    """A Greek key from a 7 by 7 tile."""
    u = u - np.floor(u)
    key = np.array([
        [1, 1, 1, 1, 1, 1, 1], [1, 0, 0, 0, 0, 0, 0], [1, 0, 1, 1, 1, 1, 0], [1, 0, 1, 0, 0, 1, 0],
        [1, 0, 1, 1, 0, 1, 0], [1, 0, 0, 0, 0, 1, 0], [1, 1, 1, 1, 1, 1, 0],
    ], np.float32)  # fmt: skip
    big = np.kron(key, np.ones((10, 10), np.float32))
    soft = ndimage.gaussian_filter(np.tile(big, (1, 3)), 1.6)
    found = ndimage.map_coordinates(soft, [np.clip(v, 0, 1) * 69, 70 + np.clip(u, 0, 1) * 69], order=1)
    return smooth(np.asarray(found, np.float32), 0.4, 0.6)


def _scroll(u: Field, v: Field) -> Field:
    """A winding stem with round blossoms in its bends and leaves along it: one bend to three repeats."""
    u = u * 0.34
    phase = u * 2 * np.pi
    stem = smooth(np.abs(v - 0.5 - 0.27 * np.sin(phase)), 0.05, 0.03)
    x = (u - 0.25) * 2 - np.floor((u - 0.25) * 2 + 0.5)
    side = np.where(np.floor((u - 0.25) * 2 + 0.5).astype(int) % 2 == 0, -1.0, 1.0)
    y = v - 0.5 - 0.13 * side
    angle, away = np.arctan2(y, x * 0.9), np.hypot(x * 0.9, y)
    blossom = smooth(away - 0.15 * (1 + 0.26 * np.cos(angle * 7)), 0.02, -0.02) - smooth(away, 0.065, 0.05)
    leaf = smooth(
        np.sin(phase * 5) * np.cos(phase) * 0.2 - np.abs(v - 0.5 - 0.27 * np.sin(phase + 0.15)) + 0.02, 0.0, 0.02
    )
    return np.clip(stem + blossom + leaf, 0, 1).astype(np.float32)
