"""Portraits: a sitter before a plain ground, seen from the front or a little turned."""

from dataclasses import dataclass

import numpy as np

from pipeline.painting.brush import Sketch, oil
from pipeline.painting.colour import Pixels, Rgb, darker, lighter, mix, over, paint, ramp, smooth, term
from pipeline.painting.figure import Frame, Sitter, features, garment, hair_before, hair_behind, neck, shaded
from pipeline.painting.noise import blur, fbm
from pipeline.painting.plan import TALL, Easel, Part, Plan, article, pick, suited
from pipeline.painting.shapes import Sheet, Stencil
from pipeline.painting.solids import backdrop


@dataclass(frozen=True, slots=True)
class Ground:
    """The colours behind and on a sitter."""

    temper: str
    wall: Rgb
    garment: Rgb
    trim: Rgb


@dataclass(frozen=True, slots=True)
class Portrait:
    """A bust portrait."""

    ground: Ground
    sitter: Sitter

    def draw(self, easel: Easel) -> Pixels:
        """The portrait in oil."""
        return oil(self.sketch(easel), easel.hand, easel.rng)

    def sketch(self, easel: Easel) -> Sketch:
        """What the brush, or the etcher's needle, follows."""
        rng = easel.rng
        rows, columns = easel.grid()
        texture = fbm(rng, easel.shape, easel.width * 0.24, 4)
        image = backdrop(rows, columns, self.ground.wall, texture)
        frame = Frame.of(easel, self.sitter)
        sheet = Sheet(image)
        hair_behind(sheet, frame, self.sitter)
        garment(sheet, rng, frame, self.sitter, self.ground.garment, self.ground.trim)
        neck(sheet, frame, self.sitter)
        image = self._face(easel, sheet.pixels(), frame)
        sheet = Sheet(image)
        features(sheet, frame, self.sitter)
        hair_before(sheet, rng, frame, self.sitter, self.ground.trim)
        drawn = sheet.pixels()
        body = (np.abs(drawn - backdrop(rows, columns, self.ground.wall, texture)).sum(axis=2) > 0.02).astype(
            np.float32
        )
        away = np.hypot((columns - frame.x) / frame.wide, (rows - frame.y) / frame.high)
        flow = np.where(
            body > 0,
            np.arctan2((rows - frame.y) / frame.high, (columns - frame.x) / frame.wide) + np.pi / 2,
            0.8 + 1.6 * (texture - 0.5),
        )
        flow = np.where((rows > frame.y + 1.5 * frame.high) & (body > 0), 1.1 * np.sign(columns - frame.x), flow)
        detail = np.maximum(0.35 * body, 0.92 * smooth(away, 1.35, 1.0))
        return Sketch(drawn, flow.astype(np.float32), detail)

    def _face(self, easel: Easel, image: Pixels, frame: Frame) -> Pixels:
        """The head, modelled by light from the upper left."""
        rows, columns = easel.grid()
        mask = Stencil(easel.shape).polygon(frame.shape(_FACE)).mask()
        x, y = (columns - frame.x) / frame.wide, (rows - frame.y) / frame.high
        x = x - 0.12 * self.sitter.turn
        skin = self.sitter.skin
        deep = np.sqrt(np.clip(1.06 - 0.8 * x**2 - 0.42 * y**2, 0.02, 1))
        light = np.clip(0.66 * deep - 0.5 * x - 0.28 * y - 0.02, 0, 1)
        sockets = np.exp(-(((np.abs(x) - 0.42) / 0.26) ** 2 + ((y + 0.06) / 0.12) ** 2))
        bridge = (
            np.exp(-(((x - 0.13 - 0.1 * self.sitter.turn) / 0.085) ** 2))
            * smooth(y, -0.15, 0.25)
            * smooth(y, 0.52, 0.36)
        )
        under = np.exp(-((x / 0.3) ** 2 + ((y - 0.83) / 0.05) ** 2)) + np.exp(
            -((x / 0.17) ** 2 + ((y - 0.47) / 0.045) ** 2)
        )
        light = np.clip(light - 0.2 * sockets - 0.26 * bridge - 0.2 * under, 0, 1)
        tones = ramp(
            light.astype(np.float32),
            (darker(shaded(skin), 0.25), shaded(skin), skin, lighter(skin, 0.34)),
            (0.0, 0.24, 0.58, 1.0),
        )
        flush = np.exp(-(((np.abs(x) - 0.5) / 0.24) ** 2 + ((y - 0.34) / 0.16) ** 2)) + 0.6 * np.exp(
            -((x / 0.14) ** 2 + ((y - 0.4) / 0.1) ** 2)
        )
        tones = over(tones, mix(skin, (0.78, 0.27, 0.22), 0.6), (0.34 * flush).astype(np.float32))
        nose = (
            np.exp(-(((x - 0.02 - 0.16 * self.sitter.turn) / 0.05) ** 2)) * smooth(y, -0.1, 0.1) * smooth(y, 0.44, 0.36)
        )
        tones = over(tones, lighter(skin, 0.5), 0.4 * nose)
        return over(image, blur(tones, 1.0), mask)


_FACE = (
    "0,-1.02 0.56,-0.94 0.92,-0.6 0.97,-0.1 0.91,0.3 0.7,0.69 0.33,0.97 0,1.04 -0.33,0.97 "
    "-0.7,0.69 -0.91,0.3 -0.97,-0.1 -0.92,-0.6 -0.56,-0.94"
)


