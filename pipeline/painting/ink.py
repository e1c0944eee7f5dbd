"""Ink on paper or silk: branches in blossom, bamboo and orchids, with a red seal."""

from dataclasses import dataclass

import numpy as np

from pipeline.painting.brushwork import INK, Brushwork, signed
from pipeline.painting.colour import Pixels, Rgb, over, paint, smooth
from pipeline.painting.noise import fbm
from pipeline.painting.paper import paper, silk, stained
from pipeline.painting.plan import TALL, Easel, Part, Plan, pick
from pipeline.painting.shapes import Points, curve, disc, dot, path

_GROUNDS = (("#efe6d0", "paper"), ("#e3d3ae", "silk"), ("#f4efe2", "paper"), ("#d6bf93", "silk"), ("#e9dcc4", "paper"))
_BLOSSOMS = (("red", "#b3273a"), ("pink", "#d9758c"), ("white", "#f7f3ea"), ("yellow", "#d9a72e"))
_SCROLLS = ((300, 640), (344, 640), (384, 640), (428, 640), (640, 400), (560, 560))


@dataclass(frozen=True, slots=True)
class Layers:
    """What is drawn in pale ink, in dark ink, and in colour."""

    far: Brushwork
    near: Brushwork
    bloom: Brushwork


@dataclass(frozen=True, slots=True)
class InkBranch:
    """A plant in ink."""

    ground: Rgb
    silk: bool
    plant: str  # plum, bamboo, orchid, pine
    blossom: Rgb
    moon: bool
    mirrored: bool

    def draw(self, easel: Easel) -> Pixels:
        """The painting, with its seal and a column of brush marks that spell nothing."""
        sheet = silk(easel, self.ground) if self.silk else paper(easel, self.ground, 1.3, 0.35)
        if self.moon:
            sheet = self._moon(easel, sheet)
        far, near, bloom = Brushwork(easel), Brushwork(easel), Brushwork(easel)
        {"plum": self._plum, "bamboo": self._bamboo, "orchid": self._orchid, "pine": self._pine}[self.plant](
            easel, Layers(far, near, bloom)
        )
        pale, dark, petals = far.layer(2.0), near.layer(0.7), bloom.layer(0.7)
        if self.mirrored:
            pale, dark, petals = pale[:, ::-1], dark[:, ::-1], petals[:, ::-1]
        image = stained(sheet, INK, 0.36 * pale)
        image = stained(image, INK, 0.92 * dark * (1 - 0.9 * petals))
        light = min(self.blossom) > 0.8
        image = over(image, self.blossom, 0.9 * petals) if light else stained(image, self.blossom, 0.9 * petals)
        return signed(easel, image, left=not self.mirrored)

    def _moon(self, easel: Easel, sheet: Pixels) -> Pixels:
        """A moon left bare in a pale wash."""
        rng = easel.rng
        rows, columns = easel.grid()
        x, y = easel.width * (0.66 if self.mirrored else 0.36), easel.height * rng.uniform(0.2, 0.34)
        away = np.hypot(columns - x, rows - y) / min(easel.shape)
        wash = (
            0.26 * np.exp(-(away**2) / 0.11) * (0.6 + 0.8 * fbm(rng, easel.shape, 90, 3)) * smooth(away, 0.165, 0.173)
        )
        return stained(sheet, (0.25, 0.27, 0.33), wash.astype(np.float32))

    def _plum(self, easel: Easel, on: Layers) -> None:
        near, bloom = on.near, on.bloom
        rng, unit = easel.rng, (easel.width * easel.height) ** 0.5 / 100
        root = np.array([easel.width * rng.uniform(0.94, 1.03), easel.height * rng.uniform(0.5, 0.98)])
        aim = np.array([0.42, 0.36]) * (easel.width, easel.height) - root
        limbs = [(root, float(np.arctan2(aim[1], aim[0])) + rng.normal(0, 0.12), 5.0 * unit, 0)]
        tips: list[Points] = []
        while limbs and len(tips) < 40:
            start, heading, width, depth = limbs.pop(0)
            turns = heading + np.cumsum(rng.normal(0, 0.19, 7)) * np.array([1, -1])[int(rng.integers(2))]
            knots = np.vstack(
                [
                    start,
                    start
                    + np.cumsum(
                        np.stack([np.cos(turns), np.sin(turns)], 1) * unit * rng.uniform(6, 10) * 0.82**depth, axis=0
                    ),
                ]
            )
            line = curve(knots, steps=8)
            widths = np.linspace(width, width * 0.5, len(line)) * (
                1 + 0.16 * rng.normal(0, 1, len(line)).cumsum() / 6
            ).clip(0.6, 1.4)
            near.stroke(line, widths, 0.95 - 0.1 * depth, dry=depth == 0)
            near.stroke(np.add(line, (0, widths[0] * 0.22)), widths * 0.45, 0.9)
            tips.append(line)
            if depth < 3:
                starts = rng.choice(np.arange(8, len(line)), 2 + (depth < 2), replace=False)
                aims = turns[-1] + rng.choice([-1, 1], len(starts)) * rng.uniform(0.4, 1.0, len(starts))
                limbs += [
                    (line[at], aim, max(widths[at] * 0.52, 1.1), depth + 1)
                    for at, aim in zip(starts, aims, strict=True)
                ]
        for line in tips:
            for at in rng.choice(len(line), 3, replace=False):
                self._blossom(rng, near, bloom, line[at] + rng.normal(0, 1.6, 2) * unit, unit * rng.uniform(1.9, 2.8))

    def _blossom(
        self, rng: np.random.Generator, near: Brushwork, bloom: Brushwork, centre: Points, size: float
    ) -> None:
        start, open_ = rng.uniform(0, 6), rng.random() < 0.75
        for k in range(5 if open_ else 2):
            angle = start + k * 2 * np.pi / 5
            petal = disc(
                centre[0] + np.cos(angle) * size * 0.72,
                centre[1] + np.sin(angle) * size * 0.62,
                size * 0.6,
                size * 0.52,
                angle,
            )
            bloom.shape(petal, rng.uniform(0.6, 1.0))
        if open_:
            for angle in np.linspace(0, 6, 7):
                tip = centre + np.array([np.cos(angle), np.sin(angle)]) * size * 0.62
                near.stroke(np.stack([centre, tip]), (0.6, 0.6), 0.85)
                near.shape(disc(tip[0], tip[1], 0.9, steps=8), 1.0)

    def _bamboo(self, easel: Easel, on: Layers) -> None:
        far, near = on.far, on.near
        rng, unit = easel.rng, min(easel.shape) / 100
        for layer, count in ((far, 2), (near, int(rng.integers(2, 4)))):
            for _ in range(count):
                x, lean = easel.width * rng.uniform(0.3, 0.98), rng.normal(0, 0.07)
                width, y = unit * rng.uniform(2.2, 5.0), easel.height * 1.03
                while y > -10:
                    step = unit * rng.uniform(15, 22)
                    top = (x + lean * step + rng.normal(0, 0.5), y - step)
                    stalk = curve(np.array([[x, y - 1.6], [(x + top[0]) / 2, y - step / 2], [top[0], top[1] + 1.6]]))
                    bow = 1 + 0.28 * np.abs(np.linspace(-1, 1, len(stalk))) ** 3
                    layer.stroke(stalk, width * bow, 0.62 if layer is near else 0.7)
                    layer.stroke(np.array([[x - width * 0.7, y], [x, y + 1.2], [x + width * 0.7, y - 0.6]]), 1.6, 1.0)
                    if rng.random() < 0.62:
                        self._leaves(rng, layer, np.array([x, y]), unit)
                    x, y = top

    def _leaves(self, rng: np.random.Generator, layer: Brushwork, start: Points, unit: float) -> None:
        heading = rng.choice([rng.uniform(2.3, 3.6), rng.uniform(-0.5, 0.8)])
        twig = (
            start
            + np.array(
                [[0, 0], [np.cos(heading), np.sin(heading) - 0.5], [np.cos(heading) * 2.2, np.sin(heading) * 1.6 - 0.4]]
            )
            * unit
            * 8
        )
        layer.stroke(curve(twig), 1.4, 0.9)
        for _ in range(int(rng.integers(4, 8))):
            base = twig[int(rng.integers(1, 3))]
            aim, reach = heading + rng.normal(0.3, 0.5), unit * rng.uniform(11, 21)
            blade = curve(
                np.array(
                    [
                        base,
                        base + np.array([np.cos(aim), np.sin(aim)]) * reach * 0.5,
                        base + np.array([np.cos(aim + 0.16), np.sin(aim + 0.16)]) * reach,
                    ]
                )
            )
            shape = np.sin(np.linspace(0.12, np.pi, len(blade)) ** 0.9) ** 0.8
            layer.stroke(blade, np.maximum(shape * unit * rng.uniform(1.5, 2.6), 0.4), rng.uniform(0.7, 1.0))

    def _orchid(self, easel: Easel, on: Layers) -> None:
        far, near, bloom = on.far, on.near, on.bloom
        rng, unit = easel.rng, min(easel.shape) / 100
        root = np.array([easel.width * rng.uniform(0.52, 0.72), easel.height * rng.uniform(0.84, 0.93)])
        for k in range(17):
            side = -1 if rng.random() < 0.62 else 1
            reach, rise = side * unit * rng.uniform(12, 58), unit * rng.uniform(28, 78)
            knots = (
                root
                + rng.normal(0, 1.6, 2) * unit
                + np.array(
                    [[0, 0], [reach * 0.16, -rise * 0.6], [reach * 0.6, -rise], [reach, -rise * rng.uniform(0.5, 0.95)]]
                )
            )
            line = curve(knots)
            swell = 0.55 + 0.45 * np.sin(np.linspace(0, 9, len(line)) + k)
            taper = np.linspace(1, 0.06, len(line)) ** 0.7
            (far if k < 6 else near).stroke(
                line, unit * 1.9 * swell * taper + 0.4, rng.uniform(0.6, 1.0), dry=k % 6 == 0
            )
        for _ in range(int(rng.integers(3, 6))):
            tip = root + np.array([rng.uniform(-26, 20), -rng.uniform(26, 62)]) * unit
            near.stroke(curve(np.array([root, (root + tip) / 2 + (rng.normal(0, 4), 0), tip])), 1.5, 0.6)
            for angle in rng.uniform(-2.9, 0.3, 5):
                away = np.array([np.cos(angle), np.sin(angle)])
                petal = curve(np.array([tip, tip + away * unit * 3, tip + away * unit * 6 + (0, 0.8 * unit)]))
                bloom.stroke(petal, np.sin(np.linspace(0.2, 3.0, len(petal))) * unit * 1.7 + 0.3, 0.85)
            for _ in range(3):
                near.shape(dot(tip + rng.normal(0, 0.7, 2) * unit, 1.5), 1.0)
        for _ in range(9):
            x, y = root + rng.normal(0, 1, 2) * (13 * unit, 2 * unit) + (0, 3 * unit)
            far.stroke(
                np.array([[x, y], [x + rng.uniform(6, 16) * unit, y + rng.normal(0, 1)]]), (2.4 * unit, 0.8), 0.6
            )

    def _pine(self, easel: Easel, on: Layers) -> None:
        far, near = on.far, on.near
        rng, unit = easel.rng, min(easel.shape) / 100
        knots = path("1.02,0.98 0.8,0.76 0.86,0.55 0.62,0.38 0.34,0.3") + rng.normal(0, 0.03, (5, 2))
        trunk = curve(knots * (easel.width, easel.height), steps=16)
        near.stroke(trunk, np.linspace(11, 2.4, len(trunk)) * unit, 0.62, dry=True)
        near.stroke(np.add(trunk, (2 * unit, 1.4 * unit)), np.linspace(4, 1, len(trunk)) * unit, 0.8, dry=True)
        for at in rng.choice(np.arange(16, len(trunk)), 9, replace=False):
            heading = rng.uniform(2.4, 3.9) if rng.random() < 0.6 else rng.uniform(-0.7, 0.4)
            reach = unit * rng.uniform(9, 26)
            end = trunk[at] + np.array([np.cos(heading), np.sin(heading)]) * reach
            twig = curve(np.array([trunk[at], (trunk[at] + end) / 2 + (0, -3 * unit), end]))
            near.stroke(twig, np.linspace(2.0, 0.7, len(twig)) * unit, 0.85)
            for place in twig[6::5]:
                fan = far if rng.random() < 0.3 else near
                for angle in np.linspace(-3.3, 0.16, 17) + rng.normal(0, 0.05, 17):
                    needle = np.stack(
                        [place, place + np.array([np.cos(angle), np.sin(angle)]) * unit * rng.uniform(5.4, 7.6)]
                    )
                    fan.stroke(needle, (1.3, 0.5), 0.8)


