from pathlib import Path

import pytest

from indexes.artwork import Artwork
from indexes.loader import Release
from indexes.search.correction import Correction, correct, widen
from indexes.search.question import understand
from tests.small_release import release_of, titled

WORKS = [
    *(Artwork(id=f"r{n}", title=f"Portrait {n}", artist="Rembrandt van Rijn") for n in range(3)),
    Artwork(id="m", title="Boats", artist="Claude Monet"),
    *(Artwork(id=f"e{n}", title="Races", artist="Édouard Manet") for n in range(9)),
    Artwork(id="plate", title="Plate of Fruit"),
    *(Artwork(id=f"p{n}", title=f"Place {n}") for n in range(9)),
    *(Artwork(id=f"t{n}", title="Trees and Rocks") for n in range(9)),
    Artwork(id="t", title="Très"),
    Artwork(id="c", title="Caravaggio"),
    *(Artwork(id=f"m{n}", title=f"Model {n}") for n in range(9)),
    Artwork(id="mosel", title="On the Mosel"),
    *(Artwork(id=f"w{n}", title=f"{'Will' if n < 2 else 'Ill'} {n}") for n in range(20)),
    Artwork(id="will", title="Reading the Will"),
    *(Artwork(id=f"fat{n}", title="A Fat Woman Asleep") for n in range(3)),
    Artwork(id="how", title="How to Sail", artist="Ann Roe"),
    Artwork(id="d27290", title="Sunflowers", accession="D27290"),
]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return release_of(tmp_path_factory.mktemp("correction"), WORKS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("rembrant", "rembrandt"),  # a letter left out
        ("rembrnadt", "rembrandt"),  # exchanged
        ("remmbrandt", "rembrandt"),  # doubled
        ("portrair", "portrait"),  # wrong
        ("carravagio", "caravaggio"),  # two errors in a long word
        ("plat fruit", "plate"),  # the rest of the query decides, against the more frequent place
        ("rembrandtportrait", "rembrandt portrait"),  # run together
        ("mojel number", "model"),  # the more frequent
        ("aft woman", "fat"),  # three letters, two of them exchanged
    ],
)
def test_errors_are_corrected(release: Release, typed: str, meant: str) -> None:
    question, corrections = correct(release.text, understand(typed))
    assert corrections == (Correction(typed.split()[0], meant),)
    assert meant.split()[0] in [wish.text for wish in question.wishes]
    assert question.words[: len(meant.split())] == tuple(meant.split())


@pytest.mark.parametrize(
    "typed",
    [
        "monet",  # exists, though manet has more works
        "rocks tree",  # another form of a word that exists
        "d27291",  # a number is never corrected
        "zzzzz",  # near to nothing
        "blwe",  # too far from anything
        '"rembrant"',  # word for word
        "hat woman",  # three letters: a fat woman is another wish
        "ohow sail",  # near to nothing but a stop word, "how"
        "crimson",  # a colour, though no record has the word
    ],
)
def test_what_stays_as_typed(release: Release, typed: str) -> None:
    question = understand(typed)
    assert correct(release.text, question) == (question, ())


def test_a_rare_word_that_fits_nothing_is_doubted_but_kept(release: Release) -> None:
    wider = widen(release.text, understand("tres rocks"))
    assert wider is not None
    assert [(wish.text, wish.instead) for wish in wider.wishes] == [("tres", "trees"), ("rocks", None)]


def test_the_word_that_makes_it_a_title_is_meant(release: Release) -> None:
    _, corrections = correct(release.text, understand("on the mojel"))
    assert corrections == (Correction("mojel", "mosel"),)


def test_a_word_is_doubted_where_another_makes_it_a_title(release: Release) -> None:
    wider = widen(release.text, understand("reading the ill"))
    assert wider is not None
    assert [(wish.text, wish.instead) for wish in wider.wishes] == [("reading", None), ("ill", "will")]
    assert widen(release.text, understand("ill asleep")) is None


def test_a_word_beside_one_as_rare_is_not_doubted(release: Release) -> None:
    assert widen(release.text, understand("caravaggio races")) is None


def test_an_empty_collection_corrects_nothing(tmp_path: Path) -> None:
    question = understand("rembrant")
    assert correct(release_of(tmp_path, []).text, question) == (question, ())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("food", ()),
        ("rain", ()),
        ("mona lisa", ()),
        ("light green", ()),
        ("floood", ("flood",)),
        ("reading the mill", ("will",)),
    ],
)
def test_a_word_that_people_write_is_meant_unless_another_makes_a_title(
    tmp_path: Path, typed: str, meant: tuple[str, ...]
) -> None:
    works = titled("The Flood", "Flood", "Night Train", "List of Pictures", "A Green Flight", "Reading the Will")
    _, corrections = correct(release_of(tmp_path, works).text, understand(typed))
    assert tuple(correction.meant for correction in corrections) == meant
