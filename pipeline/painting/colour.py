"""Colour: paints, mixing, and the plain word for a colour."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rgb = tuple[float, float, float]  # sRGB, each 0..1
Field = NDArray[np.floating[Any]]  # (height, width): a mask, a texture, an angle
Pixels = NDArray[np.floating[Any]]  # (height, width, 3), sRGB, 0..1

# Hue ranges in degrees of OKLCh, upper bound and word, for colours that are neither dark nor dull.
_HUES = ((12, "pink"), (36, "red"), (72, "orange"), (113, "yellow"), (188, "green"), (287, "blue"), (328, "purple"))


def paint(code: str) -> Rgb:
    """The colour of a code such as `#3a6ea5`."""
    return int(code[1:3], 16) / 255, int(code[3:5], 16) / 255, int(code[5:7], 16) / 255


def paints(codes: str) -> tuple[Rgb, ...]:
    """The colours of several codes, separated by spaces."""
    return tuple(paint(code) for code in codes.split())


def mix(first: Rgb, second: Rgb, share: float) -> Rgb:
    """`share` (0..1) of the second colour in the first."""
    return (
        first[0] + (second[0] - first[0]) * share,
        first[1] + (second[1] - first[1]) * share,
        first[2] + (second[2] - first[2]) * share,
    )


def darker(colour: Rgb, share: float) -> Rgb:
    """The colour with black mixed in."""
    return mix(colour, (0.04, 0.03, 0.06), share)


def lighter(colour: Rgb, share: float) -> Rgb:
    """The colour with warm white mixed in."""
    return mix(colour, (1.0, 0.985, 0.95), share)


def vary(rng: np.random.Generator, colour: Rgb, amount: float = 0.03) -> Rgb:
    """A neighbour of the colour: mostly lighter or darker, a little of another hue."""
    light = rng.normal(0, amount)
    red, green, blue = (min(1.0, max(0.0, c + light + rng.normal(0, amount / 2))) for c in colour)
    return red, green, blue


def flat(colour: Sequence[float], shape: tuple[int, int] | None = None) -> Pixels:
    """A colour as an array, (3,), or spread over a whole picture, (height, width, 3)."""
    single = np.asarray(colour, np.float32)
    return single if shape is None else np.broadcast_to(single, (*shape, 3))


def over(image: Pixels, colour: Rgb | Pixels, mask: Field | float) -> Pixels:
    """The image with a colour, or another image, laid over it where the mask (0..1) is."""
    alpha = mask[..., None] if isinstance(mask, np.ndarray) else np.float32(mask)
    top = np.asarray(colour, np.float32)
    return image + (top - image) * alpha


def ramp(values: Field, colours: Sequence[Rgb], stops: Sequence[float] | None = None) -> Pixels:
    """Each value's colour on a gradient through `colours`, evenly spaced over 0..1 unless `stops` say where."""
    places = np.linspace(0, 1, len(colours)) if stops is None else np.asarray(stops)
    steps = np.clip(values * 255, 0, 255).astype(np.uint8)
    table = np.stack([np.interp(np.linspace(0, 1, 256), places, [c[k] for c in colours]) for k in range(3)], axis=1)
    return np.asarray(table.astype(np.float32)[steps])


def smooth(values: Field, low: Field | float, high: Field | float) -> Field:
    """0 below `low`, 1 above `high`, an S-curve between (reversed where low > high)."""
    t = np.clip((values - low) / (high - low), 0, 1)
    curve: Field = (t * t * (3 - 2 * t)).astype(np.float32)
    return curve


def oklch(colour: Rgb) -> tuple[float, float, float]:
    """Lightness (0..1), chroma (0 to about 0.3) and hue (degrees) in OKLCh.

    Method: Björn Ottosson, "A perceptual color space for image processing", 2020.
    """
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    medium = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    light = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a_axis = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b_axis = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return light, math.hypot(a_axis, b_axis), math.degrees(math.atan2(b_axis, a_axis)) % 360


def term(colour: Rgb) -> str:
    """The plain word for a colour: one of the eleven basic colour terms of English, or `beige`."""
    light, chroma, hue = oklch(colour)
    if light < 0.27 or (light < 0.33 and chroma < 0.03):
        return "black"
    if chroma < 0.026 or (light > 0.92 and chroma < 0.03):
        return "white" if light > 0.84 else "grey"
    word = next((word for bound, word in _HUES if hue < bound), "pink")
    return _qualified(word, light, chroma, hue)


def _qualified(word: str, light: float, chroma: float, hue: float) -> str:
    """The word once lightness and dullness are counted in: dull orange is brown, dark pink is red or purple."""
    if word == "pink" and light < 0.62:
        return "purple" if 328 <= hue < 352 else ("red" if chroma > 0.09 else "brown")
    if word == "red":
        return "pink" if light > 0.74 else ("brown" if chroma < 0.095 else "red")
    if word in {"orange", "yellow"} and light > 0.78 and chroma < 0.085:
        return "beige"
    if word == "orange":
        return "orange" if chroma > 0.12 and light > 0.61 else "brown"
    if word == "yellow" and (light < 0.64 or chroma < 0.075):
        return "green" if hue > 104 else "brown"
    if word == "purple" and light > 0.8 and hue > 310:
        return "pink"
    return word


def dominant(shares: Iterable[tuple[Rgb, float]], least: float = 0.2, most: int = 3) -> tuple[str, ...]:
    """The words of the colours that cover at least `least` of the whole, the largest first; never none.

    Where those cover less than half, there are many small ones: the `most` largest.
    """
    areas: dict[str, float] = {}
    for colour, area in shares:
        word = term(colour)
        areas[word] = areas.get(word, 0.0) + area
    total = sum(areas.values())
    ordered = sorted(areas, key=lambda word: -areas[word])[:most]
    kept = [word for word in ordered if areas[word] >= least * total]
    return tuple(kept if sum(areas[word] for word in kept) >= total / 2 else ordered)
