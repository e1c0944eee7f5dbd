"""Winter: snow that takes the sky's colours, bare trees, cottages with a lit window."""

from dataclasses import dataclass

import numpy as np

from pipeline.painting.brush import Sketch, oil
from pipeline.painting.colour import Pixels, darker, lighter, mix, over, paint, ramp, smooth
from pipeline.painting.light import Light, Sky, draw_sky, lights, sky
from pipeline.painting.noise import fbm, profile, relit
from pipeline.painting.plan import SQUARE, TALL, WIDE, Easel, Part, Plan, number, pick, suited
from pipeline.painting.shapes import Sheet, box
from pipeline.painting.trees import bare, fir

_HOURS = {"rose", "golden", "dusk", "grey", "moonlight", "sunset", "morning", "storm"}


@dataclass(frozen=True, slots=True)
class Winter:
    """A snowed-in country."""

    sky: Sky
    horizon: float
    trees: int
    firs: int
    cottages: int
    fence: bool
    snowfall: bool

    def draw(self, easel: Easel) -> Pixels:
        """The scene in oil."""
        painted = oil(self.sketch(easel), easel.hand, easel.rng)
        return self._flakes(easel, painted) if self.snowfall else painted

    def sketch(self, easel: Easel) -> Sketch:
        """What the brush, or the etcher's needle, follows."""
        rng, light = easel.rng, self.sky.light
        line = self.horizon * easel.height
        image, flow = draw_sky(self.sky, easel, line)
        rows, _ = easel.grid()
        image = self._far(easel, image, line)
        snow, drift = self._snow(easel, line)
        image = over(image, snow, smooth(rows, line - 2, line + 2))
        sheet = Sheet(image)
        for k in rng.permutation(self.cottages).tolist():
            x = easel.width * ((k + rng.uniform(0.25, 0.75)) / self.cottages)
            _cottage(
                sheet,
                rng,
                light,
                x,
                line + easel.height * rng.uniform(0.03, 0.12),
                easel.height * rng.uniform(0.08, 0.13),
            )
        self._trees(easel, sheet, line)
        if self.fence:
            self._posts(easel, sheet, line)
        drawn = sheet.pixels()
        detail = 1.0 * (np.abs(drawn - image).sum(axis=2) > 0.03).astype(np.float32)
        detail = np.maximum(detail, 0.5 * smooth(np.abs(rows - line), 14, 4))
        flow = np.where(rows > line, drift, flow).astype(np.float32)
        return Sketch(drawn, flow, detail)

    def _far(self, easel: Easel, image: Pixels, line: float) -> Pixels:
        """Hills and the dim edge of a wood along the horizon."""
        rng, light = easel.rng, self.sky.light
        rows, _ = easel.grid()
        for rise, tone in ((0.13, light.on(paint("#c6ccd8"), 0.55)), (0.05, light.in_shade(paint("#5a5f66"), 0.35))):
            rough = 4 if rise > 0.1 else 6
            crest = line - easel.height * rise * (
                0.55 + 0.45 * profile(rng, easel.width, easel.width * 0.3, rough, 0.55)
            )
            image = over(image, mix(tone, light.haze, 0.2), smooth(rows - crest[None, :], -2, 2) * (rows < line + 3))
        return image

    def _snow(self, easel: Easel, line: float) -> tuple[Pixels, Pixels]:
        """Drifts: lit where they face the light, the sky's blue in their hollows; and their strokes' angles."""
        light = self.sky.light
        rows, _ = easel.grid()
        depth = np.clip((rows - line) / (easel.height - line), 0, 1)
        drift = fbm(easel.rng, easel.shape, easel.height * 0.28, 4, 3.4, 0.45)
        lit = np.clip(relit(drift, 9, 5.5) + 0.10 * (1 - depth), 0, 1)
        white = light.on(paint("#fdfaf4"))
        shade = mix(light.in_shade(paint("#cdd9ee")), light.zenith, 0.22)
        warm = mix(white, light.horizon, 0.35)
        field = ramp(lit, (shade, mix(shade, white, 0.55), white, warm), (0.1, 0.42, 0.66, 1))
        return over(field, light.haze, 0.5 * (1 - depth) ** 4), (drift - 0.5) * 1.6

    def _trees(self, easel: Easel, sheet: Sheet, line: float) -> None:
        rng, light, height = easel.rng, self.sky.light, easel.height
        for near in np.sort(rng.uniform(0, 1, self.firs)):
            foot = line + (height - line) * (0.05 + 0.55 * near)
            tones = (light.in_shade(paint("#2c4440"), 0.35 * (1 - near)), light.on(paint("#dfe6ea"), 0.2))
            fir(sheet, rng, easel.width * rng.uniform(0, 1), foot, height * (0.12 + 0.2 * near), tones)
        for near in np.sort(rng.uniform(0, 1, self.trees)):
            foot = line + (height - line) * (0.08 + 0.7 * near)
            x = easel.width * rng.uniform(0.04, 0.96)
            ink = mix(light.in_shade(paint("#40332e")), light.haze, 0.4 * (1 - near))
            size = height * (0.28 + 0.45 * near)
            shadow = np.array([[x, foot], [x + size * 0.5, foot + size * 0.09]])
            sheet.stroke(shadow, (size * 0.035, size * 0.01), mix(light.in_shade(paint("#aebdd8")), light.zenith, 0.3))
            for limb, widths in bare(rng, x, foot, size, rng.normal(0, 0.05)):
                sheet.stroke(limb, widths, ink)
                if widths[0] > 2.2:
                    sheet.stroke(
                        limb - (widths[0] * 0.22, widths[0] * 0.22),
                        widths * 0.4,
                        lighter(light.on(paint("#e8ecf0")), 0.1),
                    )

    def _posts(self, easel: Easel, sheet: Sheet, line: float) -> None:
        """A fence that runs into the distance."""
        rng, ink = easel.rng, self.sky.light.in_shade(paint("#4a3c34"))
        start, end = (0.0, 0.62) if rng.random() < 0.5 else (1.0, 0.4)
        for step in np.linspace(0, 1, 15):
            far = step**0.5
            x = easel.width * (start + (end - start) * far)
            foot = easel.height * 0.97 + (line + 8 - easel.height * 0.97) * far
            tall = easel.height * 0.13 * (1 - far) + 5
            sheet.stroke(np.array([[x, foot], [x + rng.normal(0, 1.5), foot - tall]]), 1.2 + 5 * (1 - far), ink)
            cap = np.array([[x - 3 * (1 - far) - 0.6, foot - tall], [x + 3 * (1 - far) + 0.6, foot - tall]])
            sheet.lines(cap, 1.0 + 3 * (1 - far), self.sky.light.on(paint("#f8f6f2")))

    def _flakes(self, easel: Easel, image: Pixels) -> Pixels:
        """Falling snow, near flakes large and soft."""
        sheet = Sheet(image)
        white = self.sky.light.on(paint("#ffffff"), 0.15)
        for size in easel.rng.gamma(2.2, 0.55, 420):
            x, y = easel.rng.uniform(0, 1, 2) * (easel.width, easel.height)
            sheet.polygon(box(x, y, x + size, y + size * 1.15), white)
        return sheet.pixels()


