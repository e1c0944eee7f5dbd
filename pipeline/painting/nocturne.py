"""Night skies: stars that whirl over hills, a village or the sea."""

from dataclasses import dataclass

import numpy as np

from pipeline.painting.brush import Sketch, oil
from pipeline.painting.colour import Field, Pixels, Rgb, darker, lighter, mix, over, paint, paints, ramp, smooth
from pipeline.painting.noise import blur, fbm, profile
from pipeline.painting.plan import SQUARE, TALL, WIDE, Easel, Part, Plan, number, pick, suited
from pipeline.painting.shapes import Sheet, Stencil, box, disc
from pipeline.painting.trees import cypress


@dataclass(frozen=True, slots=True)
class Night:
    """A night's colours, from the dark to the glow."""

    name: str
    temper: str
    sky: tuple[Rgb, ...]
    star: Rgb
    hill: Rgb


def _nights() -> tuple[Night, ...]:
    table = (
        ("Blue Night", "cool", "#0d1b4a #1f3f8a #3f74b8 #9cc4d8", "#ffe9a0", "#16263f"), ("Summer Night",
         "bright", "#16306a #2a5fa0 #4f97b8 #bfe0c8", "#fff0b4", "#20404a"),
        ("Violet Night", "warm", "#1d1440 #43297a #7a4f9c #d49ab8", "#ffdf9a", "#231a3a"), ("Green Night",
         "dark", "#07201f #124440 #2c7a66 #9cd0a4", "#eaf7c0", "#0c1f1c"),
        ("Deep Night", "dark", "#070b1c #101c3a #203a60 #5c84a0", "#f4efd8", "#080c16"), ("Warm Night", "warm",
         "#1a1838 #4a2f5c #96505c #f0a868", "#fff0c4", "#1c1628"),
        ("White Night", "cool", "#34497a #5f80ac #93b4c8 #e0e6d0", "#fffbe4", "#31465c"),
    )  # fmt: skip
    return tuple(
        Night(name, temper, paints(tones), paint(star), paint(hill)) for name, temper, tones, star, hill in table
    )


