"""Brush and ink: wet and dry strokes on one layer, a column of marks, a seal."""

import numpy as np
from numpy.typing import ArrayLike
from scipy import ndimage

from pipeline.painting.colour import Field, Pixels, Rgb, over, paint, smooth
from pipeline.painting.noise import fbm, grain
from pipeline.painting.paper import stained
from pipeline.painting.plan import Easel, pick
from pipeline.painting.shapes import Points, Stencil, box

INK: Rgb = (0.09, 0.085, 0.1)


class Brushwork:
    """Strokes of one ink on one layer: darkness gathers where they overlap; a dry brush breaks up."""

    def __init__(self, easel: Easel) -> None:
        """An empty layer of the easel's size."""
        self._easel = easel
        self._wet, self._dry = Stencil(easel.shape), Stencil(easel.shape)
        self._streaks = fbm(easel.rng, easel.shape, 5.0, 3, 1.6)

    def stroke(self, line: Points, widths: ArrayLike, value: float = 1.0, dry: bool = False) -> None:
        """One stroke; `value` is its darkness."""
        (self._dry if dry else self._wet).stroke(line, np.asarray(widths, float), value)

    def shape(self, points: Points, value: float = 1.0) -> None:
        """A wet shape."""
        self._wet.polygon(points, value)

    def layer(self, bleed: float = 0.8) -> Field:
        """The ink's strength, (height, width), 0..1; `bleed` is how far it creeps into the ground, in pixels."""
        rng, shape = self._easel.rng, self._easel.shape
        wet = ndimage.gaussian_filter(self._wet.mask(), 0.45)
        halo = ndimage.gaussian_filter(wet, bleed * 2.4) * (0.25 + 0.3 * fbm(rng, shape, 7, 2))
        pool = 0.8 + 0.3 * fbm(rng, shape, 26, 3) + 0.05 * grain(rng, shape, 0.6)
        dry = ndimage.gaussian_filter(self._dry.mask(), 0.5) * smooth(self._streaks, 0.2, 0.5)
        strength: Field = np.clip(np.maximum(wet * pool, dry) + 0.35 * halo, 0, 1)
        return strength.astype(np.float32)


def signed(easel: Easel, image: Pixels, left: bool) -> Pixels:
    """The picture with a column of brush marks (no writing system's) and a carved red seal under it."""
    rng, unit = easel.rng, max(5.0, max(easel.shape) / 100)
    x = easel.width * (0.1 if left else 0.9)
    y = easel.height * rng.uniform(0.08, 0.2)
    marks = Brushwork(easel)
    for _ in range(int(rng.integers(3, 6))):
        for _ in range(int(rng.integers(3, 6))):
            start = np.array([x, y]) + rng.uniform(-1.4, 1.4, 2) * unit
            aim = pick(rng, ((1.9, 0.1), (0.2, 1.8), (-1.0, 1.2), (1.0, 1.1), (0.5, 0.4)))
            marks.stroke(
                np.stack([start, start + np.array(aim) * unit * rng.uniform(0.6, 1.1)]), (0.5 * unit, 0.22 * unit), 0.95
            )
        y += 4.4 * unit
    image = stained(image, INK, 0.85 * marks.layer(0.3))
    seal = Stencil(easel.shape).polygon(box(x - 2 * unit, y, x + 2 * unit, y + 4 * unit))
    for _ in range(7):
        a = np.array([x, y + 2 * unit]) + rng.uniform(-1.5, 1.5, 2) * unit
        cut = np.array(pick(rng, ((1.4, 0.0), (0.0, 1.4))))
        seal.stroke(np.stack([a, a + cut * unit]), 0.42 * unit, 0.0)
    worn = seal.mask() * smooth(fbm(rng, easel.shape, 3, 2), 0.2, 0.42)
    return over(image, paint("#b4281f"), 0.88 * worn)
