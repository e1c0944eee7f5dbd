"""Tile ornament: one tile or a field of them, mirrored about itself, glazed and grouted."""

from dataclasses import dataclass

import numpy as np

from pipeline.painting.colour import Field, Pixels, Rgb, darker, flat, lighter, mix, over, paints, smooth
from pipeline.painting.noise import fbm, sample
from pipeline.painting.plan import SQUARE, TALL, WIDE, Easel, Part, Plan, pick, suited
from pipeline.painting.shapes import Points, Sheet, box, curve, disc, moved, path

_CELL = 240  # pixels along a repeat as it is drawn, before it is laid


@dataclass(frozen=True, slots=True)
class Glaze:
    """The glazes of a workshop: the ground, then three colours and an outline."""

    name: str
    temper: str
    tones: tuple[Rgb, ...]


def _glazes() -> tuple[Glaze, ...]:
    table = (
        ("blue and white", "cool", "#f0efe6 #2f5fa8 #7fa6cf #163a78 #14284f"), ("cobalt and turquoise", "cool",
         "#eef0e8 #1f4f9c #2f9fa8 #c8402f #15254f"),
        ("turquoise", "cool", "#2f9aa0 #f0eee0 #16506a #e0b84a #123c50"), ("green and cream", "bright",
         "#f2ead2 #3f7f5a #8fb46a #c98a2e #1f3f30"),
        ("ochre and green", "warm", "#f0dfb4 #c98328 #4f7a46 #8a3f24 #4a2a1c"), ("terracotta and cream", "warm",
         "#efdcc0 #b5563a #d99a5c #5a2f28 #3f211c"),
        ("yellow and blue", "bright", "#f4e3a4 #e8ae2e #3464a8 #f7f0da #20366a"), ("black and white", "dark",
         "#e9e5da #24262b #8a8780 #4a4c50 #17181b"),
        ("aubergine and gold", "dark", "#3a2438 #d0a24a #7a4a6a #efe0bc #1f131f"), ("deep blue and gold", "dark",
         "#16264c #c99f48 #3a6a9c #e9e0c4 #0c1530"),
    )  # fmt: skip
    return tuple(Glaze(name, temper, paints(tones)) for name, temper, tones in table)


