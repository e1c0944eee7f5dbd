"""City views over water: a row of gabled houses, towers behind, and their reflections."""

from dataclasses import dataclass

import numpy as np

from pipeline.painting.brush import Sketch, oil
from pipeline.painting.colour import Pixels, Rgb, darker, lighter, mix, over, paint, paints, smooth
from pipeline.painting.light import Light, Sky, draw_sky, lights, sky
from pipeline.painting.noise import fbm
from pipeline.painting.plan import SQUARE, WIDE, Easel, Part, Plan, number, pick, suited
from pipeline.painting.shapes import Points, Sheet, box, curve, disc, path

_WALLS = {
    "brick": "#9c4a36 #b5643f #7d3d34 #c98f5e #d9c7a0 #5f4a46",
    "pastel": "#e3b58c #d98f7a #ecd9a8 #b9c9b4 #a9b8cc #e8c7b8",
    "ochre": "#d8a556 #c4793e #e6c890 #b65f3c #ead9b4 #9d7a4c",
    "pale": "#d8d3c6 #bfc4c4 #e6dfcf #a7adb0 #c9bfae #8f8a86",
}
_CITIES = (
    "Nordhaven",
    "Lagunara",
    "Oude Wal",
    "Saint-Aubin",
    "Vesterbro",
    "Port Ivrea",
    "Kornmarkt",
    "the Old Harbour",
)