def compose(rng: np.random.Generator, temper: str) -> Plan:
    """A branch in ink; the temper decides how old the ground is."""
    code, kind = pick(rng, _GROUNDS[1::2] if temper in {"dark", "warm"} else _GROUNDS)
    plant = pick(rng, ("plum", "plum", "bamboo", "orchid", "pine"))
    word, blossom = pick(rng, _BLOSSOMS)
    moon = bool(rng.random() < 0.4)
    motif = InkBranch(paint(code), kind == "silk", plant, paint(blossom), moon, bool(rng.random() < 0.5))
    what = {
        "plum": f"a plum branch with {word} blossoms",
        "bamboo": "bamboo stalks and leaves",
        "orchid": f"an orchid with {word} flowers",
        "pine": "an old pine",
    }[plant]
    names = {"plum": ("Plum Branch", f"{word.title()} Plum", "First Plum Blossom"), "bamboo": ("Bamboo",
        "Bamboo in Wind", "Young Bamboo"),
             "orchid": ("Orchid", "Wild Orchid", "Orchid by a Bank"), "pine": ("Old Pine", "Pine Bough",
                 "Leaning Pine")}[plant]  # fmt: skip
    after = pick(
        rng,
        ("under the Moon", "by Moonlight", "and a Full Moon")
        if moon
        else (
            "after Snow",
            "in Mist",
            "in Early Spring",
            "at the Pavilion",
            "for a Friend",
            "after Rain",
            "in a Quiet Year",
            "from Memory",
        ),
    )
    series = pick(rng, ("", "", ", Hanging Scroll", ", Album Leaf", ", Third Leaf", ", Seventh Leaf"))
    colours = [Part(kind, motif.ground, 0.8), Part("ink", INK, 0.12)]
    if plant in {"plum", "orchid"}:
        colours.append(Part("blossoms", motif.blossom, 0.05))
    return Plan(
        size=pick(rng, _SCROLLS if plant != "pine" else TALL + _SCROLLS[3:]),
        title=f"{pick(rng, names)} {after}{series}",
        subjects=(what, *(("a full moon",) if moon else ()), "a red seal"),
        setting="",
        manner=f"ink on {kind}",
        parts=tuple(colours),
        motif=motif,
    )