@dataclass(frozen=True, slots=True)
class Tiles:
    """A wall of tiles."""

    glaze: Glaze
    pattern: str  # star, bloom, lattice, scroll
    across: int  # repeats along the picture's width
    seed: int  # of the pattern's details, the same in every repeat
    worn: float

    def draw(self, easel: Easel) -> Pixels:
        """The wall, each tile fired a little differently."""
        cell = self._repeat()
        rows, columns = easel.grid()
        side = easel.width / self.across
        # Odd pixels at the edge of a repeat are its mirror, as in a wall laid from one model.
        picture = np.stack(
            [
                sample(cell[..., k], rows / side * _CELL % (_CELL - 1), columns / side * _CELL % (_CELL - 1))
                for k in range(3)
            ],
            axis=2,
        )
        return self._fired(easel, picture, rows, columns, side / 2)

    def _repeat(self) -> Pixels:
        """One repeat, four tiles, drawn once and mirrored to all its eight parts."""
        rng = np.random.default_rng(self.seed)
        sheet = Sheet(flat(self.glaze.tones[0], (_CELL, _CELL)), 4)
        {"star": self._star, "bloom": self._bloom, "lattice": self._lattice, "scroll": self._scroll}[self.pattern](
            sheet, rng
        )
        return sheet.pixels()

    def _spin(self, sheet: Sheet, points: Points, tone: Rgb, outline: float = 0.9) -> None:
        """A shape, drawn about the middle, in all eight reflections, with its outline."""
        ink = self.glaze.tones[4]
        for turn in range(4):
            for flip in (1, -1):
                shape = moved(points * (flip, 1), _CELL / 2, _CELL / 2, turn * np.pi / 2)
                sheet.polygon(shape, tone)
                if outline:
                    sheet.lines(np.concatenate([shape, shape[:1]]), outline, ink)

    def _corner(self, sheet: Sheet, points: Points, tone: Rgb) -> None:
        """A shape drawn about each corner of the repeat, in all reflections."""
        ink = self.glaze.tones[4]
        for x in (0, _CELL):
            for y in (0, _CELL):
                for turn in range(8):
                    shape = moved(points, x, y, turn * np.pi / 4)
                    sheet.polygon(shape, tone).lines(np.concatenate([shape, shape[:1]]), 0.9, ink)

    def _star(self, sheet: Sheet, rng: np.random.Generator) -> None:
        """Eight-pointed stars and the crosses between, with straps."""
        _, one, two, three, ink = self.glaze.tones
        ground = pick(rng, (one, two, self.glaze.tones[0]))
        sheet.polygon(box(0, 0, _CELL, _CELL), ground)
        half = _CELL / 2
        for x, y, first, second in (
            (half, half, one, three),
            (0, 0, two, one),
            (_CELL, 0, two, one),
            (0, _CELL, two, one),
            (_CELL, _CELL, two, one),
        ):
            for size, tone in (
                (0.5, ink),
                (0.47, self.glaze.tones[0]),
                (0.4, ink),
                (0.385, first),
                (0.27, ink),
                (0.255, self.glaze.tones[0]),
                (0.2, second),
                (0.1, ink),
                (0.085, two),
            ):
                star = _star_shape(16, _CELL * size * 0.98, 0.765 if size > 0.2 else 0.6)
                sheet.polygon(moved(star, x, y, np.pi / 8 if size < 0.3 else 0), tone)
        for turn in range(4):
            for size, tone in ((20, ink), (17, three), (9, self.glaze.tones[0])):
                lozenge = np.array([[0, -1.5], [1, 0], [0, 1.5], [-1, 0]]) * size * rng.uniform(0.98, 1.02)
                sheet.polygon(
                    moved(
                        lozenge,
                        half + (half - 2) * np.cos(turn * np.pi / 2),
                        half + (half - 2) * np.sin(turn * np.pi / 2),
                        turn * np.pi / 2 + np.pi / 2,
                    ),
                    tone,
                )

    def _bloom(self, sheet: Sheet, rng: np.random.Generator) -> None:
        """Tulips, carnations and saw-edged leaves about a rosette."""
        _, one, two, three, ink = self.glaze.tones
        stem = curve(np.array([[0, 8], [rng.uniform(8, 20), 42], [rng.uniform(26, 40), 66], [58, rng.uniform(74, 84)]]))
        for turn in range(4):
            for flip in (1, -1):
                sheet.lines(moved(stem * (flip, 1), _CELL / 2, _CELL / 2, turn * np.pi / 2), 2.0, mix(two, ink, 0.3))
        leaf = curve(path("20,44 42,40 66,52 88,84 60,70 38,58"), closed=True, steps=5)
        self._spin(sheet, leaf, two)
        self._spin(
            sheet,
            curve(np.array([[34, 47], [56, 54], [74, 68], [56, 60]]), closed=True, steps=5),
            lighter(two, 0.35),
            0,
        )
        tulip = curve(path("0,40 13,52 12,70 17,92 5,80 0,98"), steps=6)
        self._spin(sheet, np.concatenate([tulip, [[0, 40]]]), one)
        self._spin(
            sheet,
            np.concatenate([curve(np.array([[0, 48], [6, 60], [4, 76], [0, 88]]), steps=6), [[0, 48]]]),
            three,
            0.5,
        )
        fan = np.concatenate([_star_shape(18, 25, 0.8)[:20], [[0, 0]]])
        self._spin(sheet, moved(fan, 72, 92, rng.uniform(-0.4, 0.4), 0.9), three)
        self._spin(sheet, disc(72, 92, 9), self.glaze.tones[0])
        for size, tone in ((34, one), (25, self.glaze.tones[0]), (18, three), (9, two)):
            rosette = moved(_star_shape(16, size, 0.84), _CELL / 2, _CELL / 2)
            sheet.polygon(rosette, tone).lines(np.concatenate([rosette, rosette[:1]]), 1.0, ink)
        petal = curve(np.array([[8, 0], [26, -10], [46, 0], [26, 10]]), closed=True, steps=5)
        self._corner(sheet, petal, one)
        self._corner(sheet, petal * 0.55, two)

    def _lattice(self, sheet: Sheet, rng: np.random.Generator) -> None:
        """Interlaced bands over a ground of small flowers."""
        _, one, two, three, ink = self.glaze.tones
        half, band = _CELL / 2, rng.uniform(13, 19)
        for x in range(0, _CELL, 30):
            for y in range(0, _CELL, 30):
                for angle in np.linspace(0, 2 * np.pi, 6)[:-1]:
                    sheet.polygon(disc(x + 15 + 5 * np.cos(angle), y + 15 + 5 * np.sin(angle), 3.4), two)
                sheet.polygon(disc(x + 15, y + 15, 2.4), three)
        bow = rng.uniform(0.18, 0.4)
        for tone, extra in ((ink, 5), (one, 0), (lighter(one, 0.45), -band * 0.72)):
            for turn in range(4):
                for sign in (1, -1):
                    wave = np.array([[-half, -half * bow * sign], [0, half * bow * sign], [half, -half * bow * sign]])
                    line = curve(
                        np.concatenate([np.subtract(wave[:1], (40, 0)), wave, np.add(wave[-1:], (40, 0))]), steps=16
                    )
                    sheet.stroke(moved(line, half, half, turn * np.pi / 2), max(band + extra, 1.5), tone)
        for size, tone in ((25, ink), (22, three), (14, self.glaze.tones[0]), (8, one)):
            for left, top in ((half, half), (0, 0), (_CELL, 0), (0, _CELL), (_CELL, _CELL)):
                sheet.polygon(moved(_star_shape(16, size, 0.72), left, top), tone)

    def _scroll(self, sheet: Sheet, rng: np.random.Generator) -> None:
        """Quarter roundels and acanthus scrolls, brushed in shades of the one colour."""
        _, one, two, three, ink = self.glaze.tones
        for x, y in ((0, 0), (_CELL, 0), (0, _CELL), (_CELL, _CELL)):
            for size, tone in (
                (104, one),
                (94, self.glaze.tones[0]),
                (86, two),
                (62, self.glaze.tones[0]),
                (54, one),
                (24, self.glaze.tones[0]),
                (16, three),
            ):
                sheet.polygon(disc(x, y, size, steps=72), tone)
        for turn in range(24):
            for x, y in ((0, 0), (_CELL, 0), (0, _CELL), (_CELL, _CELL)):
                sheet.polygon(
                    moved(
                        curve(np.array([[64, 0], [73, -5], [83, 0], [73, 5]]), closed=True, steps=4),
                        x,
                        y,
                        turn * np.pi / 12,
                    ),
                    one if turn % 2 else self.glaze.tones[0],
                )
        coil = np.linspace(0, rng.uniform(5.0, 6.6), 60)
        spiral = np.stack(
            [14 + (4 + 3.3 * coil) * np.cos(coil + 2.4), 52 - (4 + 3.3 * coil) * np.sin(coil + 2.4)], axis=1
        )
        for turn in range(4):
            for flip in (1, -1):
                sheet.stroke(
                    moved(spiral * (flip, 1), _CELL / 2, _CELL / 2, turn * np.pi / 2), np.linspace(2, 5.5, 60), one
                )
        leaf = curve(path("0,12 9,24 17,40 8,54 0,92"), steps=6)
        self._spin(sheet, np.concatenate([leaf, [[0, 12]]]), two)
        self._spin(
            sheet, np.concatenate([curve(np.array([[0, 20], [5, 34], [6, 48], [0, 76]]), steps=6), [[0, 20]]]), one, 0
        )
        for size, tone in ((22, ink), (20, one), (12, self.glaze.tones[0]), (6, three)):
            sheet.polygon(moved(_star_shape(16, size, 0.8), _CELL / 2, _CELL / 2), tone)

    def _fired(self, easel: Easel, picture: Pixels, rows: Field, columns: Field, side: float) -> Pixels:
        """Glaze over the pattern: tone that differs tile by tile, pooled glaze, crackle, a gleam, joints, chips."""
        rng = easel.rng
        down, along = np.floor(rows / side).astype(int), np.floor(columns / side).astype(int)
        shift = rng.normal(0, 0.035, (down.max() + 1, along.max() + 1)).astype(np.float32)[down, along]
        lean = rng.normal(0, 0.05, (down.max() + 1, along.max() + 1)).astype(np.float32)[down, along]
        x, y = columns / side - along - 0.5, rows / side - down - 0.5
        pool = fbm(rng, easel.shape, 18, 3) - 0.5
        image = picture * (1 + shift + lean * (x + y) + 0.10 * pool)[..., None]
        veins = np.abs(fbm(rng, easel.shape, 13, 3, 1.0, 0.6) - 0.5)
        image = over(image, darker(self.glaze.tones[0], 0.5), 0.22 * smooth(veins, 0.012, 0.002))
        gleam = np.exp(-(((x + 0.16 + lean) / 0.3) ** 2 + ((y + 0.3 + shift) / 0.13) ** 2))
        image = over(image, (1, 1, 0.98), 0.15 * gleam)
        rim = np.minimum(0.5 - np.abs(x), 0.5 - np.abs(y)) * side
        image = image * (1 - 0.2 * np.exp(-np.maximum(rim - 1.5, 0) / 3.0))[..., None]
        chips = smooth(fbm(rng, easel.shape, 10, 3) - 0.028 * rim, 0.9 - 0.18 * self.worn, 0.95 - 0.16 * self.worn)
        image = over(image, mix((0.72, 0.6, 0.48), self.glaze.tones[0], 0.3), chips)
        grout = mix((0.66, 0.63, 0.58), self.glaze.tones[0], 0.25)
        mortar: Pixels = np.clip(over(image, grout, smooth(rim, 1.9, 1.0)), 0, 1)
        return mortar.astype(np.float32)


