"""Interiors: a quiet room, its window, and the light the window lets in."""

from dataclasses import dataclass

import numpy as np

from pipeline.painting.brush import Sketch, oil
from pipeline.painting.chambers import Chamber, chambers
from pipeline.painting.colour import Field, Pixels, darker, lighter, mix, over, paint, ramp, smooth
from pipeline.painting.furniture import chair, vase
from pipeline.painting.light import lights
from pipeline.painting.noise import blur, fbm
from pipeline.painting.plan import SQUARE, TALL, WIDE, Easel, Part, Plan, article, pick, suited
from pipeline.painting.shapes import Points, Sheet, Stencil, box, path
from pipeline.painting.solids import cast
from pipeline.painting.window import VIEWS, Window

_PLACES = (
    "No. 2",
    "No. 5",
    "No. 11",
    "Strandgade",
    "Rue Basse",
    "Villa Ondina",
    "the Upper Floor",
    "October",
    "March",
    "Kirkeby",
)


@dataclass(frozen=True, slots=True)
class Interior:
    """A room seen straight on."""

    chamber: Chamber
    hour: int  # which of the lights is outside
    window: Window
    table: bool
    chair: bool
    picture: bool
    floor: float  # where the floor begins, share of the height

    def draw(self, easel: Easel) -> Pixels:
        """The room in oil."""
        return oil(self.sketch(easel), easel.hand, easel.rng)

    def sketch(self, easel: Easel) -> Sketch:
        """What the brush, or the etcher's needle, follows."""
        rng, chamber = easel.rng, self.chamber
        rows, columns = easel.grid()
        width, height = easel.width, easel.height
        line = self.floor * height
        frame = self.window.frame(easel, line)
        texture = fbm(rng, easel.shape, width * 0.3, 4)
        middle = frame.mean(axis=0)
        near = np.exp(-np.hypot((columns - middle[0]) / width, (rows - middle[1]) / height) * 1.5)
        wall = ramp(
            np.clip(0.2 + 0.75 * near + 0.2 * (texture - 0.5), 0, 1),
            (darker(chamber.wall, 0.45), chamber.wall, lighter(chamber.wall, 0.3)),
            (0, 0.5, 1),
        )
        image = over(wall, self._floor(easel, line, texture), smooth(rows, line - 1, line + 1))
        image = self._sunlight(easel, image, frame, line)
        image = self.window.outside(image, frame, lights()[self.hour], easel)
        if self.table:
            x, ground = self._stand(easel, line)
            image = cast(image, (x, ground), (0.26 * height, 0.045 * height))
        sheet = Sheet(image)
        self._skirting(sheet, line, easel)
        self.window.joinery(sheet, frame, chamber.wood, easel)
        if self.picture:
            self._framed(sheet, rng, easel)
        if self.window.curtains:
            self.window.drapes(sheet, frame, chamber, rng)
        self._furniture(sheet, rng, easel, line)
        drawn = sheet.pixels()
        things = (np.abs(drawn - image).sum(axis=2) > 0.02).astype(np.float32)
        flow = np.where(rows > line, 0.0, np.pi / 2 + 1.2 * (texture - 0.5)).astype(np.float32)
        return Sketch(drawn, flow, 0.15 + 0.85 * things)

    def _floor(self, easel: Easel, line: float, texture: Field) -> Pixels:
        """Boards that run to a vanishing point above the middle."""
        rows, columns = easel.grid()
        eye = line - 0.32 * easel.height
        spread = (columns - easel.width * 0.5) / np.maximum(rows - eye, 1) * 26
        board = np.floor(spread)
        tone = np.modf(np.abs(np.sin(board * 91.7) * 437.5))[0] - 0.5
        seam = smooth(np.abs(spread - board - 0.5), 0.46, 0.5)
        value = np.clip(0.52 + 0.3 * tone + 0.25 * (texture - 0.5), 0, 1)
        planks = ramp(
            value.astype(np.float32),
            (darker(self.chamber.floor, 0.45), self.chamber.floor, lighter(self.chamber.floor, 0.3)),
        )
        return over(planks, darker(self.chamber.floor, 0.6), 0.7 * seam)

    def _sunlight(self, easel: Easel, image: Pixels, frame: Points, line: float) -> Pixels:
        """The window's light on the floor, slanting to the right, pane by pane."""
        light = lights()[self.hour]
        wide = frame[1, 0] - frame[0, 0]
        beam = Stencil(easel.shape)
        reach = (easel.height - line) * 0.92
        for k in range(2):
            a, b = frame[0, 0] + wide * (0.5 * k + 0.04), frame[0, 0] + wide * (0.5 * k + 0.46)
            for top, low in ((0.06, 0.46), (0.54, 0.94)):
                slide = easel.width * 0.24
                beam.polygon(
                    np.array(
                        [
                            [a + slide * top, line + reach * top],
                            [b + slide * top, line + reach * top],
                            [b + slide * low + 8, line + reach * low],
                            [a + slide * low, line + reach * low],
                        ]
                    )
                )
        strength = {"bright": 0.62, "warm": 0.6, "cool": 0.34, "dark": 0.22}[light.temper]
        glow = lighter(mix(light.horizon, (1, 0.95, 0.8), 0.4), 0.2)
        return over(image, glow, strength * blur(beam.mask(), 1.6))

    def _skirting(self, sheet: Sheet, line: float, easel: Easel) -> None:
        sheet.polygon(
            box(0, line - 0.05 * easel.height, easel.width, line), mix(self.chamber.wood, self.chamber.wall, 0.3)
        )
        sheet.polygon(box(0, line - 4, easel.width, line), darker(self.chamber.wall, 0.5))

    def _framed(self, sheet: Sheet, rng: np.random.Generator, easel: Easel) -> None:
        """A small picture on the free side of the wall."""
        x = easel.width * (0.13 if self.window.left > 0.4 else 0.84)
        y, wide, high = easel.height * rng.uniform(0.24, 0.34), easel.width * 0.075, easel.height * 0.085
        sheet.polygon(box(x - wide + 4, y - high + 5, x + wide + 4, y + high + 5), darker(self.chamber.wall, 0.45))
        sheet.polygon(box(x - wide, y - high, x + wide, y + high), paint("#a98546"))
        sheet.polygon(
            box(x - wide * 0.84, y - high * 0.84, x + wide * 0.84, y + high * 0.84), lights()[self.hour].middle
        )
        ground = path("-0.84,0.2 -0.2,-0.1 0.3,0.25 0.84,0.0 0.84,0.84 -0.84,0.84")
        sheet.polygon(ground * (wide, high) + (x, y), paint("#5f6a44"))

    def _stand(self, easel: Easel, line: float) -> tuple[float, float]:
        """Where the table's feet are: on the side away from the window."""
        return easel.width * (0.68 if self.window.left < 0.4 else 0.3), line + (easel.height - line) * 0.55

    def _furniture(self, sheet: Sheet, rng: np.random.Generator, easel: Easel, line: float) -> None:
        unit, chamber = easel.height / 100, self.chamber
        wood = mix(paint("#7a4f30"), chamber.floor, 0.3)
        x, ground = self._stand(easel, line)
        if self.chair:
            chair(
                sheet, x - 25 * unit * (1 if x > easel.width / 2 else -1), ground - 4 * unit, unit, darker(wood, 0.15)
            )
        if not self.table:
            return
        top, wide = ground - 27 * unit, 18 * unit
        for side in (-0.8, 0.8):
            sheet.polygon(box(x + side * wide - unit, top, x + side * wide + unit, ground), darker(wood, 0.35))
        cloth = lighter(chamber.curtain, 0.4)
        sheet.polygon(
            np.array(
                [
                    [x - wide, top - 2.4 * unit],
                    [x + wide, top - 2.4 * unit],
                    [x + wide * 1.14, top + 2 * unit],
                    [x - wide * 1.14, top + 2 * unit],
                ]
            ),
            cloth,
        )
        hem = path("-1.14,2 1.14,2 1.1,10 0.5,13 0,9.5 -0.5,13 -1.1,10") * (
            wide,
            unit,
        ) + (x, top)
        sheet.polygon(hem, darker(cloth, 0.16)).polygon(hem[[1, 2, 3, 4]], darker(cloth, 0.3))
        vase(sheet, rng, x - 3 * unit, top, unit)


