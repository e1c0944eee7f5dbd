"""Seascapes: water under weather, with boats, headlands and lighthouses."""

from dataclasses import dataclass

import numpy as np

from pipeline.painting.brush import Sketch, oil
from pipeline.painting.colour import Field, Pixels, Rgb, darker, lighter, mix, over, paint, ramp, smooth
from pipeline.painting.light import Light, Sky, draw_sky, lights, sky
from pipeline.painting.noise import fbm, profile, relit, sample
from pipeline.painting.plan import SQUARE, WIDE, Easel, Part, Plan, number, pick, suited
from pipeline.painting.shapes import Sheet, Stencil, curve, moved

_WATERS = {
    "bright": ("#1d5f92", "#2a7f98", "#2f6fae"),
    "warm": ("#4a4a78", "#2f5a78", "#6a4a66"),
    "cool": ("#2f4f78", "#3d5f80", "#5d7686"),
    "dark": ("#17344a", "#1c4440", "#1e2c48"),
}


@dataclass(frozen=True, slots=True)
class Boat:
    """A sailing boat: its foot's place on the picture (0..1), the height of its mast in pixels, its sails' colour."""

    x: float
    y: float
    size: float
    sail: Rgb
    facing: int


@dataclass(frozen=True, slots=True)
class Seascape:
    """Open water to a horizon."""

    sky: Sky
    horizon: float  # of the height
    water: Rgb
    swell: float  # 0 calm, 1 storm
    headland: int  # -1 on the left, 1 on the right, 0 none
    lighthouse: bool
    surf: bool
    boats: tuple[Boat, ...]

    def draw(self, easel: Easel) -> Pixels:
        """The sea in oil."""
        return oil(self.sketch(easel), easel.hand, easel.rng)

    def sketch(self, easel: Easel) -> Sketch:
        """What the brush, or the etcher's needle, follows."""
        line = self.horizon * easel.height
        above, flow = draw_sky(self.sky, easel, line)
        water, slope = self._sea(easel, line)
        rows, columns = easel.grid()
        sea = smooth(rows, line - 1, line + 1.5)
        image = over(above, water, sea)
        detail = 0.55 * smooth(np.abs(rows - line), 14, 4) + 0.3 * sea * smooth(rows, line + 120, line)
        flow = np.where(sea > 0.5, slope, flow)
        if self.headland:
            image, land = self._land(easel, image, line)
            detail = np.maximum(detail, 0.55 * land)
        sheet = Sheet(image)
        for boat in sorted(self.boats, key=lambda b: b.y):
            _boat(sheet, boat, self.sky.light, easel)
            near = np.hypot(columns - boat.x * easel.width, rows - boat.y * easel.height + boat.size * 0.4)
            detail = np.maximum(detail, smooth(near, boat.size * 0.95, boat.size * 0.7))
        return Sketch(sheet.pixels(), flow.astype(np.float32), detail)

    def _sea(self, easel: Easel, line: float) -> tuple[Pixels, Field]:
        """The water over the whole picture, and its strokes' angles."""
        light = self.sky.light
        rows, columns = easel.grid()
        depth = np.clip((rows - line) / (easel.height - line), 0.004, 1)
        texture = fbm(easel.rng, (256, 256), 26, 4, 2.6, 0.6)
        far = 1 / (depth + 0.06)
        across = (columns / easel.width - 0.5) * far * 110 + 300
        waves = sample(texture, far * 34 + 3.0 * np.sin(across / 23), across)
        fine = sample(texture, far * 90 + 17, across * 2.7)
        heave = np.clip(0.5 + (waves - 0.5) * (1.0 + 1.1 * self.swell) + (fine - 0.5) * 0.55, 0, 1)
        near = light.on(self.water)
        colours = (darker(near, 0.4), near, mix(near, light.middle, 0.45), mix(light.horizon, near, 0.22))
        value = 0.2 + 0.62 * heave + 0.34 * (1 - depth) ** 3 - 0.16 * depth
        water = ramp(np.clip(value, 0, 1), colours, (0.08, 0.42, 0.68, 1.0))
        water = over(water, light.haze, 0.75 * np.exp(-depth * 16))
        if light.orb is not None:
            water = over(water, lighter(light.orb, 0.2), self._glitter(columns / easel.width, depth, heave))
        foam = smooth(heave, 0.9 - 0.2 * self.swell, 1.04 - 0.2 * self.swell) * (0.2 + 0.75 * self.swell)
        if self.surf:
            foam = np.maximum(foam, self._surf(easel, rows, line, fine))
        water = over(water, light.on(paint("#f6f6f0"), 0.12), foam)
        return water, ((waves - 0.5) * (0.5 + 1.9 * self.swell)).astype(np.float32)

    def _glitter(self, across: Field, depth: Field, heave: Field) -> Field:
        """Where sun or moon sparkles: a path that widens towards us."""
        away = np.abs(across - self.sky.orb_x)
        path = np.clip(1.1 - away / (0.045 + 0.12 * depth), 0, 1)
        return np.asarray(path * smooth(heave, 0.42, 0.62) * (1 - 0.3 * depth), np.float32)

    def _surf(self, easel: Easel, rows: Field, line: float, fine: Field) -> Field:
        """Breakers that run in towards the bottom of the picture."""
        foam = np.zeros(easel.shape, np.float32)
        for share, weight in ((0.62, 0.5), (0.76, 0.75), (0.93, 0.95)):
            crest = line + share * (easel.height - line) + profile(easel.rng, easel.width, 130, 3)[None, :] * 9 * share
            body = smooth(rows - crest, -3, 1) * smooth(rows - crest, 26 * share, 0)
            foam = np.maximum(foam, body * weight * smooth(fine + 0.5 * body, 0.42, 0.85))
        return foam

    def _land(self, easel: Easel, image: Pixels, line: float) -> tuple[Pixels, Field]:
        """The headland, with its reflection and lighthouse; also its mask."""
        rng, light = easel.rng, self.sky.light
        width, height = easel.width, easel.height
        reach = float(rng.uniform(0.28, 0.5)) * width
        along = np.arange(width, dtype=np.float32)
        away = along if self.headland < 0 else width - along
        rise = smooth(away, reach, reach * 0.25) * 0.15 * height * (1.0 + 0.3 * profile(rng, width, 90, 5, 0.6))
        rows, columns = easel.grid()
        foot = line + 2 + 12 * smooth(away, reach, 0)[None, :]
        land = smooth(rows, foot - rise[None, :] - 1, foot - rise[None, :] + 1) * smooth(rows, foot + 1, foot - 1)
        land = land * (rise[None, :] > 1)
        rock = fbm(rng, easel.shape, 36, 5, 0.6, 0.65)
        tilt = relit(rock, 4, 6.0)
        stone = light.on(paint("#8a7a62"), 0.2)
        tones = (light.in_shade(paint("#4a4a42"), 0.1), mix(stone, light.on(paint("#5f7045"), 0.2), 0.4), stone)
        mirrored = np.clip(1 - (rows - foot) / np.maximum(0.75 * rise[None, :], 1), 0, 1) * (rows > foot)
        image = over(image, tones[0], 0.55 * mirrored)
        image = over(image, ramp(tilt, tones), land)
        if not self.lighthouse:
            return image, land
        x = reach * 0.42 if self.headland < 0 else width - reach * 0.42
        top = float(foot[0, int(x)] - rise[int(x)])
        return _lighthouse(easel, image, x, top, light), np.maximum(land, np.abs(columns - x) < 16)