def _cottage(sheet: Sheet, rng: np.random.Generator, light: Light, x: float, foot: float, size: float) -> None:
    """A house under snow, lit from within at dusk."""
    wide = size * rng.uniform(1.2, 1.9)
    wall = light.on(paint(pick(rng, ("#9a4f3c", "#b8935f", "#7a6a5c", "#c9b894", "#6e4a3a"))))
    sheet.polygon(box(x, foot - size * 0.6, x + wide, foot), wall)
    sheet.polygon(box(x + wide * 0.62, foot - size * 0.6, x + wide, foot), darker(wall, 0.3))
    snow = light.on(paint("#f6f5f4"))
    roof = np.array([[-0.1, -0.55], [0.14, -1.08], [0.88, -1.08], [1.1, -0.55]]) * (wide, size) + (x, foot)
    sheet.polygon(roof, snow)
    sheet.polygon(
        np.array([[0.62, -0.55], [0.7, -1.08], [0.88, -1.08], [1.1, -0.55]]) * (wide, size) + (x, foot),
        mix(snow, light.zenith, 0.3),
    )
    sheet.polygon(box(x + wide * 0.68, foot - size * 1.3, x + wide * 0.78, foot - size * 1.02), darker(wall, 0.4))
    glow = paint("#ffd98a") if light.temper in {"cool", "dark", "warm"} else darker(wall, 0.6)
    for place in (0.15, 0.42):
        left = x + wide * place
        sheet.polygon(box(left, foot - size * 0.42, left + wide * 0.12, foot - size * 0.18), glow)


def compose(rng: np.random.Generator, temper: str) -> Plan:
    """A winter scene for an artist of this temper."""
    light = suited(rng, [light for light in lights() if light.name in _HOURS], temper)
    cottages = int(rng.choice([0, 1, 2, 3], p=[0.3, 0.3, 0.2, 0.2]))
    motif = Winter(
        sky(rng, light), float(rng.uniform(0.42, 0.64)), int(rng.integers(1, 5)), int(rng.choice([0, 0, 4, 8])),
        cottages, bool(rng.random() < 0.4), bool(light.temper in {"cool", "dark"} and rng.random() < 0.4),
    )  # fmt: skip
    subjects = ["a snowy field", number(motif.trees, "bare tree")]
    if cottages:
        subjects.append(number(cottages, "snow-covered cottage"))
    if motif.firs:
        subjects.append("fir trees")
    if motif.fence:
        subjects.append("a wooden fence")
    what = ["First Snow", "Deep Winter", "Frost", "The Thaw", "January", "Snow Light", "The Long Field"]
    if cottages:
        what += ["Winter Village", "Lit Windows", "The Last House"]
    if motif.snowfall:
        what = ["Falling Snow", "Snowfall", "Silent Snow"]
    place = pick(rng, ("Vinterdal", "Upper Marrow", "Krásná Hill", "Sankt Olav", "the Mill Road", "Haldenau", "Bor",
                       "the Common", "Tovik", "Grange Farm", "the North Pasture"))  # fmt: skip
    snow = mix(light.on(paint("#f4f2f0")), light.in_shade(paint("#cdd9ee")), 0.4)
    above = motif.horizon
    return Plan(
        size=pick(rng, WIDE + WIDE + SQUARE + TALL[:1]),
        title=f"{pick(rng, what)}, {place}",
        subjects=tuple(subjects),
        setting=light.phrase,
        manner="oil on canvas",
        parts=(
            Part("sky", light.middle, above * 0.5),
            Part("sky", light.zenith, above * 0.25),
            Part("sky", light.horizon, above * 0.2),
            Part("snow", snow, 1 - above),
        ),
        motif=motif,
    )
