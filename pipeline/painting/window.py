"""The window of a painted room: what is seen through it, its woodwork, its curtains."""

from dataclasses import dataclass

import numpy as np

from pipeline.painting.chambers import Chamber
from pipeline.painting.colour import Field, Pixels, Rgb, darker, lighter, over, paint, ramp, smooth
from pipeline.painting.light import Light, draw_sky, sky
from pipeline.painting.noise import fbm
from pipeline.painting.plan import Easel
from pipeline.painting.shapes import Points, Sheet, Stencil, box, curve

Layer = tuple[Pixels, Field]  # colours, and how much of them is seen
Span = tuple[float, float]  # the rows of the horizon and of the sill


@dataclass(frozen=True, slots=True)
class Window:
    """A window seen straight on."""

    view: str  # one of `VIEWS`
    left: float  # its left edge, share of the room's width
    wide: float  # share of the room's width
    curtains: bool

    def frame(self, easel: Easel, line: float) -> Points:
        """Its four corners in a room whose floor begins at row `line`."""
        return box(
            self.left * easel.width, 0.12 * easel.height, (self.left + self.wide) * easel.width, 0.6 * line / 0.72
        )

    def outside(self, image: Pixels, frame: Points, light: Light, easel: Easel) -> Pixels:
        """The image with what is seen through the panes in this light."""
        rng = easel.rng
        base = frame[2, 1]
        horizon = frame[0, 1] + (base - frame[0, 1]) * 0.62
        scene, _ = draw_sky(sky(rng, light), easel, horizon)
        rough = fbm(rng, easel.shape, 24, 4)
        colours, share = _SCENES[self.view](easel, light, (horizon, base), rough)
        scene = over(scene, colours, share)
        pane = Stencil(easel.shape).polygon(frame).mask()
        return over(image, scene, pane)

    def joinery(self, sheet: Sheet, frame: Points, wood: Rgb, easel: Easel) -> None:
        """Its frame and bars, and the sill."""
        (left, top), (right, low) = frame[0], frame[2]
        bar = easel.width * 0.016
        shade = darker(wood, 0.35)
        for x in (left, (left + right) / 2, right):
            sheet.polygon(box(x - bar / 2, top, x + bar / 2, low), wood).polygon(
                box(x + bar * 0.2, top, x + bar / 2, low), shade
            )
        for share in (0, 0.36, 1):
            y = top + (low - top) * share
            sheet.polygon(box(left - bar / 2, y - bar / 2, right + bar / 2, y + bar / 2), wood)
            sheet.polygon(box(left - bar / 2, y + bar * 0.2, right + bar / 2, y + bar / 2), shade)
        sheet.polygon(box(left - bar * 2, low, right + bar * 2, low + bar), lighter(wood, 0.25))
        sheet.polygon(box(left - bar * 2, low + bar, right + bar * 2, low + bar * 1.6), darker(wood, 0.5))

    def drapes(self, sheet: Sheet, frame: Points, chamber: Chamber, rng: np.random.Generator) -> None:
        """Curtains to the floor on both sides."""
        (left, top), (right, low) = frame[0], frame[2]
        wide = (right - left) * 0.28
        for x, lean in ((left - wide * 0.6, -0.2), (right - wide * 0.4, 0.2)):
            for k in range(9):
                start = x + wide * k / 9
                fold = curve(
                    np.array(
                        [
                            [start, top - 14],
                            [start + lean * 20 + rng.normal(0, 2), (top + low) / 2],
                            [start + lean * 50, low + 42],
                        ]
                    )
                )
                tone = (lighter(chamber.curtain, 0.2), chamber.curtain, darker(chamber.curtain, 0.3))[k % 3]
                sheet.stroke(fold, wide / 8, tone)
        sheet.lines(
            np.array([[left - wide * 0.8, top - 15], [right + wide * 0.8, top - 15]]), 4, darker(chamber.wood, 0.4)
        )


def _sea(easel: Easel, light: Light, span: Span, rough: Field) -> Layer:
    rows, _ = easel.grid()
    horizon, base = span
    depth = np.clip((rows - horizon) / (base - horizon) + 0.5 * (rough - 0.5), 0, 1)
    return ramp(depth, (light.haze, light.on(paint("#2d6f96")))), smooth(rows, horizon - 1, horizon + 1)


def _rooftops(easel: Easel, light: Light, span: Span, _rough: Field) -> Layer:
    rows, columns = easel.grid()
    step = np.floor(columns / 23)
    height = 26 * np.modf(np.abs(np.sin(step * 12.9) * 43.7))[0]
    top = span[0] - height - 10 + 0.5 * np.abs(columns - step * 23 - 11)
    roofs = ramp(
        np.modf(np.abs(np.sin(step * 7.3) * 91.1))[0].astype(np.float32),
        (light.in_shade(paint("#8a5a4a")), light.on(paint("#b86a4c")), light.on(paint("#a39488"))),
    )
    return roofs, smooth(rows, top - 1, top + 1)


def _garden(easel: Easel, light: Light, span: Span, rough: Field) -> Layer:
    return _greenery(easel, light, span, rough, 46)


def _hills(easel: Easel, light: Light, span: Span, rough: Field) -> Layer:
    green, share = _greenery(easel, light, span, rough, 26)
    return over(green, light.haze, 0.45), share


def _greenery(easel: Easel, light: Light, span: Span, rough: Field, height: float) -> Layer:
    rows, _ = easel.grid()
    rise = span[0] - height * fbm(easel.rng, (1, easel.width), 40, 3)
    green = ramp(rough, (light.in_shade(paint("#2f5232")), light.on(paint("#5c8a45")), light.on(paint("#b3bf62"))))
    return green, smooth(rows, rise - 2, rise + 2)


_SCENES = {"the sea": _sea, "a garden": _garden, "rooftops": _rooftops, "hills": _hills}
VIEWS = tuple(_SCENES)
