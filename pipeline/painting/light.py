"""The light of a landscape: its hour, its sky, and what it does to colours near and far."""

from dataclasses import dataclass

import numpy as np

from pipeline.painting.colour import Pixels, Rgb, mix, over, paint, ramp, smooth
from pipeline.painting.noise import fbm, shifted
from pipeline.painting.plan import Easel


@dataclass(frozen=True, slots=True)
class Light:
    """An hour and its weather."""

    name: str
    phrase: str  # "at dusk"
    temper: str
    zenith: Rgb
    middle: Rgb
    horizon: Rgb
    cloud: Rgb  # where lit
    shade: Rgb  # the underside of clouds
    orb: Rgb | None  # sun or moon, where it is seen
    tint: Rgb  # multiplies the colours of things
    shadow: Rgb  # the colour that shadows lean to

    @property
    def haze(self) -> Rgb:
        """What far things fade to."""
        return mix(self.horizon, self.middle, 0.45)

    def on(self, colour: Rgb, distance: float = 0.0) -> Rgb:
        """A thing's colour in this light, `distance` (0..1) away."""
        red, green, blue = (c * t for c, t in zip(colour, self.tint, strict=True))
        return mix((red, green, blue), self.haze, distance)

    def in_shade(self, colour: Rgb, distance: float = 0.0) -> Rgb:
        """A thing's colour where this light does not reach."""
        red, green, blue = self.on(colour)
        return mix(mix((red * 0.5, green * 0.5, blue * 0.5), self.shadow, 0.45), self.haze, distance)


def _light(name: str, phrase: str, temper: str, sky: str, orb: str, tint: tuple[float, float, float]) -> Light:
    zenith, middle, horizon, cloud, shade, shadow = (paint(code) for code in sky.split())
    return Light(name, phrase, temper, zenith, middle, horizon, cloud, shade, paint(orb) if orb else None, tint, shadow)


def lights() -> tuple[Light, ...]:
    """Every light there is: skies are zenith, middle, horizon, cloud, cloud shade, shadow."""
    return (
        _light("noon", "on a clear day", "bright", "#2c69ae #6aa5d4 #c9e0e8 #fffaf0 #a3b5cc #35527e", "", (1, 1, 0.96)),
        _light("morning", "in the morning", "bright", "#6fa6cc #a9cdd8 #f4e6c6 #fff6e0 #b4bfd2 #4d6590", "", (1,
            0.97, 0.9)),
        _light("summer", "in summer light", "bright", "#3d86b8 #8cc4d2 #e9ecc9 #fffdf0 #b1c7cf #3c5f7a", "", (1,
            1, 0.9)),
        _light("golden", "in golden light", "warm", "#7d93a4 #dcb981 #f8d583 #ffe9b4 #b08862 #5b4560", "#fff3c4",
            (1, 0.86, 0.62)),
        _light("sunset", "at sunset", "warm", "#47477f #b7617c #f6995a #ffad74 #704a74 #3d2f5e", "#ffe9a8",
            (0.95, 0.68, 0.6)),
        _light("ember", "under a burning sky", "warm", "#45264a #a8383f #f2743c #ff9a55 #5e2a3e #2f1f40",
            "#ffd27a", (0.9, 0.56, 0.46)),
        _light("rose", "at dawn", "warm", "#8fa5cc #dfb6c3 #fbdcbb #ffe8d8 #a99bbd #5e5c8c", "#fff3dd", (1, 0.86,
            0.82)),
        _light("dusk", "at dusk", "cool", "#223360 #5c6d9e #e2b49d #b69bb0 #46507e #1d2850", "", (0.62, 0.62, 0.78)),
        _light("storm", "under a gathering storm", "dark", "#39424c #69747b #b9bbaa #c6c8be #4a535d #28323e", "",
            (0.66, 0.68, 0.7)),
        _light("grey", "under a grey sky", "cool", "#93a0a8 #b4bdbf #dcddd2 #eceae2 #98a2aa #56636f", "", (0.85,
            0.86, 0.87)),
        _light("jade", "before rain", "dark", "#2b4d56 #6b978c #d6dcb2 #cfd9bb #47686a #1d3c44", "", (0.72, 0.8, 0.72)),
        _light("moonlight", "by moonlight", "dark", "#0b1530 #1a3355 #47698a #6d88a3 #14233f #081024", "#f3efd8",
            (0.34, 0.43, 0.58)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sky:
    """A sky over a horizon: how much cloud, how drawn out, and where the sun or moon stands."""

    light: Light
    cover: float  # of cloud, 0..1
    stretch: float  # of cloud, width against height
    orb_x: float  # of the width
    orb_y: float  # of the height above the horizon


def sky(rng: np.random.Generator, light: Light) -> Sky:
    """A sky in this light."""
    cover = {"storm": 0.85, "grey": 0.7, "moonlight": 0.35, "jade": 0.7}.get(light.name, float(rng.uniform(0.1, 0.62)))
    low = light.name in {"sunset", "golden", "ember", "rose"}
    return Sky(
        light,
        cover,
        float(rng.choice([1.6, 2.4, 4.5])),
        float(rng.uniform(0.18, 0.82)),
        float(rng.uniform(0.72, 0.93) if low else rng.uniform(0.16, 0.5)),
    )


def draw_sky(scene: Sky, easel: Easel, horizon: float) -> tuple[Pixels, Pixels]:
    """The sky as a picture of the easel's size (meant down to row `horizon`), and its strokes' angles."""
    light = scene.light
    rows, columns = easel.grid()
    size = max(easel.shape)
    height = rows / max(horizon, 1.0)
    drift = 0.10 * (fbm(easel.rng, easel.shape, size * 0.3, 2, 2.5) - 0.5)
    image = ramp(np.clip(height + drift, 0, 1), (light.zenith, light.middle, light.horizon), (0.0, 0.6, 1.0))
    billow = fbm(easel.rng, easel.shape, size * 0.24, 5, scene.stretch, 0.55)
    edge = 0.66 - 0.34 * scene.cover
    cloud = smooth(billow, edge, edge + 0.16) * (1 - 0.55 * smooth(height, 0.75, 1.0))
    reach = max(4, size // 45)
    lit = np.clip(0.55 + 5.0 * (billow - shifted(billow, -reach, -reach)) - 0.9 * (billow - edge), 0, 1)
    image = over(image, ramp(lit, (light.shade, mix(light.shade, light.cloud, 0.6), light.cloud)), cloud * 0.9)
    if light.orb is not None:
        away = np.hypot(columns - scene.orb_x * easel.width, rows - scene.orb_y * horizon) / size
        image = over(image, mix(light.orb, light.horizon, 0.4), 0.7 * np.exp(-away * 9) + 0.25 * np.exp(-away * 3.5))
        image = over(image, light.orb, smooth(away, 0.034, 0.03) * (1 - 0.5 * cloud))
    flow = (fbm(easel.rng, easel.shape, size * 0.4, 2, 2.0) - 0.5) * 1.6
    return image, flow
