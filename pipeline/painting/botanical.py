"""Botanical plates: a plant in ink and watercolour on cream paper."""

from dataclasses import dataclass

import numpy as np

from pipeline.painting.colour import Pixels, Rgb, darker, lighter, mix, over, paint
from pipeline.painting.noise import fbm
from pipeline.painting.paper import paper, pooled, stained
from pipeline.painting.plan import TALL, Easel, Part, Plan, pick
from pipeline.painting.plants import Leaf, Plant, leaf, petals, sprig
from pipeline.painting.shapes import Sheet, Stencil, box, disc, dot, moved

_NAMES = ("Lunaria verna", "Althea montana", "Silene alba", "Rosa pallida", "Salvia lucens", "Anemone clara",
    "Malva riparia", "Linum aureum", "Scilla borealis",
          "Campanula umbra", "Dianthus minor", "Geum silvaticum", "Papaver litorale", "Viola nocturna",
              "Aster humilis", "Primula serotina")  # fmt: skip
_FLOWERS = (
    ("red", "#c23a34"),
    ("pink", "#dc8498"),
    ("blue", "#4a68b4"),
    ("purple", "#7c54a0"),
    ("yellow", "#e6b93a"),
    ("orange", "#e2803a"),
    ("white", "#f3eee2"),
)
_SHAPES = {"lance": "pointed", "oval": "oval", "heart": "heart-shaped", "blade": "narrow", "spoon": "rounded"}
_GREENS = ("#5f7f4a", "#4a7458", "#7f8f48", "#6a8a70")


