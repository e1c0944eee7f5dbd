"""The rooms of the painted interiors, by their colours."""

from dataclasses import dataclass

from pipeline.painting.colour import Rgb, paint


@dataclass(frozen=True, slots=True)
class Chamber:
    """The colours of a room."""

    name: str
    temper: str
    wall: Rgb
    wood: Rgb
    floor: Rgb
    curtain: Rgb


def chambers() -> tuple[Chamber, ...]:
    """Every room there is."""
    table = (
        ("The Grey Room", "cool", "#a9aeb0", "#e4e2db", "#8b7f72", "#d9dad6"), ("The Blue Room", "cool",
         "#6f8fab", "#eceae2", "#a98b6a", "#e9e4d6"),
        ("The Green Room", "cool", "#8ba08c", "#e8e3d2", "#7d6a55", "#f0ead8"), ("The Yellow Room", "warm",
         "#dcb458", "#8a5a36", "#a0583a", "#f2e3bb"),
        ("The Red Room", "warm", "#b04a38", "#3f5a5c", "#6a3a2c", "#e3b26a"), ("The Rose Room", "warm",
         "#d6a08e", "#f0e4d2", "#9a6a4c", "#f7ead8"),
        ("The Brown Parlour", "dark", "#5c4a3c", "#2e2622", "#463528", "#8a3a2e"), ("The Night Study", "dark",
         "#33424a", "#5a4330", "#3a3029", "#4f6a66"),
        ("The White Room", "bright", "#e9e4d8", "#c9d6d6", "#c9a67c", "#f6f2e6"), ("The Studio", "bright",
         "#cfdcd9", "#3d6f8c", "#d8b98c", "#e8825a"),
    )  # fmt: skip
    return tuple(Chamber(name, temper, *(paint(code) for code in codes)) for name, temper, *codes in table)
