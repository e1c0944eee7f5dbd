"""Whether a photo shows a work all over: works that share a face, a stamp or a colour chart share landmarks too."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from indexes.recognition.geometry import Homography
from indexes.recognition.landmarks import sized

_SIDE = 96  # pixels of the longer side in which the two are compared
_NEAR = 4.0  # standard deviation, in pixels, of the neighbourhood in which they are
_FINE = 1.0  # and of what is smoothed away, for photos are blurred
_NOISE = 12.0  # variance that says nothing
_VISIBLE = 0.15  # of the work must be in the photo

Planes = NDArray[np.float32]  # (height, width, 3)


def agreement(work: Image.Image, photo: Image.Image, homography: Homography) -> float:
    """How far the photo looks like the work where it is said to show it: the mean correlation of neighbourhoods.

    Between -1 and 1. Neighbourhoods count by how much there is to see in them, and each is compared by itself, so that
    light and shade over the photo matter little. `homography` is that of `geometry.locate`.
    """
    import cv2

    size = _compared(work.size)
    expected = np.asarray(work.resize(size, Image.Resampling.BOX), np.float32)
    seen, visible = _pulled_back(photo, homography, work.size)
    if visible.mean() < _VISIBLE:
        return 0.0

    def mean(planes: Planes, deviation: float) -> Planes:
        """Over what is visible of each pixel's neighbourhood."""
        weight = np.maximum(cv2.GaussianBlur(visible, (0, 0), deviation), 1e-6)
        return cv2.GaussianBlur(planes * visible[..., None], (0, 0), deviation) / weight[..., None]  # type: ignore[return-value]

    one, other = mean(expected, _FINE), mean(seen, _FINE)
    one_mean, other_mean = mean(one, _NEAR), mean(other, _NEAR)
    one_variance = np.maximum(mean(one * one, _NEAR) - one_mean**2, 0).sum(axis=2)
    other_variance = np.maximum(mean(other * other, _NEAR) - other_mean**2, 0).sum(axis=2)
    covariance = (mean(one * other, _NEAR) - one_mean * other_mean).sum(axis=2)
    correlation = covariance / np.sqrt((one_variance + _NOISE) * (other_variance + _NOISE))
    weight = np.sqrt(one_variance) * visible
    return float((correlation * weight).sum() / max(float(weight.sum()), 1e-6))


def _compared(size: tuple[int, int]) -> tuple[int, int]:
    scale = _SIDE / max(size)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _pulled_back(
    photo: Image.Image, homography: Homography, work_size: tuple[int, int]
) -> tuple[Planes, NDArray[np.float32]]:
    """The work as the photo shows it, flat and upright, and where it is in the photo at all: 1 or 0."""
    import cv2

    size, located, given = _compared(work_size), sized(work_size), sized(photo.size)
    to_located = np.diag([located[0] / size[0], located[1] / size[1], 1.0])
    to_photo = homography @ to_located
    shrink = min(1.0, 1.2 / max(float(np.sqrt(abs(np.linalg.det(to_photo[:2, :2])))), 1e-6))  # or fine detail flickers
    width, height = (max(1, round(side * shrink)) for side in given)
    small = np.asarray(photo.resize((width, height), Image.Resampling.BOX, reducing_gap=2), np.float32)
    mapping = np.diag([width / given[0], height / given[1], 1.0]) @ to_photo
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    seen = cv2.warpPerspective(small, mapping, size, flags=flags)
    inside = cv2.warpPerspective(np.ones((height, width), np.float32), mapping, size, flags=flags)
    return np.asarray(seen, np.float32), (np.asarray(inside) > 0.5).astype(np.float32)