@dataclass(frozen=True, slots=True)
class BotanicalPlate:
    """One plant with its parts beside it."""

    sheet: Rgb
    green: Rgb
    flower: Rgb
    kind: str  # of leaf
    petals: int
    branches: int
    fruit: bool
    ruled: bool
    seed: int  # of the plant's growth

    def draw(self, easel: Easel) -> Pixels:
        """Washes first, then pen lines and the dissected parts."""
        rng, growth = easel.rng, np.random.default_rng(self.seed)
        image = paper(easel, self.sheet, 1.0, 0.6)
        root = (easel.width * growth.uniform(0.44, 0.56), easel.height * 0.86)
        plant = sprig(growth, self.kind, root, easel.height * growth.uniform(0.66, 0.74), self.branches)
        image = self._washes(easel, image, plant)
        sheet = Sheet(image, 3)
        ink = mix(darker(self.green, 0.6), (0.2, 0.15, 0.1), 0.5)
        for piece in plant.leaves:
            _inked(sheet, piece, ink)
        for line, width in plant.stems:
            for side in (-0.5, 0.5):
                sheet.lines(np.add(line, (side * width, 0)), 0.7, ink)
        self._roots(sheet, growth, root, easel.height * 0.09, ink)
        for flower in plant.flowers:
            self._flower(sheet, growth, flower)
        self._parts(sheet, easel, growth, ink)
        if self.ruled:
            for margin in (0.035, 0.045):
                rule = box(
                    easel.width * margin, easel.height * margin, easel.width * (1 - margin), easel.height * (1 - margin)
                )
                sheet.lines(np.concatenate([rule, rule[:1]]), 0.8, mix(ink, self.sheet, 0.35))
        drawn = sheet.pixels()
        return np.clip(drawn * (1 + 0.05 * (fbm(rng, easel.shape, 6, 2) - 0.5))[..., None], 0, 1).astype(np.float32)

    def _washes(self, easel: Easel, image: Pixels, plant: Plant) -> Pixels:
        """Leaf greens in three tones, so that neighbours part, and stems."""
        rng, bare = easel.rng, image
        for k, tone in enumerate(
            (self.green, mix(self.green, paint("#a8ac54"), 0.45), mix(self.green, paint("#2f5a5c"), 0.35))
        ):
            wash, shade = Stencil(easel.shape), Stencil(easel.shape)
            for piece in plant.leaves[k::3]:
                wash.polygon(piece.outline)
                shade.polygon(piece.outline[len(piece.outline) // 2 :])
            image = over(image, bare, wash.mask())  # where leaves overlap, the upper one hides the lower
            image = stained(image, tone, pooled(rng, wash.mask(), 0.86, 0.5))
            image = stained(image, darker(tone, 0.15), 0.42 * pooled(rng, shade.mask(), 0.8, 0.2))
        stem = Stencil(easel.shape)
        for line, width in plant.stems:
            stem.stroke(line, width)
        return stained(image, mix(self.green, paint("#8a6a4a"), 0.3), pooled(rng, stem.mask(), 0.8, 0.3))

    def _flower(self, sheet: Sheet, rng: np.random.Generator, flower: tuple[float, float, float, float]) -> None:
        x, y, size, heading = flower
        ink = darker(mix(self.flower, (0.3, 0.2, 0.2), 0.4), 0.45)
        for ring in (1.0, 0.62) if self.petals > 6 else (1.0,):
            for k, shape in enumerate(petals((x, y), size * 1.35 * ring, heading + rng.normal(0, 0.3), self.petals)):
                tone = mix(self.flower, lighter(self.flower, 0.45), (k % 3) * 0.4)
                sheet.polygon(shape, tone).lines(np.concatenate([shape, shape[:1]]), 0.7, ink)
                middle = shape.mean(axis=0)
                for share in (0.25, 0.5, 0.75):
                    edge = shape[int(share * len(shape) / 2)]
                    sheet.lines(
                        np.stack([(x, y) + 0.25 * (middle - (x, y)), middle + 0.55 * (edge - middle)]),
                        0.5,
                        mix(tone, ink, 0.5),
                    )
        sheet.polygon(disc(x, y, size * 0.26, size * 0.24), paint("#d9a93a"))
        for _ in range(16):
            spot = np.array([x, y]) + rng.normal(0, 0.15, 2) * size
            sheet.polygon(dot(spot, 0.9, 8), paint("#8a5a1e"))

    def _roots(self, sheet: Sheet, rng: np.random.Generator, root: tuple[float, float], reach: float, ink: Rgb) -> None:
        for _ in range(11):
            steps = (
                np.cumsum(
                    np.stack([rng.normal(0, 0.09, 9) + rng.normal(0, 0.06), rng.uniform(0.02, 0.14, 9)], axis=1), axis=0
                )
                * reach
            )
            line = np.concatenate([[[0, 0]], steps]) + root
            sheet.stroke(line, np.linspace(2.6, 0.5, 10), mix(paint("#a07c54"), ink, 0.2))

    def _parts(self, sheet: Sheet, easel: Easel, rng: np.random.Generator, ink: Rgb) -> None:
        """Petal, bud and fruit, drawn larger at the foot of the plate."""
        unit, y = easel.width / 100, easel.height * 0.885
        left, right = easel.width * 0.15, easel.width * 0.84
        petal = moved(disc(0, 0, 5 * unit, 3.2 * unit, -1.2), left, y)
        sheet.polygon(petal, mix(self.flower, self.sheet, 0.2)).lines(np.concatenate([petal, petal[:1]]), 0.8, ink)
        for k in (-0.5, 0, 0.5):
            sheet.lines(
                np.array([[left - 1.4 * unit, y + 4 * unit], [left + (1 + 3 * k) * unit, y - 3 * unit]]),
                0.5,
                mix(ink, self.flower, 0.5),
            )
        if self.fruit:
            for k, tone in enumerate((mix(self.flower, paint("#7a2a2a"), 0.5), mix(self.green, paint("#c9a05a"), 0.4))):
                x = right - 6.5 * k * unit
                sheet.polygon(disc(x, y, 3 * unit, 3.4 * unit), tone).polygon(
                    disc(x - unit, y - unit, 0.8 * unit), lighter(tone, 0.55)
                )
                sheet.lines(np.concatenate([disc(x, y, 3 * unit, 3.4 * unit), [[x + 3 * unit, y]]]), 0.8, ink)
        else:
            piece = leaf(self.kind, 13 * unit)
            _inked(
                sheet,
                Leaf(
                    moved(piece.outline, right - 6 * unit, y + 4 * unit, -0.9),
                    tuple(moved(vein, right - 6 * unit, y + 4 * unit, -0.9) for vein in piece.veins),
                ),
                ink,
            )
        _caption(sheet, rng, easel.width * 0.5, easel.height * 0.955, unit, ink)


def _inked(sheet: Sheet, piece: Leaf, ink: Rgb) -> None:
    sheet.lines(np.concatenate([piece.outline, piece.outline[:1]]), 0.8, ink)
    for k, vein in enumerate(piece.veins):
        sheet.lines(vein, 0.8 if k == 0 else 0.45, ink)


def _caption(sheet: Sheet, rng: np.random.Generator, x: float, y: float, unit: float, ink: Rgb) -> None:
    """A line of looped handwriting that spells nothing."""
    left = x - 13 * unit
    for _ in range(int(rng.integers(2, 4))):
        reach = rng.uniform(6, 11) * unit
        t = np.linspace(0, 1, 70)
        loops = reach / unit * 1.1
        line = np.stack(
            [
                left + reach * t + 0.55 * unit * np.sin(t * loops * 2 * np.pi),
                y + 0.62 * unit * np.cos(t * loops * 2 * np.pi) * (1 + 0.5 * np.sin(t * 23 + left)),
            ],
            axis=1,
        )
        sheet.lines(line, 0.8, ink)
        left += reach + 2.4 * unit


def compose(rng: np.random.Generator, temper: str) -> Plan:
    """A botanical plate; a bright temper takes warmer flowers."""
    word, tone = pick(rng, _FLOWERS[:1] + _FLOWERS[4:6] if temper == "warm" else _FLOWERS)
    kind = pick(rng, ("lance", "oval", "heart", "blade", "spoon"))
    motif = BotanicalPlate(
        paint(pick(rng, ("#f2e8d0", "#efe2c2", "#f6f0e0", "#e9dcbc"))), paint(pick(rng, _GREENS)), paint(tone), kind,
        int(rng.choice([5, 6, 8, 12])), int(rng.integers(1, 5)), bool(rng.random() < 0.5),
            bool(rng.random() < 0.6), int(rng.integers(1 << 30)),
    )  # fmt: skip
    name = pick(rng, _NAMES)
    plate = f"Plate {int(rng.integers(1, 200))}"
    title = pick(
        rng,
        (
            f"{name}, {plate}",
            f"{name}, with {word.title()} Flowers",
            f"{plate}: {name}",
            f"Study of {name}",
            f"{name}, Leaf and Flower, {plate}",
        ),
    )
    return Plan(
        size=pick(rng, TALL),
        title=title,
        subjects=(
            f"a plant with {word} flowers",
            f"{_SHAPES[kind]} green leaves",
            "its root",
            *(("its fruit",) if motif.fruit else ()),
        ),
        setting="on cream paper",
        manner="ink and watercolour on paper",
        parts=(
            Part("paper", motif.sheet, 0.68),
            Part("leaves", mix(motif.green, motif.sheet, 0.15), 0.16),
            Part("flowers", motif.flower, 0.06),
        ),
        motif=motif,
    )
