"""The invented artists and studios of the sample collection, and the genres each keeps to."""

from dataclasses import dataclass, field

from pipeline.painting.brush import Hand


@dataclass(frozen=True, slots=True)
class Artist:
    """Somebody who never lived: a name, a culture, some years of work, a temper of colour, a hand."""

    name: str
    culture: str
    genres: tuple[str, ...]
    temper: str  # bright, warm, cool or dark
    years: tuple[int, int]  # in whose manner the works are dated
    hand: Hand = field(default_factory=Hand)


def artists() -> tuple[Artist, ...]:
    """Every artist; every genre has two or more of them."""
    broad, fine, thick, calm = (
        Hand(1.25, 3.0, 1.15, 1.2),
        Hand(0.85, 3.4, 0.8, 0.8),
        Hand(1.1, 2.6, 1.45, 1.3),
        Hand(1.0, 4.0, 0.6, 0.7),
    )
    return (
        Artist("Elin Havsgård", "Swedish", ("Seascape", "Winter scene", "Night sky"), "cool", (1885, 1910), calm),
        Artist("Tomás Arrieta", "Spanish", ("Seascape", "Fruit still life", "City view"), "warm", (1895, 1925), broad),
        Artist("Henrike van der Lohe", "Dutch", ("Flower still life", "Interior", "City view"), "dark", (1640,
            1670), fine),
        Artist("Osei Mensah-Boateng", "Ghanaian", ("Portrait", "Seascape", "Geometric abstraction"), "bright",
            (1955, 1985), thick),
        Artist("Marguerite Delorme-Vey", "French", ("Mountain landscape", "Woodland", "Flower still life"),
            "bright", (1870, 1895), broad),
        Artist("Aurel Munteanu", "Romanian", ("Woodland", "Mountain landscape", "Interior"), "warm", (1890,
            1915), thick),
        Artist("Sigrid Tvedt", "Norwegian", ("Winter scene", "Mountain landscape", "Etching"), "dark", (1880,
            1905), calm),
        Artist("Luca Ferrandini", "Italian", ("Portrait", "Fruit still life"), "dark", (1590, 1620), fine),
        Artist("Anneliese Kornfeld", "German", ("Portrait", "Interior", "Geometric abstraction"), "cool", (1915,
            1930), fine),
        Artist("Paloma Quispe Rojas", "Peruvian", ("Portrait", "Flower still life", "Textile"), "warm", (1930,
            1960), thick),
        Artist("Jun Asahina", "Japanese", ("Woodcut", "Bird study"), "bright", (1825, 1850)),
        Artist("Shirakawa Workshop", "Japanese", ("Woodcut", "Textile"), "cool", (1835, 1860)),
        Artist("Lin Yuzhou", "Chinese", ("Ink painting", "Ink landscape"), "dark", (1470, 1530)),
        Artist("Seo Haewon", "Korean", ("Ink painting", "Ink landscape"), "cool", (1740, 1790)),
        Artist("Atelier Bellocq", "French", ("Colour field", "Geometric abstraction", "Tile"), "warm", (1950, 1970)),
        Artist("Miriam Aronsohn", "American", ("Colour field", "Night sky"), "dark", (1952, 1968), broad),
        Artist("Nadia Benchekroun", "Moroccan", ("Tile", "Colour field", "Textile"), "cool", (1960, 1985)),
        Artist("Azulejaria do Rio Novo", "Portuguese", ("Tile", "Map"), "bright", (1720, 1760)),
        Artist("Weavers of Karabel", "Anatolian", ("Textile", "Tile"), "warm", (1780, 1860)),
        Artist("Potters of the Two Rivers", "various traditions", ("Vessel",), "bright", (1990, 2026)),
        Artist("Kiln at Ashgrove", "various traditions", ("Vessel",), "dark", (1990, 2026)),
        Artist("Philippa Thornbury", "British", ("Botanical plate", "Photograph", "Bird study"), "bright", (1843,
            1870)),
        Artist("Caspar Uhlenbeck", "Dutch", ("Botanical plate", "Map", "Etching"), "warm", (1690, 1730)),
        Artist("Ines Falkenrath", "Austrian", ("Etching", "City view", "Photograph"), "cool", (1895, 1920), fine),
        Artist("Dimitar Slavov", "Bulgarian", ("Night sky", "Winter scene", "Woodland"), "cool", (1888, 1912), thick),
        Artist("Ravindra Deshmukh", "Indian", ("Bird study", "Botanical plate", "Interior"), "warm", (1800,
            1840), fine),
    )  # fmt: skip