@dataclass(frozen=True, slots=True)
class Canal:
    """Houses along a quay."""

    sky: Sky
    quay: float  # the water's edge, share of the height
    walls: tuple[Rgb, ...]
    towers: int
    domes: bool
    boats: int
    lit: float  # share of windows that are lit

    def draw(self, easel: Easel) -> Pixels:
        """The view in oil."""
        return oil(self.sketch(easel), easel.hand, easel.rng)

    def sketch(self, easel: Easel) -> Sketch:
        """What the brush, or the etcher's needle, follows."""
        rng, light = easel.rng, self.sky.light
        line = self.quay * easel.height
        image, flow = draw_sky(self.sky, easel, line)
        sheet = Sheet(image)
        for k in range(self.towers):
            x = easel.width * ((k + rng.uniform(0.2, 0.8)) / self.towers)
            tone = light.in_shade(paint("#7c7684"), 0.45)
            (_dome if self.domes and k % 2 == 0 else _tower)(
                sheet, x, line, easel.height * rng.uniform(0.42, 0.58), tone
            )
        left = -easel.width * rng.uniform(0, 0.08)
        while left < easel.width:
            wide = easel.height * rng.uniform(0.11, 0.22)
            self._house(sheet, rng, left, line, wide, easel.height * rng.uniform(0.2, 0.36))
            left += wide
        stone = light.on(paint("#8d8578"))
        sheet.polygon(box(0, line - 5, easel.width, line + 3), stone).polygon(
            box(0, line, easel.width, line + 4), darker(stone, 0.4)
        )
        above = sheet.pixels()
        built = (np.abs(above - image).sum(axis=2) > 0.02).astype(np.float32)
        scene = self._water(easel, above, line)
        sheet = Sheet(scene)
        for k in range(self.boats):
            x = easel.width * ((k + rng.uniform(0.2, 0.8)) / self.boats)
            near = rng.uniform(0.2, 0.75)
            _barge(
                sheet,
                x,
                line + (easel.height - line) * near,
                easel.width * (0.05 + 0.08 * near),
                light.in_shade(paint(pick(rng, ("#33302e", "#6a2f2a", "#2f4a58")))),
            )
        drawn = sheet.pixels()
        afloat = (np.abs(drawn - scene).sum(axis=2) > 0.03).astype(np.float32)
        rows, _ = easel.grid()
        flow = np.where(rows > line, 0.0, np.where(built > 0, np.pi / 2, flow)).astype(np.float32)
        flow = np.where(afloat > 0, 0.0, flow).astype(np.float32)
        return Sketch(drawn, flow, np.maximum(0.78 * built, 0.9 * afloat))

    def _house(
        self, sheet: Sheet, rng: np.random.Generator, left: float, foot: float, wide: float, high: float
    ) -> None:
        light = self.sky.light
        wall = light.on(pick(rng, self.walls))
        top, right = foot - high, left + wide
        roof = light.in_shade(paint(pick(rng, ("#7a3b30", "#4c4650", "#5b3a34"))))
        gable = int(rng.integers(4))
        sheet.polygon(_gable(gable, left, top, wide), roof if gable == 3 else wall)
        sheet.polygon(box(left, top, right, foot), wall)
        sheet.polygon(box(right - wide * 0.07, top, right, foot), darker(wall, 0.28))
        sheet.polygon(box(left, top, right, top + 2.5), lighter(wall, 0.3))
        floors, bays = max(2, int(high / (wide * 0.42))), int(rng.integers(2, 4))
        step, bay = high / (floors + 0.25), wide / bays
        dark, glow = darker(mix(wall, light.zenith, 0.5), 0.62), light.on(paint("#ffd488"))
        glow = mix(glow, paint("#ffcf7a"), 0.7)
        for floor in range(floors):
            for k in range(bays):
                x, y = left + bay * (k + 0.26), top + step * (floor + 0.3)
                door = floor == floors - 1 and k == 0
                pane = box(x, y, x + bay * 0.48, foot if door else y + step * 0.56)
                sheet.polygon(pane - 1, lighter(wall, 0.45)).polygon(pane, glow if rng.random() < self.lit else dark)
        if rng.random() < 0.5:
            x = left + wide * rng.uniform(0.2, 0.7)
            sheet.polygon(box(x, top - wide * 0.55, x + wide * 0.12, top), darker(wall, 0.35))

    def _water(self, easel: Easel, image: Pixels, line: float) -> Pixels:
        light = self.sky.light
        rows, columns = easel.grid()
        depth = np.clip((rows - line) / (easel.height - line), 0, 1)
        ripple = fbm(easel.rng, easel.shape, 11, 3, 7) - 0.5
        broken = fbm(easel.rng, easel.shape, 26, 3, 5) - 0.5
        source = np.clip(2 * line - rows + broken * 70 * (0.25 + depth), 0, line - 1).astype(int)
        aside = np.clip(columns + ripple * 34 * (0.2 + depth), 0, easel.width - 1).astype(int)
        mirrored = over(image[source, aside], light.on(paint("#27505a")), 0.24 + 0.22 * depth)
        mirrored = over(mirrored, light.haze, 0.55 * smooth(ripple + broken, 0.16, 0.42))
        return over(image, mirrored, smooth(rows, line + 2, line + 5))


def _gable(kind: int, left: float, top: float, wide: float) -> Points:
    """The outline of a gable: stepped, bell, pointed, or a plain hipped roof."""
    shapes = (
        path("0,0 0,-.14 .16,-.14 .16,-.34 .32,-.34 .32,-.54 .68,-.54 .68,-.34 .84,-.34 .84,-.14 1,-.14 1,0"),
        path("0,0 0.06,-0.12 0.24,-0.2 0.3,-0.46 0.5,-0.58 0.7,-0.46 0.76,-0.2 0.94,-0.12 1,0"),
        path("0,0 0.5,-0.52 1,0"),
        path("-0.04,0 0.16,-0.34 0.84,-0.34 1.04,0"),
    )
    return shapes[kind] * wide + (left, top)


def _tower(sheet: Sheet, x: float, foot: float, high: float, tone: Rgb) -> None:
    """A church tower with a spire."""
    wide = high * 0.1
    sheet.polygon(box(x - wide, foot - high * 0.66, x + wide, foot), tone)
    sheet.polygon(box(x + wide * 0.2, foot - high * 0.66, x + wide, foot), darker(tone, 0.2))
    sheet.polygon(box(x - wide * 1.15, foot - high * 0.69, x + wide * 1.15, foot - high * 0.66), lighter(tone, 0.2))
    spire = path("-0.9,-0.69 -0.35,-0.78 0,-1.08 0.35,-0.78 0.9,-0.69") * (wide, high)
    sheet.polygon(np.add(spire, (x, foot)), darker(tone, 0.25))


