"""Where in a photo a work would be, from the landmarks they share."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexes.recognition.landmarks import Landmarks

Homography = NDArray[np.float64]  # (3, 3): from places in the work to places in the photo

FEWEST = 8  # shared landmarks; photos of other works share 5 now and then, those of the work itself 68 in the middle

_RATIO = 0.8  # a landmark's best partner must be so much nearer than the next (Lowe, 2004)
_OFF = 4.0  # pixels that a shared landmark may be off
_ROUNDS = 2000
_SMALLEST, _LARGEST = 0.03, 30.0  # of the work's area: how much the photo may shrink or enlarge it
_UNEVEN = 4.0  # how differently its sides may be stretched


@dataclass(frozen=True, slots=True)
class Place:
    """Where a photo shows a work."""

    shared: int  # landmarks
    homography: Homography


def locate(work: Landmarks, size: tuple[int, int], photo: Landmarks) -> Place | None:
    """The place of the work of this `size` (when its longer side has 400 pixels) in the photo; None where not in it.

    The landmarks must agree on one perspective (MAGSAC++: Barath et al., 2020) that a camera can see a picture in:
    not folded, not mirrored, of plausible size.
    """
    import cv2

    here, there = _partners(work, photo)
    if len(here) < FEWEST:
        return None
    result: Any = cv2.findHomography(
        work.places[here], photo.places[there], cv2.USAC_MAGSAC, _OFF, maxIters=_ROUNDS, confidence=0.999
    )
    found, agreeing = result
    if found is None:
        return None
    homography: Homography = np.asarray(found, np.float64)
    shared = int(np.count_nonzero(agreeing))
    return Place(shared, homography) if shared >= FEWEST and is_plausible(homography, size) else None


def is_plausible(homography: Homography, size: tuple[int, int]) -> bool:
    """Whether a camera can see a picture of this `size` so."""
    width, height = size
    corners = np.array([(0, 0, 1), (width, 0, 1), (width, height, 1), (0, height, 1)], np.float64)
    seen = corners @ homography.T
    depth = seen[:, 2] * np.sign(homography[2, 2])
    if (depth <= 1e-6).any():  # partly behind the camera
        return False
    places = seen[:, :2] / seen[:, 2:]
    sides = np.roll(places, -1, axis=0) - places
    after = np.roll(sides, -1, axis=0)
    turns = sides[:, 0] * after[:, 1] - sides[:, 1] * after[:, 0]
    if (turns <= 0).any():  # folded, or mirrored
        return False
    stretched = np.linalg.norm(sides, axis=1) / (width, height, width, height)
    across = places[2:] - places[:2]  # the diagonals
    area = abs(across[0, 0] * across[1, 1] - across[0, 1] * across[1, 0]) / 2
    return bool(_SMALLEST < area / (width * height) < _LARGEST and stretched.max() < _UNEVEN * stretched.min())


def _partners(work: Landmarks, photo: Landmarks) -> tuple[list[int], list[int]]:
    """The landmarks of the work and, in the same order, those of the photo that are like no others."""
    import cv2

    if len(work) < FEWEST or len(photo) < FEWEST:
        return [], []
    near = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(work.patterns, photo.patterns, k=2)
    best: dict[int, tuple[float, int]] = {}  # by the photo's landmark: each is a partner once
    for first, second in near:
        if first.distance < _RATIO * second.distance:
            mine = (first.distance, first.queryIdx)
            best[first.trainIdx] = min(best.get(first.trainIdx, mine), mine)
    return [at for _, at in best.values()], [*best]
