"""Colour woodcuts: a breaking wave, or a mountain over water, in flat blocks and key lines with graded skies."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from pipeline.painting.breaker import swell, wave
from pipeline.painting.colour import Pixels, darker, flat, lighter, mix, over, paint, ramp, smooth
from pipeline.painting.noise import fbm, grain
from pipeline.painting.paper import paper, stained
from pipeline.painting.plan import SQUARE, TALL, WIDE, Easel, Part, Plan, number, pick, suited
from pipeline.painting.shapes import Points, Sheet, box, curve, disc, path
from pipeline.painting.woodblocks import Blocks, editions


@dataclass(frozen=True, slots=True)
class Woodcut:
    """A print of water and a far mountain."""

    inks: Blocks
    wave: bool  # a great wave, or else a calm shore
    mirrored: bool
    mountain_x: float
    orb: bool
    boats: int
    birds: bool
    pine: bool

    def draw(self, easel: Easel) -> Pixels:
        """The blocks one after another on paper, the key block last."""
        image = self._sky(easel)
        sheet = Sheet(image, 3)
        horizon = easel.height * (0.72 if self.wave else 0.6)
        self._mountain(sheet, easel, horizon)
        if self.wave:
            swell(sheet, easel, self.inks, horizon)
            wave(sheet, easel, self.inks)
        else:
            self._calm(sheet, easel, horizon)
        for k in range(self.boats):
            place = np.array(
                [
                    easel.width * (0.3 + 0.5 * (k + easel.rng.uniform(0, 0.6)) / self.boats),
                    easel.height * (0.8 if self.wave else 0.72 + 0.08 * k),
                ]
            )
            _boat(sheet, place, easel.height * 0.034, self.inks)
        if self.birds:
            self._birds(sheet, easel)
        if self.pine:
            self._pine(sheet, easel)
        print_ = sheet.pixels()
        return self._pressed(easel, print_[:, ::-1] if self.mirrored else print_)

    def _sky(self, easel: Easel) -> Pixels:
        """A sky wiped from dark to light (bokashi), with the sun or moon left out of the block."""
        rows, columns = easel.grid()
        inks, rng = self.inks, easel.rng
        down = rows / easel.height + 0.012 * (fbm(rng, easel.shape, 60, 2) - 0.5)
        image = ramp(
            np.clip(down * 1.5, 0, 1),
            (inks.upper, mix(inks.upper, inks.lower, 0.75), inks.lower, inks.lower),
            (0, 0.26, 0.5, 1),
        )
        if self.orb:
            x = easel.width * (0.72 if self.mountain_x < 0.5 else 0.28)
            away = np.hypot(columns - x, rows - 0.24 * easel.height)
            tone = paint("#d8442e") if self.inks.temper in {"warm", "bright"} else paint("#f4ecd2")
            image = over(image, tone, smooth(away, 0.072 * easel.height + 0.7, 0.072 * easel.height - 0.7))
        return image

    def _mountain(self, sheet: Sheet, easel: Easel, horizon: float) -> None:
        """A single cone with a ragged snow cap."""
        inks, rng, height = self.inks, easel.rng, easel.height
        x, top = easel.width * self.mountain_x, horizon - height * (0.24 if self.wave else 0.38)
        reach = height * (0.4 if self.wave else 0.72)
        side = path("0.045,0 0.12,0.22 0.26,0.5 0.52,0.8 1.0,1.0")
        right, left = curve(side * (reach, horizon - top)), curve(side * (-reach, horizon - top))
        cone = np.add(np.concatenate([left[::-1], right]), (x, top))
        sheet.polygon(cone, inks.hill)
        count = 11
        teeth = np.linspace(-1, 1, count)
        level = 0.36 + 0.10 * (np.arange(count) % 2) + rng.uniform(-0.05, 0.09, count)
        edge = np.stack([teeth * np.interp(level, side[:, 1], side[:, 0]), level], axis=1)
        cap = np.concatenate(
            [
                left[left[:, 1] < edge[0, 1] * (horizon - top)][::-1],
                right[right[:, 1] < edge[-1, 1] * (horizon - top)],
                (edge * (reach, horizon - top))[::-1],
            ]
        )
        sheet.polygon(np.add(cap, (x, top)), (0.965, 0.95, 0.9))
        sheet.lines(cone, 1.1, inks.line)
        if not self.wave:
            for rise, tone in ((0.075, mix(inks.hill, inks.lower, 0.25)), (0.035, mix(inks.hill, inks.deep, 0.5))):
                xs = np.linspace(-10, easel.width + 10, 30)
                hill = np.stack(
                    [
                        xs,
                        horizon
                        - height
                        * rise
                        * (0.75 + 0.5 * np.sin(xs / easel.width * rng.uniform(5, 11) + rng.uniform(0, 6))),
                    ],
                    axis=1,
                )
                sheet.polygon(
                    np.concatenate([curve(hill), [[easel.width + 10, horizon + 2], [-10, horizon + 2]]]), tone
                )
                sheet.lines(curve(hill), 0.9, inks.line)

    def _calm(self, sheet: Sheet, easel: Easel, horizon: float) -> None:
        """Still water in graded bars and a shore with reeds of line."""
        inks, rng = self.inks, easel.rng
        bands = 26
        for k in range(bands):
            top = horizon + (easel.height - horizon) * (k / bands) ** 1.25
            tone = mix(mix(inks.lower, inks.water, 0.55), inks.deep, (k / bands) ** 1.2)
            sheet.polygon(box(-5, top, easel.width + 5, easel.height + 5), tone)
        sheet.lines(np.array([[0, horizon], [easel.width, horizon]]), 1.1, inks.line)
        for _ in range(46):
            y = horizon + (easel.height - horizon) * rng.uniform(0.03, 1) ** 1.2
            near = (y - horizon) / (easel.height - horizon)
            x, reach = rng.uniform(0, easel.width), easel.width * (0.03 + 0.12 * near) * rng.uniform(0.5, 1.3)
            xs = np.linspace(-1, 1, 14)
            bar = np.stack([x + xs * reach, y + np.sin(xs * 6) * (0.6 + 1.8 * near)], axis=1)
            sheet.lines(
                bar, 0.7 + 1.1 * near, lighter(inks.water, 0.5) if rng.random() < 0.5 else darker(inks.deep, 0.1)
            )

    def _birds(self, sheet: Sheet, easel: Easel) -> None:
        rng, unit = easel.rng, easel.height / 100
        x, y = easel.width * rng.uniform(0.55, 0.7), easel.height * rng.uniform(0.16, 0.32)
        for k in range(int(rng.integers(4, 8))):
            wing = path("-2.6,-0.6 -1.2,-1.3 0,0 1.2,-1.3 2.6,-0.6") * unit * rng.uniform(0.7, 1)
            sheet.lines(np.add(curve(wing), (x + 5 * k * unit * 0.8, y + (k % 3 - 1) * 3 * unit)), 1.4, self.inks.line)

    def _pine(self, sheet: Sheet, easel: Easel) -> None:
        """A pine leaning in from the side, its needles in flat pads."""
        rng, unit, inks = easel.rng, easel.height / 100, self.inks
        trunk = curve(path("-3,104 7,72 4,46 17,27 36,20") * unit + rng.normal(0, unit, (5, 2)))
        sheet.stroke(trunk, np.linspace(7, 1.6, len(trunk)) * unit + 2, inks.line)
        sheet.stroke(trunk, np.linspace(7, 1.6, len(trunk)) * unit, mix(inks.hill, paint("#6a4a38"), 0.7))
        green = mix(inks.deep, paint("#2f5a42"), 0.65)
        for at in rng.choice(np.arange(14, len(trunk)), 11):
            x, y = trunk[at] + rng.normal(0, 1, 2) * unit * (3.5, 1.5)
            pad = np.array(path("-9,1 -6,-2.4 -1,-3.8 5,-2.8 9,0.8 3,1.8 -4,1.9")) * unit * rng.uniform(0.7, 1.15) + (
                x,
                y,
            )
            shape = curve(pad, closed=True, steps=6)
            sheet.polygon(shape, green).lines(np.concatenate([shape, shape[:1]]), 1.1, inks.line)
            for k in np.linspace(-6.5, 6.5, 12):
                sheet.lines(
                    np.array(
                        [
                            [x + k * unit * 0.5, y + 1.2 * unit],
                            [x + k * unit * 0.9, y - 2.2 * unit + abs(k) * 0.2 * unit],
                        ]
                    ),
                    0.8,
                    lighter(green, 0.28),
                )

    def _pressed(self, easel: Easel, print_: Pixels) -> Pixels:
        """The inks as they lie on paper: a little grain of the block, a margin, a title slip and a seal."""
        rng = easel.rng
        sheet = paper(easel, paint("#efe5cb"), 1.1, 0.35)
        rows, columns = easel.grid()
        wood = np.sin(rows * 0.55 + 16 * fbm(rng, easel.shape, 120, 2, 5)) * 0.5 + 0.5
        specks = smooth(ndimage.gaussian_filter(grain(rng, easel.shape), 0.7), 0.75, 1.2)
        cover = np.clip(0.965 - 0.05 * wood - 0.14 * specks, 0, 1)
        margin = 0.03 * min(easel.shape)
        inside = np.minimum(
            np.minimum(columns - margin, easel.width - margin - columns),
            np.minimum(rows - margin, easel.height - margin - rows),
        )
        block = smooth(inside, 0, 1.2)
        image = over(sheet, print_ * (sheet / flat(paint("#efe5cb"))), (cover * block).astype(np.float32))
        image = stained(image, self.inks.line, 0.8 * smooth(np.abs(inside - 0.6), 1.3, 0.5))
        return _slip(easel, image, margin)


def _slip(easel: Easel, image: Pixels, margin: float) -> Pixels:
    """A title slip with marks of no script, and a seal below it."""
    rng, unit = easel.rng, easel.height / 100
    x, y = easel.width - margin - 8 * unit, margin + 3.5 * unit
    sheet = Sheet(image, 3)
    sheet.polygon(box(x, y, x + 5 * unit, y + 21 * unit), paint("#d9a24a")).lines(
        np.concatenate([box(x, y, x + 5 * unit, y + 21 * unit), [[x, y]]]), 0.9, (0.15, 0.12, 0.15)
    )
    for row in range(5):
        for _ in range(4):
            start = np.array([x + 2.5 * unit, y + (2.6 + 4 * row) * unit]) + rng.uniform(-1.2, 1.2, 2) * unit
            aim = np.array(pick(rng, ((1.6, 0.1), (0.1, 1.6), (-0.9, 1.1), (0.9, 1.0))))
            sheet.stroke(np.stack([start, start + aim * unit * 0.8]), (0.42 * unit, 0.2 * unit), (0.12, 0.1, 0.12))
    sheet.polygon(box(x + 0.8 * unit, y + 23 * unit, x + 4.2 * unit, y + 26.4 * unit), paint("#b3281f"))
    return sheet.pixels()


def _boat(sheet: Sheet, place: Points, size: float, inks: Blocks) -> None:
    hull = curve(
        path("-2.6,-0.9 -1.6,0.1 0.8,0.35 3.0,-1.1 1.2,-0.35 -1.2,-0.4") * size + place,
        closed=True,
    )
    sheet.polygon(hull, paint("#c9a05c")).lines(np.concatenate([hull, hull[:1]]), 1.1, inks.line)
    for k in (-0.9, 0.0, 0.9):
        sheet.polygon(
            disc(place[0] + k * size, place[1] - 0.62 * size, 0.33 * size), mix(inks.deep, (0.9, 0.88, 0.8), 0.15)
        )
        sheet.polygon(disc(place[0] + k * size, place[1] - 1.05 * size, 0.2 * size), paint("#e3c3a0"))


def compose(rng: np.random.Generator, temper: str) -> Plan:
    """A woodcut for an artist of this temper."""
    inks = suited(rng, editions(), temper)
    breaking = bool(rng.random() < 0.58)
    motif = Woodcut(
        inks, breaking, bool(rng.random() < 0.5), float(rng.uniform(0.62, 0.8) if breaking else rng.uniform(0.35,
            0.7)), bool(rng.random() < 0.4),
        int(rng.choice([0, 1, 2, 3])), bool(rng.random() < 0.5), bool(not breaking and rng.random() < 0.6),
    )  # fmt: skip
    subjects = ["a great breaking wave", "foam and spray"] if breaking else ["calm water"]
    subjects.append("a snow-capped mountain")
    disc_name = "a red sun" if inks.temper in {"warm", "bright"} else "a pale moon"
    for present, noun in (
        (motif.boats, number(motif.boats, "boat")),
        (motif.pine, "a leaning pine"),
        (motif.birds, "flying birds"),
        (motif.orb, disc_name),
    ):
        if present:
            subjects.append(noun)
    what = (
        ("Great Wave", "The Breaker", "Wave off the Cape", "High Water", "The Ninth Wave", "Under the Crest")
        if breaking
        else ("Calm Bay", "The White Mountain", "Across the Lake", "Still Shore", "Mountain and Lake")
    )
    where = pick(
        rng,
        (
            "at Kasumi",
            "at Shirahama",
            "near Oiso Bay",
            "at the Twin Rocks",
            "at Tago",
            "below Mount Hakusan",
            "at Hirado",
            "on the Eastern Road",
            "at Miho",
            "at the Ferry",
        ),
    )
    series = ("", "", ", Second State", f", View {int(rng.integers(2, 36))}")
    return Plan(
        size=pick(rng, WIDE[:3] + WIDE[:2] + SQUARE + (() if breaking else TALL[:2])),
        title=f"{pick(rng, what)} {where}{pick(rng, series)}",
        subjects=tuple(subjects),
        setting=inks.when,
        manner="colour woodcut on paper",
        parts=(
            Part("sky", inks.lower, 0.3 if breaking else 0.28), Part("sky", inks.upper, 0.14),
            Part("water", inks.water, 0.22), Part("water", inks.deep, 0.24), Part("mountain", inks.hill,
                0.06 if breaking else 0.16), Part("foam", (0.965, 0.955, 0.9), 0.08 if breaking else 0.0),
        ),
        motif=motif,
    )  # fmt: skip
