"""Cyanotypes: plants laid on sensitised paper, left white where they kept out the sun."""

from dataclasses import dataclass

import numpy as np

from pipeline.painting.colour import Field, Pixels, Rgb, lighter, mix, paint, ramp, smooth
from pipeline.painting.noise import blur, fbm, grain
from pipeline.painting.plan import SQUARE, TALL, Easel, Part, Plan, number, pick
from pipeline.painting.plants import Plant, fern, petals, sprig
from pipeline.painting.shapes import Points, Stencil, curve, disc


@dataclass(frozen=True, slots=True)
class Cyanotype:
    """A photogram of plants."""

    blue: Rgb
    plant: str  # fern, sprig, grass, seaweed
    count: int
    bare: float  # margin that was not coated, share of the shorter side
    seed: int

    def draw(self, easel: Easel) -> Pixels:
        """The print, washed and dried."""
        rng, growth = easel.rng, np.random.default_rng(self.seed)
        kept = np.zeros(easel.shape, np.float32)
        for k in range(self.count):
            solid, thin = self._specimen(easel, growth, (k + 0.5) / self.count)
            kept = 1 - (1 - kept) * (1 - 0.93 * solid) * (1 - 0.42 * thin)
        near = blur(kept, 0.7)
        kept = np.clip(near + 0.2 * blur(kept, 5) * (1 - near), 0, 1)
        rows, columns = easel.grid()
        rim = np.minimum(
            np.minimum(rows, easel.height - rows), np.minimum(columns, easel.width - columns)
        ) - self.bare * min(easel.shape)
        brushed = fbm(rng, easel.shape, 9, 3, 9) - 0.5
        coated = smooth(rim + 16 * (fbm(rng, easel.shape, 40, 4) - 0.5) + 14 * brushed, -2, 4)
        exposure = coated * (1 - kept) * (
            0.9 + 0.16 * (fbm(rng, easel.shape, 180, 3) - 0.5) + 0.10 * brushed
        ) + 0.012 * grain(rng, easel.shape, 0.6)
        paper = paint("#f1efe6")
        tones = (
            paper,
            mix(paper, lighter(self.blue, 0.35), 0.55),
            lighter(self.blue, 0.12),
            self.blue,
            mix(self.blue, (0.02, 0.06, 0.16), 0.55),
        )
        return ramp(np.clip(exposure, 0, 1), tones, (0, 0.3, 0.62, 0.86, 1))

    def _specimen(self, easel: Easel, rng: np.random.Generator, across: float) -> tuple[Field, Field]:
        """One plant: what is opaque (ribs, stems), and what light partly passes (blades)."""
        wide, high = easel.width, easel.height
        solid, thin = Stencil(easel.shape), Stencil(easel.shape)
        if self.plant == "fern":
            start = (wide * (0.14 + 0.72 * across + rng.normal(0, 0.03)), high * rng.uniform(0.86, 0.94))
            _expose(
                solid,
                thin,
                fern(rng, start, high * rng.uniform(0.62, 0.8), -np.pi / 2 + 0.5 * (across - 0.5) + rng.normal(0, 0.1)),
            )
        elif self.plant == "sprig":
            plant = sprig(
                rng,
                pick(rng, ("lance", "oval", "spoon")),
                (wide * (0.2 + 0.6 * across + rng.normal(0, 0.03)), high * 0.92),
                high * rng.uniform(0.66, 0.78),
                int(rng.integers(1, 4)),
            )
            _expose(solid, thin, plant)
            for x, y, size, heading in plant.flowers:
                for shape in petals((x, y), size * 1.3, heading, 6):
                    thin.polygon(shape)
                solid.polygon(disc(x, y, size * 0.3))
        elif self.plant == "grass":
            root = np.array([wide * rng.uniform(0.35, 0.65), high * 0.95])
            for _ in range(13):
                tip = root + np.array([rng.normal(0, 0.24) * wide, -rng.uniform(0.5, 0.86) * high])
                line = curve(np.stack([root, (root + tip) / 2 + (rng.normal(0, 0.05) * wide, 0), tip]))
                solid.stroke(line, np.linspace(2.6, 1.0, len(line)))
                for at in range(len(line) - 12, len(line)):
                    for side in (-1, 1):
                        seed = line[at] + (side * wide * 0.013, -wide * 0.006)
                        thin.polygon(disc(seed[0], seed[1], wide * 0.015, wide * 0.006, -1.0 * side, 12))
        else:
            root = np.array([wide * rng.uniform(0.42, 0.58), high * 0.92])
            for lean in (-0.45, 0.0, 0.4):
                self._weed(rng, solid, thin, (root, -np.pi / 2 + lean + rng.normal(0, 0.1)), high)
        return solid.mask(), thin.mask()

    def _weed(
        self, rng: np.random.Generator, solid: Stencil, thin: Stencil, start: tuple[Points, float], high: float
    ) -> None:
        """Seaweed: threads that fork and fork again."""
        threads = [(*start, high * rng.uniform(0.17, 0.22), 6.0, 0)]
        while threads:
            place, heading, reach, width, depth = threads.pop()
            turns = heading + np.cumsum(rng.normal(0, 0.16, 6))
            line = curve(
                np.concatenate(
                    [[place], place + np.cumsum(np.stack([np.cos(turns), np.sin(turns)], 1) * reach / 6, axis=0)]
                ),
                steps=5,
            )
            (solid if depth < 3 else thin).stroke(line, np.linspace(width, width * 0.6, len(line)))
            if depth < 6:
                thinner = max(1.0, width * 0.66)
                turns_out = turns[-1] + np.array([-1, 1]) * rng.uniform(0.25, 0.6, 2)
                threads += [(line[-1], turn, reach * rng.uniform(0.6, 0.85), thinner, depth + 1) for turn in turns_out]


