from pathlib import Path

import numpy as np
import pytest

from indexes.artwork import FACETS, Artwork
from indexes.catalogue import Catalogue
from indexes.facets import Filters
from indexes.pictures import Picture

PICTURE = Picture(digest="ab" * 32, large="cd" * 32, width=640, height=480, colour="#102030")
WORKS: list[tuple[Artwork, Picture | None]] = [
    (
        Artwork(
            id="1",
            title="“The Bay”",
            artist="Edgar Degas",
            genre="painting",
            collection="Paintings",
            year_from=1880,
            year_to=1885,
            rank=2,
            accession="1943.1 A",
            image_name="The Bay.JPG",
        ),
        PICTURE,
    ),
    (Artwork(id="2", title="Ärger", artist="Albrecht Dürer", genre="print", rank=1, image_name="anger.v2.png"), None),
    (Artwork(id="3", artist="Edgar Degas", genre="print", year_from=-430, year_to=-400), PICTURE),
    (Artwork(id="4", title="Zebra", artist="albrecht dürer", genre="Painting", image_name="anger.v2.jpg"), None),
]


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    assert Catalogue.write(tmp_path, iter(WORKS)) == 4
    return Catalogue(tmp_path)


def test_records_come_back_by_row_and_by_id(catalogue: Catalogue) -> None:
    assert len(catalogue) == 4
    assert [catalogue.artwork(row) for row in range(4)] == [work for work, _ in WORKS]
    assert [catalogue.row(work_id) for work_id in ("1", "4", "5")] == [0, 3, None]


def test_pictures(catalogue: Catalogue) -> None:
    assert [catalogue.picture(row) for row in range(4)] == [PICTURE, None, PICTURE, None]
    assert catalogue.with_picture().tolist() == [0, 2]


@pytest.mark.parametrize("name", ["The Bay.JPG", "the bay.jpg", "THE BAY", " The Bay.webp "])
def test_image_names_in_any_case_with_or_without_extension(catalogue: Catalogue, name: str) -> None:
    assert catalogue.by_image_name(name).tolist() == [0]


def test_only_an_image_extension_is_taken_off(catalogue: Catalogue) -> None:
    assert catalogue.by_image_name("anger.v2").tolist() == [1, 3]
    assert catalogue.by_image_name("anger").tolist() == []


@pytest.mark.parametrize("number", ["1943.1 A", "1943.1a", " 1943.1  A"])
def test_accession_numbers_in_any_case_and_spacing(catalogue: Catalogue, number: str) -> None:
    assert catalogue.by_accession(number).tolist() == [0]


@pytest.mark.parametrize(
    ("sort", "ids"),
    [
        ("popular", ["2", "1", "3", "4"]),
        ("rare", ["1", "2", "3", "4"]),
        ("title", ["2", "1", "4", "3"]),
        ("date", ["3", "1", "2", "4"]),
    ],
)
def test_orders_put_the_unknown_last(catalogue: Catalogue, sort: str, ids: list[str]) -> None:
    rows = catalogue.sorted(np.array([3, 2, 1, 0], np.int32), sort)
    assert [catalogue.artwork(row).id for row in rows.tolist()] == ids


@pytest.mark.parametrize(
    ("filters", "rows"),
    [
        (Filters(), None),
        (Filters(artist=("Edgar Degas",)), [0, 2]),
        (Filters(artist=("edgar degas",)), [0, 2]),
        (Filters(artist=("Albrecht Dürer",)), [1]),  # as written where it is held as written
        (Filters(artist=("ALBRECHT DURER",)), [1, 3]),
        (Filters(artist=("Edgar Degas", "Albrecht Dürer")), [0, 1, 2]),
        (Filters(artist=("Edgar Degas",), genre=("print",)), [2]),
        (Filters(genre=("sculpture",)), []),
    ],
)
def test_filters_are_or_within_and_and_across(catalogue: Catalogue, filters: Filters, rows: list[int] | None) -> None:
    mask = catalogue.facets.mask(filters)
    assert (None if mask is None else np.flatnonzero(mask).tolist()) == rows
    assert bool(filters) == (rows is not None)


@pytest.mark.parametrize(
    ("facet", "values", "spelt"),
    [
        ("artist", ["edgar DEGAS", "Edgar Degas"], ("Edgar Degas",)),
        ("artist", ["Albrecht Dürer"], ("Albrecht Dürer",)),
        ("artist", ["Nobody", "ALBRECHT DURER"], ("Nobody", "Albrecht Dürer", "albrecht dürer")),
        ("genre", [], ()),
    ],
)
def test_values_are_spelt_as_the_collection_does(
    catalogue: Catalogue, facet: str, values: list[str], spelt: tuple[str, ...]
) -> None:
    assert catalogue.facets[facet].spelt(values) == spelt


def test_counts_leave_out_what_has_no_value(catalogue: Catalogue) -> None:
    facet = catalogue.facets["collection"]
    assert [facet.values[n] for n in range(len(facet.values))] == ["Paintings"]
    assert facet.counts(catalogue.all_rows()).tolist() == [1]
    assert facet.counts(np.array([1, 2], np.int32)).tolist() == [0]


@pytest.mark.parametrize("rows", [[], [1], [0, 2], [1, 2, 3], [0, 1, 2], [0, 1, 2, 3]])
def test_counts_of_few_and_of_most(catalogue: Catalogue, rows: list[int]) -> None:
    for name in FACETS:
        facet = catalogue.facets[name]
        values = [facet.values[number] for number in range(len(facet.values))]
        held = [getattr(WORKS[row][0], name) for row in rows]
        assert facet.counts(np.array(rows, np.int32)).tolist() == [held.count(value) for value in values]


def test_a_catalogue_of_nothing(tmp_path: Path) -> None:
    Catalogue.write(tmp_path, [])
    catalogue = Catalogue(tmp_path)
    assert len(catalogue) == 0
    assert catalogue.row("1") is None
    assert catalogue.sorted(catalogue.all_rows(), "title").tolist() == []
