"""The birds that sit for the bird studies."""

from dataclasses import dataclass

from pipeline.painting.colour import Rgb, paints

# Outlines in a frame where the body is about two units long, facing left; y grows downward.
BODY = (
    "-1.02,-0.66 -0.86,-0.9 -0.6,-0.98 -0.34,-0.86 -0.1,-0.56 0.3,-0.26 0.74,0.12 "
    "0.86,0.36 0.6,0.5 0.14,0.62 -0.34,0.52 -0.72,0.16 -0.86,-0.2 -0.95,-0.46"
)
WING = "-0.42,-0.34 -0.1,-0.46 0.34,-0.18 0.8,0.22 1.22,0.56 0.8,0.48 0.3,0.38 -0.16,0.2 -0.42,-0.06"
BREAST = "-0.9,-0.5 -0.62,-0.34 -0.42,0.0 -0.16,0.3 0.3,0.5 0.0,0.66 -0.4,0.54 -0.76,0.16 -0.9,-0.2"
CAP = "-1.0,-0.7 -0.86,-0.91 -0.6,-0.99 -0.34,-0.87 -0.2,-0.68 -0.5,-0.7 -0.8,-0.66"
CHEEK = "-0.86,-0.6 -0.6,-0.66 -0.4,-0.52 -0.5,-0.36 -0.76,-0.4"


@dataclass(frozen=True, slots=True)
class Plumage:
    """A bird's colours."""

    back: Rgb
    wing: Rgb
    breast: Rgb
    cap: Rgb
    cheek: Rgb
    beak: Rgb


@dataclass(frozen=True, slots=True)
class Species:
    """A bird's colours and proportions."""

    name: str
    colours: Plumage
    bill: float  # length
    tail: float  # length
    bars: bool  # on the wing
    words: str


def species() -> tuple[Species, ...]:
    """The birds that sit for these studies, each invented."""
    table = (
        ("Robin", "#8a7a5c #75664a #d9692e #8a7a5c #d9692e #3a3230", 0.26, 0.8, False, "an orange breast"),
        ("Blue Tit", "#7f9a58 #4a78b0 #ecd35c #3f74b8 #f4f2e6 #3a3838", 0.2, 0.75, True,
         "a yellow breast and a blue cap"),
        ("Goldfinch", "#a8845a #2a2624 #e6d6bc #2a2624 #c4302c #d9c2a4", 0.3, 0.8, True, "a red face"),
        ("Bullfinch", "#8a92a0 #26262c #d9655c #1f1f26 #d9655c #26262c", 0.24, 0.85, True,
         "a red breast and a black cap"),
        ("Kingfisher", "#1f86b0 #1a6f96 #e0823a #1f86b0 #e8944a #2a2a2e", 0.72, 0.5, False,
         "a blue back and an orange breast"),
        ("Canary", "#e8c23c #cfa02e #f2d75c #e8c23c #f2d75c #d99a6a", 0.22, 0.85, True, "yellow feathers"),
        ("Redstart", "#8f98a0 #6a5a4c #d97a3a #a5adb2 #26242a #26242a", 0.24, 1.0, False,
         "an orange breast and a dark face"),
        ("Greenfinch", "#7f8f42 #6a7038 #a9ad4e #7f8f42 #94a04a #d9bfa4", 0.28, 0.8, True, "green feathers"),
        ("Wren", "#8a5f3a #75492a #d2b48a #80552f #c9a87c #5a4634", 0.3, 0.5, True, "brown feathers"),
        ("Magpie", "#22242c #2a3f66 #f2f0ea #1e2026 #1e2026 #1e1e22", 0.38, 1.6, False, "black and white feathers"),
        ("Waxwing", "#b08a70 #6a6058 #c9a58c #b3805c #2a2426 #33302e", 0.22, 0.7, True, "a soft brown body"),
        ("Bluebird", "#3a68b8 #2f559c #d98a5a #3a68b8 #4a78c4 #2a2a30", 0.24, 0.8, False,
         "a blue back and an orange breast"),
    )  # fmt: skip
    return tuple(
        Species(name, Plumage(*paints(codes)), bill, tail, bars, words)
        for name, codes, bill, tail, bars, words in table
    )
