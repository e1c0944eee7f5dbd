"""Old maps: invented islands with hills, rivers, soundings, a compass rose and rhumb lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from pipeline.painting.colour import Field, Pixels, Rgb, lighter, mix, paint, smooth
from pipeline.painting.noise import blur, fbm, shifted
from pipeline.painting.paper import paper, pooled, stained
from pipeline.painting.plan import SQUARE, TALL, WIDE, Easel, Part, Plan, number, pick
from pipeline.painting.shapes import Points, Sheet, box, curve, disc, dot, moved, path

_SEAS = (
    "Mare Serenum",
    "the Sea of Orla",
    "the Amber Sea",
    "Sinus Borealis",
    "the Sound of Hale",
    "the Halcyon Sea",
    "the Gulf of Tarn",
    "Mare Incognitum",
    "the Strait of Veles",
)


@dataclass(frozen=True, slots=True)
class Chart:
    """A sea chart."""

    sheet: Rgb
    sea: Rgb
    land: Rgb
    edge: Rgb  # the tint along coasts
    islands: int
    ships: int
    monster: bool
    hills: int

    def draw(self, easel: Easel) -> Pixels:
        """Tinted washes, then the engraver's lines."""
        rng = easel.rng
        image = paper(easel, self.sheet, 1.1, 0.75)
        height = self._relief(easel)
        land = smooth(height, 0.0, 0.012)
        image = stained(image, self.sea, pooled(rng, 1 - land, 0.5, 0.1))
        image = stained(image, self.land, pooled(rng, land, 0.42, 0.3))
        coast = blur(land, 7)
        image = stained(image, self.edge, 0.75 * np.clip(1 - np.abs(coast - 0.72) / 0.3, 0, 1) * land)
        ink = paint("#3a2a20")
        for level, strength in ((0.0, 0.95), (-0.02, 0.55), (-0.042, 0.4), (-0.068, 0.28), (-0.1, 0.2)):
            image = stained(image, ink, strength * _contour(height, level))
        sheet = Sheet(image, 3)
        self._hills(sheet, rng, height, ink)
        rose = self._open_water(rng, height, 0.16)
        self._rhumbs(sheet, easel, height, rose, ink)
        _compass(sheet, rose, 0.085 * min(easel.shape), ink, self.edge)
        taken = [rose]
        for _ in range(self.ships):
            taken.append(self._open_water(rng, height, 0.1, taken))
            _ship(sheet, taken[-1], 0.03 * max(easel.shape), ink, self.sheet)
        if self.monster:
            _serpent(
                sheet,
                self._open_water(rng, height, 0.12, taken),
                0.032 * max(easel.shape),
                ink,
                mix(self.edge, self.sea, 0.4),
            )
        self._frame(sheet, easel, ink)
        return sheet.pixels()

    def _relief(self, easel: Easel) -> Field:
        """Heights: above 0 is land."""
        rng = easel.rng
        rows, columns = easel.grid()
        height = np.full(easel.shape, -0.34, np.float32)
        for k in range(self.islands):
            x, y = easel.width * rng.uniform(0.22, 0.78), easel.height * rng.uniform(0.22, 0.78)
            reach = (0.34 if k == 0 else rng.uniform(0.1, 0.2)) * min(easel.shape)
            away = np.hypot((columns - x) / (reach * rng.uniform(0.8, 1.5)), (rows - y) / reach)
            height = np.maximum(height, 0.26 - 0.42 * away)
        rough = fbm(rng, easel.shape, easel.width * 0.16, 6, 1.0, 0.56) - 0.5
        rim = np.minimum(np.minimum(rows, easel.height - rows), np.minimum(columns, easel.width - columns)) / min(
            easel.shape
        )
        return np.asarray(height + 0.62 * rough - 0.3 * smooth(rim, 0.13, 0.05), np.float32)

    def _open_water(
        self, rng: np.random.Generator, height: Field, clear: float, taken: Sequence[Points] = ()
    ) -> Points:
        """A place at sea, the clearest of a few tries, away from places that are taken."""
        rows, columns = height.shape
        tries = rng.uniform(0.15, 0.85, (40, 2)) * (columns, rows)
        reach = clear * min(height.shape)
        ring = disc(0, 0, reach, steps=12)
        spots = np.clip(tries[:, None, :] + ring[None], 0, (columns - 1, rows - 1)).astype(int)
        shallow = height[spots[..., 1], spots[..., 0]].max(axis=1)
        for place in taken:
            shallow = shallow + 1.0 * (np.hypot(*(tries - place).T) < 2.4 * reach)
        return np.asarray(tries[int(np.argmin(shallow))])

    def _hills(self, sheet: Sheet, rng: np.random.Generator, height: Field, ink: Rgb) -> None:
        """Molehill mountains with hatching, trees, and towns with a tower."""
        rows, columns = np.nonzero(height > 0.07)
        if len(rows) == 0:
            return
        size = 0.017 * max(height.shape)
        picked = rng.integers(len(rows), size=self.hills)
        for k in sorted(picked, key=lambda k: rows[k]):
            x, y = float(columns[k]), float(rows[k])
            own = size * rng.uniform(0.8, 1.4)
            if rng.random() < 0.66:
                line = curve(path("-1,0 -0.4,-0.9 0,-1.25 0.45,-0.8 1,0") * own + (x, y), steps=6)
                sheet.polygon(line, mix(self.land, self.sheet, 0.55)).lines(line, 0.9, ink)
                for share in (0.25, 0.5, 0.75):
                    start = np.array([share * 0.9, -1.1 * (1 - share)]) * own + (x, y)
                    sheet.lines(np.stack([start, start + np.array([-0.18, 0.75 * (1 - share) + 0.2]) * own]), 0.6, ink)
            else:
                sheet.polygon(
                    disc(x, y - 0.5 * own, 0.36 * own, 0.45 * own, steps=14), mix(self.edge, paint("#5a7a4a"), 0.6)
                )
                sheet.lines(np.array([[x, y - 0.2 * own], [x, y + 0.2 * own]]), 0.8, ink)
        for k in rng.integers(len(rows), size=4):
            x, y = float(columns[k]), float(rows[k])
            red = paint("#b3402c")
            sheet.polygon(box(x - size * 0.5, y - size * 0.5, x + size * 0.5, y), red).polygon(
                box(x + size * 0.1, y - size * 1.1, x + size * 0.4, y), red
            )
            sheet.polygon(
                np.array([[x, y - size * 1.1], [x + size * 0.25, y - size * 1.6], [x + size * 0.5, y - size * 1.1]]),
                ink,
            )

    def _rhumbs(self, sheet: Sheet, easel: Easel, height: Field, rose: Points, ink: Rgb) -> None:
        """Lines of bearing from the rose, kept off the land."""
        reach = max(easel.shape) * 1.3
        tone = mix(ink, self.sea, 0.45)
        steps = np.linspace(0.02, 1, 160)
        for angle in np.linspace(0, 2 * np.pi, 17)[:-1]:
            line = rose + np.stack([np.cos(angle) * steps, np.sin(angle) * steps], axis=1) * reach
            inside = (
                (line[:, 0] > 0) & (line[:, 0] < easel.width - 1) & (line[:, 1] > 0) & (line[:, 1] < easel.height - 1)
            )
            line = line[inside]
            wet = height[line[:, 1].astype(int), line[:, 0].astype(int)] < -0.004
            for k in range(len(line) - 1):
                if wet[k] and wet[k + 1]:
                    sheet.lines(line[k : k + 2], 0.5, tone)

    def _frame(self, sheet: Sheet, easel: Easel, ink: Rgb) -> None:
        """A border of black and white degrees."""
        w, h = easel.width, easel.height
        out, in_ = 0.026 * min(w, h), 0.044 * min(w, h)
        plain = mix(self.sheet, (1, 1, 1), 0.2)
        for edge in (box(0, 0, w, out), box(0, h - out, w, h), box(0, 0, out, h), box(w - out, 0, w, h)):
            sheet.polygon(edge, plain)
        for count, across in ((26, True), (round(26 * h / w), False)):
            edges = np.linspace(out, (w if across else h) - out, count + 1)
            for k, (a, b) in enumerate(pairwise(edges)):
                tone = ink if k % 2 else plain
                for low, high in ((out, in_), ((h if across else w) - in_, (h if across else w) - out)):
                    sheet.polygon(box(a, low, b, high) if across else box(low, a, high, b), tone)
        for inset in (out, in_):
            rule = box(inset, inset, w - inset, h - inset)
            sheet.lines(np.concatenate([rule, rule[:1]]), 1.0, ink)


