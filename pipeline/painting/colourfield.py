"""Colour fields: soft-edged bands of layered colour that hover on a ground."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from pipeline.painting.colour import Pixels, Rgb, darker, flat, lighter, mix, over, paint, paints, smooth, term
from pipeline.painting.noise import fbm, grain
from pipeline.painting.plan import SQUARE, TALL, Easel, Part, Plan, pick, suited


@dataclass(frozen=True, slots=True)
class Chord:
    """A ground and the bands on it."""

    temper: str
    ground: Rgb
    bands: tuple[Rgb, ...]


def _chords() -> tuple[Chord, ...]:
    table = (
        ("warm", "#8f2a1e", "#e3662c #f2a03c #c23a28"), ("warm", "#c9481f", "#f0b43c #e8802e"), ("warm",
         "#d98a2e", "#f4cf5c #b83a24 #f0e2bc"), ("warm", "#7a2432", "#d6504a #e89a7a"),
        ("cool", "#24406e", "#4f83b8 #1a2f56 #8fb4c8"), ("cool", "#3a6a72", "#8fc0b4 #24505c"), ("cool",
         "#5a6a94", "#b0bcd6 #3c4a7a #d8d4dc"), ("cool", "#1f4a3f", "#4f9470 #9cc48a"),
        ("dark", "#1c1416", "#4a1c22 #2c1a24 #6e2a28"), ("dark", "#14181f", "#23344a #0f1218"), ("dark",
         "#2a1d30", "#5a3a66 #1b1422"), ("dark", "#23211d", "#57493a #171614 #3a3a3c"),
        ("bright", "#f0dc8c", "#f7b83a #f6f0d8 #ef8a5a"), ("bright", "#f2c9c4", "#e88a94 #fbeee2 #f4b078"),
         ("bright", "#c8dfe4", "#6fb0d0 #f6f2e0 #f0c86a"), ("bright", "#dcd6e6", "#a68cc8 #f4f0ea"),
    )  # fmt: skip
    return tuple(Chord(temper, paint(ground), paints(bands)) for temper, ground, bands in table)


@dataclass(frozen=True, slots=True)
class ColourField:
    """Bands one above another on a ground."""

    chord: Chord
    heights: tuple[float, ...]  # of the bands, shares that add up to 1
    margin: float  # of the ground at the sides

    def draw(self, easel: Easel) -> Pixels:
        """Thin paint in many layers, its edges feathered."""
        rng, chord = easel.rng, self.chord
        rows, columns = easel.grid()
        image = self._stain(easel, np.broadcast_to(flat(chord.ground), (*easel.shape, 3)), chord.ground)
        side, gap = self.margin * easel.width, 0.022 * easel.height
        top = side * 0.85
        room = easel.height - 2 * top - gap * (len(self.heights) - 1)
        for tone, share in zip(chord.bands, self.heights, strict=True):
            low = top + room * share
            wander = 7 * (fbm(rng, easel.shape, 40, 4) - 0.5)
            feather = 5 + 10 * fbm(rng, easel.shape, 70, 2)
            reach = (
                np.minimum(np.minimum(columns - side, easel.width - side - columns), np.minimum(rows - top, low - rows))
                + wander
            )
            mask = smooth(reach / feather, -0.6, 1.0)
            for layer, strength in ((mix(tone, chord.ground, 0.45), 0.75), (tone, 0.7), (lighter(tone, 0.12), 0.25)):
                veil = 0.55 + 0.9 * fbm(rng, easel.shape, easel.width * 0.28, 4, 1.8)
                image = over(image, layer, np.clip(mask * strength * veil, 0, 1))
            top = low + gap
        return self._stain(easel, image, chord.ground)

    @staticmethod
    def _stain(easel: Easel, image: Pixels, ground: Rgb) -> Pixels:
        """Brushed unevenness and the cloth's grain."""
        rng = easel.rng
        brushed = ndimage.gaussian_filter(grain(rng, easel.shape), (1.2, 9)) * 6
        weave = grain(rng, easel.shape, 0.6)
        cloud = fbm(rng, easel.shape, easel.width * 0.35, 4) - 0.5
        image = over(image, darker(ground, 0.3), np.clip(0.16 * cloud, 0, 0.2))
        stained: Pixels = np.clip(image * (1 + 0.012 * brushed + 0.014 * weave + 0.08 * cloud)[..., None], 0, 1)
        return stained.astype(np.float32)


def compose(rng: np.random.Generator, temper: str) -> Plan:
    """A colour field for an artist of this temper."""
    chord = suited(rng, _chords(), temper)
    order = rng.permutation(len(chord.bands))
    chord = Chord(chord.temper, chord.ground, tuple(chord.bands[k] for k in order))
    shares = rng.dirichlet(np.full(len(chord.bands), 4.0))
    motif = ColourField(chord, tuple(float(share) for share in shares), float(rng.uniform(0.05, 0.11)))
    words = list(dict.fromkeys(term(band).title() for band in chord.bands))
    ground = term(chord.ground).title()
    pair = words[:2] if len(words) > 1 else [words[0], ground]
    no = int(rng.integers(1, 90))
    forms = (f"{' and '.join(pair)} on {ground}", f"No. {no} ({' over '.join(pair)})",
        f"Untitled ({', '.join([*words, ground])})", f"Field {no}: {' and '.join(pair)}",
             f"{pair[0]} above {pair[1]}, No. {no}", f"Hovering {pair[0]}, No. {no}",
                 f"Threshold in {pair[0]}, No. {no}")  # fmt: skip
    return Plan(
        size=pick(rng, TALL + SQUARE),
        title=pick(rng, forms),
        subjects=(
            *(f"{'an' if word[0] in 'AO' else 'a'} {word.lower()} band" for word in words),
            f"{'an' if ground[0] in 'O' else 'a'} {ground.lower()} ground",
        ),
        setting="with soft edges",
        manner="oil on canvas",
        parts=(
            Part("ground", chord.ground, 0.3),
            *(
                Part("band", mix(band, chord.ground, 0.12), 0.7 * share)
                for band, share in zip(chord.bands, motif.heights, strict=True)
            ),
        ),
        motif=motif,
    )
