"""Flowers for cut bunches: roses, daisies, poppies, tulips and sprays, petal by petal."""

from dataclasses import dataclass

import numpy as np

from pipeline.painting.colour import Rgb, darker, lighter, mix, paint, paints, vary
from pipeline.painting.plan import pick
from pipeline.painting.shapes import Points, Sheet, curve, disc, path


@dataclass(frozen=True, slots=True)
class Bloom:
    """A kind of flower and its colours."""

    name: str
    form: str  # rose, daisy, poppy, tulip, spray
    tones: tuple[Rgb, ...]
    heart: Rgb


def blooms() -> tuple[Bloom, ...]:
    table = (
        ("red roses", "rose", "#a3222c #c53a3a #7d1a2a", "#5a0f1c"), ("pink roses", "rose",
         "#e39aa4 #f0bcc0 #cf7486", "#b04a62"),
        ("white peonies", "rose", "#f4efe4 #fbf8f0 #e3d6cf", "#d9b6a6"), ("yellow roses", "rose",
         "#eec24a #f6dc86 #d99d2e", "#b3711f"),
        ("daisies", "daisy", "#fbf8ef #f1ece0", "#e0a82a"), ("sunflowers", "daisy", "#f0b41f #e3951c #f7cd4a",
         "#4a2a16"),
        ("blue asters", "daisy", "#5b74c4 #7f93d8 #4456a2", "#e6c04a"), ("poppies", "poppy",
         "#d33a22 #e8593a #b3261c", "#221a20"),
        ("violet anemones", "poppy", "#6d4a9c #8e6cba #53357f", "#1d1826"), ("tulips", "tulip",
         "#d8483a #ec7a4a #b52f3c", "#e8b23c"),
        ("yellow tulips", "tulip", "#f0c83c #f7df7a #dba328", "#c98a1f"), ("lilac", "spray",
         "#a88cc8 #c6b2de #8468aa", "#6b5090"),
        ("cornflowers", "daisy", "#2f55b8 #4a74d6 #23408f", "#5a3a86"),
    )  # fmt: skip
    return tuple(Bloom(name, form, paints(tones), paint(heart)) for name, form, tones, heart in table)


