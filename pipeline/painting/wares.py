"""Pottery traditions: their forms, colours and figures."""

from dataclasses import dataclass

from pipeline.painting.colour import Rgb, paint
from pipeline.painting.plan import Tradition

FORMS = {  # half widths from lip to foot at equal steps, the height, and whether there are handles
    "amphora": ("7 6 5.4 8 15 19.5 20 17 11 6.4 6.8", 62, True),
    "jar": ("8.5 8 12 18 21.5 22 20.5 17.5 14 11.5 11", 52, False),
    "bowl": ("24 23.6 22.8 21 18 13.5 9 8 9.2", 27, False),
    "bottle": ("4.4 3.8 3.6 3.9 5.5 11 16 18 17 13 10", 62, False),
    "jug": ("8.5 7 6.6 8.5 14 18 18.6 16.5 12.5 9.5 9.8", 54, True),
    "vase": ("9.5 7 6.2 8 13 17.5 17.5 14.5 11 9 9.6", 60, False),
    "beaker": ("14.5 13 12 11.4 11.2 11.6 12.4 12.6 11 9", 44, False),
    "ginger jar": ("8 9 16.5 20 20.5 19.4 17.2 14.5 12.5 12.2", 50, False),
}


@dataclass(frozen=True, slots=True)
class Ware:
    """A pottery tradition, in the manner of which a vessel is made."""

    name: str
    tradition: Tradition
    forms: tuple[str, ...]
    body: Rgb
    paint: Rgb
    second: Rgb
    gloss: float
    bands: tuple[str, ...]
    crackle: bool
    medium: str


def wares() -> tuple[Ware, ...]:
    """The traditions to choose from."""
    line = ("meander", "tongues", "zigzag", "waves", "dots", "plain", "lines")
    flora = ("scroll", "lotus", "scroll", "waves", "lines", "plain")
    return (
        Ware("black-figure", Tradition("Greek", "Archaic", -560, -480), ("amphora", "jug", "bowl"),
            paint("#c4693a"), paint("#211a1a"), paint("#7a2c22"), 0.35, (*line, "meander"), False,
         "painted terracotta"),
        Ware("geometric", Tradition("Greek", "Geometric", -800, -700), ("amphora", "jug", "bowl", "jar"),
            paint("#d2ab78"), paint("#4a2c20"), paint("#7a4a30"), 0.15, ("meander", "zigzag", "lines",
         "diamonds", "dots", "plain"), False, "painted terracotta"),
        Ware("blue-and-white", Tradition("Chinese", "Ming", 1426, 1644), ("vase", "bottle", "ginger jar",
            "bowl"), paint("#eef0ee"), paint("#2a4fa0"), paint("#6f8fd0"), 0.85, flora, False,
         "porcelain with cobalt under glaze"),
        Ware("celadon", Tradition("Korean", "Goryeo", 1100, 1250), ("bottle", "vase", "bowl", "jar"),
            paint("#93aa92"), paint("#6f8a78"), paint("#c3cfba"), 0.8, ("lotus", "lines", "plain", "plain",
         "scroll"), True, "stoneware with celadon glaze"),
        Ware("three-colour", Tradition("Chinese", "Tang", 618, 907), ("jar", "bottle", "bowl"), paint("#d9b26a"),
            paint("#3f6b42"), paint("#a8602a"), 0.7, ("runs", "lines", "plain"), False,
         "earthenware with lead glazes"),
        Ware("lustre", Tradition("Persian", "Seljuq", 1150, 1350), ("bottle", "jar", "bowl", "jug"),
            paint("#ece2c8"), paint("#9a6a2a"), paint("#3a7a8a"), 0.75, ("scroll", "tongues", "lines", "dots",
         "waves"), False, "fritware with lustre"),
        Ware("turquoise", Tradition("Persian", "Ilkhanid", 1200, 1350), ("jug", "bottle", "bowl", "jar"),
            paint("#2f9a9c"), paint("#16404c"), paint("#7fd0c8"), 0.85, ("scroll", "lines", "waves", "plain"),
         True, "fritware with turquoise glaze"),
        Ware("polychrome", Tradition("Pueblo", "Ancestral Pueblo", 1050, 1300), ("jar", "bowl"),
            paint("#e3d2b2"), paint("#2b2422"), paint("#b05a34"), 0.15, ("zigzag", "diamonds", "steps", "lines",
         "meander"), False, "painted earthenware"),
        Ware("nasca", Tradition("Andean", "Nasca", 100, 600), ("jar", "beaker", "bowl", "bottle"),
            paint("#b8553a"), paint("#2a2224"), paint("#e6cf9c"), 0.35, ("steps", "zigzag", "dots", "waves",
         "diamonds"), False, "slip-painted earthenware"),
        Ware("impressed", Tradition("Japanese", "Jomon", -2500, -1000), ("jar", "beaker"), paint("#8a6448"),
            paint("#5a3c2a"), paint("#a87f5c"), 0.05, ("cord", "cord", "waves", "lines"), False,
         "earthenware with cord marks"),
        Ware("tenmoku", Tradition("Japanese", "Kamakura", 1185, 1333), ("bowl", "bottle", "jar", "vase"),
            paint("#3a2820"), paint("#1c1614"), paint("#a8683a"), 0.9, ("runs", "plain", "lines"), False,
         "stoneware with iron glaze"),
        Ware("painted", Tradition("Chinese", "Neolithic", -2600, -2300), ("jar", "vase", "bottle", "bowl"),
            paint("#c98f5c"), paint("#2a1f1c"), paint("#7a3024"), 0.15, ("waves", "scroll", "lines", "dots",
         "zigzag", "plain"), False, "painted earthenware"),
        Ware("grey", Tradition("Chinese", "Han", -206, 220), ("jar", "vase", "bottle"), paint("#8a8780"),
            paint("#b8503a"), paint("#e3ddd0"), 0.05, ("scroll", "lines", "zigzag", "tongues", "plain"), False,
         "earthenware with slip colours"),
        Ware("burnished", Tradition("Nubian", "Kerma", -1700, -1550), ("beaker", "bowl", "jar"),
            paint("#a8452c"), paint("#1f1a1a"), paint("#d09a6a"), 0.45, ("plain", "lines", "zigzag", "dots"),
         False, "burnished earthenware"),
    )  # fmt: skip