@dataclass(frozen=True, slots=True)
class Nocturne:
    """A night sky over land or water."""

    night: Night
    stars: int
    moon: str  # none, full, crescent
    moon_x: float
    ground: str  # village, hills, water
    cypresses: int
    horizon: float

    def draw(self, easel: Easel) -> Pixels:
        """The night in oil, its strokes running with the sky's currents."""
        return oil(self.sketch(easel), easel.hand, easel.rng)

    def sketch(self, easel: Easel) -> Sketch:
        """What the brush, or the etcher's needle, follows."""
        rng, night = easel.rng, self.night
        rows, columns = easel.grid()
        line = self.horizon * easel.height
        spots = self._spots(easel, line)
        flow = self._currents(easel, spots)
        bands = fbm(rng, easel.shape, easel.width * 0.16, 3, 2.2) + 0.14 * np.sin(9 * np.sin(flow) + rows / 21)
        value = np.clip(0.52 * bands + 0.52 * (rows / line) ** 2 - 0.06, 0, 1)
        image = ramp(value.astype(np.float32), night.sky)
        stars = np.zeros(easel.shape, np.float32)
        for x, y, size in spots:
            window = _around(easel, x, y, size * 8)
            away = np.hypot(columns[window] - x, rows[window] - y)
            halo = (
                np.exp(-away / (size * 2.3))
                * (0.72 + 0.28 * np.cos(away / (size * 0.42)))
                * smooth(away, size * 8, size * 3)
            )
            near = over(
                image[window], mix(night.star, night.sky[-1], 0.08), np.clip(1.1 * halo, 0, 0.9).astype(np.float32)
            )
            image[window] = over(near, lighter(night.star, 0.4), smooth(away, size * 0.62, size * 0.4))
            stars[window] = np.maximum(stars[window], smooth(away, size * 3, size))
        if self.moon == "crescent":
            image = self._bite(easel, image, spots[0])
        image, land = self._land(easel, image, line)
        sheet = Sheet(image)
        if self.ground == "village":
            self._houses(sheet, rng, easel, line)
        for k in range(self.cypresses):
            x = easel.width * (0.1 + 0.12 * k if self.moon_x > 0.5 else 0.9 - 0.12 * k)
            tones = (darker(night.hill, 0.4), mix(night.hill, paint("#5a7a4a"), 0.45))
            cypress(sheet, rng, x, easel.height * 1.02, easel.height * (0.68 - 0.2 * k), tones)
        drawn = sheet.pixels()
        near = (np.abs(drawn - image).sum(axis=2) > 0.02).astype(np.float32)
        flow = np.where(land > 0.5, 0.0 if self.ground == "water" else 0.35, flow)
        flow = np.where((near > 0) & (rows < line), np.pi / 2, flow)
        return Sketch(drawn, flow.astype(np.float32), np.maximum(0.2 + 0.7 * near, 0.6 * stars))

    def _spots(self, easel: Easel, line: float) -> list[tuple[float, float, float]]:
        """The moon (first, where there is one) and the stars: place and size."""
        rng, unit = easel.rng, max(easel.shape) / 100
        spots = [(self.moon_x * easel.width, line * 0.24, 5.4 * unit)] if self.moon != "none" else []
        for _ in range(800):
            spot = rng.uniform(0.04, 0.96) * easel.width, rng.uniform(0.05, 0.86) * line
            if all(np.hypot(spot[0] - x, spot[1] - y) > 7 * unit + size for x, y, size in spots):
                spots.append((*spot, unit * rng.uniform(0.9, 2.0)))
            if len(spots) == self.stars:
                break
        return spots

    def _currents(self, easel: Easel, spots: list[tuple[float, float, float]]) -> Field:
        """Angles of the sky's strokes: along a slow wind, bent into whirls, round every star."""
        rng = easel.rng
        rows, columns = easel.grid()
        height = blur(fbm(rng, easel.shape, easel.width * 0.3, 2, 1.5), 6)
        up, across = np.gradient(height)
        x, y = np.asarray(0.0016 + up), np.asarray(-across)
        eddies = [
            (
                easel.width * rng.uniform(0.3, 0.7),
                self.horizon * easel.height * rng.uniform(0.35, 0.65),
                easel.width * 0.13,
            )
        ]
        for left, top, size in [*spots, *eddies]:
            window = _around(easel, left, top, size * 8)
            dx, dy = columns[window] - left, rows[window] - top
            away = np.hypot(dx, dy)
            pull = 0.072 * np.exp(-away / (size * 1.9)) / (away + 6)
            x[window] -= dy * pull
            y[window] += dx * pull
        angle: Field = np.arctan2(y, x).astype(np.float32)
        return angle

    def _bite(self, easel: Easel, image: Pixels, moon: tuple[float, float, float]) -> Pixels:
        x, y, size = moon
        shade = Stencil(easel.shape).polygon(disc(x + size * 0.28, y - size * 0.12, size * 0.52)).mask()
        return over(image, mix(self.night.sky[2], self.night.star, 0.3), shade)

    def _land(self, easel: Easel, image: Pixels, line: float) -> tuple[Pixels, Field]:
        """Hills that darken towards us, or water that doubles the lights."""
        rng, night = easel.rng, self.night
        rows, columns = easel.grid()
        if self.ground == "water":
            ripple = fbm(rng, easel.shape, 10, 3, 7) - 0.5
            depth = np.clip((rows - line) / (easel.height - line), 0, 1)
            source = np.clip(2 * line - rows * 1.0 + ripple * 130 * depth, 0, line - 1).astype(int)
            aside = np.clip(columns + ripple * 22, 0, easel.width - 1).astype(int)
            water = over(image[source, aside], night.sky[0], 0.36 + 0.3 * depth)
            water = over(
                water,
                lighter(night.star, 0.1),
                0.55 * smooth(ripple, 0.2, 0.34) * np.exp(-(((columns - self.moon_x * easel.width) / 60) ** 2)),
            )
            mask = smooth(rows, line - 1, line + 1)
            return over(image, water, mask), mask
        whole = np.zeros(easel.shape, np.float32)
        for k, lift in enumerate((0.12, 0.03, -0.07)):
            crest = (
                line
                - easel.height * lift * 0.8
                + profile(rng, easel.width, easel.width * 0.4, 3)[None, :] * easel.height * 0.045
            )
            mask = smooth(rows, crest - 1.5, crest + 1.5)
            rough = fbm(rng, easel.shape, 30, 3, 2.4)
            tone = mix(night.hill, night.sky[1], 0.5 - 0.22 * k)
            image = over(image, ramp(rough, (darker(tone, 0.35), tone, mix(tone, night.sky[2], 0.5))), mask)
            whole = np.maximum(whole, mask)
        return image, whole

    def _houses(self, sheet: Sheet, rng: np.random.Generator, easel: Easel, line: float) -> None:
        """A village with lit windows and a church."""
        unit, dark = easel.height / 100, self.night.hill
        count = 13
        for k in rng.permutation(count):
            x, foot = easel.width * (0.12 + 0.78 * (k + rng.uniform(0, 0.6)) / count), line + rng.uniform(1, 11) * unit
            wide, high = rng.uniform(5, 8) * unit, rng.uniform(3.4, 5.6) * unit
            wall = mix(dark, self.night.sky[2], rng.uniform(0.25, 0.6))
            sheet.polygon(box(x, foot - high, x + wide, foot), wall)
            sheet.polygon(
                np.array([[-0.1, -1], [0.2, -1.6], [0.85, -1.6], [1.1, -1]]) * (wide, high) + (x, foot),
                darker(mix(dark, paint("#7a4a4a"), 0.4), 0.15),
            )
            for share in (0.2, 0.6):
                if rng.random() < 0.6:
                    sheet.polygon(
                        box(x + wide * share, foot - high * 0.7, x + wide * (share + 0.18), foot - high * 0.3),
                        paint("#ffcf6a"),
                    )
        x = easel.width * rng.uniform(0.4, 0.62)
        sheet.polygon(box(x, line - 5 * unit, x + 4 * unit, line + 6 * unit), mix(dark, self.night.sky[2], 0.35))
        sheet.polygon(
            np.array(
                [[x - 0.5 * unit, line - 5 * unit], [x + 2 * unit, line - 19 * unit], [x + 4.5 * unit, line - 5 * unit]]
            ),
            darker(dark, 0.2),
        )