def _contour(height: Field, level: float) -> Field:
    """An even line, about one pixel wide, where the height passes a level."""
    slope = np.hypot(height - shifted(height, 1, 0), height - shifted(height, 0, 1)) + 1e-4
    return smooth(np.abs(height - level) / slope, 1.3, 0.4)


def _compass(sheet: Sheet, centre: Points, size: float, ink: Rgb, tint: Rgb) -> None:
    """A sixteen-pointed rose, half of each point inked."""
    ring = dot(centre, size * 0.62, 60)
    sheet.lines(np.concatenate([ring, ring[:1]]), 0.9, ink)
    for order, reach, waist in ((16, 0.62, 0.1), (8, 0.84, 0.15), (4, 1.12, 0.19)):
        for k in range(order):
            angle = 2 * np.pi * k / order
            tip = np.array([np.sin(angle), -np.cos(angle)]) * size * reach
            for side, tone in ((1, ink), (-1, lighter(tint, 0.55))):
                corner = angle + side * np.pi / (order if order > 4 else 4)
                waist_point = np.array([np.sin(corner), -np.cos(corner)]) * size * waist
                shape = np.array([[0, 0], tip, waist_point]) + centre
                sheet.polygon(shape, tone).lines(np.concatenate([shape, shape[:1]]), 0.5, ink)
    sheet.polygon(dot(centre, size * 0.07), paint("#b3402c"))
    sheet.polygon(
        moved(np.array([[0, -1.42], [0.1, -1.24], [0, -1.16], [-0.1, -1.24]]) * size, *centre), paint("#b3402c")
    )


