"""Pottery: vessels turned and painted in bands, photographed on a neutral ground."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import ndimage

from pipeline.painting.bands import band
from pipeline.painting.colour import Field, Pixels, Rgb, darker, flat, lighter, mix, over, paint, ramp, smooth
from pipeline.painting.noise import blur, fbm, grain
from pipeline.painting.plan import SQUARE, TALL, Easel, Part, Plan, article, pick
from pipeline.painting.shapes import Sheet, Stencil, curve, disc
from pipeline.painting.solids import Turned, sheen, turned
from pipeline.painting.wares import FORMS, Ware, wares


@dataclass(frozen=True, slots=True)
class Vessel:
    """One vessel."""

    ware: Ware
    form: str
    bands: tuple[str, ...]
    ground: Rgb
    wear: float
    stature: float  # height against the form's usual
    seed: int

    def draw(self, easel: Easel) -> Pixels:
        """The photograph: a graded ground, a soft shadow, the vessel under a lamp at the upper left."""
        rng, unit = easel.rng, min(easel.shape) / 100
        rows, columns = easel.grid()
        written, usual, handled = FORMS[self.form]
        widths = [float(width) for width in written.split()]
        tall = usual * self.stature
        size = min(1.36, 0.80 * easel.height / (tall * unit), 0.74 * easel.width / (2.2 * max(widths) * unit)) * unit
        axis, foot = easel.width * 0.5, easel.height * 0.5 + tall * size * 0.53
        lip = foot - tall * size
        radii = np.array(widths) * size
        image = self._studio(easel, rows, columns, (axis, foot, radii[-1], float(radii.max())))
        vessel = turned(rows, columns, axis, lip, foot, radii)
        if handled:
            image = self._handles(image, axis, lip, size)
        shade, glint = sheen(vessel, self.ware.gloss)
        body = self._painted(easel, vessel)
        rough = fbm(rng, easel.shape, 5 * unit, 4) - 0.5
        body = body * (shade * (1 + 0.10 * rough + 0.02 * grain(rng, easel.shape, 0.7)))[..., None]
        body = over(
            body,
            (1, 0.99, 0.96),
            np.clip(
                blur(glint, 1.2)
                + 0.12 * self.ware.gloss * smooth(vessel.around, -0.2, -1.0) * smooth(vessel.along, 0.9, 0.3),
                0,
                1,
            )
            * vessel.mask,
        )
        image = over(image, body.astype(np.float32), vessel.mask)
        return self._mouth(image, axis, lip, float(radii[0]))

    def _studio(self, easel: Easel, rows: Field, columns: Field, stand: tuple[float, float, float, float]) -> Pixels:
        """The paper sweep behind, and the shadow the vessel throws to the right."""
        axis, foot, base, widest = stand
        glow = np.exp(
            -(
                ((columns - axis * 0.86) / easel.width) ** 2 * 3.5
                + ((rows - easel.height * 0.36) / easel.height) ** 2 * 3
            )
        )
        image = ramp(
            np.clip(0.1 + 0.85 * glow + 0.16 * smooth(rows, foot - 30, easel.height), 0, 1),
            (darker(self.ground, 0.5), self.ground, lighter(self.ground, 0.22)),
        )
        shadow = (
            Stencil(easel.shape, 2)
            .polygon(disc(axis + 0.55 * widest, foot + 2, base + 0.8 * widest, 0.14 * widest))
            .mask()
        )
        contact = Stencil(easel.shape, 2).polygon(disc(axis + 4, foot + base * 0.06, base * 1.06, base * 0.14)).mask()
        shadow = np.asarray(ndimage.gaussian_filter(shadow, (0.07 * widest, 0.25 * widest)), np.float32)
        image = over(image, darker(self.ground, 0.85), 0.62 * shadow)
        return (
            over(image, darker(self.ground, 0.95), 0.7 * blur(contact, 3))
            * (1 + 0.008 * grain(easel.rng, easel.shape))[..., None]
        )

    def _handles(self, image: Pixels, axis: float, lip: float, size: float) -> Pixels:
        """One strap handle for a jug, two for an amphora."""
        sheet = Sheet(image, 3)
        tone = self.ware.paint if self.ware.name in {"black-figure"} else mix(self.ware.body, self.ware.paint, 0.25)
        high, wide = FORMS[self.form][1], [float(width) for width in FORMS[self.form][0].split()]
        for side in (-1, 1) if self.form == "amphora" else (1,):
            knots = (
                np.array(
                    [
                        [wide[2] * 0.9, 0.09 * high],
                        [wide[4] * 1.0 + 1, 0.07 * high],
                        [wide[5] * 0.86, 0.2 * high],
                        [wide[4] * 0.92, 0.4 * high],
                    ]
                )
                * size
            )
            line = curve(knots * (side, 1) + (axis, lip))
            sheet.stroke(line, 3.4 * size, darker(tone, 0.45)).stroke(
                line - (0.5 * size, 0.3 * size), 2.2 * size, tone
            ).stroke(line - (0.8 * size, 0.6 * size), 0.6 * size, lighter(tone, 0.35))
        return sheet.pixels()

    def _mouth(self, image: Pixels, axis: float, lip: float, radius: float) -> Pixels:
        """The lip as an ellipse with the dark inside."""
        sheet = Sheet(image, 3)
        edge = mix(self.ware.body, self.ware.paint, 0.5 if self.ware.name != "celadon" else 0.1)
        sheet.polygon(disc(axis, lip, radius, radius * 0.17), lighter(edge, 0.18))
        sheet.polygon(
            disc(axis + 0.4, lip + radius * 0.025, radius * 0.9, radius * 0.135),
            darker(mix(self.ware.body, edge, 0.5), 0.66),
        )
        return sheet.pixels()

    @staticmethod
    def _figure(easel: Easel, vessel: Turned, kind: str, repeats: Field, down: Field) -> Field:
        """One band's figures; glaze that runs is the only one that chance draws."""
        if kind != "runs":
            return band(kind, repeats, down)
        drip = fbm(easel.rng, easel.shape, 22, 3, 0.35)
        return 0.9 * smooth(drip + 0.55 * (0.5 - vessel.along), 0.42, 0.6)

    def _painted(self, easel: Easel, vessel: Turned) -> Pixels:
        """Body colour with its bands, wear and crackle, before light."""
        rng, ware = easel.rng, self.ware
        design = np.random.default_rng(self.seed)
        image = flat(ware.body, easel.shape)
        image = over(image, lighter(ware.body, 0.25), 0.5 * smooth(fbm(rng, easel.shape, 50, 3), 0.5, 0.8))
        widths, tall, _ = FORMS[self.form]
        belly = max(map(float, widths.split()))
        edges = np.linspace(0.05, 0.93, len(self.bands) + 1) + np.concatenate(
            [[0], design.normal(0, 0.015, len(self.bands) - 1), [0]]
        )
        for kind, (top, low) in zip(self.bands, pairwise(edges), strict=True):
            v = (vessel.along - top) / (low - top)
            inside = smooth(np.abs(v - 0.5), 0.475, 0.455)
            count = max(4, round(np.pi * belly / ((low - top) * tall) * design.uniform(0.8, 1.3)))
            ink, tone = (ware.paint, ware.second) if design.random() < 0.75 else (ware.second, ware.paint)
            figure = self._figure(easel, vessel, kind, vessel.around / np.pi * count, v)
            image = over(image, ink, np.clip(figure, 0, 1) * inside * 0.94)
            for edge in (top, low):
                image = over(image, tone, smooth(np.abs(vessel.along - edge), 0.0072, 0.0048))
        image = over(
            image,
            mix(ware.paint, ware.body, 0.1),
            smooth(vessel.along, 0.945, 0.955) if ware.name in {"black-figure", "geometric", "polychrome"} else 0.0,
        )
        if ware.crackle:
            veins = np.abs(fbm(rng, easel.shape, 20, 3, 1.0, 0.6) - 0.5)
            image = over(image, darker(ware.body, 0.45), 0.4 * smooth(veins, 0.016, 0.003))
        worn = smooth(fbm(rng, easel.shape, 20, 5), 0.88 - 0.16 * self.wear, 0.92 - 0.15 * self.wear)
        return over(image, mix(lighter(ware.body, 0.25), paint("#b59a7c"), 0.35), 0.55 * worn)


