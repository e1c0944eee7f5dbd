"""The great wave of the woodcuts: back, lip and hollow, its foam, and the swell before it."""

import numpy as np

from pipeline.painting.colour import lighter, mix
from pipeline.painting.plan import Easel
from pipeline.painting.shapes import Points, Sheet, box, curve, disc, path
from pipeline.painting.woodblocks import Blocks


def swell(sheet: Sheet, easel: Easel, inks: Blocks, horizon: float) -> None:
    """Smaller waves in front of the mountain, each with contour lines and a pale crest."""
    rng, width, height = easel.rng, easel.width, easel.height
    sheet.polygon(box(-5, horizon - height * 0.012, width + 5, height + 5), mix(inks.water, inks.lower, 0.3))
    sheet.lines(np.array([[0, horizon - height * 0.012], [width, horizon - height * 0.012]]), 1.0, inks.line)
    for k in range(4):
        level = horizon + height * (0.015 + 0.066 * k)
        xs = np.linspace(-20, width + 20, 90)
        phase, pitch = rng.uniform(0, 6), width * rng.uniform(0.34, 0.5)
        cusp = np.abs(np.sin(xs / pitch * np.pi + phase)) ** 0.7
        crest = np.stack([xs, level + height * (0.03 + 0.012 * k) * (1 - 2 * (1 - cusp) ** 2)], axis=1)
        tone = mix(inks.water, inks.deep, 0.25 * k)
        sheet.polygon(np.concatenate([crest, [[width + 20, height + 5], [-20, height + 5]]]), tone)
        for step in range(1, 7):
            sheet.lines(
                np.add(crest, (6 * step, height * 0.009 * step * (1 + 0.14 * step))),
                1.1 if step % 2 else 0.7,
                mix(inks.deep, inks.line, 0.4) if step % 2 else lighter(inks.water, 0.45),
            )
        sheet.stroke(crest, 2.8, (0.95, 0.94, 0.88))
        sheet.lines(crest - (0, 1.6), 0.9, inks.line)


def wave(sheet: Sheet, easel: Easel, inks: Blocks) -> None:
    """The great wave: back, lip and hollow as curves; stripes run between back and hollow."""
    rng, unit = easel.rng, easel.height / 100
    size = min(easel.width / easel.height, 1.35) * rng.uniform(0.92, 1.08)
    back = path("-12,104 -8,78 2,50 17,28 36,16 55,16 68,27 73,40")
    face = path("66,104 50,92 40,78 37,62 41,48 50,38 61,35 70,41")
    jitter = rng.normal(0, 1.2, back.shape)
    back, face = (back + jitter) * (size, 1) * unit, (face + 0.6 * jitter) * (size, 1) * unit
    outer, inner = curve(back), curve(face)
    sheet.polygon(np.concatenate([outer, inner[::-1]]), inks.water)
    for share in np.linspace(0.07, 0.93, 13):
        stripe = outer * (1 - share) + inner * share
        stripe = stripe[: int(len(stripe) * (0.98 - 0.1 * share))]
        widths = np.linspace(3.4, 1.0, len(stripe)) * unit * (0.5 + 0.5 * np.sin(share * 7 + 1) ** 2)
        sheet.stroke(stripe, widths, inks.deep if round(share * 100) % 2 else lighter(inks.water, 0.62))
    sheet.lines(outer, 1.4, inks.line).lines(inner, 1.4, inks.line)
    _foam(sheet, rng, inks, (outer, inner), unit)


def _foam(sheet: Sheet, rng: np.random.Generator, inks: Blocks, edges: tuple[Points, Points], unit: float) -> None:
    """Foam along the lip, its claws reaching down, and spray thrown ahead."""
    white, (outer, inner) = (0.965, 0.955, 0.9), edges
    rim = np.concatenate([outer[int(len(outer) * 0.42) :], inner[::-1][: int(len(inner) * 0.36)]])
    claws = []
    for at in np.linspace(0, len(rim) - 1, 38).astype(int):
        ahead = at / len(rim)
        aim = 0.35 + 1.9 * ahead + rng.normal(0, 0.25)
        root, reach = rim[at], unit * rng.uniform(3.2, 6.4) * (0.75 + 0.5 * ahead)
        knots = (
            root
            + np.array(
                [
                    [0, 0],
                    [np.cos(aim) * 0.6, np.sin(aim) * 0.5],
                    [np.cos(aim + 0.6) * 1.0, np.sin(aim + 0.6) * 0.95],
                ]
            )
            * reach
        )
        claws.append(curve(knots))
    for grow, tone in ((2.0, inks.line), (0.0, white)):
        for claw in claws:
            sheet.stroke(claw, np.linspace(3.0, 0.5, len(claw)) * unit * 0.95 + grow, tone)
            for side in (6, 14):
                tip = claw[side] + rng.normal(0, 0.1, 2) + (1.5 * unit, 1.0 * unit)
                sheet.polygon(disc(tip[0], tip[1], 0.85 * unit + grow / 2, steps=14), tone)
    body = curve(rim[:: max(1, len(rim) // 12)])
    sheet.stroke(body, 3.2 * unit, white)
    for share in (0.35, 0.7):
        sheet.lines(np.add(body, (0.6 * unit, (share * 3.4 - 1.2) * unit)), 0.9, mix(inks.water, white, 0.4))
    for _ in range(70):
        x, y = rim[int(rng.integers(len(rim) // 3, len(rim)))] + np.abs(rng.normal(0, 1, 2)) * unit * (9, 6) * (
            1,
            rng.choice([-0.6, 1]),
        )
        reach = unit * rng.uniform(0.25, 0.8)
        sheet.polygon(disc(x, y, reach + 0.6, steps=12), inks.line).polygon(disc(x, y, reach, steps=12), white)