def _lighthouse(easel: Easel, image: Pixels, x: float, foot: float, light: Light) -> Pixels:
    """A white tower with its lantern, standing on the land."""
    tall = 0.11 * easel.height
    tower = np.array([[-7, 4], [-4.4, -tall], [4.4, -tall], [7, 4]], float)
    shade = np.array([[1, 4], [0.6, -tall], [4.4, -tall], [7, 4]], float)
    lantern = np.array([[-3.6, -tall], [-3.6, -tall - 8], [0, -tall - 13], [3.6, -tall - 8], [3.6, -tall]], float)
    sheet = Sheet(image).polygon(moved(tower, x, foot), light.on(paint("#f4f0e6")))
    sheet.polygon(moved(shade, x, foot), light.in_shade(paint("#e0dccf")))
    sheet.polygon(moved(lantern, x, foot), light.on(paint("#a03a2c")))
    glow = Stencil(easel.shape).polygon(moved(lantern * 0.5, x, foot - tall * 0.5 - 2)).mask()
    return over(sheet.pixels(), paint("#ffe9a0"), glow)


def _boat(sheet: Sheet, boat: Boat, light: Light, easel: Easel) -> None:
    """Hull, mast, sails and a broken reflection."""
    x, y, s, f = boat.x * easel.width, boat.y * easel.height, boat.size, boat.facing
    hull = light.in_shade(paint("#3a2c26"))
    sail, shade = light.on(boat.sail), mix(light.on(boat.sail), light.in_shade(boat.sail), 0.6)
    for step in range(7):
        wobble = float(easel.rng.uniform(-0.05, 0.05)) * s
        reach = s * (0.30 - 0.03 * step)
        top = y + s * (0.04 + 0.085 * step)
        bar = np.array([[x - reach + wobble, top], [x + reach + wobble, top + 1]])
        colour = mix(hull if step < 2 else shade, light.on(paint("#30506a")), 0.35 + 0.06 * step)
        sheet.lines(bar, max(1.0, s * 0.035), colour)
    body = curve(np.array([[-0.36, -0.07], [-0.26, 0.05], [0.2, 0.06], [0.42, -0.1]]) * (f * s, s))
    sheet.polygon(moved(body, x, y), hull)
    mast = np.array([[0.02 * f * s, 0], [0.02 * f * s, -s]])
    sheet.lines(moved(mast, x, y), max(1.0, s * 0.018), hull)
    main = curve(np.array([[0.0, -0.97], [-0.17, -0.5], [-0.33, -0.14]]) * (f * s, s))
    sheet.polygon(moved(np.concatenate([main, np.array([[0, -0.12 * s]])]), x, y), sail)
    belly = curve(np.array([[0.04, -0.9], [0.19, -0.45], [0.38, -0.13]]) * (f * s, s))
    sheet.polygon(moved(np.concatenate([belly, np.array([[0.05 * f * s, -0.14 * s]])]), x, y), shade)


