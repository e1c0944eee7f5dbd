"""The human figure as a bust: hair, garment, neck, features, and what is worn, measured in faces."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from pipeline.painting.colour import Rgb, darker, lighter, mix, paint
from pipeline.painting.plan import Easel
from pipeline.painting.shapes import Points, Sheet, curve, disc, path


@dataclass(frozen=True, slots=True)
class Sitter:
    """A person as the painter sees them."""

    skin: Rgb
    hair: Rgb
    eyes: Rgb
    style: str  # of the hair: long, bun, short, curls
    cover: str  # none, hat, scarf, band
    collar: str  # plain, ruff, shirt, shawl
    beard: bool
    earrings: bool
    turn: float  # -1 looks to our left, 1 to our right
    lean: float  # head's width against its height
    closed: bool  # eyes cast down


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the head is: its centre and its half width and height, all in pixels; the measure of everything drawn."""

    x: float
    y: float
    wide: float
    high: float

    @classmethod
    def of(cls, easel: Easel, sitter: Sitter) -> Self:
        """The frame for a sitter on an easel."""
        high = easel.height * 0.196
        return cls(easel.width * (0.5 + 0.03 * sitter.turn), easel.height * 0.39, high * sitter.lean, high)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """One such point."""
        return self.x + x * self.wide, self.y + y * self.high

    def points(self, knots: str | ArrayLike) -> Points:
        """Points written in half widths and half heights from the middle of the face, as pixels."""
        written = path(knots) if isinstance(knots, str) else np.asarray(knots, np.float64)
        return written * (self.wide, self.high) + (self.x, self.y)

    def shape(self, knots: str | ArrayLike) -> Points:
        """A smooth closed outline through such points."""
        return curve(self.points(knots), closed=True)


def shaded(skin: Rgb) -> Rgb:
    """Skin where light does not reach."""
    return mix(darker(skin, 0.42), (0.45, 0.2, 0.16), 0.2)


def hair_behind(sheet: Sheet, frame: Frame, sitter: Sitter) -> None:
    """What hair falls behind the face."""
    hair = darker(sitter.hair, 0.25)
    if sitter.style == "long":
        sheet.polygon(
            frame.shape(
                "0,-1.2 0.8,-1.1 1.2,-0.5 1.26,0.4 1.34,1.3 0.9,1.75 -0.9,1.75 -1.34,1.3 -1.26,0.4 -1.2,-0.5 -0.8,-1.1"
            ),
            hair,
        )
    elif sitter.style == "bun":
        sheet.polygon(frame.shape("0,-1.62 0.42,-1.5 0.46,-1.15 0,-0.95 -0.46,-1.15 -0.42,-1.5"), hair)
        sheet.polygon(
            frame.shape("0,-1.2 0.8,-1.05 1.1,-0.4 0.98,0.3 -0.98,0.3 -1.1,-0.4 -0.8,-1.05"),
            hair,
        )
    elif sitter.style == "curls":
        for angle in np.linspace(-0.25, np.pi + 0.25, 17):
            x, y = frame.at(1.06 * np.cos(angle), -0.34 - 0.86 * np.sin(angle))
            sheet.polygon(disc(x, y, 0.27 * frame.high, 0.25 * frame.high), hair)
    else:
        sheet.polygon(
            frame.shape("0,-1.18 0.75,-1.06 1.06,-0.5 1.0,0.1 -1.0,0.1 -1.06,-0.5 -0.75,-1.06"),
            hair,
        )


