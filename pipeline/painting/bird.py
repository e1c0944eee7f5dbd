"""Bird studies: one bird on a branch, in watercolour over pencil."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pipeline.painting.colour import Field, Pixels, Rgb, darker, lighter, mix, over, paint, ramp, smooth
from pipeline.painting.noise import blur, fbm
from pipeline.painting.paper import paper, pooled, stained
from pipeline.painting.plan import SQUARE, TALL, WIDE, Easel, Part, Plan, article, pick
from pipeline.painting.plants import laid, leaf
from pipeline.painting.shapes import Points, Sheet, Stencil, curve, disc, dot, path
from pipeline.painting.species import BODY, BREAST, CAP, CHEEK, WING, Species, species


@dataclass(frozen=True, slots=True)
class BirdStudy:
    """A bird on a branch."""

    kind: Species
    sheet: Rgb
    foliage: str  # leaves, blossom, berries, bare
    leaf_tone: Rgb
    mirrored: bool
    tilt: float
    wash: Rgb | None  # a tint behind the bird

    def draw(self, easel: Easel) -> Pixels:
        """Branch and foliage first, then the bird: washes, feathers with a fine brush, the eye last."""
        rng = easel.rng
        image = paper(easel, self.sheet, 1.3, 0.3)
        size = min(easel.height * 0.26, easel.width * 0.235)
        centre = (easel.width * (0.5 - 0.04), easel.height * 0.47)
        if self.wash is not None:
            cloud = fbm(rng, easel.shape, easel.width * 0.35, 4)
            image = stained(image, self.wash, 0.5 * smooth(cloud, 0.36, 0.75))
        image = self._branch(easel, image, centre, size)
        image = self._bird(easel, image, centre, size)
        return image[:, ::-1].copy() if self.mirrored else image

    def _branch(self, easel: Easel, image: Pixels, centre: tuple[float, float], size: float) -> Pixels:
        rng = easel.rng
        y = centre[1] + size * 0.98
        knots = np.array(
            [
                [-0.05 * easel.width, y + size * rng.uniform(0.1, 0.6)],
                [centre[0] - size, y + 0.06 * size],
                [centre[0] + size * 0.6, y],
                [easel.width * 1.05, y - size * rng.uniform(0.1, 0.8)],
            ]
        )
        limb = curve(knots, steps=24)
        bark = Stencil(easel.shape).stroke(
            limb, np.linspace(0.15, 0.08, len(limb)) * size * (1 + 0.2 * np.sin(np.arange(len(limb)) * 0.9))
        )
        shade = Stencil(easel.shape).stroke(np.add(limb, (0, 0.035 * size)), np.linspace(0.08, 0.04, len(limb)) * size)
        twigs = []
        for at in rng.choice(np.arange(6, len(limb) - 4), 5, replace=False):
            aim = rng.uniform(-2.2, -0.7) if rng.random() < 0.6 else rng.uniform(0.6, 2.4)
            reach = size * rng.uniform(0.4, 1.0)
            if aim < 0 and abs(limb[at, 0] - centre[0]) < size * 1.1:
                aim = -aim
            twig = curve(
                np.stack(
                    [
                        limb[at],
                        limb[at] + np.array([np.cos(aim), np.sin(aim)]) * reach * 0.5 + rng.normal(0, 4, 2),
                        limb[at] + np.array([np.cos(aim), np.sin(aim)]) * reach,
                    ]
                )
            )
            bark.stroke(twig, np.linspace(0.05, 0.02, len(twig)) * size)
            twigs.append(twig)
        wood = paint(pick(rng, ("#7a6250", "#6a5a4e", "#5c4a3e")))
        image = stained(image, wood, pooled(rng, bark.mask(), 0.9, 0.5))
        image = stained(image, darker(wood, 0.2), 0.55 * pooled(rng, shade.mask(), 0.9, 0.1))
        return self._foliage(easel, image, [*twigs, limb], size)

    def _foliage(self, easel: Easel, image: Pixels, twigs: list[Points], size: float) -> Pixels:
        rng = easel.rng
        sheet = Sheet(image, 3)
        ink = darker(self.leaf_tone, 0.5)
        for twig in twigs[:-1]:
            for at in range(5, len(twig), 4):
                x, y = twig[at]
                if self.foliage in {"leaves", "berries"}:
                    piece = laid(
                        leaf(pick(rng, ("oval", "lance")), size * rng.uniform(0.26, 0.42), rng.normal(0, 0.3)),
                        x,
                        y,
                        rng.uniform(0, 6.3),
                    )
                    tone = mix(self.leaf_tone, self.sheet, rng.uniform(0, 0.35))
                    sheet.polygon(piece.outline, tone).polygon(
                        piece.outline[len(piece.outline) // 2 :], darker(tone, 0.12)
                    )
                    for vein in piece.veins:
                        sheet.lines(vein, 0.5, ink)
                if self.foliage == "berries":
                    spot = np.array([x, y]) + rng.normal(0, 0.1, 2) * size
                    sheet.polygon(dot(spot, 0.075 * size), paint("#b8322c")).polygon(
                        disc(spot[0] - 0.02 * size, spot[1] - 0.025 * size, 0.02 * size), (1, 0.9, 0.85)
                    )
                if self.foliage == "blossom":
                    spot = np.array([x, y]) + rng.normal(0, 0.05, 2) * size
                    for angle in np.linspace(0, 2 * np.pi, 6)[:-1] + rng.uniform(0, 1):
                        petal = disc(
                            spot[0] + np.cos(angle) * 0.075 * size,
                            spot[1] + np.sin(angle) * 0.065 * size,
                            0.075 * size,
                            0.058 * size,
                            angle,
                            16,
                        )
                        sheet.polygon(petal, mix(paint("#eeb4be"), (1, 0.97, 0.95), rng.uniform(0, 0.6)))
                        sheet.lines(np.concatenate([petal, petal[:1]]), 0.45, paint("#b8707e"))
                    sheet.polygon(dot(spot, 0.025 * size), paint("#b03a4a"))
        return sheet.pixels()

    def _bird(self, easel: Easel, image: Pixels, centre: tuple[float, float], size: float) -> Pixels:
        kind, rng = self.kind, easel.rng
        place = _Place(centre, size, self.tilt)
        legs = Sheet(image, 3)
        for x in (-0.12, 0.12):
            leg = place.points([[x, 0.5], [x - 0.02, 0.98]])
            legs.stroke(leg, 0.05 * size, mix(kind.colours.beak, paint("#9a7a6a"), 0.5))
            for toe in (-0.14, -0.05, 0.08):
                legs.stroke(
                    place.points([[x - 0.02, 0.97], [x + toe, 1.03]]), 0.035 * size, darker(kind.colours.beak, 0.1)
                )
        image = legs.pixels()
        tail = Stencil(easel.shape)
        for spread in (-0.05, 0.0, 0.05):
            end = np.array([0.8 + 0.78 * kind.tail, 0.3 + 0.62 * kind.tail + spread])
            tail.stroke(
                place.points([[0.5, 0.2], [0.5 * (0.5 + end[0]), 0.5 * (0.2 + end[1])], list(end)]),
                (0.26 * size, 0.2 * size, 0.13 * size),
            )
        image = self._coloured(easel, image, tail.mask(), kind.colours.wing)
        body = Stencil(easel.shape).polygon(place.shape(BODY)).mask()
        image = self._coloured(easel, image, body, kind.colours.back)
        for outline, tone in ((BREAST, kind.colours.breast), (CAP, kind.colours.cap), (CHEEK, kind.colours.cheek)):
            part = blur(Stencil(easel.shape).polygon(place.shape(outline)).mask(), 0.022 * size) * body
            image = over(
                image,
                ramp(
                    np.clip(0.55 + 0.5 * (fbm(rng, easel.shape, 9, 3) - 0.5), 0, 1),
                    (darker(tone, 0.25), tone, lighter(tone, 0.3)),
                ),
                0.93 * part,
            )
        image = self._modelled(image, body, place.size)
        wing = Stencil(easel.shape).polygon(place.shape(WING)).mask()
        image = self._coloured(easel, image, wing, kind.colours.wing)
        return self._finished(easel, image, place)

    def _coloured(self, easel: Easel, image: Pixels, mask: Field, tone: Rgb) -> Pixels:
        """A wash with body: opaque enough to cover what is behind."""
        flecks = fbm(easel.rng, easel.shape, 7, 3)
        tones = ramp(np.clip(flecks, 0, 1), (darker(tone, 0.35), tone, lighter(tone, 0.28)))
        edge = np.clip(mask - blur(mask, 2.2), 0, 1)
        return stained(over(image, tones, 0.95 * mask), darker(tone, 0.4), 0.7 * edge)

    @staticmethod
    def _modelled(image: Pixels, body: Field, size: float) -> Pixels:
        """Roundness: light from the upper left, shade under the belly."""
        soft = blur(body, 0.16 * size)
        across, down = np.gradient(soft, axis=1), np.gradient(soft, axis=0)
        light = np.clip((across + down) * size * 0.9, -1, 1)
        return np.clip(image * (1 + 0.26 * light * body)[..., None], 0, 1)

    def _finished(self, easel: Easel, image: Pixels, place: "_Place") -> Pixels:
        """Feathers, wing bars, beak and eye."""
        kind, rng, size = self.kind, easel.rng, place.size
        sheet = Sheet(image, 3)
        for _ in range(330):
            x, y = rng.uniform(-0.95, 0.8), rng.uniform(-0.92, 0.56)
            if not _inside(x, y):
                continue
            aim = 0.75 + 0.5 * (x + 0.3) - 0.5 * y
            tone = kind.colours.breast if y > 0.35 * x - 0.12 and x < 0.1 else kind.colours.back
            line = place.points([[x, y], [x + 0.1 * np.cos(aim), y + 0.1 * np.sin(aim)]])
            sheet.lines(line, 0.7, lighter(tone, 0.4) if rng.random() < 0.5 else darker(tone, 0.35))
        for row, (start, count, long) in enumerate(((0.0, 7, 0.3), (0.22, 6, 0.5), (0.5, 5, 0.7))):
            for k in range(count):
                root = np.array([-0.34 + start + 0.06 * k, -0.3 + 0.5 * start + 0.1 * k * (1 - 0.25 * row)])
                tip = root + np.array([0.86, 0.5]) * long * 0.9
                feather = place.points([root, (root + tip) / 2 + (0.0, -0.03), tip])
                shade = mix(kind.colours.wing, (0.08, 0.08, 0.1), 0.25 + 0.1 * row)
                sheet.stroke(
                    curve(feather),
                    np.linspace(0.03, 0.085, 25) * size * 0.9,
                    mix(kind.colours.wing, shade, 0.3 + 0.3 * (k % 2)),
                )
                sheet.lines(np.add(curve(feather), (0, 0.04 * size)), 0.8, darker(kind.colours.wing, 0.55))
            if kind.bars and row:
                bar = place.points([[-0.22 + start, -0.16 + 0.4 * start], [-0.1 + start, 0.16 + 0.35 * start]])
                sheet.stroke(
                    curve(np.insert(bar, 1, bar.mean(axis=0), axis=0)),
                    0.045 * size,
                    mix(lighter(kind.colours.breast, 0.4), kind.colours.wing, 0.35),
                )
        beak = place.points([[-0.98, -0.7], [-1.02 - kind.bill, -0.58], [-0.97, -0.53]])
        sheet.polygon(beak, kind.colours.beak).lines(
            place.points([[-0.94, -0.62], [-1.02 - kind.bill, -0.58]]), 0.8, darker(kind.colours.beak, 0.5)
        )
        x, y = place.points([[-0.74, -0.68]])[0]
        sheet.polygon(disc(x, y, 0.085 * size), mix(kind.colours.cap, (0.95, 0.9, 0.8), 0.45)).polygon(
            disc(x, y, 0.068 * size), (0.06, 0.05, 0.06)
        )
        sheet.polygon(disc(x - 0.022 * size, y - 0.026 * size, 0.02 * size, steps=12), (1, 1, 1))
        return sheet.pixels()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the bird is, its scale, and how it leans."""

    centre: tuple[float, float]
    size: float
    tilt: float

    def points(self, knots: str | ArrayLike) -> Points:
        p = path(knots) if isinstance(knots, str) else np.asarray(knots, np.float64)
        cos, sin = np.cos(self.tilt), np.sin(self.tilt)
        turned = np.stack([p[:, 0] * cos - p[:, 1] * sin, p[:, 0] * sin + p[:, 1] * cos], axis=1)
        # Feet stay on the branch however the bird leans.
        steady = smooth(p[:, 1].astype(np.float32), 0.5, 1.0)[:, None]
        return (turned * (1 - steady) + p * steady) * self.size + self.centre

    def shape(self, knots: str | ArrayLike) -> Points:
        return curve(self.points(knots), closed=True)