def compose(rng: np.random.Generator, temper: str) -> Plan:
    """A seascape for an artist of this temper."""
    light = suited(rng, lights(), temper)
    rough = light.name in {"storm", "jade"} or rng.random() < 0.2
    count = int(rng.choice([0, 1, 2, 3, 5], p=[0.2, 0.28, 0.24, 0.18, 0.1])) if not rough else int(rng.integers(0, 2))
    horizon = float(rng.choice([rng.uniform(0.3, 0.42), rng.uniform(0.52, 0.68)]))
    sails = [paint(code) for code in ("#f4ead2", "#f4ead2", "#b8563a", "#d8a24a", "#e9dcc0", "#8a3b34")]
    boats = tuple(_place(rng, k, count, horizon, pick(rng, sails)) for k in range(count))
    headland = int(rng.choice([-1, 0, 1]))
    motif = Seascape(
        sky(rng, light), horizon, paint(pick(rng, _WATERS[light.temper])),
            0.85 if rough else float(rng.uniform(0, 0.3)),
        headland, bool(headland and rng.random() < 0.5), bool(rng.random() < 0.35), boats,
    )  # fmt: skip
    return Plan(
        size=pick(rng, WIDE + WIDE + SQUARE),
        title=_title(rng, motif, rough),
        subjects=_subjects(motif, rough),
        setting=light.phrase,
        manner="oil on canvas",
        parts=_parts(motif),
        motif=motif,
    )


def _place(rng: np.random.Generator, k: int, count: int, horizon: float, sail: Rgb) -> Boat:
    near = float(rng.uniform(0.06, 0.5))
    x = float((k + 0.5 + rng.uniform(-0.3, 0.3)) / count)
    return Boat(x * 0.84 + 0.08, horizon + near * (1 - horizon), 40 + 190 * near, sail, int(rng.choice([-1, 1])))


def _subjects(motif: Seascape, rough: bool) -> tuple[str, ...]:
    found = []
    if motif.boats:
        found.append(number(len(motif.boats), "sailing boat"))
    found.append("a rough sea" if rough else "a calm sea")
    if motif.lighthouse:
        found.append("a white lighthouse")
    if motif.headland:
        found.append("a rocky headland")
    if motif.surf:
        found.append("breakers")
    return tuple(found)


def _title(rng: np.random.Generator, motif: Seascape, rough: bool) -> str:
    place = pick(rng, ("Varna Point", "the Skerries", "Cape Orla", "the Sound", "Saint Brannoc", "the Outer Bank",
                       "Lorn Bay", "Porto Sereno", "the Strait", "Halvøy", "Kerrow Head",
                           "the Salt Coast"))  # fmt: skip
    what = ["Heavy Swell", "Running Sea", "The Sea"] if rough else ["Calm Water", "The Sea", "Still Water", "Low Tide"]
    if motif.lighthouse:
        what.append("The Lighthouse")
    if motif.boats:
        what += [number(len(motif.boats), "Boat").title(), "Under Sail"]
    return f"{pick(rng, what)} off {place} {motif.sky.light.phrase}"


def _parts(motif: Seascape) -> tuple[Part, ...]:
    light = motif.sky.light
    water = light.on(motif.water)
    above, below = motif.horizon, 1 - motif.horizon
    return (
        Part("sky", light.middle, above * 0.55),
        Part("sky", light.zenith, above * 0.25),
        Part("sky", light.horizon, above * 0.2),
        Part("sea", mix(water, light.middle, 0.2), below * 0.75),
        Part("sea", mix(water, light.middle, 0.5), below * 0.25),
    )