def garment(sheet: Sheet, rng: np.random.Generator, frame: Frame, sitter: Sitter, cloth: Rgb, trim: Rgb) -> None:
    """Shoulders in their cloth, with folds."""
    outline = path("-0.42,1.22 -1.0,1.5 -1.9,1.85 -2.35,2.6 -2.5,5 2.5,5 2.35,2.6 1.9,1.85 1.0,1.5 0.42,1.22")
    sheet.polygon(frame.shape(outline), cloth)
    sheet.polygon(frame.shape("0.5,1.4 1.9,1.86 2.35,2.6 2.5,5 0.9,5 1.1,3"), darker(cloth, 0.35))
    sheet.polygon(frame.shape("-1.0,1.56 -1.8,1.9 -2.1,2.7 -1.6,2.4 -1.1,1.9"), lighter(cloth, 0.16))
    for _ in range(11):
        x = rng.uniform(-2.1, 2.1)
        fold = curve(frame.points([[x * 0.7, 1.75 + abs(x) * 0.14], [x, 2.6], [x * 1.1 + rng.normal(0, 0.2), 4.2]]))
        sheet.stroke(
            fold,
            np.linspace(1, 0.11 * frame.wide, len(fold)),
            darker(cloth, 0.32) if rng.random() < 0.6 else lighter(cloth, 0.13),
        )
    if sitter.collar == "shirt":
        sheet.polygon(frame.points([[-0.5, 1.2], [0.5, 1.2], [0.1, 3.0], [-0.1, 3.0]]), lighter(trim, 0.5))
        for side in (-1, 1):
            sheet.polygon(
                frame.points([[side * 0.44, 1.12], [side * 1.0, 1.6], [side * 0.55, 2.1], [side * 0.1, 1.66]]),
                lighter(trim, 0.62 if side < 0 else 0.35),
            )
    elif sitter.collar == "shawl":
        sheet.polygon(
            frame.shape("-0.6,1.25 -1.9,1.75 -2.1,2.4 0.2,3.4 2.0,2.3 1.8,1.75 0.6,1.25 0,1.95"),
            trim,
        )
        for k in range(7):
            fold = curve(
                frame.points(
                    [[-0.62 - 0.16 * k, 1.4 + 0.08 * k], [-0.75 - 0.1 * k, 2.1 + 0.1 * k], [-0.05, 2.35 + 0.15 * k]]
                )
            )
            sheet.stroke(fold, 0.05 * frame.wide, darker(trim, 0.3) if k % 2 else lighter(trim, 0.2))


def neck(sheet: Sheet, frame: Frame, sitter: Sitter) -> None:
    skin, shade = sitter.skin, shaded(sitter.skin)
    low = 1.95 if sitter.collar == "plain" else 1.72
    sheet.polygon(
        frame.shape([[-0.44, 0.5], [-0.44, 1.1], [-0.62, 1.5], [0, low], [0.62, 1.5], [0.44, 1.1], [0.44, 0.5]]),
        mix(skin, shade, 0.35),
    )
    sheet.polygon(frame.shape("-0.36,0.8 0.1,1.24 0.2,1.6 0.5,1.5 0.44,1.1 0.44,0.6"), shade)
    if sitter.collar == "ruff":
        sheet.polygon(disc(*frame.at(0, 1.34), 1.3 * frame.wide, 0.44 * frame.high), (0.7, 0.7, 0.74))
        for ring, tone in ((1.0, (0.62, 0.62, 0.68)), (0.9, (0.93, 0.92, 0.88))):
            for angle in np.linspace(0, 2 * np.pi, 26):
                x, y = frame.at(1.25 * ring * np.cos(angle), 1.34 + 0.36 * ring * np.sin(angle))
                sheet.polygon(
                    disc(x, y, 0.26 * frame.wide, 0.34 * frame.wide, angle),
                    tone if ring > 0.95 or np.sin(angle) > -0.2 else (0.72, 0.72, 0.76),
                )


