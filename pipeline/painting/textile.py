"""Weaving: stepped, striped and medallion designs counted out in threads, with a fringe at each end."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from pipeline.painting.colour import Pixels, Rgb, darker, flat, mix, over, paint, paints, smooth
from pipeline.painting.noise import fbm, grain
from pipeline.painting.plan import SQUARE, TALL, WIDE, Easel, Part, Plan, pick, suited
from pipeline.painting.shapes import Sheet

Design = NDArray[np.int8]  # (rows, columns) of threads: which dye


@dataclass(frozen=True, slots=True)
class Dyes:
    """A dyer's colours: the ground first."""

    temper: str
    tones: tuple[Rgb, ...]


def _dyes() -> tuple[Dyes, ...]:
    table = (
        ("warm", "#8c2a24 #d8a24a #27344f #e8d9b4 #5a2a26 #4f6a4a"), ("warm",
         "#c46a38 #f0dcae #7a2a2a #3f5a5c #e6a84a #402a2c"), ("warm",
         "#d9b26a #8a3328 #3a4a5c #f0e4c4 #a8622e #4a2f28"),
        ("cool", "#1f3a5f #d9cdb0 #6f93a8 #a8443a #c9a35c #122440"), ("cool",
         "#2f5a60 #e6dcc0 #a3c0b4 #b85a3c #d9b060 #1a3438"), ("cool",
         "#4a5f8a #e9e2d2 #9fb0cc #c98a6a #2c3a5c #b84a4a"),
        ("dark", "#26211f #a8392e #d0ac6a #e6d8b8 #4f5a4a #6a4a34"), ("dark",
         "#2a1c2c #8a3a5a #c99a5a #e0cdb4 #4a5a6a #5a2a3a"),
        ("bright", "#ecdfc4 #c8443a #2f5f94 #e0a63c #3f6a52 #2b2a30"), ("bright",
         "#e8b83c #c23a4a #2a6f7a #f4ead0 #e8763c #3a2a4a"), ("bright",
         "#f0e8d6 #3a5a9a #8aa6cc #d8824a #24365f #b8c4a4"),
    )  # fmt: skip
    return tuple(Dyes(temper, paints(tones)) for temper, tones in table)


