"""Plain borders round a picture: the paper of a scan, the bars of a screenshot, the wall about a photographed frame."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

RECIPE = 1  # counts up with any change that cuts otherwise: vectors made before and after do not compare

_LOOKED_AT = 128  # pixels of the longer side
_ALIKE = 14  # of 255: how far the pixels of a plain line may be from the border's colour
_STRAY = 0.02  # of a line's pixels may be further: dust, a hair
_KEPT = 0.4  # of each side stays whatever is round it


def trimmed(picture: Image.Image) -> Image.Image:
    """The RGB picture without its plain borders; unchanged where it has none, or is plain altogether."""
    width, height = picture.size
    scale = max(width, height) / _LOOKED_AT
    if scale > 1:
        size = max(1, round(width / scale)), max(1, round(height / scale))
        seen = picture.resize(size, Image.Resampling.BOX, reducing_gap=2)
    else:
        seen = picture
    pixels = np.asarray(seen, dtype=np.int16)
    top, bottom = _kept(pixels)
    left, right = _kept(pixels[top:bottom].transpose(1, 0, 2))
    if (left, top, right, bottom) == (0, 0, seen.width, seen.height):
        return picture
    across, down = width / seen.width, height / seen.height
    return picture.crop((round(left * across), round(top * down), round(right * across), round(bottom * down)))


def _kept(lines: NDArray[np.int16]) -> tuple[int, int]:
    """First and last (exclusive) of the lines (n, length, 3) that remain; all of them where there is nothing else."""
    count = len(lines)
    first, last = _run(lines), count - _run(lines[::-1])
    if first >= last:
        return 0, count
    most = int(count * (1 - _KEPT) / 2)
    return min(first, most), max(last, count - most)


def _run(lines: NDArray[np.int16]) -> int:
    """How many lines from the first on are plain and of one colour."""
    colour = np.median(lines[0], axis=0)
    for number, line in enumerate(lines):  # most pictures have no border: the first line ends it
        if (np.abs(line - colour).max(axis=1) > _ALIKE).mean() > _STRAY:
            return number
    return len(lines)