def features(sheet: Sheet, frame: Frame, sitter: Sitter) -> None:
    skin = sitter.skin
    line, turn = darker(mix(sitter.hair, skin, 0.25), 0.45), sitter.turn
    for side in (-1, 1):
        size = 1.0 - 0.2 * max(0.0, side * turn)
        x, y = side * 0.41 * size + 0.13 * turn, 0.0
        _eye(sheet, frame, (x, y), size, sitter, line)
        brow = curve(
            frame.points([[x - side * 0.22 * size, -0.17], [x + side * 0.04, -0.24], [x + side * 0.27 * size, -0.15]])
        )
        sheet.stroke(brow, np.linspace(0.085, 0.03, len(brow)) * frame.wide, mix(darker(sitter.hair, 0.2), skin, 0.2))
    nose = 0.16 * turn
    edge = shaded(skin)
    sheet.stroke(
        curve(frame.points([[nose + 0.13, 0.05], [nose + 0.12, 0.25], [nose + 0.19, 0.4], [nose + 0.1, 0.46]])),
        np.linspace(1.0, 0.045 * frame.wide, 37),
        edge,
    )
    for side in (-1, 1):
        sheet.polygon(
            disc(*frame.at(nose + side * 0.085, 0.455), 0.05 * frame.wide, 0.02 * frame.high), darker(edge, 0.45)
        )
    lips = mix(skin, (0.68, 0.2, 0.2), 0.56)
    mouth = 0.12 * turn
    sheet.polygon(
        frame.shape(
            [
                [mouth - 0.29, 0.665],
                [mouth - 0.1, 0.605],
                [mouth, 0.622],
                [mouth + 0.1, 0.605],
                [mouth + 0.29, 0.665],
                [mouth, 0.69],
            ]
        ),
        darker(lips, 0.22),
    )
    sheet.polygon(
        frame.shape(
            [
                [mouth - 0.28, 0.67],
                [mouth, 0.685],
                [mouth + 0.28, 0.67],
                [mouth + 0.12, 0.765],
                [mouth - 0.12, 0.765],
            ]
        ),
        lips,
    )
    sheet.stroke(
        curve(frame.points([[mouth - 0.31, 0.662], [mouth, 0.684], [mouth + 0.31, 0.662]])),
        0.028 * frame.wide,
        darker(lips, 0.6),
    )
    sheet.polygon(disc(*frame.at(mouth - 0.06, 0.715), 0.1 * frame.wide, 0.018 * frame.high), lighter(lips, 0.3))


def hair_before(sheet: Sheet, rng: np.random.Generator, frame: Frame, sitter: Sitter, trim: Rgb) -> None:
    """Hair over the brow, beard, what is worn on the head, earrings."""
    hair = sitter.hair
    if sitter.beard:
        sheet.polygon(
            frame.shape(
                "-0.94,0.1 -0.74,0.52 -0.36,0.54 0,0.5 0.36,0.54 0.74,0.52 0.94,0.1 0.92,0.6 0.55,1.2 "
                "0,1.42 -0.55,1.2 -0.92,0.6"
            ),
            hair,
        )
        sheet.polygon(
            frame.shape([[-0.2, 0.66], [0, 0.63], [0.2, 0.66], [0, 0.75]]), mix(sitter.skin, (0.6, 0.2, 0.2), 0.6)
        )
    part = 0.35 * (1 if sitter.turn > 0 else -1)
    left = [[part, -1.12], [-0.5, -1.12], [-1.02, -0.6], [-1.04, 0.1], [-0.93, 0.14], [-0.86, -0.35], [-0.4, -0.7]]
    right = [[part, -1.12], [0.7, -1.05], [1.04, -0.55], [1.04, 0.1], [0.93, 0.14], [0.88, -0.35], [0.62, -0.66]]
    sheet.polygon(frame.shape(left), hair).polygon(frame.shape(right), darker(hair, 0.3))
    for _ in range(26):
        x = rng.uniform(-0.95, 0.95)
        lock = curve(frame.points([[part + 0.2 * x, -1.09], [0.75 * x, -1.0 + 0.2 * x * x], [x, -0.86 + 0.62 * x * x]]))
        sheet.stroke(
            lock, 0.018 * frame.wide, lighter(hair, 0.16) if x < rng.uniform(-0.4, 0.6) else darker(hair, 0.22)
        )
    _worn(sheet, frame, sitter.cover, trim)
    if sitter.earrings:
        for side in (-1, 1):
            x, y = frame.at(side * 0.97, 0.36)
            sheet.polygon(disc(x, y, 0.075 * frame.wide, 0.1 * frame.wide), paint("#d9b65a"))
            sheet.polygon(disc(x - 1.5, y - 2, 0.03 * frame.wide), paint("#fff3cf"))


