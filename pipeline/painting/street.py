"""City views down a street: walls in perspective, lamps, walkers, and a wet road that mirrors them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.painting.brush import Sketch, oil
from pipeline.painting.colour import Field, Pixels, Rgb, darker, flat, mix, over, paint, paints, smooth
from pipeline.painting.light import Sky, draw_sky, lights, sky
from pipeline.painting.noise import fbm
from pipeline.painting.plan import TALL, WIDE, Easel, Part, Plan, number, pick, suited
from pipeline.painting.shapes import Sheet, curve, disc, path

_WALL, _EYE = 8.0, 2.4  # metres from the middle of the road to the walls, and from the road to the eye
_FRONTS = ("#c9a77c #b98a62 #d9c4a0 #a87458 #e2d3b4", "#8e8f98 #a7a5a4 #777b86 #b9b4aa #989088",
           "#b0604a #c98a5c #8a4a40 #d3a878 #9c5f48", "#c8c1b4 #aeb4bb #ded6c4 #959aa3 #cbb9a2")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Street:
    """A street to its vanishing point."""

    sky: Sky
    horizon: float
    vanishing: float  # share of the width
    fronts: tuple[Rgb, ...]
    wet: bool
    lamps: bool
    walkers: int
    lit: float  # share of windows that are lit

    def draw(self, easel: Easel) -> Pixels:
        """The street in oil."""
        return oil(self.sketch(easel), easel.hand, easel.rng)

    def sketch(self, easel: Easel) -> Sketch:
        """What the brush, or the etcher's needle, follows."""
        eye, middle = self.horizon * easel.height, self.vanishing * easel.width
        image, flow = draw_sky(self.sky, easel, eye)
        rows, columns = easel.grid()
        aside = np.maximum(np.abs(columns - middle), 1.0)
        distance = _WALL * easel.width / aside
        level = (eye - rows) * distance / easel.width  # metres above the eye
        walls, built = self._walls(easel, columns < middle, distance, level + _EYE)
        image = over(image, walls, built)
        base = eye + _EYE * aside / _WALL
        road = smooth(rows, base - 1, base + 1)
        image = over(image, self._road(easel, image, rows, base, eye), road)
        sheet = Sheet(image)
        self._people(easel, sheet, eye, middle)
        drawn = sheet.pixels()
        people = (np.abs(drawn - image).sum(axis=2) > 0.03).astype(np.float32)
        slant = np.where(built > 0.5, np.arctan2(rows - eye, columns - middle), flow)
        slant = np.where(road > 0.5, 0.0, slant)
        slant = np.where(people > 0, np.pi / 2, slant)
        detail = np.maximum(0.72 * built * (1 - road), people)
        return Sketch(drawn, slant.astype(np.float32), detail)

    def _walls(self, easel: Easel, left: NDArray[np.bool_], distance: Field, height: Field) -> tuple[Pixels, Field]:
        """The house fronts over the whole picture, and where they stand."""
        rng, light = easel.rng, self.sky.light
        ends = np.cumsum(rng.uniform(11, 22, (2, 14)), axis=1) + 8
        tops, kinds = rng.uniform(12.5, 19, (2, 15)), rng.integers(0, len(self.fronts), (2, 15))
        side = np.where(left, 0, 1)
        house = np.where(left, np.searchsorted(ends[0], distance), np.searchsorted(ends[1], distance))
        top = tops[side, house]
        tones = np.array([light.on(tone) for tone in self.fronts], np.float32)
        image = tones[kinds[side, house]]
        image = image * np.where(left, 0.78, 1.04)[..., None].astype(np.float32)
        bay, floor = np.floor(distance / 3.0), np.floor(height / 3.6)
        across, up = distance / 3.0 - bay, height / 3.6 - floor
        pane = smooth(np.abs(across - 0.5), 0.26, 0.22) * smooth(np.abs(up - 0.52), 0.33, 0.29) * (height < top - 2.4)
        shop = height < 3.6
        chance = np.modf(np.abs(np.sin(bay * 12.9898 + floor * 78.233 + side * 37.7) * 43758.5453))[0]
        glow = chance < self.lit + 0.45 * shop * (self.lit > 0.1)
        glass = np.where(
            glow[..., None],
            flat(paint("#ffcf78")),
            flat(darker(mix(light.zenith, light.shadow, 0.4), 0.45)),
        )
        image = over(image, glass.astype(np.float32), pane)
        image = over(image, darker(light.on(self.fronts[1]), 0.5), 0.6 * smooth(np.abs(up), 0.07, 0.03) * (floor > 0))
        image = over(image, light.in_shade(paint("#4d4a55")), smooth(height, top - 2.5, top - 2.2))
        image = over(image, light.haze, 1 - np.exp(-((np.maximum(distance - 12, 0) / 150) ** 0.9)))
        return image, smooth(height, top + 0.15, top - 0.15) * smooth(distance, 260, 200)

    def _road(self, easel: Easel, image: Pixels, rows: Field, base: Field, eye: float) -> Pixels:
        """The road: a dim mirror when wet, dust and shade when dry."""
        light = self.sky.light
        depth = np.clip((rows - eye) / (easel.height - eye), 0, 1)
        ripple = fbm(easel.rng, easel.shape, 16, 3, 4.0) - 0.5
        stone = light.on(paint("#8b857c"))
        source = np.clip(2 * base - rows + ripple * 90 * depth, 0, easel.height - 1).astype(int)
        columns = np.arange(easel.width)[None, :]
        if self.wet:
            road = over(image[source, columns], light.in_shade(paint("#4a4c55")), 0.34 + 0.5 * np.abs(ripple))
            return over(road, light.haze, 0.5 * smooth(ripple, 0.12, 0.34))
        shade = light.in_shade(paint("#7c7670"))
        dry = over(flat(stone, easel.shape), shade, 0.75 * smooth(0.6 * ripple + depth, 0.1, 0.95))
        return over(dry, light.haze, 0.6 * (1 - depth) ** 3)

    def _people(self, easel: Easel, sheet: Sheet, eye: float, middle: float) -> None:
        """Lamps along both kerbs and walkers on the road, far ones first."""
        rng, light = easel.rng, self.sky.light
        things = [(z, side) for z in (12, 18, 28, 44, 70) for side in (-1, 1)] if self.lamps else []
        crowd = [(float(rng.uniform(9, 60)), 0) for _ in range(self.walkers)]
        for z, side in sorted(things + crowd, reverse=True):
            scale = easel.width / z
            foot = eye + _EYE * scale
            ink = mix(light.in_shade(paint("#2b2730")), light.haze, 1 - np.exp(-z / 120))
            if side:
                self._lamp(sheet, middle + side * 6.4 * scale, foot, scale, ink)
            else:
                x = middle + float(rng.uniform(-5, 5)) * scale
                self._walker(sheet, rng, x, foot, scale, ink)

    def _lamp(self, sheet: Sheet, x: float, foot: float, scale: float, ink: Rgb) -> None:
        top = foot - 5.2 * scale
        sheet.stroke(np.array([[x, foot], [x, top]]), (0.24 * scale, 0.12 * scale), ink)
        if self.lit > 0.1:
            halo = mix(paint("#ffcf78"), self.sky.light.haze, 0.45)
            sheet.polygon(disc(x, top, 0.62 * scale, steps=20), halo)
            if self.wet:
                sheet.stroke(
                    np.array([[x, foot + 0.5 * scale], [x, foot + 3.4 * scale]]), (0.34 * scale, 0.1 * scale), halo
                )
        sheet.polygon(disc(x, top, 0.3 * scale, 0.4 * scale, steps=14), paint("#fff0c4") if self.lit > 0.1 else ink)

    def _walker(self, sheet: Sheet, rng: np.random.Generator, x: float, foot: float, scale: float, ink: Rgb) -> None:
        coat = mix(ink, self.sky.light.on(pick(rng, paints("#7a2c2c #2f3f5c #3a3436 #5c5040 #24303a"))), 0.55)
        body = curve(path("-0.12,0 -0.34,-0.62 -0.24,-1.38 0,-1.5 0.24,-1.38 0.34,-0.62 0.12,0"))
        if self.wet:
            sheet.polygon(body * (scale, -0.8 * scale) + (x, foot), mix(coat, self.sky.light.haze, 0.35))
        sheet.polygon(body * scale + (x, foot), coat)
        sheet.polygon(
            disc(x, foot - 1.6 * scale, 0.14 * scale, 0.17 * scale, steps=14), mix(ink, paint("#c79a7c"), 0.5)
        )
        if self.wet:
            dome = curve(path("-0.8,-1.72 -0.6,-2.1 0,-2.32 0.6,-2.1 0.8,-1.72 0,-1.82"))
            sheet.polygon(dome * scale + (x, foot), mix(ink, coat, 0.3))


