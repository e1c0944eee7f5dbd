"""Still lifes of flowers in a vase."""

from dataclasses import dataclass

import numpy as np

from pipeline.painting.blooms import Bloom, Pose, blooms, flower, leaf
from pipeline.painting.brush import Sketch, oil
from pipeline.painting.colour import (
    Field,
    Pixels,
    Rgb,
    darker,
    flat,
    lighter,
    over,
    paint,
    paints,
    ramp,
    smooth,
    vary,
)
from pipeline.painting.noise import fbm
from pipeline.painting.plan import SQUARE, TALL, Easel, Part, Plan, pick, suited
from pipeline.painting.shapes import Sheet, curve, disc
from pipeline.painting.solids import backdrop, cast, sheen, turned


@dataclass(frozen=True, slots=True)
class Setting:
    """A wall, a table and a vase that go together."""

    temper: str
    wall: Rgb
    table: Rgb
    vase: Rgb


def _settings() -> tuple[Setting, ...]:
    table = (
        ("dark", "#2b2a2a", "#4b3527", "#6f7f7a"), ("dark", "#2a1f22", "#5a3b2c", "#2f4a66"), ("dark", "#1f2c30",
         "#3f3a33", "#b89a66"),
        ("cool", "#7fa0b4", "#c9c2b4", "#f0ece2"), ("cool", "#4d6f93", "#d2c3a3", "#e8e2d2"), ("cool", "#93a99a",
         "#8f7a62", "#3d6478"),
        ("warm", "#d6a24a", "#a5613a", "#5d7f86"), ("warm", "#b8674a", "#e0c096", "#efe4cf"), ("warm", "#c98f86",
         "#7a4c42", "#ead9be"),
        ("bright", "#e9e0cb", "#c9a27a", "#3f6f9c"), ("bright", "#cfe0dc", "#e8d6b0", "#d98a6a"), ("bright",
         "#f0d9cf", "#9fb9a8", "#f6f2ea"),
    )  # fmt: skip
    return tuple(Setting(temper, paint(wall), paint(top), paint(vase)) for temper, wall, top, vase in table)


