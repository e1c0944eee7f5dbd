"""Mountain landscapes: ranges that pale with distance over a lake or a valley."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from pipeline.painting.brush import Sketch, oil
from pipeline.painting.colour import Field, Pixels, Rgb, mix, over, paint, ramp, smooth
from pipeline.painting.light import Sky, draw_sky, lights, sky
from pipeline.painting.noise import fbm, profile, relit, shifted
from pipeline.painting.plan import TALL, WIDE, Easel, Part, Plan, pick, suited
from pipeline.painting.shapes import Sheet
from pipeline.painting.trees import crown, fir

_ROCKS = ("#6d7284", "#75695e", "#5e6f7c", "#84706c", "#5c6a62")
_GRASSES = ("#6f8446", "#8b8a45", "#54753f", "#a08d4c", "#7b7f52")
_PEAKS = ("Aldhorn", "Mount Serrat", "the Karsund Range", "Monte Lupara", "the Three Sisters", "Tarn Peak", "Old Varga",
          "the Blue Ranges", "Piz Aurel", "Mount Ishiro", "the Corrie", "Cerro Plata")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mountains:
    """Ranges one behind another; the last is the highest."""

    sky: Sky
    rock: Rgb
    grass: Rgb
    ranges: int
    summit: float  # of the highest range, share of the height from the top
    shore: float  # where the foot of the ranges lies
    snow: float  # 0 none, 1 far down
    lake: bool
    trees: int
    firs: bool

    def draw(self, easel: Easel) -> Pixels:
        """The landscape in oil."""
        return oil(self.sketch(easel), easel.hand, easel.rng)

    def sketch(self, easel: Easel) -> Sketch:
        """What the brush, or the etcher's needle, follows."""
        image, flow = draw_sky(self.sky, easel, self.shore * easel.height)
        rows, _ = easel.grid()
        detail = np.zeros(easel.shape, np.float32)
        for k in range(self.ranges):
            image, flow, land = self._range(easel, image, flow, k)
            detail = np.maximum(detail, land * 0.3)
        foot = self.shore * easel.height
        image = self._water(easel, image, foot) if self.lake else self._meadow(easel, image, foot)
        flow = np.where(rows > foot, 0.04 if self.lake else 0.12, flow).astype(np.float32)
        detail = np.maximum(detail, 0.55 * smooth(np.abs(rows - foot), 10, 3))
        sheet = Sheet(image)
        self._bank(easel, sheet)
        drawn = sheet.pixels()
        detail = np.maximum(detail, 1.0 * (np.abs(drawn - image).sum(axis=2) > 0.03))
        return Sketch(drawn, flow, detail)

    def _range(self, easel: Easel, image: Pixels, flow: Field, k: int) -> tuple[Pixels, Field, Field]:
        """One range, k = 0 the farthest, over the picture so far; also the flow and its mask."""
        rng, light, height, width = easel.rng, self.sky.light, easel.height, easel.width
        near = k / max(1, self.ranges - 1)
        top = self.summit + (self.shore - self.summit) * (0.72 * near)
        swing = (self.shore - top) * height * (0.85 if k == 0 else 0.6)
        line = profile(rng, width, width * (0.36 - 0.06 * near), 6 if near < 0.5 else 4, 0.5 - 0.12 * near)
        line = -np.abs(line) if k == 0 else line
        ridge = (top * height + swing * (line - line.min()) / (np.ptp(line) + 1e-6)).astype(np.float32)[None, :]
        rows, columns = easel.grid()
        land = smooth(rows - ridge, -1, 1)
        below = np.maximum(rows - ridge, 0)
        rough = fbm(rng, easel.shape, width * 0.16, 4, 0.75, 0.5)
        crest = ndimage.gaussian_filter1d(ridge[0], width / 90)
        lean = columns + below * ((rough - 0.5) * 3.4 + 0.25)
        facing = np.gradient(crest)[np.clip(lean, 0, width - 1).astype(int)]
        lit = np.clip(0.52 - 0.75 * facing + 0.9 * (relit(rough, 6, 3.0) - 0.5), 0, 1)
        far = 0.82 * (1 - near) ** 1.25 if self.ranges > 1 else 0.4
        base = mix(self.rock, self.grass, 0.75 * near)
        tones = (
            light.in_shade(base, far),
            light.on(base, far * 0.85),
            light.on(mix(base, (1, 0.93, 0.8), 0.3), far * 0.7),
        )
        body = ramp(lit, tones)
        if self.snow and near < 0.6:
            bare = below / height + 0.28 * (rough - 0.5) + 0.1 * (1 - lit)
            white = smooth(bare, 0.04 + 0.26 * self.snow, 0.02 + 0.2 * self.snow)
            cold = ramp(lit, (light.in_shade(paint("#b9c6dc"), far * 0.5), light.on(paint("#fbf8f0"), far * 0.35)))
            body = over(body, cold, white)
        mist = smooth(rows, self.shore * height - 0.2 * height, self.shore * height) * 0.55 * (1 - near)
        body = over(body, light.haze, mist)
        slope = (0.9 * np.sign(facing) + (rough - 0.5)).astype(np.float32)
        return over(image, body, land), np.where(land > 0.5, slope, flow), land

    def _water(self, easel: Easel, image: Pixels, foot: float) -> Pixels:
        """The lake: what stands above it upside down, broken by ripples and darker near us."""
        rows, _ = easel.grid()
        ripple = fbm(easel.rng, easel.shape, 9, 3, 9) - 0.5
        depth = np.clip((rows - foot) / (easel.height - foot), 0, 1)
        source = np.clip(2 * foot - rows + ripple * 60 * depth, 0, foot - 1).astype(int)
        columns = np.arange(easel.width)[None, :]
        mirrored = image[source, columns]
        deep = self.sky.light.on(paint("#22465c"))
        mirrored = over(mirrored, deep, 0.22 + 0.4 * depth)
        mirrored = over(mirrored, self.sky.light.haze, 0.4 * smooth(ripple, 0.14, 0.3) + 0.35 * np.exp(-depth * 30))
        return over(image, mirrored, smooth(rows, foot - 1, foot + 1))

    def _meadow(self, easel: Easel, image: Pixels, foot: float) -> Pixels:
        """Rolling grass with patches of sun and flowers."""
        rng, light = easel.rng, self.sky.light
        rows, _ = easel.grid()
        depth = np.clip((rows - foot) / (easel.height - foot), 0, 1)
        patch = fbm(rng, easel.shape, 80, 4, 3.5)
        blades = fbm(rng, easel.shape, 10, 3, 0.5)
        grass = self.grass
        tones = (light.in_shade(grass), light.on(grass, 0.05), light.on(mix(grass, (0.95, 0.9, 0.45), 0.4), 0.1))
        field = ramp(np.clip(patch * 0.8 + blades * 0.35 - 0.1, 0, 1), tones)
        field = over(field, light.haze, 0.45 * (1 - depth) ** 3)
        bloom = smooth(shifted(blades, 5, 9) + 0.3 * patch, 0.86, 0.94) * depth
        field = over(field, light.on(pick(rng, [paint("#e8d6e4"), paint("#e9c84a"), paint("#c8503c")])), bloom)
        return over(image, field, smooth(rows, foot - 1, foot + 1))

    def _bank(self, easel: Easel, sheet: Sheet) -> None:
        """A dark bank in the foreground, high on one side, and the trees that stand on it."""
        rng, light, width, height = easel.rng, self.sky.light, easel.width, easel.height
        if not self.trees:
            return
        dark, lit = light.in_shade(paint("#26402c")), light.on(paint("#4c6a3a"))
        side = int(rng.integers(2))
        reach = width * rng.uniform(0.5, 0.85)
        along = np.linspace(0, 1, 30)
        rise = height * (0.05 + rng.uniform(0.05, 0.1)) * (1 - along) ** 1.5 + profile(rng, 30, 6, 3) * 3
        edge = np.stack([np.abs(side * width - along * reach), height - rise], axis=1)
        corner = np.array([[abs(side * width - reach), height + 4], [side * width, height + 4]])
        sheet.polygon(np.concatenate([edge, corner]), mix(dark, light.on(self.grass), 0.35))
        for share in np.sort(rng.beta(1.0, 1.9, self.trees))[::-1] * 0.85:
            x, foot = edge[int(share * 29)] + (rng.normal(0, 4), 5)
            size = height * rng.uniform(0.2, 0.5) * (1 - 0.45 * share)
            if self.firs:
                fir(sheet, rng, x, foot, size, (dark, lit))
                continue
            sheet.lines(
                np.array([[x, foot], [x + 3, foot - size * 0.5]]), size * 0.035, light.in_shade(paint("#3a2c22"))
            )
            for _ in range(6):
                spot = x + rng.normal(0, size * 0.17), foot - size * rng.uniform(0.4, 0.9)
                crown(sheet, rng, spot, (size * 0.22, size * 0.19), (dark, dark, mix(dark, lit, 0.55), lit))


