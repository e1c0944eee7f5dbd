"""Still lifes of fruit: in a bowl or loose on a table, with a jug or a bottle."""

from dataclasses import dataclass

import numpy as np

from pipeline.painting.brush import Sketch, oil
from pipeline.painting.colour import Field, Pixels, Rgb, darker, flat, lighter, mix, over, paint, ramp, smooth
from pipeline.painting.noise import fbm, profile
from pipeline.painting.plan import SQUARE, WIDE, Easel, Part, Plan, number, pick, suited
from pipeline.painting.shapes import Sheet, disc
from pipeline.painting.solids import Fruit, backdrop, cast, place, sheen, turned


@dataclass(frozen=True, slots=True)
class Room:
    """A wall and a table."""

    temper: str
    wall: Rgb
    table: Rgb
    ware: Rgb


def _rooms() -> tuple[Room, ...]:
    table = (
        ("dark", "#33302c", "#5d4330", "#3c5a66"), ("dark", "#22282e", "#4a4038", "#8a8f8c"), ("dark", "#3d2420",
         "#6a4030", "#c9b58f"),
        ("cool", "#7d97a6", "#b9b3a6", "#e8e6de"), ("cool", "#52708a", "#a8876a", "#e4dccb"), ("cool", "#8fa394",
         "#cbbfa8", "#5a7f8e"),
        ("warm", "#c9914f", "#8a5534", "#d8c7a2"), ("warm", "#b5452f", "#d9b184", "#e9dfc8"), ("warm", "#d9a93f",
         "#9a5b3a", "#48687a"),
        ("bright", "#dcd3bd", "#c98f5f", "#3f7392"), ("bright", "#e6d3c8", "#87a7b4", "#f0ece0"), ("bright",
         "#b9d0c4", "#e2d2ae", "#d2694f"),
    )  # fmt: skip
    return tuple(Room(temper, paint(wall), paint(top), paint(ware)) for temper, wall, top, ware in table)


def _fruits() -> tuple[Fruit, ...]:
    table = (
        ("red apple", "red apples", "#b3302a", "#d8703a", 0.75, 1.06, 0.16, 0.0, 0.0),
        ("green apple", "green apples", "#9db043", "#c7c75c", 0.75, 1.05, 0.16, 0.0, 0.0),
        ("orange", "oranges", "#e0812a", "#ea9a3c", 0.45, 1.0, 0.04, 0.0, 0.0),
        ("lemon", "lemons", "#e8c63c", "#d9b02e", 0.5, 1.16, 0.0, 0.0, 0.16),
        ("pear", "pears", "#b9b24c", "#c98a3c", 0.45, 0.86, 0.0, 1.0, 0.0),
        ("plum", "plums", "#4d2f5c", "#7a3a5a", 0.4, 0.94, 0.06, 0.0, 0.0),
        ("peach", "peaches", "#e6a566", "#d2664a", 0.12, 1.02, 0.08, 0.0, 0.0),
        ("fig", "figs", "#44324c", "#5d4a3e", 0.2, 0.95, 0.0, 0.8, 0.0),
    )  # fmt: skip
    return tuple(Fruit(name, plural, paint(skin), paint(blush), *form) for name, plural, skin, blush, *form in table)