@dataclass(frozen=True, slots=True)
class Bouquet:
    """Flowers in a vase on a table."""

    setting: Setting
    blooms: tuple[Bloom, ...]
    count: int
    edge: float
    form: int  # of the vase
    fallen: int

    def draw(self, easel: Easel) -> Pixels:
        """The bouquet in oil."""
        return oil(self.sketch(easel), easel.hand, easel.rng)

    def sketch(self, easel: Easel) -> Sketch:
        """What the brush, or the etcher's needle, follows."""
        rng, setting = easel.rng, self.setting
        rows, columns = easel.grid()
        unit = easel.height / 100
        texture = fbm(rng, easel.shape, easel.width * 0.25, 4)
        image = backdrop(rows, columns, setting.wall, texture)
        flow = (2.0 * (texture - 0.5) + 0.9).astype(np.float32)
        line = self.edge * easel.height
        plane = ramp(
            np.clip(0.8 - 0.5 * columns / easel.width + 0.5 * (texture - 0.5), 0, 1),
            (darker(setting.table, 0.5), setting.table, lighter(setting.table, 0.25)),
        )
        below = smooth(rows, line - 1, line + 1)
        image, flow = over(image, plane, below), np.where(below > 0.5, 0.03, flow)
        axis, foot = easel.width * rng.uniform(0.46, 0.54), line + 9 * unit
        image, vase, lip = self._vase(easel, image, axis, foot, unit)
        sheet = Sheet(image)
        self._gather(sheet, rng, axis, lip, unit * 1.0, easel)
        for _ in range(self.fallen):
            bloom = pick(rng, self.blooms)
            x, y = axis + rng.normal(0, 22) * unit, line + rng.uniform(8, 20) * unit
            sheet.polygon(disc(x + 2, y + 1.5, 2.2 * unit, 0.9 * unit, 0.2), darker(setting.table, 0.55))
            sheet.polygon(disc(x, y, 2.2 * unit, 1.0 * unit, rng.normal(0, 0.5)), pick(rng, bloom.tones))
        drawn = sheet.pixels()
        changed = (np.abs(drawn - image).sum(axis=2) > 0.02).astype(np.float32)
        flow = np.where(vase > 0.5, np.pi / 2, flow)
        spin = np.arctan2(rows - lip + 20 * unit, columns - axis) + 2.5 * (fbm(rng, easel.shape, 12 * unit, 2) - 0.5)
        flow = np.where(changed > 0, spin, flow).astype(np.float32)
        drawn = drawn * (1.1 - 0.26 * smooth(columns, axis - 10 * unit, axis + 36 * unit) * changed)[..., None]
        return Sketch(drawn, flow, np.maximum(0.6 * vase, 0.97 * changed))

    def _vase(self, easel: Easel, image: Pixels, axis: float, foot: float, unit: float) -> tuple[Pixels, Field, float]:
        """The vase and its shadow; also its mask and the row of its lip."""
        rows, columns = easel.grid()
        shapes = (
            (6, 5, 6, 9, 11, 11, 9, 6.5),
            (8, 6.6, 6.2, 7.5, 9, 9.6, 9, 7.5),
            (5.5, 4.4, 4.2, 4.6, 7, 10.5, 11.5, 8),
            (9.5, 9, 8.6, 8.2, 7.8, 7.4, 7, 6.8),
            (7.5, 9.5, 11.5, 12, 11, 9, 7, 5.5),
        )
        radii = np.array(shapes[self.form]) * unit
        lip = foot - unit * (36, 34, 38, 30, 28)[self.form]
        vessel = turned(rows, columns, axis, lip, foot, radii)
        image = cast(image, (axis + radii[-1], foot - unit), (26 * unit, 5 * unit))
        shade, glint = sheen(vessel, 0.75)
        figure = np.sin(vessel.around * 5) * np.sin(vessel.along * 34) + 1.3 * (
            fbm(easel.rng, easel.shape, 6 * unit, 2) - 0.5
        )
        body = flat(self.setting.vase, easel.shape)
        if self.form in {0, 4}:
            light = sum(self.setting.vase) > 1.7
            body = over(
                body, paint("#2f4f93") if light else lighter(self.setting.vase, 0.5), 0.75 * smooth(figure, 0.42, 0.55)
            )
        body = over(body, darker(self.setting.vase, 0.45), smooth(np.abs(vessel.along - 0.07), 0.03, 0.02) * 0.6)
        body = over(body * shade[..., None], (1, 1, 0.97), glint)
        return over(image, body.astype(np.float32), vessel.mask), vessel.mask, lip

    def _gather(
        self, sheet: Sheet, rng: np.random.Generator, axis: float, lip: float, unit: float, easel: Easel
    ) -> None:
        """Leaves, then flowers from the rim of the bouquet to its middle."""
        reach, rise = min(30 * unit, easel.width * 0.4), min(27 * unit, lip * 0.46)
        centre = lip - rise * 0.95
        greens = paints("#2c4a30 #47683c #6d8a4a #1e3526")
        for _ in range(64):
            angle, away = rng.uniform(-np.pi * 1.12, np.pi * 0.12), rng.uniform(0.1, 1.06)
            x, y = axis + np.cos(angle) * reach * away, centre + np.sin(angle) * rise * away + rise * 0.25
            sheet.stroke(
                curve(np.array([[axis, lip], [(axis * 2 + x) / 3, (lip + y) / 2], [x, y]]), steps=5),
                0.45 * unit,
                pick(rng, greens),
            )
            leaf(sheet, x, y, rng.uniform(5, 9) * unit, angle + rng.normal(0, 0.6), vary(rng, pick(rng, greens), 0.03))
        spots = _scattered(rng, self.count)
        for u, v in sorted(spots, key=lambda spot: -np.hypot(*spot)):
            bloom = pick(rng, self.blooms)
            squash = 1 - 0.42 * min(1.0, float(np.hypot(u, v)))
            x, y = axis + u * reach, centre + v * rise
            size = (
                unit
                * rng.uniform(5.6, 8.0)
                * {"rose": 1.08, "daisy": 1.0, "poppy": 1.15, "tulip": 1.0, "spray": 1.1}[bloom.form]
            )
            flower(sheet, rng, bloom, Pose(x, y, size, squash, float(np.arctan2(v, u))))


def _scattered(rng: np.random.Generator, count: int) -> list[tuple[float, float]]:
    """Places in the unit disc that keep apart."""
    spots: list[tuple[float, float]] = []
    gap = 1.5 / count**0.5
    while len(spots) < count:
        angle, away = rng.uniform(0, 2 * np.pi), rng.uniform(0, 1) ** 0.5
        spot = float(np.cos(angle) * away), float(np.sin(angle) * away)
        if all(np.hypot(spot[0] - a, spot[1] - b) > gap for a, b in spots):
            spots.append(spot)
        gap *= 0.985
    return spots


def compose(rng: np.random.Generator, temper: str) -> Plan:
    """A flower piece for an artist of this temper."""
    setting = suited(rng, _settings(), temper)
    pool = blooms()
    chosen = tuple(pool[k] for k in rng.permutation(len(pool))[: int(rng.integers(1, 4))])
    motif = Bouquet(
        setting,
        chosen,
        int(rng.integers(11, 22)),
        float(rng.uniform(0.74, 0.8)),
        int(rng.integers(5)),
        int(rng.choice([0, 0, 3, 6])),
    )
    names = " and ".join(bloom.name.title() for bloom in chosen[:2])
    forms = (
        f"{names} in a Vase",
        f"Still Life with {names}",
        f"{names}",
        f"Vase of {names}",
        f"{names} by the Wall",
        f"Cut Flowers: {names}",
    )
    return Plan(
        size=pick(rng, TALL[:2] + TALL[:2] + SQUARE),
        title=pick(rng, forms),
        subjects=(*(bloom.name for bloom in chosen), "a vase", *(("fallen petals",) if motif.fallen else ())),
        setting="on a table",
        manner="oil on canvas",
        parts=(
            Part("background", setting.wall, 0.46),
            Part("table", setting.table, 0.18),
            Part("vase", setting.vase, 0.08),
            Part("leaves", paint("#3a5836"), 0.1),
            *(Part(bloom.name, bloom.tones[0], 0.18 / len(chosen)) for bloom in chosen),
        ),
        motif=motif,
    )