def _around(easel: Easel, x: float, y: float, reach: float) -> tuple[slice, slice]:
    """The window of the picture within `reach` of a place."""
    return (
        slice(max(0, int(y - reach)), min(easel.height, int(y + reach) + 1)),
        slice(max(0, int(x - reach)), min(easel.width, int(x + reach) + 1)),
    )


def compose(rng: np.random.Generator, temper: str) -> Plan:
    """A nocturne for an artist of this temper."""
    night = suited(rng, _nights(), temper)
    motif = Nocturne(
        night, int(rng.integers(9, 17)), pick(rng, ("none", "full", "crescent", "crescent")),
            float(rng.choice([0.2, 0.3, 0.72, 0.82])),
        pick(rng, ("village", "village", "hills", "water")), int(rng.choice([0, 1, 2])), float(rng.uniform(0.66, 0.8)),
    )  # fmt: skip
    subjects = ["a night sky full of stars"]
    if motif.moon != "none":
        subjects.append("a crescent moon" if motif.moon == "crescent" else "a full moon")
    subjects.append(
        {"village": "a village with a church", "hills": "dark hills", "water": "still water with reflections"}[
            motif.ground
        ]
    )
    if motif.cypresses:
        subjects.append(number(motif.cypresses, "cypress", "cypresses"))
    below = {"village": ("over the Village", "above the Church", "over Saint-Loup"), "hills": ("over the Hills",
        "over the Downs", "beyond Monte Alto"),
             "water": ("over the Bay", "on the Water", "over the Estuary")}[motif.ground]  # fmt: skip
    what = pick(rng, ("Stars", "Starlight", night.name, night.name, f"{night.name}, Stars", "The Great Bear"))
    if motif.moon != "none":
        what = pick(
            rng, (what, "Moon and Stars", "Moonrise", "Crescent Moon" if motif.moon == "crescent" else "Full Moon")
        )
    when = pick(rng, ("", "", ", August", ", September", ", Midnight", ", Late", ", New Year"))
    return Plan(
        size=pick(rng, WIDE[:3] + SQUARE + TALL[:1]),
        title=f"{what} {pick(rng, below)}{when}",
        subjects=tuple(subjects),
        setting="at night",
        manner="oil on canvas",
        parts=(
            Part("sky", mix(night.sky[1], night.sky[2], 0.3), 0.5),
            Part("sky", night.sky[2], 0.2),
            Part("ground", mix(night.hill, night.sky[1], 0.5), 1 - motif.horizon),
        ),
        motif=motif,
    )