def _dome(sheet: Sheet, x: float, foot: float, high: float, tone: Rgb) -> None:
    """A church dome with a lantern."""
    wide = high * 0.27
    sheet.polygon(box(x - wide * 1.1, foot - high * 0.5, x + wide * 1.1, foot), tone)
    bulb = curve(path("-1,-0.5 -1.02,-0.64 -0.62,-0.8 0,-0.88 0.62,-0.8 1.02,-0.64 1,-0.5"))
    sheet.polygon(bulb * (wide, high) + (x, foot), mix(tone, (0.45, 0.62, 0.58), 0.3))
    shade = curve(path("0.3,-0.5 0.5,-0.66 0.3,-0.83 0.62,-0.8 1.02,-0.64 1,-0.5"))
    sheet.polygon(shade * (wide, high) + (x, foot), darker(tone, 0.25))
    sheet.polygon(box(x - wide * 0.14, foot - high * 0.98, x + wide * 0.14, foot - high * 0.86), tone)
    sheet.polygon(np.array([[-0.16, -0.98], [0, -1.1], [0.16, -0.98]]) * (wide, high) + (x, foot), darker(tone, 0.25))


def _barge(sheet: Sheet, x: float, y: float, reach: float, tone: Rgb) -> None:
    """A low boat with a bending figure's oar, and its dark reflection."""
    hull = curve(path("-1,-0.2 -0.86,0.02 0,0.1 0.86,0.02 1.06,-0.3"), steps=8) * reach + (x, y)
    sheet.polygon(disc(x, y + reach * 0.16, reach * 0.85, reach * 0.1), mix(tone, (0.2, 0.3, 0.35), 0.35))
    sheet.polygon(hull, tone)
    sheet.lines(np.add(hull[:: len(hull) - 1], (0, reach * 0.06)), 1.0, lighter(tone, 0.35))
    sheet.polygon(box(x - reach * 0.3, y - reach * 0.2, x + reach * 0.25, y - reach * 0.02), lighter(tone, 0.18))


def compose(rng: np.random.Generator, temper: str) -> Plan:
    """A canal view for an artist of this temper."""
    light: Light = suited(rng, lights(), temper)
    manner = pick(rng, tuple(_WALLS))
    lit = {"cool": 0.2, "dark": 0.45, "warm": 0.2, "bright": 0.0}[light.temper] + (0.3 if light.name == "dusk" else 0)
    motif = Canal(
        sky(rng, light), float(rng.uniform(0.56, 0.7)), paints(_WALLS[manner]), int(rng.choice([0, 1, 2, 3])),
        bool(rng.random() < 0.4), int(rng.choice([0, 1, 2, 3])), lit,
    )  # fmt: skip
    subjects = ["gabled houses", "a canal with reflections"]
    if motif.towers:
        subjects.append("a church dome" if motif.domes else number(motif.towers, "church tower"))
    if motif.boats:
        subjects.append(number(motif.boats, "boat"))
    if lit > 0.3:
        subjects.append("lit windows")
    wall = light.on(mix(mix(motif.walls[0], motif.walls[2], 0.5), motif.walls[3], 0.4))
    what = pick(rng, ("Canal", "Houses on the Quay", "The Long Quay", "Gables", "Reflections", "The Fish Market Quay"))
    return Plan(
        size=pick(rng, WIDE[:3] + SQUARE),
        title=f"{what}, {pick(rng, _CITIES)}, {light.phrase}",
        subjects=tuple(subjects),
        setting=light.phrase,
        manner="oil on canvas",
        parts=(
            Part("sky", light.middle, 0.2),
            Part("sky", light.zenith, 0.12),
            Part("houses", wall, 0.27),
            Part("canal", mix(mix(light.middle, wall, 0.45), light.on(paint("#27505a")), 0.4), 0.36),
        ),
        motif=motif,
    )