def _star_shape(corners: int, reach: float, waist: float) -> Points:
    """A star or rosette with `corners` points, out and in counted together."""
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    away = np.where(np.arange(corners) % 2 == 0, reach, reach * waist)
    return np.stack([np.cos(angle) * away, np.sin(angle) * away], axis=1)


def compose(rng: np.random.Generator, temper: str) -> Plan:
    """A tile panel for a workshop of this temper."""
    glaze = suited(rng, _glazes(), temper)
    pattern = pick(rng, ("star", "bloom", "bloom", "lattice", "scroll"))
    motif = Tiles(glaze, pattern, int(rng.choice([1, 2, 2, 3])), int(rng.integers(1 << 30)), float(rng.uniform(0, 1)))
    what = {
        "star": "eight-pointed stars and crosses",
        "bloom": "tulips, leaves and rosettes",
        "lattice": "interlaced bands and small flowers",
        "scroll": "roundels and scrolling leaves",
    }[pattern]
    kind = {"star": ("Star Tiles", "Star and Cross Panel", "Eightfold Stars"), "bloom": ("Tulip Tiles",
        "Garden Tiles", "Rosette Panel", "Tile Panel with Tulips"),
            "lattice": ("Lattice Tiles", "Interlace Panel", "Woven Bands"), "scroll": ("Scroll Tiles",
                "Roundel Panel", "Tiles with Roundels")}[pattern]  # fmt: skip
    place = pick(rng, (
        "from a Courtyard", "from a Fountain House", "for a Kitchen Wall", "from a Stair", "for a Mihrab Wall",
        "from a Pharmacy", "from the Winter Garden", "for a Bath House", "from a Loggia", "from an Old Station",
    ))  # fmt: skip
    shares = {
        "star": (0.3, 0.25, 0.2, 0.1, 0.15),
        "bloom": (0.5, 0.18, 0.14, 0.08, 0.1),
        "lattice": (0.35, 0.3, 0.12, 0.05, 0.15),
        "scroll": (0.42, 0.3, 0.16, 0.03, 0.06),
    }[pattern]
    return Plan(
        size=pick(rng, SQUARE + SQUARE + TALL[:2] + WIDE[:2]),
        title=f"{pick(rng, kind)} in {glaze.name.title().replace(' And ', ' and ')}, {place}",
        subjects=(f"a pattern of {what}", "glazed square tiles"),
        setting=f"in {glaze.name}",
        manner="glazed earthenware tiles",
        parts=tuple(Part("glaze", tone, share) for tone, share in zip(glaze.tones, shares, strict=True)),
        motif=motif,
    )
