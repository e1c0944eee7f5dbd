"""Woodland: trunks one behind another, light between them, leaves above and below."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.painting.brush import Sketch, oil
from pipeline.painting.colour import Pixels, Rgb, darker, lighter, mix, over, paint, paints, ramp, smooth, vary
from pipeline.painting.noise import fbm
from pipeline.painting.plan import SQUARE, TALL, WIDE, Easel, Part, Plan, pick, suited
from pipeline.painting.shapes import Points, Sheet, curve, disc


@dataclass(frozen=True, slots=True)
class Season:
    """The colours of a wood: the light beyond, leaves from dark to bright, ground from dark to bright, bark."""

    name: str
    phrase: str
    temper: str
    glow: Rgb
    leaves: tuple[Rgb, ...]
    ground: tuple[Rgb, ...]
    bark: Rgb


def _seasons() -> tuple[Season, ...]:
    table = (
        ("spring", "in spring", "bright", "#eef2c0", "#3b5a2c #6b8f3a #a9c653 #dbe58a",
         "#39502c #6d8a3e #b9c770", "#4f4638"),
        ("summer", "in high summer", "cool", "#d6ecd0", "#16351f #2c5a2e #4f8440 #9cc069",
         "#1e3a22 #476b38 #93aa5a", "#3a3229"),
        ("autumn", "in autumn", "warm", "#fbe3a4", "#5e2418 #a8441c #dc7d24 #f2bd48", "#54301c #a35f2a #dba24c",
         "#3d2b22"),
        ("beech", "in October", "warm", "#f3ddb0", "#6b3a18 #b3702a #d99a3a #efd07c", "#5b3a20 #a46c3a #d3a765",
         "#6b6258"),
        ("mist", "in morning mist", "cool", "#dfe5dd", "#4b5d58 #728a7c #9db0a0 #c3cfbf",
         "#4f5d50 #7c8b74 #aab79c", "#45484a"),
        ("evening", "at nightfall", "dark", "#8fa7b8", "#0f1c22 #1b3238 #2d4c4c #54746a",
         "#10191d #22332f #47584a", "#15181c"),
        ("embers", "in the last sun", "dark", "#f2a65a", "#1e1a18 #3e2a1e #6b4424 #b9762e",
         "#1c1614 #4a3020 #9c6a34", "#1c1614"),
    )  # fmt: skip
    return tuple(
        Season(name, phrase, temper, paint(glow), paints(leaves), paints(ground), paint(bark))
        for name, phrase, temper, glow, leaves, ground, bark in table
    )


@dataclass(frozen=True, slots=True)
class Woodland:
    """The inside of a wood."""

    season: Season
    birches: bool
    trunks: int
    path: bool
    floor: float  # where the ground begins, share of the height
    glow_x: float

    def draw(self, easel: Easel) -> Pixels:
        """The wood in oil."""
        return oil(self.sketch(easel), easel.hand, easel.rng)

    def sketch(self, easel: Easel) -> Sketch:
        """What the brush, or the etcher's needle, follows."""
        rng, season = easel.rng, self.season
        rows, columns = easel.grid()
        floor = self.floor * easel.height
        mass = fbm(rng, easel.shape, easel.width * 0.2, 5, 1.0, 0.6)
        away = np.hypot((columns / easel.width - self.glow_x) * 1.1, rows / easel.height - self.floor * 0.8)
        light = np.clip(1.05 - 1.5 * away + 0.9 * (mass - 0.5), 0, 1)
        image = ramp(light, (*(mix(leaf, season.glow, 0.12) for leaf in season.leaves), season.glow))
        image = self._ground(easel, image, floor)
        sheet = Sheet(image)
        self._trees(easel, sheet, floor)
        wood = np.abs(sheet.pixels() - image).sum(axis=2) > 0.04
        self._leaves(easel, sheet)
        flow = np.where(rows > floor, 0.05, np.pi / 2 * 0.7 + 2.4 * (mass - 0.5))
        flow = np.where(wood & (rows < floor + 0.2 * easel.height), np.pi / 2, flow)
        detail = 0.5 + 0 * mass
        return Sketch(sheet.pixels(), flow.astype(np.float32), detail)

    def _ground(self, easel: Easel, image: Pixels, floor: float) -> Pixels:
        rng, season = easel.rng, self.season
        rows, columns = easel.grid()
        depth = np.clip((rows - floor) / (easel.height - floor), 0, 1)
        dapple = fbm(rng, easel.shape, 34, 4, 3.6)
        bright = np.clip(
            dapple * 1.15 - 0.12 + 0.3 * (1 - depth) - 0.25 * np.abs(columns / easel.width - self.glow_x), 0, 1
        )
        field = ramp(bright, season.ground)
        if self.path:
            middle = easel.width * (self.glow_x + 0.12 * np.sin(depth * 3.0) * (1 - depth) + 0.1 * depth)
            reach = easel.width * (0.018 + 0.2 * depth)
            track = smooth(np.abs(columns - middle) + 26 * (dapple - 0.5), reach, reach * 0.75)
            field = over(
                field,
                ramp(bright, (mix(season.bark, season.ground[1], 0.4), lighter(season.ground[2], 0.5))),
                track * 0.8,
            )
        return over(image, field, smooth(rows + 18 * (dapple - 0.5), floor - 4, floor + 8))

    def _trees(self, easel: Easel, sheet: Sheet, floor: float) -> None:
        """Trunks from far (thin, pale) to near (thick, dark), with a lit side."""
        rng, season = easel.rng, self.season
        bark = paint("#e6e2d6") if self.birches else season.bark
        for share in np.sort(rng.uniform(0, 1, self.trunks)) ** 1.4:
            width = easel.width * (0.008 + 0.05 * share) * (0.7 if self.birches else 1.0)
            x = easel.width * rng.uniform(-0.02, 1.02)
            if abs(x / easel.width - self.glow_x) < 0.12 and share > 0.3:
                x += easel.width * 0.3 * np.sign(x / easel.width - self.glow_x)
            foot = floor + (easel.height - floor) * (0.02 + 0.75 * share)
            bow = rng.normal(0, 0.02) * easel.width
            line = curve(
                np.array([[x, foot], [x + bow * 0.3, foot * 0.66], [x + bow, foot * 0.33], [x + bow * 1.6, -8]])
            )
            widths = np.linspace(width * 1.15, width * 0.7, len(line))
            widths[:3] *= (1.5, 1.25, 1.1)
            tone = mix(darker(bark, 0.15 if self.birches else 0.3), season.glow, 0.55 * (1 - share))
            lit = mix(lighter(bark, 0.45 if self.birches else 0.3), season.glow, 0.5 * (1 - share))
            sheet.stroke(line, widths, tone)
            side = -1 if x > easel.width * self.glow_x else 1
            sheet.stroke(np.add(line, (side * width * 0.27, 0)), widths * 0.34, lit)
            if self.birches:
                self._scars(rng, sheet, line, widths, mix(paint("#2b2724"), season.glow, 0.45 * (1 - share)))
            sheet.stroke(
                np.array([[x, foot], [x - (self.glow_x - x / easel.width) * -260, foot + width * 2.2]]),
                (width, width * 0.3),
                mix(season.ground[0], season.ground[1], 0.2),
            )

    @staticmethod
    def _scars(rng: np.random.Generator, sheet: Sheet, line: Points, widths: NDArray[np.float64], ink: Rgb) -> None:
        for _ in range(12):
            at = int(rng.integers(2, len(line) - 1))
            reach, high = widths[at] * rng.uniform(0.15, 0.5), max(0.8, widths[at] * rng.uniform(0.04, 0.13))
            sheet.polygon(
                disc(line[at, 0] + rng.uniform(-0.3, 0.3) * widths[at], line[at, 1], reach, high, steps=10), ink
            )

    def _leaves(self, easel: Easel, sheet: Sheet) -> None:
        """Dabs of leaves overhead and fallen ones below, brightest toward the light."""
        rng, season = easel.rng, self.season
        sprays = rng.uniform(0, 1, (46, 2)) * (easel.width, 0.5 * easel.height) * (1, rng.beta(1.0, 1.6))
        for k in range(640):
            x, y = sprays[k % 46] + rng.normal(0, 1, 2) * (easel.width * 0.05, easel.width * 0.035)
            near = np.exp(-2.2 * np.hypot(x / easel.width - self.glow_x, y / easel.height - 0.3))
            tone = season.leaves[
                min(len(season.leaves) - 1, int(rng.uniform(0, 1.2) * near * len(season.leaves) + rng.uniform(0, 1.6)))
            ]
            size = rng.uniform(2.5, 7.5)
            sheet.polygon(disc(x, y, size, size * 0.55, rng.uniform(0, 3), 8), vary(rng, tone, 0.03))
        for _ in range(120):
            y = easel.height * rng.uniform(self.floor + 0.04, 1)
            size = 1.2 + 4 * (y / easel.height - self.floor)
            tone = pick(rng, season.leaves[1:] + season.ground[1:])
            sheet.polygon(disc(rng.uniform(0, easel.width), y, size * 1.6, size * 0.7, 0, 8), vary(rng, tone, 0.04))