@dataclass(frozen=True, slots=True)
class Textile:
    """A flat weave."""

    dyes: Dyes
    design: str  # diamonds, stripes, medallion, ikat
    seed: int  # of the design
    threads: int  # across
    fringe: bool
    ground: Rgb  # what it lies on

    def draw(self, easel: Easel) -> Pixels:
        """The cloth, thread by thread, laid flat on a plain ground."""
        margin = round(min(easel.shape) * 0.07)
        inner = (easel.height - 2 * margin - (24 if self.fringe else 0), easel.width - 2 * margin)
        design = self.counted(inner[0] / inner[1])
        cloth = self._woven(easel, design, inner)
        rng = easel.rng
        back = (
            flat(self.ground)
            * (1 + 0.012 * grain(rng, easel.shape, 0.8) + 0.05 * (fbm(rng, easel.shape, 200, 2) - 0.5))[..., None]
        )
        top = (easel.height - inner[0]) // 2
        rows, columns = easel.grid()
        away = np.maximum(
            np.abs(rows - easel.height / 2 - 5) - inner[0] / 2, np.abs(columns - easel.width / 2 - 4) - inner[1] / 2
        )
        back = over(back.astype(np.float32), (0.06, 0.05, 0.06), 0.5 * smooth(away, 10, -4))
        if self.fringe:
            back = self._fringed(easel, back, top, inner)
        wobble = np.clip(
            np.round(1.6 * np.sin(np.arange(inner[0]) / 37 + self.seed % 7) + rng.normal(0, 0.5, inner[0])), -3, 3
        ).astype(int)
        for row in range(inner[0]):
            left = margin + wobble[row]
            back[top + row, left : left + inner[1]] = cloth[row]
        return back

    def counted(self, ratio: float) -> Design:
        """The design as dyes of threads, symmetrical from left to right and from top to bottom."""
        rng = np.random.default_rng(self.seed)
        columns = self.threads // 2
        rows = max(20, round(self.threads * ratio * 0.9) // 2)
        build = {"diamonds": _diamonds, "stripes": _stripes, "medallion": _medallion, "ikat": _ikat}[self.design]
        quarter = build(rng, rows, columns, len(self.dyes.tones))
        half = np.concatenate([quarter, quarter[:, ::-1]], axis=1)
        return np.concatenate([half, half[::-1]], axis=0)

    def _woven(self, easel: Easel, design: Design, shape: tuple[int, int]) -> Pixels:
        """The design enlarged to threads: each thread rounded, over and under, in dye that took unevenly."""
        rng = easel.rng
        rows = np.minimum((np.arange(shape[0]) * design.shape[0] / shape[0]).astype(int), design.shape[0] - 1)
        columns = np.minimum((np.arange(shape[1]) * design.shape[1] / shape[1]).astype(int), design.shape[1] - 1)
        if self.design == "ikat":
            shake = ndimage.gaussian_filter1d(rng.normal(0, 9, shape[1]), 1.2) + 6 * np.sin(np.arange(shape[1]) / 5)
            down = np.clip(np.arange(shape[0])[:, None] + shake[None, :], 0, shape[0] - 1).astype(int)
            picked = design[rows[down], columns[None, :]]
        else:
            picked = design[rows[:, None], columns[None, :]]
        tones = np.array(self.dyes.tones, np.float32)
        image = tones[picked]
        abrash = ndimage.gaussian_filter1d(rng.normal(0, 1, shape[0]), 7)[:, None] * 0.09
        each = rng.normal(0, 0.03, (shape[0] // 3 + 1, shape[1] // 3 + 1)).astype(np.float32)
        uneven = np.asarray(Image.fromarray(each).resize((shape[1], shape[0]), Image.Resampling.NEAREST))
        y, x = np.indices(shape, dtype=np.float32)
        pitch = shape[1] / design.shape[1]
        pitch = pitch if pitch >= 2.6 else pitch * 2
        weft = np.cos(y / pitch * 2 * np.pi) * 0.5 + 0.5
        over_under = np.sign(np.sin(x / pitch * np.pi) * np.sin(y / pitch * np.pi))
        relief = 0.89 + 0.2 * weft + 0.05 * over_under
        worn = smooth(fbm(rng, shape, 60, 4), 0.62, 0.85) * 0.22
        lit = image * (relief * (1 + abrash + uneven + 0.03 * grain(rng, shape, 0.5)))[..., None]
        lit = ndimage.gaussian_filter(lit, (0.45, 0.45, 0))
        return np.clip(over(lit.astype(np.float32), mix(self.dyes.tones[0], (0.78, 0.72, 0.62), 0.6), worn), 0, 1)

    def _fringed(self, easel: Easel, image: Pixels, top: int, inner: tuple[int, int]) -> Pixels:
        """Knotted warp ends at top and bottom."""
        rng = easel.rng
        sheet = Sheet(image)
        warp = mix(paint("#e6dac0"), self.dyes.tones[0], 0.15)
        left = (easel.width - inner[1]) // 2
        for x in np.arange(left + 2, left + inner[1] - 1, 5.2):
            for y, aim in ((top + 2, -1), (top + inner[0] - 2, 1)):
                end = np.array([x + rng.normal(0, 2.2), y + aim * rng.uniform(14, 21)])
                sheet.lines(np.array([[x + 1, y + 1.5], end + 1.5]), 1.6, darker(self.ground, 0.5))
                sheet.lines(np.array([[x, y], end]), 1.5, mix(warp, (0.5, 0.45, 0.38), rng.uniform(0, 0.4)))
        return sheet.pixels()


def _lines(rng: np.random.Generator, rows: int, columns: int, dyes: int) -> tuple[Design, NDArray[np.int_]]:
    """A cloth with its borders done, and how far each thread lies inside them (0 or less: in the border)."""
    design = np.zeros((rows, columns), np.int8)
    y, x = np.indices((rows, columns))
    rim = np.minimum(y, x)
    edges = np.cumsum([2, int(rng.integers(4, 9)), 2, int(rng.integers(2, 4))])
    order = rng.permutation(np.arange(1, dyes))
    for k, edge in enumerate(edges[::-1]):
        design[rim < edge] = order[k % len(order)]
    band = (rim >= edges[0]) & (rim < edges[1])
    along = np.where(y <= x, x, y)
    period = int(rng.integers(5, 9))
    tooth = np.abs((along % period) - period // 2) <= (rim - edges[0]) // 2 + 1
    design[band & tooth] = order[(len(order) - 1) % len(order)]
    return design, rim - int(edges[-1])


def _diamonds(rng: np.random.Generator, rows: int, columns: int, dyes: int) -> Design:
    """Stepped diamonds one inside another, in offset rows."""
    design, inside = _lines(rng, rows, columns, dyes)
    y, x = np.indices(design.shape)
    high, wide = int(rng.integers(18, 34)), int(rng.integers(16, 30))
    step = int(rng.integers(2, 4))
    row = y // high
    across = np.abs((x + (row % 2) * wide // 2) % wide - wide / 2) / (wide / 2)
    down = np.abs(y % high - high / 2) / (high / 2)
    away = np.floor((across + down) * wide / 2 / step) * step / (wide / 2)
    order = rng.permutation(np.arange(dyes))
    ring = np.minimum((away * 4.2).astype(int), len(order) - 1)
    field = order[ring]
    hook = (np.abs(across - 0.5) < 0.12) & (down > 0.75)
    field = np.where(hook, order[1], field)
    return np.where(inside >= 0, field, design).astype(np.int8)


def _stripes(rng: np.random.Generator, rows: int, columns: int, dyes: int) -> Design:
    """Bands of plain weave between bands of small figures."""
    design = np.zeros((rows, columns), np.int8)
    y, x = np.indices(design.shape)
    top = 0
    while top < rows:
        thick = int(rng.choice([2, 3, 5, 9, 13]))
        band = (y >= top) & (y < top + thick)
        first, second = rng.permutation(dyes)[:2]
        design[band] = first
        if thick >= 5:
            period = int(rng.integers(6, 14))
            middle = top + thick // 2
            zigzag = np.abs((x % period) - period // 2) + np.abs(y - middle)
            figure = (
                band & (zigzag <= thick // 2)
                if rng.random() < 0.6
                else band & (np.abs(np.abs((x % period) - period // 2) - (y - top) * period / (2 * thick)) < 1.3)
            )
            design[figure] = second
            design[band & (zigzag <= max(1, thick // 5))] = (first + 2) % dyes
        top += thick
    return design


def _medallion(rng: np.random.Generator, rows: int, columns: int, dyes: int) -> Design:
    """A lobed medallion in the middle, spandrels in the corners, small flowers between."""
    design, inside = _lines(rng, rows, columns, dyes)
    y, x = np.indices(design.shape)
    down, across = (rows - y) / rows, (columns - x) / columns
    angle, away = np.arctan2(down, across), np.hypot(down * 0.9, across)
    lobes, order = int(rng.integers(3, 7)), rng.permutation(np.arange(1, dyes))
    away = away * (1 + 0.09 * np.cos(angle * lobes * 4)) + 0.03 * np.sign(np.cos(angle * lobes * 8))
    field = np.zeros_like(design)
    speck = ((y % 9 - 4) ** 2 + ((x + (y // 9 % 2) * 6) % 12 - 6) ** 2) < 4
    field[speck] = order[1]
    corner = np.hypot(1 - down, 1 - across) * (1 + 0.1 * np.cos(np.arctan2(1 - down, 1 - across) * 12))
    for bound, dye in ((0.52, order[2]), (0.48, order[0]), (0.3, order[3])):
        field[corner < bound] = dye
    for k, bound in enumerate((0.68, 0.64, 0.5, 0.46, 0.32, 0.2, 0.1)):
        field[away < bound] = (*order, 0, order[1])[k % (dyes + 1)]
    return np.where(inside >= 0, field, design).astype(np.int8)


def _ikat(rng: np.random.Generator, rows: int, columns: int, dyes: int) -> Design:
    """Large ovals and combs whose edges the dyeing has made run."""
    design = np.zeros((rows, columns), np.int8)
    y, x = np.indices(design.shape)
    order = rng.permutation(np.arange(1, dyes))
    wide, high = columns / rng.choice([1, 1.5, 2]), rows / rng.choice([1, 1.5, 2])
    across, down = np.abs((x % wide) / wide - 0.5) * 2, np.abs((y % high) / high - 0.5) * 2
    away = np.maximum(np.hypot(across * 1.05, down * 0.9), 0.9 * down + 0.25 * across)
    for k, bound in enumerate((0.96, 0.86, 0.66, 0.54, 0.34, 0.2)):
        design[away < bound] = (*order, 0)[k % dyes]
    design[(away > 0.96) & ((x // 3 + y // 5) % 5 == 0)] = order[1]
    return design


def compose(rng: np.random.Generator, temper: str) -> Plan:
    """A weaving for a workshop of this temper."""
    dyes = suited(rng, _dyes(), temper)
    design = pick(rng, ("diamonds", "diamonds", "stripes", "medallion", "medallion", "ikat"))
    size = pick(rng, TALL + TALL + WIDE[:2] + SQUARE)
    motif = Textile(
        dyes,
        design,
        int(rng.integers(1 << 30)),
        int(rng.choice([110, 132, 156])),
        bool(rng.random() < 0.75),
        paint(pick(rng, ("#dcd8d0", "#c9c8c6", "#e6e2da", "#b8b6b2"))),
    )
    counts = np.bincount(motif.counted(size[1] / size[0]).ravel(), minlength=len(dyes.tones))
    shares = counts / counts.sum() * 0.78
    what = {
        "diamonds": "stepped diamonds and a toothed border",
        "stripes": "bands of zigzags and plain stripes",
        "medallion": "a lobed medallion and corner pieces",
        "ikat": "large ovals with running edges",
    }[design]
    kind = {"diamonds": ("Flatweave with Diamonds", "Kilim with Stepped Diamonds", "Saddle Cover with Diamonds"),
        "stripes": ("Banded Blanket", "Striped Coverlet", "Banded Hanging"),
            "medallion": ("Carpet with Medallion", "Medallion Rug", "Small Carpet with a Lobed Medallion"),
                "ikat": ("Ikat Hanging", "Ikat Panel", "Robe Length with Ovals")}[design]  # fmt: skip
    place = pick(
        rng,
        (
            "from the Upper Valley",
            "from Karabel",
            "from Sarimsu",
            "of the Hill Weavers",
            "from Tashkul",
            "of Two Breadths",
            "from Oyarzun",
            "from the Salt Road",
            "for a Bride",
            "from Wadi Hassan",
            "of the River People",
        ),
    )
    return Plan(
        size=size,
        title=f"{pick(rng, kind)} {place}{pick(rng, ('', '', ', Fragment', ', Second of a Pair'))}",
        subjects=(f"a weaving with {what}", "a knotted fringe" if motif.fringe else "plain ends"),
        setting="laid flat",
        manner="a flat-woven wool textile" if design != "ikat" else "a silk and cotton ikat",
        parts=(
            *(
                Part("wool", mix(tone, (0.2, 0.18, 0.18), 0.05), float(share))
                for tone, share in zip(dyes.tones, shares, strict=True)
            ),
            Part("background", motif.ground, 0.1),
        ),
        motif=motif,
    )
