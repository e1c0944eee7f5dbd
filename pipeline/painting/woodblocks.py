"""The inks of colour woodcuts."""

from dataclasses import dataclass

from pipeline.painting.colour import Rgb, paint


@dataclass(frozen=True, slots=True)
class Blocks:
    """The inks of one edition."""

    temper: str
    when: str
    upper: Rgb  # of the sky, where the block was wiped dark
    lower: Rgb
    water: Rgb
    deep: Rgb
    hill: Rgb
    line: Rgb


def editions() -> tuple[Blocks, ...]:
    table = (
        ("bright", "in the morning", "#8fb0b8 #efe2c4 #4f86a8 #1f4470 #6f8fa0 #1c2a44"), ("bright",
         "on a clear day", "#3f7fae #f0e8d0 #3f7fa6 #1d3f74 #7a9a72 #1b2740"),
        ("warm", "at sunset", "#c9503c #f3d9a4 #5a7f94 #2a4264 #8a5a4c #2a2030"), ("warm", "at dawn",
         "#e0927c #f6e6c4 #6f9aa4 #35577a #a07a6a #2c2a3c"),
        ("cool", "at dusk", "#2b3f6e #d9b9a0 #3f6288 #1b2c54 #4a5878 #141b30"), ("cool", "in mist",
         "#a3b0ac #ece6d6 #7f9ea2 #42626c #8a9a96 #2a3638"),
        ("dark", "by night", "#101c3c #3a5a80 #2a4a70 #101c3e #24365a #0b1122"), ("dark", "before rain",
         "#4a565c #c9ccb8 #4f7672 #20403f #4f6a5c #16211f"),
    )  # fmt: skip
    return tuple(Blocks(temper, when, *(paint(code) for code in codes.split())) for temper, when, codes in table)
