"""A record of the Harvard API as a work, field by field."""

from typing import Any

import pytest

from indexes.artwork import Artwork
from pipeline.sources.harvard_records import to_artwork
from tests.harvard_collection import make_annotations, make_object


class TestRecords:
    @staticmethod
    def work(**fields: Any) -> Artwork:
        return to_artwork({"id": 1, **fields}, [])[0]

    def test_the_servers_fifth_record_field_by_field(self) -> None:
        record = make_object(1, "http://host")
        notes = [note["body"] for note in make_annotations(1) if note["type"] == "description"][:1]
        work, lacks = to_artwork(record, notes)
        assert lacks == []
        assert work == Artwork(
            id="1007",
            title="Blue square no. 1",
            artist="Artist 1",
            artist_culture="Dutch",
            date="c. 1801",
            year_from=1796,
            year_to=1806,
            medium="Ink on paper",
            genre="Prints",
            collection="Asian Art",
            culture="Dutch",
            accession="1943.1",
            keywords=("European and American Art", "19th century", "print", "1806"),
            descriptions=("A blue square on a green ground, as claude sees it.",),
            image_url="http://host/image/1",
            image_name="INV000001",
            museum_page="https://www.harvardartmuseums.org/collections/object/1007",
            credit_line="Harvard Art Museums/Fogg Museum, Gift",
            rank=38,
            extra=(
                ("Division", "European and American Art"),
                ("Century", "19th century"),
                ("Accession year", "1951"),
                ("Page views", "1"),
            ),
        )

    def test_department_and_period_are_cleaned_as_the_harvard_recommender_does(self) -> None:
        work = self.work(
            department="Department of Ancient and Byzantine Art & Numismatics",
            period="Ming (1368-1644) to Qing (c. 1644-1911) dynasty",
            division="Asian and Mediterranean Art",
        )
        assert work.collection == "Ancient and Byzantine Art & Numismatics"
        assert work.period == "Ming 1368-1644 to Qing 1644-1911 dynasty"
        assert self.work(division="Asian and Mediterranean Art").collection == "Asian and Mediterranean Art"

    @pytest.mark.parametrize(
        ("fields", "date", "years"),
        [
            ({"dated": "c. 1900", "datebegin": 1895, "dateend": 1905}, "c. 1900", (1895, 1905)),
            ({"dated": "c. 1900", "datebegin": "1895", "dateend": "1905"}, "c. 1900", (1895, 1905)),
            ({"dated": "17th century", "datebegin": 0, "dateend": 0}, "17th century", (1601, 1700)),
            (
                {"dated": "late 5th century BCE", "datebegin": -430, "dateend": -400},
                "late 5th century BCE",
                (-429, -399),
            ),
            ({"dated": None, "datebegin": None, "dateend": 1845}, "1845", (None, 1845)),
            ({"dated": None, "datebegin": 5, "dateend": -1}, None, (None, None)),
            ({"dated": "1850", "datebegin": 1900, "dateend": 1850}, "1850", (1850, 1850)),
            ({"dated": "n.d.", "datebegin": "x", "dateend": 9999}, "n.d.", (None, None)),
            ({}, None, (None, None)),
        ],
    )
    def test_date(self, fields: dict[str, Any], date: str | None, years: tuple[int | None, int | None]) -> None:
        work = self.work(**fields)
        assert (work.date, (work.year_from, work.year_to)) == (date, years)

    def test_end_of_an_approximate_date_is_searched_as_in_the_harvard_recommender(self) -> None:
        assert self.work(dated="c. 1900", dateend=1905).keywords == ("1905",)
        assert self.work(dated="1900-1905", dateend=1905).keywords == ()

    @pytest.mark.parametrize(
        ("people", "artist"),
        [
            ([{"role": "Publisher", "name": "P"}, {"role": "Artist", "name": "A"}], "A"),
            (
                [
                    {"role": "Artist", "name": "B", "displayorder": 2},
                    {"role": "Artist", "name": "A", "displayorder": "1"},
                ],
                "A",
            ),
            ([{"role": "Manufacturer", "name": "M", "displayname": "Made by M"}], "M"),
            ([{"role": "Artist", "name": None, "displayname": "After D"}], "After D"),
            ([], None),
            (None, None),
            ("Rembrandt", None),
            (["Rembrandt", None], None),
        ],
    )
    def test_artist(self, people: object, artist: str | None) -> None:
        assert self.work(people=people).artist == artist

    def test_primary_image_is_the_first_to_be_displayed(self) -> None:
        images = [
            {"imageid": 2, "displayorder": 2, "baseimageurl": "https://host/2", "renditionnumber": "B"},
            {
                "imageid": 1,
                "displayorder": 1,
                "baseimageurl": "https://host/1",
                "renditionnumber": "A",
                "alttext": "A cat.",
            },
        ]
        work = self.work(images=images, primaryimageurl=None)
        assert (work.image_url, work.image_name, work.descriptions) == ("https://host/1", "A", ("A cat.",))
        assert self.work(images=images, primaryimageurl="https://host/0").image_url == "https://host/0"
        assert self.work(images=images, primaryimageurl="javascript:alert(1)").image_url == "https://host/1"

    def test_restricted_image_is_left_out(self) -> None:
        work, lacks = to_artwork(
            {"id": 1, "imagepermissionlevel": "1", "primaryimageurl": "https://host/0"}, ["A dog."]
        )
        assert work.image_url is None
        assert work.rights == "Image restricted by rights"
        assert [(failure.id, failure.status) for failure in lacks] == [("1", "image not permitted")]

    def test_equal_descriptions_count_once(self) -> None:
        work, _ = to_artwork({"id": 1, "description": "A bottle."}, ["A vase.", "A bottle.", "A vase.", " "])
        assert work.descriptions == ("A bottle.", "A vase.")

    def test_record_of_nothing_but_an_id(self) -> None:
        work, lacks = to_artwork({"id": "7"}, [])
        assert work == Artwork(id="7")
        assert [failure.status for failure in lacks] == ["no image", "no description"]

    def test_record_of_wrong_types(self) -> None:
        wrong: list[Any] = [[], {}, "", "nan", -1, 1.5, True, [[]], [{}], {"a": 1}]
        names = sorted(make_object(0, "http://host").keys() - {"id"})
        for value in wrong:
            assert to_artwork({"id": 3, **dict.fromkeys(names, value)}, [])[0].id == "3"