@dataclass(frozen=True, slots=True)
class FruitPiece:
    """Fruit on a table."""

    room: Room
    kinds: tuple[Fruit, ...]  # one entry for each piece of fruit
    bowl: bool
    jug: bool
    cloth: bool
    edge: float  # of the table, share of the height

    def draw(self, easel: Easel) -> Pixels:
        """The still life in oil."""
        return oil(self.sketch(easel), easel.hand, easel.rng)

    def sketch(self, easel: Easel) -> Sketch:
        """What the brush, or the etcher's needle, follows."""
        rng = easel.rng
        rows, columns = easel.grid()
        texture = fbm(rng, easel.shape, easel.width * 0.22, 4)
        image = backdrop(rows, columns, self.room.wall, texture)
        flow = (1.2 * (texture - 0.5) + 0.7).astype(np.float32)
        line = self.edge * easel.height + profile(rng, easel.width, 300, 2)[None, :] * 2
        near = np.clip((rows - line) / (easel.height - line), 0, 1)
        grain = fbm(rng, easel.shape, 16, 3, 9)
        wood = ramp(
            np.clip(0.75 - 0.35 * columns / easel.width + 0.4 * (grain - 0.5) - 0.2 * near, 0, 1),
            (darker(self.room.table, 0.5), self.room.table, lighter(self.room.table, 0.3)),
        )
        top = smooth(rows, line - 1, line + 1)
        image, flow = over(image, wood, top), np.where(top > 0.5, 0.04, flow)
        detail = 0.3 * smooth(np.abs(rows - line), 12, 3)
        if self.cloth:
            image, flow = self._cloth(easel, image, flow)
        if self.jug:
            image, mask = self._jug(easel, image)
            flow, detail = np.where(mask > 0.5, np.pi / 2, flow), np.maximum(detail, 0.6 * mask)
        image, flow, mask = self._heap(easel, image, flow.astype(np.float32), texture)
        return Sketch(image, flow.astype(np.float32), np.maximum(detail, 0.62 * mask))

    def _cloth(self, easel: Easel, image: Pixels, flow: Field) -> tuple[Pixels, Field]:
        """A white cloth thrown over part of the table, in folds."""
        rng = easel.rng
        rows, columns = easel.grid()
        side = (
            rng.uniform(0.2, 0.55) * easel.width
            + profile(rng, easel.height, 150, 3)[:, None] * 40
            + 0.35 * (easel.height - rows)
        )
        line = self.edge * easel.height + 0.06 * easel.height
        lap = smooth(side - columns, -2, 2) * smooth(rows + 0.06 * columns - line, 0, 6)
        fold = np.sin(
            (columns * 0.9 + rows * 0.55) / easel.width * 17 + 5 * fbm(rng, easel.shape, easel.width * 0.3, 3)
        )
        tones = (mix(paint("#8e8fa3"), self.room.wall, 0.3), paint("#d8d3cb"), paint("#faf6ec"))
        image = over(image, ramp(0.5 + 0.46 * fold, tones), lap)
        return image, np.where(lap > 0.5, -1.0, flow).astype(np.float32)

    def _jug(self, easel: Easel, image: Pixels) -> tuple[Pixels, Field]:
        """A jug or a bottle behind the fruit."""
        rng, unit = easel.rng, easel.height / 100
        rows, columns = easel.grid()
        axis = easel.width * (rng.uniform(0.2, 0.34) if rng.random() < 0.5 else rng.uniform(0.66, 0.8))
        foot = self.edge * easel.height + 9 * unit
        shapes = (
            (9, 7.5, 7, 9, 13, 15, 14.5, 10),
            (4, 3.6, 4.2, 8, 10.5, 11, 11, 10),
            (11, 8, 10, 14, 15.5, 14, 10, 8.5),
        )
        radii = np.array(pick(rng, shapes)) * unit
        vessel = turned(rows, columns, axis, foot - unit * rng.uniform(42, 54), foot, radii)
        image = cast(image, (axis + radii[-1], foot - 2 * unit), (30 * unit, 6 * unit))
        shade, glint = sheen(vessel, 0.85)
        body: Pixels = flat(self.room.ware) * shade[..., None]
        band = smooth(np.abs(vessel.along - 0.42), 0.035, 0.03) * 0.7
        body = over(body, mix(self.room.wall, (0.1, 0.15, 0.3), 0.5), band * np.minimum(shade, 1))
        body = over(body, (1, 1, 0.97), glint)
        mouth = disc(axis, foot - (foot - (rows[vessel.mask > 0.5].min())), radii[0], radii[0] * 0.22)
        sheet = Sheet(over(image, body, vessel.mask))
        sheet.polygon(mouth, lighter(self.room.ware, 0.2)).polygon(
            mouth * 0.86 + mouth.mean(axis=0) * 0.14, darker(self.room.ware, 0.6)
        )
        return sheet.pixels(), vessel.mask

    def _heap(self, easel: Easel, image: Pixels, flow: Field, texture: Field) -> tuple[Pixels, Field, Field]:
        """The fruit, back to front, in its bowl or on the table, each with its shadow and stalk."""
        rng, size = easel.rng, easel.height * 0.098
        centre, ground = easel.width * rng.uniform(0.44, 0.56), easel.height * (self.edge + 0.2)
        spots = (
            _piled(rng, len(self.kinds), centre, ground - size * 1.9, size)
            if self.bowl
            else _strewn(rng, len(self.kinds), centre, ground, size)
        )
        whole = np.zeros_like(flow)
        if self.bowl:
            image = cast(image, (centre + size * 2, ground + size * 0.9), (size * 4.4, size * 1.1))
        else:
            for x, y in spots:
                image = cast(image, (x + size * 0.5, y + size * 0.82), (size * 1.5, size * 0.42), 0.62)
        stalks = []
        for fruit, (x, y) in zip(self.kinds, spots, strict=True):
            own = size * rng.uniform(0.9, 1.1) * (0.76 if fruit.name in {"plum", "fig"} else 1.0)
            turn = rng.normal(0, 0.5 if fruit.tip or fruit.neck else 0.25)
            image, flow, mask = place(image, flow, fruit, (x, y), own, turn, np.roll(texture, int(x), 1))
            whole = np.maximum(whole, mask)
            if fruit.dent or fruit.neck:
                tip = np.array([x, y]) + np.array([np.sin(turn), -np.cos(turn)]) * own * (1.2 if fruit.neck else 0.8)
                stalks.append(np.stack([tip, np.add(tip, (rng.normal(2, 2), -own * 0.36))]))
        sheet = Sheet(image)
        for stalk in stalks:
            sheet.stroke(stalk, (3.2, 2.0), paint("#3b2a1e"))
        image = sheet.pixels()
        return (*self._bowl(easel, image, flow, centre, ground, size), whole) if self.bowl else (image, flow, whole)

    def _bowl(
        self, easel: Easel, image: Pixels, flow: Field, x: float, ground: float, size: float
    ) -> tuple[Pixels, Field]:
        rows, columns = easel.grid()
        radii = np.array((4.1, 3.95, 3.6, 2.9, 1.9, 1.5, 1.7)) * size
        vessel = turned(rows, columns, x, ground - size * 1.1, ground + size * 1.0, radii)
        shade, glint = sheen(vessel, 0.5)
        body = over(
            flat(self.room.ware) * shade[..., None],
            darker(self.room.ware, 0.5),
            smooth(np.abs(vessel.along - 0.16), 0.05, 0.03) * 0.55,
        )
        image = over(image, over(body, (1, 1, 0.97), glint), vessel.mask)
        return image, np.where(vessel.mask > 0.5, 0.1, flow).astype(np.float32)