def _inside(x: float, y: float) -> bool:
    """Whether a place is well within the body (even-odd rule)."""
    found = False
    outline = path(BODY)
    for (a, b), (c, d) in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        if (b > y) != (d > y) and x < (c - a) * (y - b) / (d - b) + a:
            found = not found
    return found


def compose(rng: np.random.Generator, temper: str) -> Plan:
    """A bird study; a cool temper likes a tint behind the bird."""
    kind = pick(rng, species())
    foliage = pick(rng, ("leaves", "blossom", "berries", "bare", "leaves"))
    tinted = rng.random() < (0.75 if temper in {"cool", "dark"} else 0.3)
    wash = paint(pick(rng, ("#a9c4cf", "#c9d3b4", "#d9c2a8", "#b9bfd2"))) if tinted else None
    motif = BirdStudy(
        kind, paint(pick(rng, ("#f3ecdc", "#f6f2e8", "#eee2c8"))), foliage, paint(pick(rng, ("#6f8f4a",
            "#56805a", "#8f9a4a", "#a87c42"))),
        bool(rng.random() < 0.5), float(rng.uniform(-0.12, 0.2)), wash,
    )  # fmt: skip
    plant = {
        "leaves": "a leafy branch",
        "blossom": "a branch in blossom",
        "berries": "a branch with red berries",
        "bare": "a bare branch",
    }[foliage]
    on = {
        "leaves": "on a Leafy Branch",
        "blossom": "in Blossom",
        "berries": "among Berries",
        "bare": "on a Bare Branch",
    }[foliage]
    title = pick(
        rng,
        (
            f"{kind.name} {on}",
            f"Study of {article(kind.name)} {on}",
            f"{kind.name}, Plate {int(rng.integers(1, 90))}",
            f"Perched {kind.name} {on}",
            f"{kind.name} {on}, {pick(rng, ('March', 'April', 'May', 'October', 'January'))}",
        ),
    )
    ground = (
        motif.sheet
        if wash is None
        else mix(motif.sheet, (motif.sheet[0] * wash[0], motif.sheet[1] * wash[1], motif.sheet[2] * wash[2]), 0.3)
    )
    return Plan(
        size=pick(rng, TALL[:2] + SQUARE + WIDE[:1]),
        title=title,
        subjects=(f"{article(kind.name.lower())} with {kind.words}", plant),
        setting="on pale paper",
        manner="watercolour on paper",
        parts=(
            Part("paper", ground, 0.78),
            Part("bird", kind.colours.back, 0.08),
            Part("bird", kind.colours.breast, 0.07),
            Part("foliage", motif.leaf_tone, 0.05),
        ),
        motif=motif,
    )