def _eye(sheet: Sheet, frame: Frame, centre: tuple[float, float], size: float, sitter: Sitter, line: Rgb) -> None:
    x, y = centre
    upper = [[x - 0.21 * size, y + 0.02], [x - 0.02, y - 0.062], [x + 0.21 * size, y + 0.015]]
    lower = [[x + 0.04, y + 0.062], [x - 0.1 * size, y + 0.055]]
    lid = mix(sitter.skin, shaded(sitter.skin), 0.5)
    sheet.polygon(
        frame.shape([[x - 0.24 * size, y + 0.02], [x, y - 0.115], [x + 0.25 * size, y + 0.01], [x, y + 0.085]]), lid
    )
    if sitter.closed:
        sheet.stroke(
            curve(frame.points([[x - 0.2 * size, y + 0.025], [x, y + 0.07], [x + 0.2 * size, y + 0.02]])),
            0.05 * frame.wide,
            line,
        )
        return
    sheet.polygon(frame.shape(upper + lower), mix((0.93, 0.9, 0.86), sitter.skin, 0.22))
    look = x + 0.05 * sitter.turn
    sheet.polygon(disc(*frame.at(look, y), 0.088 * frame.wide, 0.056 * frame.high), darker(sitter.eyes, 0.3))
    sheet.polygon(disc(*frame.at(look, y + 0.012), 0.066 * frame.wide, 0.036 * frame.high), sitter.eyes)
    sheet.polygon(disc(*frame.at(look, y), 0.042 * frame.wide, 0.027 * frame.high), (0.05, 0.04, 0.05))
    sheet.polygon(disc(*frame.at(look - 0.035, y - 0.022), 0.02 * frame.wide), (1, 1, 1))
    sheet.stroke(curve(frame.points(upper)), 0.05 * frame.wide, line)
    sheet.stroke(
        curve(frame.points([[x - 0.2 * size, y - 0.05], [x, y - 0.115], [x + 0.22 * size, y - 0.045]])),
        0.022 * frame.wide,
        shaded(sitter.skin),
    )


def _worn(sheet: Sheet, frame: Frame, cover: str, tone: Rgb) -> None:
    """A hat, a scarf or a band."""
    if cover == "hat":
        sheet.polygon(frame.shape("-0.9,-0.8 -0.85,-1.5 -0.3,-1.72 0.4,-1.7 0.88,-1.48 0.92,-0.8"), tone)
        sheet.polygon(frame.shape([[0.2, -0.9], [0.3, -1.7], [0.88, -1.48], [0.92, -0.8]]), darker(tone, 0.2))
        sheet.polygon(
            frame.shape("-1.75,-0.72 -0.9,-0.98 0,-1.02 0.9,-0.98 1.75,-0.7 0.9,-0.66 0,-0.62 -0.9,-0.66"),
            darker(tone, 0.12),
        )
        sheet.stroke(
            curve(frame.points([[-0.92, -0.96], [0, -1.04], [0.93, -0.95]])), 0.13 * frame.wide, lighter(tone, 0.4)
        )
    elif cover == "scarf":
        sheet.polygon(
            frame.shape(
                "-0.98,-0.35 -0.7,-0.62 0,-0.76 0.7,-0.62 0.98,-0.35 1.16,-0.75 0.8,-1.25 0,-1.42 "
                "-0.8,-1.25 -1.16,-0.75"
            ),
            tone,
        )
        sheet.polygon(frame.shape("1.0,-0.4 1.3,0.2 1.5,1.2 1.2,1.5 1.05,0.8 0.98,0.1"), darker(tone, 0.2))
        for k in range(7):
            fold = curve(
                frame.points([[-1.02 + 0.06 * k, -0.5 - 0.1 * k], [-0.2, -0.86 - 0.08 * k], [0.98, -0.55 - 0.08 * k]])
            )
            sheet.stroke(fold, 0.045 * frame.wide, darker(tone, 0.3) if k % 2 else lighter(tone, 0.25))
    elif cover == "band":
        sheet.stroke(
            curve(frame.points("-1.0,-0.52 -0.5,-0.78 0,-0.86 0.5,-0.78 1.0,-0.52")),
            0.15 * frame.wide,
            tone,
        )
        for x in np.linspace(-0.8, 0.8, 7):
            sheet.polygon(disc(*frame.at(x, -0.84 + 0.3 * x * x), 0.045 * frame.wide), lighter(tone, 0.55))
