"""Things that stand in painted rooms."""

import numpy as np

from pipeline.painting.colour import Rgb, darker, lighter, paint
from pipeline.painting.plan import pick
from pipeline.painting.shapes import Sheet, box, curve, disc, path


def chair(sheet: Sheet, x: float, foot: float, unit: float, wood: Rgb) -> None:
    """A plain wooden chair, seen from the front."""
    for side in (-5.5, 5.5):
        sheet.polygon(
            box(
                x + side - 0.8 * unit + side * unit * 0.2,
                foot - 36 * unit,
                x + side + 0.8 * unit + side * unit * 0.2,
                foot,
            ),
            darker(wood, 0.2),
        )
        sheet.polygon(
            box(
                x + side * unit * 1.1 - 0.8 * unit,
                foot - 17 * unit,
                x + side * unit * 1.1 + 0.8 * unit,
                foot + 4 * unit,
            ),
            wood,
        )
    for y in (34, 29, 24):
        sheet.polygon(box(x - 6.5 * unit, foot - y * unit, x + 6.5 * unit, foot - (y - 2) * unit), wood)
    sheet.polygon(
        np.array(
            [
                [x - 6.5 * unit, foot - 19 * unit],
                [x + 6.5 * unit, foot - 19 * unit],
                [x + 8 * unit, foot - 15 * unit],
                [x - 8 * unit, foot - 15 * unit],
            ]
        ),
        paint("#c9a860"),
    )


def vase(sheet: Sheet, rng: np.random.Generator, x: float, foot: float, unit: float) -> None:
    """A jar with a few twigs in leaf or flower."""
    tone = paint(pick(rng, ("#3f6a8c", "#a5523a", "#e8e2d2", "#4f7a5c")))
    bloom = paint(pick(rng, ("#d9563c", "#f2d45c", "#f3ece0", "#c98fb4", "#6d8f45")))
    for _ in range(9):
        tip = x + rng.normal(0, 5) * unit, foot - rng.uniform(18, 27) * unit
        stem = curve(
            np.array([[x, foot - 9 * unit], [(x + tip[0]) / 2 + rng.normal(0, 1) * unit, foot - 15 * unit], tip])
        )
        sheet.stroke(stem, 0.5 * unit, paint("#40502f"))
        for at in range(8, len(stem), 5):
            spot = stem[at] + rng.normal(0, 0.9, 2) * unit
            sheet.polygon(
                disc(spot[0], spot[1], 1.5 * unit, 1.1 * unit, rng.uniform(0, 3), 10),
                bloom if rng.random() < 0.65 else paint("#4f6b3a"),
            )
    jar = path("-2,-10 -4.4,-6 -3,0 3,0 4.4,-6 2,-10") * unit + (x, foot)
    sheet.polygon(curve(jar, closed=True), tone)
    sheet.polygon(
        curve(path("0.6,-10 2.4,-6 1,0 3,0 4.4,-6 2,-10") * unit + (x, foot), closed=True),
        darker(tone, 0.3),
    )
    sheet.polygon(disc(x - 2.2 * unit, foot - 6.4 * unit, 0.6 * unit, 1.7 * unit), lighter(tone, 0.6))