def leaf(sheet: Sheet, x: float, y: float, size: float, turn: float, tone: Rgb) -> None:
    """A pointed leaf with one side lit."""
    blade = path("0,0 0.3,-0.2 0.7,-0.16 1,0 0.7,0.14 0.3,0.18") * size
    cos, sin = np.cos(turn), np.sin(turn)
    points = curve(blade @ np.array([[cos, sin], [-sin, cos]]) + (x, y), closed=True, steps=4)
    sheet.polygon(points, tone)
    sheet.polygon(points[: len(points) // 2], lighter(tone, 0.16))


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a flower is, how large, how foreshortened, and which way it looks."""

    x: float
    y: float
    size: float
    squash: float
    turn: float

    def petal(self, angle: float, away: float, length: float, width: float) -> Points:
        """A petal at an angle round the flower: its ellipse as points; lengths against the flower's size."""
        flat = disc(
            np.cos(angle) * away * self.size,
            np.sin(angle) * away * self.size,
            length * self.size,
            width * self.size,
            angle,
            16,
        )
        cos, sin = np.cos(self.turn), np.sin(self.turn)
        along = (flat[:, 0] * cos + flat[:, 1] * sin) * self.squash
        across = -flat[:, 0] * sin + flat[:, 1] * cos
        return np.stack([self.x + along * cos - across * sin, self.y + along * sin + across * cos], axis=1)


def _facing(angle: float) -> float:
    """How far a petal at this angle is turned to the light: 0..1."""
    return float(0.5 + 0.5 * np.cos(angle + 2.3))


def _rose(sheet: Sheet, rng: np.random.Generator, bloom: Bloom, pose: Pose) -> None:
    sheet.polygon(pose.petal(0, 0, 1.05, 1.0), darker(bloom.tones[-1], 0.35))
    for ring, (away, petals) in enumerate(((0.66, 8), (0.5, 7), (0.36, 6), (0.22, 5), (0.1, 3))):
        start = rng.uniform(0, 6)
        for k in range(petals):
            angle = start + 2 * np.pi * k / petals + rng.normal(0, 0.12)
            tone = mix(bloom.tones[2], bloom.tones[1], 0.95 * _facing(angle) + 0.05 * (ring % 2))
            tone = mix(tone, bloom.heart, 0.13 * ring)
            wide = 0.42 - 0.055 * ring
            sheet.polygon(
                pose.petal(angle, away - 0.03, wide * 0.74, wide * 1.02), darker(mix(tone, bloom.heart, 0.5), 0.34)
            )
            sheet.polygon(pose.petal(angle, away, wide * 0.6, wide * 0.92), vary(rng, tone, 0.02))


def _daisy(sheet: Sheet, rng: np.random.Generator, bloom: Bloom, pose: Pose) -> None:
    for layer in (0.0, 0.5):
        for k in range(15):
            angle = 2 * np.pi * (k + layer) / 15 + rng.normal(0, 0.06)
            tone = mix(pick(rng, bloom.tones), (0.3, 0.3, 0.45), 0.32 * (1 - _facing(angle)) * (1 - layer))
            sheet.polygon(pose.petal(angle, 0.62, 0.42, 0.12), vary(rng, tone, 0.02))
    sheet.polygon(pose.petal(0, 0, 0.34, 0.34), darker(bloom.heart, 0.25))
    sheet.polygon(pose.petal(0, 0.04, 0.24, 0.24), lighter(bloom.heart, 0.12))


def _poppy(sheet: Sheet, rng: np.random.Generator, bloom: Bloom, pose: Pose) -> None:
    start = rng.uniform(0, 6)
    for k in range(6):
        angle = start + 2 * np.pi * k / 6
        tone = mix(bloom.tones[2], bloom.tones[1], _facing(angle))
        sheet.polygon(pose.petal(angle, 0.5, 0.5, 0.52), darker(tone, 0.22))
        sheet.polygon(pose.petal(angle, 0.54, 0.42, 0.46), vary(rng, tone, 0.02))
        sheet.polygon(pose.petal(angle, 0.2, 0.2, 0.16), mix(tone, bloom.heart, 0.6))
    sheet.polygon(pose.petal(0, 0, 0.2, 0.2), bloom.heart)
    for k in range(14):
        sheet.polygon(pose.petal(k * 0.45, 0.27, 0.04, 0.04), lighter(bloom.heart, 0.25))


def _tulip(sheet: Sheet, rng: np.random.Generator, bloom: Bloom, pose: Pose) -> None:
    tilt = rng.normal(0, 0.25) + 0.5 * np.cos(pose.turn)
    cos, sin = np.cos(tilt) * pose.size * 1.1, np.sin(tilt) * pose.size * 1.1
    turn = np.array([[cos, sin], [-sin, cos]])
    for shape, tone in (
        (
            path("0,0.9 -0.62,0.45 -0.66,-0.3 -0.34,-0.95 0,-0.5 0.34,-0.95 0.66,-0.3 0.62,0.45"),
            bloom.tones[2],
        ),
        (path("0,0.9 -0.6,0.4 -0.62,-0.35 -0.4,-0.9 -0.05,-0.3 0.06,0.4"), bloom.tones[1]),
        (path("0,0.9 -0.28,0.3 -0.24,-0.5 0.02,-0.85 0.3,-0.45 0.3,0.35"), bloom.tones[0]),
    ):
        sheet.polygon(curve(np.array(shape) @ turn + (pose.x, pose.y), closed=True, steps=5), vary(rng, tone, 0.03))


def _spray(sheet: Sheet, rng: np.random.Generator, bloom: Bloom, pose: Pose) -> None:
    for k in range(44):
        along = k / 44
        x = (
            pose.x
            + np.cos(pose.turn) * pose.size * (1.5 * along - 0.5)
            + rng.normal(0, 0.36) * pose.size * (1.1 - along)
        )
        y = (
            pose.y
            + np.sin(pose.turn) * pose.size * (1.5 * along - 0.5)
            + rng.normal(0, 0.36) * pose.size * (1.1 - along)
        )
        sheet.polygon(disc(x, y, pose.size * 0.14, steps=7), vary(rng, pick(rng, bloom.tones), 0.03))


def flower(sheet: Sheet, rng: np.random.Generator, bloom: Bloom, pose: Pose) -> None:
    """One flower of its kind."""
    {"rose": _rose, "daisy": _daisy, "poppy": _poppy, "tulip": _tulip, "spray": _spray}[bloom.form](
        sheet, rng, bloom, pose
    )