def _ship(sheet: Sheet, place: Points, size: float, ink: Rgb, cloth: Rgb) -> None:
    hull = curve(
        path("-1.1,-0.35 -0.8,0.2 0.7,0.2 1.2,-0.55 0.8,-0.3 -0.7,-0.2") * size + place,
        closed=True,
        steps=5,
    )
    sheet.polygon(hull, mix(ink, paint("#8a5a34"), 0.6)).lines(np.concatenate([hull, hull[:1]]), 0.8, ink)
    for x, tall in ((-0.45, 1.2), (0.25, 1.5)):
        sheet.lines(np.array([[x, -0.2], [x, -tall - 0.25]]) * size + place, 1.0, ink)
        sail = curve(
            np.array([[x - 0.4, -0.42], [x - 0.3, -tall], [x + 0.32, -tall], [x + 0.5, -0.42], [x + 0.1, -0.55]]) * size
            + place,
            closed=True,
            steps=4,
        )
        sheet.polygon(sail, lighter(cloth, 0.5)).lines(np.concatenate([sail, sail[:1]]), 0.8, ink)
        sheet.polygon(
            np.array([[x, -tall - 0.25], [x + 0.35, -tall - 0.35], [x, -tall - 0.42]]) * size + place, paint("#b3402c")
        )


def _serpent(sheet: Sheet, place: Points, size: float, ink: Rgb, tone: Rgb) -> None:
    """Three humps, a head and a tail above the waves."""
    for x, reach in ((-1.0, 0.55), (0.15, 0.7), (1.3, 0.5)):
        angle = np.linspace(np.pi, 2 * np.pi, 24)
        arch = np.stack([x + np.cos(angle) * reach, np.sin(angle) * reach * 1.15], axis=1) * size + place
        sheet.stroke(arch, 0.36 * size, ink).stroke(arch, 0.26 * size, tone)
    neck = curve(np.array([[-1.9, 0], [-2.1, -0.8], [-2.4, -1.1], [-2.8, -0.9]]) * size + place)
    sheet.stroke(neck, np.linspace(0.36, 0.3, len(neck)) * size, ink).stroke(
        neck, np.linspace(0.26, 0.2, len(neck)) * size, tone
    )
    sheet.polygon(dot(place + np.array([-2.42, -1.12]) * size, 0.05 * size), ink)
    for k in range(7):
        x = -2.4 + 0.7 * k
        ripple = curve(np.array([[x - 0.3, 0.16], [x, 0.06], [x + 0.3, 0.16]]) * size + place)
        sheet.lines(ripple, 0.8, ink)


def compose(rng: np.random.Generator, temper: str) -> Plan:
    """A chart; a warm temper leaves the sea uncoloured."""
    sheet = paint(pick(rng, ("#ecdfbf", "#e6d3a8", "#f1e8d0")))
    plain = temper == "warm" or rng.random() < 0.25
    sea = paint(pick(rng, ("#e0cfa4", "#d9c79c")) if plain else pick(rng, ("#8fb4bc", "#7fa8b8", "#a3bfae")))
    motif = Chart(
        sheet, sea, paint(pick(rng, ("#e0c080", "#cfc48a", "#dcae84"))), paint(pick(rng, ("#c8703c", "#7a9a54",
            "#c99a34", "#b3564a"))),
        int(rng.integers(2, 7)), int(rng.integers(0, 4)), bool(rng.random() < 0.4), int(rng.integers(28, 60)),
    )  # fmt: skip
    subjects = ["a map of islands", "a compass rose", "hills and towns"]
    for present, noun in ((motif.ships, number(motif.ships, "sailing ship")), (motif.monster, "a sea serpent")):
        if present:
            subjects.append(noun)
    place = pick(rng, _SEAS)
    title = pick(
        rng,
        (
            f"Chart of {place}",
            f"A New Chart of {place}",
            f"The Islands of {place}",
            f"Map of the Isles in {place}",
            f"Pilot's Chart of {place}",
            f"{place[0].upper() + place[1:]} with Its Islands",
        ),
    )
    if rng.random() < 0.75:
        title += f", Sheet {int(rng.integers(1, 40))}"
    tinted = (sheet[0] * sea[0], sheet[1] * sea[1], sheet[2] * sea[2])
    return Plan(
        size=pick(rng, WIDE + SQUARE + TALL[:1]),
        title=title,
        subjects=tuple(subjects),
        setting="within a ruled border",
        manner="engraving with hand colour on paper",
        parts=(
            Part("sea", mix(sheet, tinted, 0.52), 0.66),
            Part("land", mix(sheet, motif.land, 0.5), 0.24),
            Part("border", sheet, 0.1),
        ),
        motif=motif,
    )