def _expose(solid: Stencil, thin: Stencil, plant: Plant) -> None:
    for line, width in plant.stems:
        solid.stroke(line, max(1.6, width))
    for piece in plant.leaves:
        thin.polygon(piece.outline)
    for piece in plant.leaves:
        solid.stroke(piece.veins[0], 1.1, 0.8)


def compose(rng: np.random.Generator, temper: str) -> Plan:
    """A cyanotype; a dark temper prints deeper."""
    blue = pick(rng, ("#1a3f7c", "#164a86", "#23568f") if temper != "dark" else ("#12305f", "#163a6c"))
    plant = pick(rng, ("fern", "fern", "sprig", "grass", "seaweed"))
    count = {"fern": int(rng.integers(1, 4)), "sprig": int(rng.integers(1, 3)), "grass": 1, "seaweed": 1}[plant]
    motif = Cyanotype(paint(blue), plant, count, float(rng.choice([0.0, 0.03, 0.05])), int(rng.integers(1 << 30)))
    what = {
        "fern": number(count, "fern frond"),
        "sprig": number(count, "flowering sprig"),
        "grass": "grasses in seed",
        "seaweed": "a branching seaweed",
    }[plant]
    names = {"fern": ("Polypodium", "Asplenium", "Lady Fern", "Hart Fern", "Fern"), "sprig": ("Flowering Sprig",
        "Meadow Sprig", "Hedge Flower", "Wild Stock"),
             "grass": ("Meadow Grasses", "Quaking Grass", "Shore Grass"), "seaweed": ("Sea Lace", "Plocamium",
                 "Red Weed", "Alga from the Cove")}[plant]  # fmt: skip
    where = pick(
        rng,
        (
            "from the Glen",
            "from Kynance",
            "of the North Shore",
            "gathered in May",
            "gathered in August",
            "from the Garden Wall",
            "of the High Moor",
            "from a Ditch",
            "from Skerry Sands",
        ),
    )
    return Plan(
        size=pick(rng, TALL + SQUARE),
        title=f"{pick(rng, names)} {where}{pick(rng, ('', '', ', Leaf ' + str(int(rng.integers(1, 80)))))}",
        subjects=(what, "white silhouettes"),
        setting="on a blue ground",
        manner="a cyanotype",
        parts=(Part("background", motif.blue, 0.72), Part(plant, (0.8, 0.86, 0.93), 0.26)),
        motif=motif,
    )
