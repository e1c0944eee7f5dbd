"""Ink landscapes: peaks rising out of mist, with a pavilion, pines and a boat."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from pipeline.painting.brushwork import Brushwork, signed
from pipeline.painting.colour import Pixels, Rgb, flat, mix, paint, smooth
from pipeline.painting.noise import fbm, grain, profile, relit
from pipeline.painting.paper import paper, silk, stained
from pipeline.painting.plan import Easel, Part, Plan, pick
from pipeline.painting.shapes import Points, curve, path

_SIZES = ((300, 640), (340, 640), (400, 640), (640, 330), (640, 400), (480, 640))
_TINTS = (("ink", "#22242a"), ("blue and green", "#2f5f6a"), ("sepia", "#4a3524"), ("indigo", "#25355a"))


@dataclass(frozen=True, slots=True)
class InkLandscape:
    """Mountains and mist in washes of one ink."""

    ground: Rgb
    silk: bool
    tint: Rgb
    peaks: int
    pavilion: bool
    boat: bool
    sun: bool

    def draw(self, easel: Easel) -> Pixels:
        """The landscape, far peaks first, mist between them."""
        rng = easel.rng
        image = silk(easel, self.ground) if self.silk else paper(easel, self.ground, 1.2, 0.3)
        rows, columns = easel.grid()
        if self.sun:
            away = np.hypot(
                columns - easel.width * rng.uniform(0.25, 0.75), rows - easel.height * rng.uniform(0.1, 0.17)
            )
            disc = smooth(away, 0.05 * max(easel.shape), 0.047 * max(easel.shape))
            image = stained(image, paint("#c8432e"), 0.85 * disc * (0.8 + 0.3 * fbm(rng, easel.shape, 20, 2)))
        for k in range(self.peaks):
            image = self._peak(easel, image, k / (self.peaks - 1))
        image = self._shore(easel, image)
        return signed(easel, image, left=bool(rng.random() < 0.5))

    def _peak(self, easel: Easel, image: Pixels, near: float) -> Pixels:
        """One range: steep ridges, texture strokes down its flanks, mist at its foot."""
        rng, height, width = easel.rng, easel.height, easel.width
        rows, _ = easel.grid()
        base = height * (0.30 + 0.5 * near)
        centre = width * rng.uniform(0.15, 0.85)
        spread = width * rng.uniform(0.16, 0.32)
        hump = np.exp(-(np.abs((np.arange(width) - centre) / spread) ** 1.6))
        second = 0.55 * np.exp(-(((np.arange(width) - (width - centre) * rng.uniform(0.6, 1.3)) / (spread * 0.7)) ** 2))
        rough = profile(rng, width, width * 0.12, 5, 0.55)
        rise = height * (0.30 - 0.15 * near) * np.maximum(hump, second) * (1 + 0.2 * rough) + height * 0.02 * rough
        crest = (base - np.maximum(rise, 2)).astype(np.float32)
        below = rows - crest[None, :]
        mask = smooth(below, -0.8, 0.8)
        crag = fbm(rng, easel.shape, width * 0.09, 5, 0.45, 0.6)
        lit = relit(crag, 3, 5.0)
        mist = smooth(below + 40 * (crag - 0.5), 0.26 * height, 0.02 * height)
        edge = np.exp(-np.maximum(below, 0) / (2.2 + 3 * near)) * mask
        strokes = np.clip(0.75 - lit, 0, 1) * smooth(crag, 0.3, 0.7)
        tone = mask * mist * (0.16 + 0.3 * near + (0.35 + 0.65 * near) * strokes) + (0.2 + 0.5 * near) * edge * (
            0.4 + crag
        )
        wash = ndimage.gaussian_filter(np.clip(tone, 0, 1), 0.6 + 0.8 * (1 - near)) * (
            0.95 + 0.05 * grain(rng, easel.shape, 0.7)
        )
        cleared = image + (flat(self.ground) - image) * (0.75 * mask * (1 - near * 0.3))[..., None]
        return stained(cleared, self.tint, np.clip(wash * (0.55 + 0.45 * near), 0, 0.95).astype(np.float32))

    def _shore(self, easel: Easel, image: Pixels) -> Pixels:
        """What stands near us: pines on a bank, a pavilion, a boat on the empty water."""
        rng, unit = easel.rng, max(easel.shape) / 100
        ink = Brushwork(easel)
        left = rng.random() < 0.5
        bank = np.linspace(0, 0.5, 24)
        x = easel.width * (bank if left else 1 - bank)
        y = easel.height * (0.9 + 0.1 * (bank / 0.5) ** 1.6) + profile(rng, 24, 5, 3) * unit * 0.8
        edge = np.stack([x, y], axis=1)
        for drop in np.linspace(0, 6, 8):
            ink.stroke(
                np.add(edge, (rng.normal(0, 2), drop * unit)),
                rng.uniform(0.5, 1.6) * unit,
                rng.uniform(0.2, 0.55),
                dry=True,
            )
        for at in rng.choice(14, int(rng.integers(2, 5)), replace=False):
            _pine(rng, ink, edge[at] + (0, unit), unit * rng.uniform(9, 17))
        if self.pavilion:
            _pavilion(ink, edge[17] + (0, 0.5 * unit), unit * 2.6)
        if self.boat:
            _boat(
                ink,
                np.array([easel.width * (0.72 if left else 0.28), easel.height * rng.uniform(0.9, 0.95)]),
                unit * 2.4,
            )
        for _ in range(5):
            bird = np.array([easel.width * 0.5, easel.height * 0.32]) + rng.normal(0, 1, 2) * unit * (7, 3)
            ink.stroke(
                curve(bird + path("-1,-0.3 -0.4,-0.5 0,0 0.4,-0.5 1,-0.3") * unit * 0.9),
                0.22 * unit,
                0.8,
            )
        return stained(image, mix(self.tint, (0.08, 0.08, 0.1), 0.6), 0.92 * ink.layer(0.8))


def _pine(rng: np.random.Generator, ink: Brushwork, foot: Points, size: float) -> None:
    trunk = curve(
        foot + np.array([[0, 0], [rng.normal(0.06, 0.08), -0.4], [rng.normal(-0.05, 0.1), -0.75], [0.08, -1.05]]) * size
    )
    ink.stroke(trunk, np.linspace(0.075, 0.02, len(trunk)) * size, 0.9)
    for share in np.linspace(0.4, 1, 8):
        place = trunk[int(share * (len(trunk) - 1))]
        reach = size * 0.34 * (1.25 - share)
        for side in (-1, 1):
            tip = place + np.array([side * reach * rng.uniform(0.6, 1.2), -0.02 * size])
            ink.stroke(curve(np.stack([place, (place + tip) / 2 + (0, 0.03 * size), tip])), (0.02 * size), 0.8)
            for _ in range(5):
                clump = tip + rng.normal(0, 1, 2) * size * (0.06, 0.02)
                ink.stroke(
                    np.stack([np.subtract(clump, (0.08 * size, 0)), np.add(clump, (0.08 * size, 0))]),
                    (0.05 * size, 0.02 * size),
                    rng.uniform(0.55, 0.95),
                )


def _pavilion(ink: Brushwork, foot: Points, size: float) -> None:
    for x in (-1, -0.35, 0.35, 1):
        ink.stroke(foot + np.array([[x, 0], [x, -1.5]]) * size, 0.13 * size, 0.9)
    roof = np.array(path("-1.9,-1.35 -1.2,-1.62 -0.4,-2.3 0,-2.75 0.4,-2.3 1.2,-1.62 1.9,-1.35 1.1,-1.45 -1.1,-1.45"))
    ink.shape(foot + roof * size, 0.75)
    ink.stroke(foot + np.array([[-1.5, 0], [1.5, 0]]) * size, 0.16 * size, 0.85)
    ink.stroke(foot + np.array([[-1.2, -0.45], [1.2, -0.45]]) * size, 0.08 * size, 0.7)


def _boat(ink: Brushwork, place: Points, size: float) -> None:
    hull = curve(place + np.array([[-2, -0.4], [-1, 0.1], [0.6, 0.15], [2.1, -0.5]]) * size)
    ink.stroke(hull, np.sin(np.linspace(0.3, 2.9, len(hull))) * 0.34 * size + 0.5, 0.85)
    ink.stroke(
        curve(place + np.array([[-0.8, -0.2], [-0.5, -0.95], [0.3, -0.95], [0.6, -0.2]]) * size), 0.12 * size, 0.8
    )
    ink.stroke(place + np.array([[1.2, -0.3], [1.1, -1.5]]) * size, (0.4 * size, 0.2 * size), 0.8)
    ink.stroke(place + np.array([[0.6, -1.6], [2.2, 0.5]]) * size, 0.08 * size, 0.7)
    for k in range(3):
        ink.stroke(
            place + np.array([[-1.8 + k * 0.3, 0.55 + 0.25 * k], [1.5 - k * 0.5, 0.55 + 0.25 * k]]) * size,
            0.07 * size,
            0.35,
        )


def compose(rng: np.random.Generator, temper: str) -> Plan:
    """An ink landscape; a cool temper takes the bluer inks."""
    ground = paint(pick(rng, ("#ebe0c6", "#f1ead9", "#dfcda4", "#e6d8bc")))
    tints = _TINTS[1:4:2] if temper == "cool" else (_TINTS if temper == "bright" else _TINTS[::2])
    name, tint = pick(rng, tints)
    motif = InkLandscape(
        ground,
        bool(rng.random() < 0.5),
        paint(tint),
        int(rng.integers(3, 6)),
        bool(rng.random() < 0.55),
        bool(rng.random() < 0.6),
        bool(rng.random() < 0.25),
    )
    subjects = ["misty mountain peaks", "pines on a bank"]
    for present, noun in ((motif.pavilion, "a small pavilion"), (motif.boat, "a boat"), (motif.sun, "a red sun")):
        if present:
            subjects.append(noun)
    what = [
        "Mountains in Mist",
        "Clearing after Rain",
        "Autumn Peaks",
        "A Thousand Peaks",
        "Streams and Mountains",
        "Morning Mist",
        "Distant Peaks",
        "Evening Bell",
    ]
    if motif.pavilion:
        what += ["Pavilion among Pines", "The Empty Pavilion"]
    if motif.boat:
        what += ["Returning Boat", "Fisherman below the Cliffs", "Crossing the Misty River"]
    after = pick(
        rng,
        (
            "",
            ", after an Old Master",
            " in Autumn",
            " in the First Month",
            ", Hanging Scroll",
            " at Daybreak",
            ", Album Leaf",
            " near Lake Tai-an",
            " on the South Range",
        ),
    )
    medium = "ink and light colour" if name == "blue and green" else "ink"
    return Plan(
        size=pick(rng, _SIZES),
        title=f"{pick(rng, what)}{after}",
        subjects=tuple(subjects),
        setting="in mist",
        manner=f"{medium} on {'silk' if motif.silk else 'paper'}",
        parts=(Part("ground", motif.ground, 0.55), Part("mountains", mix(motif.ground, motif.tint, 0.5), 0.42)),
        motif=motif,
    )