def _piled(rng: np.random.Generator, count: int, x: float, y: float, size: float) -> list[tuple[float, float]]:
    """Places in a bowl: rows of fruit, the upper resting between the lower; back to front."""
    spots = [
        (
            x + size * (1.75 * (k - (width - 1) / 2) + rng.normal(0, 0.1)),
            y + size * (0.95 - level + rng.normal(0, 0.08)),
        )
        for level, width in ((1.75, 3), (0.75, 4), (0.0, 4))
        for k in range(width)
    ]
    return spots[-count:] if count < len(spots) else spots


def _strewn(rng: np.random.Generator, count: int, x: float, y: float, size: float) -> list[tuple[float, float]]:
    """Places on a table that do not quite overlap, back to front."""
    spots: list[tuple[float, float]] = []
    for _ in range(400):
        spot = x + size * float(np.clip(rng.normal(0, 3.1), -4.2, 4.2)), y + size * rng.uniform(-1.6, 1.4)
        if all(abs(spot[0] - a) > size * 1.5 or abs(spot[1] - b) > size * 1.6 for a, b in spots):
            spots.append(spot)
        if len(spots) == count:
            break
    while len(spots) < count:
        spots.append((x + size * rng.uniform(-4, 4), y + size * rng.uniform(-1.6, 1.6)))
    return sorted(spots, key=lambda spot: spot[1])


def compose(rng: np.random.Generator, temper: str) -> Plan:
    """A still life with fruit for an artist of this temper."""
    room = suited(rng, _rooms(), temper)
    bowl = bool(rng.random() < 0.45)
    chosen = [_fruits()[k] for k in rng.permutation(8)[: int(rng.integers(1, 4))]]
    count = int(rng.integers(8, 12)) if bowl else int(rng.integers(4, 9))
    kinds = tuple(chosen[k] for k in rng.integers(0, len(chosen), count - len(chosen))) + tuple(chosen)
    motif = FruitPiece(
        room, kinds, bowl, bool(rng.random() < 0.6), bool(rng.random() < 0.45), float(rng.uniform(0.48, 0.58))
    )
    counts = {fruit.name: sum(kind == fruit for kind in kinds) for fruit in chosen}
    subjects = [number(counts[fruit.name], fruit.name, fruit.plural) if not bowl else fruit.plural for fruit in chosen]
    title = " and ".join(fruit.plural.title() for fruit in chosen[:2])
    for present, noun in ((bowl, "a bowl"), (motif.jug, "a jug"), (motif.cloth, "a white cloth")):
        if present:
            subjects.append(noun)
    forms = [f"Still Life with {title}", f"{title} on a Table", f"The Kitchen Table: {title}", f"{title}, Afternoon"]
    if bowl:
        forms = [f"Bowl of {title}", f"Still Life with a Bowl of {title}", f"{title} in a Bowl"]
    if motif.cloth:
        forms.append(f"{title} and White Cloth")
    if motif.jug:
        forms.append(f"{title} with a Jug")
    return Plan(
        size=pick(rng, WIDE[:3] + SQUARE),
        title=pick(rng, forms),
        subjects=tuple(subjects),
        setting="on a table",
        manner="oil on canvas",
        parts=(
            Part("background", room.wall, motif.edge),
            Part("table", room.table, (1 - motif.edge) * (0.5 if motif.cloth else 0.7)),
            Part("cloth", paint("#d8d3cb"), 0.12 if motif.cloth else 0.0),
            *(Part(fruit.plural, fruit.skin, 0.16 / len(chosen)) for fruit in chosen),
        ),
        motif=motif,
    )