def compose(rng: np.random.Generator, temper: str) -> Plan:
    """A mountain landscape for an artist of this temper."""
    light = suited(rng, lights(), temper)
    snow = float(rng.uniform(0.3, 1.0)) if rng.random() < 0.55 else 0.0
    motif = Mountains(
        sky(rng, light), paint(pick(rng, _ROCKS)), paint(pick(rng, _GRASSES)), int(rng.integers(3, 6)),
        float(rng.uniform(0.1, 0.27)), float(rng.uniform(0.62, 0.8)), snow,
        bool(rng.random() < 0.55), int(rng.choice([0, 3, 5, 8])), bool(snow or rng.random() < 0.35),
    )  # fmt: skip
    subjects = ["snowy mountains" if snow else "mountain ranges", "a lake" if motif.lake else "a meadow"]
    if motif.trees:
        subjects.append("fir trees" if motif.firs else "trees")
    openings = (
        ("Lake below", "Reflections of", "The Tarn under") if motif.lake else ("Meadow below", "Valley of", "Path to")
    )
    return Plan(
        size=pick(rng, WIDE + WIDE + TALL),
        title=f"{pick(rng, openings)} {pick(rng, _PEAKS)}, {light.phrase}",
        subjects=tuple(subjects),
        setting=light.phrase,
        manner="oil on canvas",
        parts=_parts(motif),
        motif=motif,
    )


def _parts(motif: Mountains) -> tuple[Part, ...]:
    light = motif.sky.light
    above, below = motif.summit + 0.1, 1 - motif.shore
    ground = (
        mix(light.haze, light.on(paint("#22465c")), 0.5)
        if motif.lake
        else light.on(mix(motif.grass, (0.95, 0.9, 0.45), 0.12), 0.15)
    )
    slopes = 1 - above - below
    far = light.on(motif.rock, 0.6)
    return (
        Part("sky", light.middle, above * 0.6),
        Part("sky", light.zenith, above * 0.4),
        Part("mountains", mix(far, (0.93, 0.94, 0.96), 0.4 * motif.snow), slopes * 0.6),
        Part("slopes", light.on(mix(motif.rock, motif.grass, 0.6), 0.2), slopes * 0.4),
        Part("lake" if motif.lake else "meadow", ground, below),
    )