def compose(rng: np.random.Generator, temper: str) -> Plan:
    """An interior for an artist of this temper."""
    chamber = suited(rng, chambers(), temper)
    hours = [
        k
        for k, light in enumerate(lights())
        if light.temper == ("bright" if temper == "bright" else chamber.temper) or light.name in {"morning", "golden"}
    ]
    hour = pick(rng, hours)
    left = float(pick(rng, (0.1, 0.16, 0.42, 0.5)))
    window = Window(pick(rng, VIEWS), left, float(rng.uniform(0.28, 0.4)), bool(rng.random() < 0.55))
    motif = Interior(
        chamber, hour, window, bool(rng.random() < 0.8),
        bool(rng.random() < 0.5), bool(rng.random() < 0.5), float(rng.uniform(0.66, 0.76)),
    )  # fmt: skip
    subjects = [f"a room with a window onto {window.view}", "light on the floor"]
    for present, noun in (
        (window.curtains, "curtains"),
        (motif.table, "a table with a vase"),
        (motif.chair, "a chair"),
        (motif.picture, "a framed picture"),
    ):
        if present:
            subjects.append(noun)
    light = lights()[hour]
    forms = (f"{chamber.name}", f"{chamber.name}, Window onto {window.view.removeprefix('a ').title()}",
        f"Interior with {article('open window')}",
             "Sunlight on the Floor", f"{chamber.name} {light.phrase}", "Interior, Afternoon",
                 f"Window onto {window.view.removeprefix('a ').title()}")  # fmt: skip
    title = pick(rng, forms)
    if len(title) < 24:
        title = f"{title}, {pick(rng, _PLACES)}"
    return Plan(
        size=pick(rng, WIDE[:3] + TALL[:2] + SQUARE),
        title=title,
        subjects=tuple(subjects),
        setting=light.phrase,
        manner="oil on canvas",
        parts=(
            Part("wall", chamber.wall, 0.5),
            Part("floor", chamber.floor, 0.25),
            Part("window view", light.middle, 0.12),
            Part("curtains", chamber.curtain, 0.1 if window.curtains else 0.03),
        ),
        motif=motif,
    )