def compose(rng: np.random.Generator, temper: str) -> Plan:
    """A woodland for an artist of this temper."""
    season = suited(rng, _seasons(), temper)
    birches = bool(rng.random() < 0.4)
    motif = Woodland(
        season, birches, int(rng.integers(9, 22)), bool(rng.random() < 0.5), float(rng.uniform(0.56, 0.74)),
        float(rng.uniform(0.25, 0.75)),
    )  # fmt: skip
    trees = "birches" if birches else pick(rng, ("old oaks", "beeches", "tall trees"))
    subjects = [trees, "fallen leaves" if season.temper == "warm" else "undergrowth"]
    if motif.path:
        subjects.append("a path")
    place = pick(rng, ("Ashdale", "the Hollow", "Kestrel Wood", "Lindholm", "Bois Clair", "the Old Forest", "Valdoro",
                       "the Deer Park", "Mirkholt", "the Upper Glade"))  # fmt: skip
    opening = pick(
        rng,
        ("Path through", "Walk in", "The Way into") if motif.path else ("Clearing in", "Edge of", "Inside", "Light in"),
    )
    lead = "Birches" if birches else opening.split()[0]
    title = f"{opening} {place} {season.phrase}" if lead != "Birches" else f"Birches, {place} {season.phrase}"
    return Plan(
        size=pick(rng, WIDE + TALL + SQUARE),
        title=title,
        subjects=tuple(subjects),
        setting=season.phrase,
        manner="oil on canvas",
        parts=(
            Part("leaves", season.leaves[1], 0.3),
            Part("leaves", mix(season.leaves[2], season.leaves[1], 0.2), 0.12),
            Part("leaves", season.leaves[0], 0.1),
            Part("light", mix(season.glow, season.leaves[-1], 0.6), 0.2),
            Part("ground", season.ground[1], 0.25),
        ),
        motif=motif,
    )