def compose(rng: np.random.Generator, temper: str) -> Plan:
    """A vessel; a dark temper takes the darker grounds."""
    ware = pick(rng, wares())
    form = pick(rng, ware.forms)
    bands = tuple(pick(rng, ware.bands) for _ in range(int(rng.integers(3, 7))))
    ground = paint(
        pick(
            rng,
            ("#3a3c40", "#55575a", "#2c2d30")
            if temper == "dark"
            else ("#a9abac", "#c9c7c2", "#8f9192", "#d8d5ce", "#777a7c"),
        )
    )
    motif = Vessel(
        ware, form, bands, ground, float(rng.uniform(0, 1)), float(rng.uniform(0.86, 1.16)), int(rng.integers(1 << 30))
    )
    figures = {"meander": "meanders", "tongues": "tongues", "zigzag": "zigzags", "waves": "waves",
        "dots": "dots", "lines": "lines", "diamonds": "diamonds", "scroll": "flower scrolls",
               "lotus": "lotus petals", "steps": "stepped triangles", "cord": "cord marks",
                   "runs": "running glaze"}  # fmt: skip
    shown = list(dict.fromkeys(figures[kind] for kind in bands if kind in figures))
    decor = " and ".join(shown[:2]) or "plain bands"
    adjective = {"black-figure": "Banded", "impressed": "Cord-Marked", "nasca": "Painted"}.get(
        ware.name, ware.name.title()
    )
    culture = ware.tradition.culture
    ancient = "ancient " if ware.tradition.year_to < 600 else ""
    title = pick(
        rng,
        (
            f"{adjective} {form.title()} with {decor.title()}",
            f"{form.title()} with {decor.title()}",
            f"{adjective} {form.title()}, {culture} Style",
            f"{culture}-Style {form.title()} with {decor.title()}",
        ),
    )
    return Plan(
        size=pick(rng, TALL[:2] + TALL[:2] + SQUARE),
        title=title.replace(" And ", " and "),
        subjects=(f"{article(f'{ancient}{culture}-style')} {form}", f"bands of {decor}"),
        setting="on a neutral ground",
        manner=ware.medium,
        parts=(
            Part("background", ground, 0.66),
            Part(form, darker(mix(ware.body, ware.paint, 0.3), 0.12), 0.26),
            Part("decoration", ware.paint, 0.08),
        ),
        motif=motif,
        tradition=ware.tradition,
    )