def compose(rng: np.random.Generator, temper: str) -> Plan:
    """A street for an artist of this temper."""
    light = suited(rng, lights(), temper)
    wet = light.temper in {"cool", "dark"} and rng.random() < 0.75
    lit = {"cool": 0.16, "dark": 0.4, "warm": 0.15, "bright": 0.0}[light.temper] + (0.3 if light.name == "dusk" else 0)
    motif = Street(
        sky(rng, light), float(rng.uniform(0.55, 0.68)), float(rng.uniform(0.35, 0.65)), paints(pick(rng, _FRONTS)),
        bool(wet), bool(rng.random() < 0.7), int(rng.choice([0, 3, 6, 10])), lit,
    )  # fmt: skip
    subjects = ["a street with tall houses"]
    if motif.walkers:
        subjects.append(number(motif.walkers, "walker") + (" with umbrellas" if wet else ""))
    if motif.lamps:
        subjects.append("street lamps")
    if wet:
        subjects.append("reflections on wet paving")
    what = pick(
        rng,
        ("Boulevard", "The Avenue", "Cobbles", "High Street")
        if not wet
        else ("After the Rain", "Wet Pavement", "Rain", "Umbrellas"),
    )
    what = what if motif.walkers or what != "Umbrellas" else "Rain"
    place = pick(rng, ("Saint-Aubin", "Quartier Neuf", "the Theatre Quarter", "Lindengasse", "Via Serena",
        "the Exchange",
                       "the Station", "Bishopsgate Row", "Calle Mayor", "the Old Tram Line"))  # fmt: skip
    front = light.on(mix(motif.fronts[0], motif.fronts[3], 0.5))
    ground = mix(front, light.in_shade(paint("#4a4c55")), 0.55) if wet else light.on(paint("#8b857c"))
    return Plan(
        size=pick(rng, WIDE[:1] + TALL + TALL),
        title=f"{what}, {place} {light.phrase}",
        subjects=tuple(subjects),
        setting=light.phrase,
        manner="oil on canvas",
        parts=(
            Part("sky", light.middle, 0.2),
            Part("sky", light.zenith, 0.1),
            Part("house fronts", mix(front, light.haze, 0.25), 0.4),
            Part("street", ground, 0.3),
        ),
        motif=motif,
    )