def _grounds() -> tuple[Ground, ...]:
    table = (
        ("dark", "#2d2620", "#1f1d22", "#c9c2b0"), ("dark", "#24302e", "#5a1f24", "#b8964f"), ("dark", "#1f2433",
         "#3a2f2a", "#8a2f2f"), ("dark", "#3a2a2a", "#20303a", "#c98f4a"),
        ("warm", "#a83a2c", "#2b2a30", "#e3c07a"), ("warm", "#c98b3c", "#4f2f3f", "#e6d8b8"), ("warm", "#b5654a",
         "#2f5560", "#f0dcb0"), ("warm", "#d6aa58", "#8a3328", "#3d4a66"),
        ("cool", "#3f6488", "#c9b79a", "#d9603f"), ("cool", "#7592a0", "#2c3a52", "#f0ead8"), ("cool", "#55796f",
         "#7a3a4a", "#e6c87a"), ("cool", "#8d8fae", "#3d4f48", "#e9d9c4"),
        ("bright", "#d8cfb8", "#3d6fa0", "#c8503c"), ("bright", "#9fc4bf", "#d9704f", "#f4ead0"), ("bright",
         "#e3a7a0", "#4a7a6a", "#f2e2b8"), ("bright", "#e6c95c", "#3f5f94", "#b8433a"),
    )  # fmt: skip
    return tuple(Ground(temper, paint(wall), paint(garment), paint(trim)) for temper, wall, garment, trim in table)


def compose(rng: np.random.Generator, temper: str) -> Plan:
    """A portrait for an artist of this temper."""
    ground = suited(rng, _grounds(), temper)
    woman = bool(rng.random() < 0.55)
    skin = pick(rng, ("#e8bf9f", "#dcae88", "#c99068", "#a8714c", "#8a5a3c", "#6d442e", "#efcdb4", "#d2a27a"))
    pale = paint(skin)[2] > 0.5
    hair = pick(
        rng,
        ("#4a2f20", "#7a4a26", "#b98a4a", "#2a1f1c", "#8a3f22", "#9b948c")
        if pale
        else ("#2a1f1c", "#1c1a1f", "#33241e"),
    )
    sitter = Sitter(
        paint(skin), paint(hair), paint(pick(rng, ("#5a3f28", "#4f6f86", "#5f7048") if pale else ("#4a2f1e",
            "#3a2a1e"))),
        pick(rng, ("long", "bun", "curls", "bun")) if woman else pick(rng, ("short", "short", "curls")),
        pick(rng, ("none", "none", "scarf", "band", "hat")) if woman else pick(rng, ("none", "none", "hat", "scarf")),
        pick(rng, ("plain", "shawl", "ruff", "plain")) if woman else pick(rng, ("shirt", "ruff", "shawl", "shirt")),
        not woman and bool(rng.random() < 0.5), woman and bool(rng.random() < 0.5),
        float(rng.uniform(-1, 1)), float(rng.uniform(0.66, 0.8)), bool(rng.random() < 0.2),
    )  # fmt: skip
    who = "woman" if woman else "man"
    features = [f"a {who} with {article(term(ground.wall))} background", f"{article(term(ground.garment))} garment"]
    worn = {"hat": "a hat", "scarf": "a headscarf", "band": "a beaded headband"}.get(sitter.cover)
    for present, noun in ((worn, worn or ""), (sitter.beard, "a beard"), (sitter.earrings, "gold earrings"),
                          (sitter.collar == "ruff", "a white ruff"), (sitter.collar == "shawl",
                           "a shawl")):  # fmt: skip
        if present:
            features.append(noun)
    return Plan(
        size=pick(rng, TALL[:2]),
        title=_title(rng, woman, sitter, ground),
        subjects=tuple(features),
        setting="looking down" if sitter.closed else "looking at us",
        manner="oil on panel",
        parts=(
            Part("background", ground.wall, 0.5),
            Part("garment", ground.garment, 0.26),
            Part("skin", sitter.skin, 0.1),
            Part("hair", sitter.hair, 0.1),
        ),
        motif=Portrait(ground, sitter),
    )


def _title(rng: np.random.Generator, woman: bool, sitter: Sitter, ground: Ground) -> str:
    role = pick(rng, ("a Young Woman", "the Weaver", "a Violinist", "the Botanist", "a Lady", "the Gardener",
        "Mother Agnes", "the Printer's Daughter", "Signora L.")
                if woman else ("a Young Man", "the Ferryman", "a Cellist", "the Clockmaker", "a Gentleman",
                    "the Apothecary", "Brother Tomas", "the Schoolmaster", "Captain R."))  # fmt: skip
    colour = term(ground.garment).title()
    wall = term(ground.wall).title()
    extra = [
        f"in {colour}",
        f"on {wall} Ground",
        f"before {article(wall)} Wall",
        "at Rest",
        "in Thought",
        "in Lamplight",
    ]
    extra += {"hat": ["with a Hat"], "scarf": ["in a Headscarf"], "band": ["with a Beaded Band"]}.get(sitter.cover, [])
    if sitter.collar == "ruff":
        extra.append("with a Ruff")
    return f"{pick(rng, ('Portrait of', 'Head of', 'Portrait of', 'Likeness of'))} {role} {pick(rng, extra)}"
