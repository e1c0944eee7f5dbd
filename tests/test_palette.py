import numpy as np
import pytest
from PIL import Image

from indexes.encoders.palette import PROTOTYPES, Colour, PaletteEncoder, colour_terms, dominant_colours


def plain(colour: str) -> Image.Image:
    return Image.new("RGB", (50, 40), colour)


def halves(left: str, right: str, share: float = 0.5) -> Image.Image:
    picture = Image.new("RGB", (128, 64), right)
    picture.paste(left, (0, 0, round(128 * share), 64))
    return picture


def noise(seed: int) -> Image.Image:
    random = np.random.default_rng(seed)
    return Image.fromarray(random.integers(0, 256, (90, 60, 3), dtype=np.uint8))


def likeness(one: Image.Image, other: Image.Image) -> float:
    vectors = PaletteEncoder().encode_images([one, other])
    return float(vectors[0] @ vectors[1])


def test_vectors_are_float32_rows_of_unit_length_without_negatives() -> None:
    encoder = PaletteEncoder()
    vectors = encoder.encode_images([noise(1), plain("black"), plain("white"), plain("#0000ff")])
    assert vectors.shape == (4, encoder.dimension) == (4, 294)
    assert vectors.dtype == np.float32
    assert (vectors >= 0).all()
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-6)
    assert encoder.encode_images([]).shape == (0, 294)


def test_a_row_depends_on_its_own_picture_alone() -> None:
    encoder = PaletteEncoder()
    pictures = [noise(seed) for seed in range(5)]
    together = encoder.encode_images(pictures)
    alone = np.concatenate([encoder.encode_images([picture]) for picture in reversed(pictures)])[::-1]
    assert together.tobytes() == alone.tobytes()


def test_the_place_of_a_colour_does_not_matter() -> None:
    assert likeness(halves("red", "navy"), halves("navy", "red")) == pytest.approx(1)


def test_colours_that_have_nothing_in_common_score_nought() -> None:
    assert likeness(plain("black"), plain("white")) == 0
    assert likeness(plain("#ff0000"), plain("#0000ff")) == 0


def test_the_likeness_is_the_bhattacharyya_coefficient_of_the_shares() -> None:
    # Black and white each lie in a bin of their own: sqrt(.25 * .5) + sqrt(.75 * .5).
    expected = np.sqrt(0.25 * 0.5) + np.sqrt(0.75 * 0.5)
    assert likeness(halves("black", "white", 0.25), halves("black", "white")) == pytest.approx(expected, abs=1e-5)


def test_a_small_change_of_colour_is_a_small_change_of_the_vector() -> None:
    steps = [plain(f"#{red:02x}4060") for red in range(0x40, 0x60, 2)]
    vectors = PaletteEncoder().encode_images(steps)
    assert (vectors[:-1] * vectors[1:]).sum(
        axis=1
    ).min() > 0.9  # with whole pixels to one bin it would be 0 at each border


@pytest.mark.parametrize(
    ("term", "colour"), [(term, colour) for term, many in PROTOTYPES.items() for colour in many.split()]
)
def test_every_prototype_bears_its_own_name(term: str, colour: str) -> None:
    assert colour_terms(plain(colour))[term] == 1


@pytest.mark.parametrize(
    ("term", "colours"),
    [
        ("black", ["#050505", "#0c0a08"]),
        ("white", ["#fafafa", "#f5f2ea"]),
        ("grey", ["grey", "darkgrey", "dimgrey", "slategrey"]),
        ("red", ["red", "crimson", "firebrick", "darkred"]),
        ("orange", ["darkorange", "#ff8c1a"]),
        ("yellow", ["yellow", "gold", "khaki"]),
        ("green", ["green", "forestgreen", "olivedrab", "seagreen", "darkgreen", "lime"]),
        ("blue", ["blue", "navy", "steelblue", "royalblue", "skyblue", "dodgerblue", "aqua"]),
        ("purple", ["purple", "indigo", "darkviolet", "rebeccapurple"]),
        ("pink", ["pink", "hotpink", "lightpink", "palevioletred"]),
        ("brown", ["saddlebrown", "sienna", "#4b3621", "tan"]),
    ],
)
def test_named_colours_of_the_web_fall_under_the_term_people_use(term: str, colours: list[str]) -> None:
    assert {name: colour_terms(plain(name))[term] for name in colours} == dict.fromkeys(colours, 1.0)


def test_terms_are_shares_of_the_area() -> None:
    shares = colour_terms(halves("#1f4fb0", "white", 0.25))
    assert list(shares) == list(PROTOTYPES)
    assert shares == {**dict.fromkeys(PROTOTYPES, 0.0), "blue": 0.25, "white": 0.75}


def test_the_dominant_colour_of_a_plain_picture_is_its_colour() -> None:
    assert dominant_colours(plain("#8b4a1c")) == (Colour("#8b4a1c", 1.0),)


def test_dominant_colours_come_with_their_shares_the_largest_first() -> None:
    assert dominant_colours(halves("#c4161c", "#22356f", 0.25)) == (Colour("#22356f", 0.75), Colour("#c4161c", 0.25))


def test_dominant_colours_are_at_most_as_many_as_asked_for_and_always_the_same() -> None:
    found = dominant_colours(noise(3), count=4)
    assert len(found) == 4
    assert found == dominant_colours(noise(3), count=4)
    assert sum(colour.share for colour in found) == pytest.approx(1, abs=1e-3)
    assert [colour.share for colour in found] == sorted((colour.share for colour in found), reverse=True)


def test_shades_that_look_the_same_are_one_dominant_colour() -> None:
    assert len(dominant_colours(halves("#808080", "#828282"))) == 1
