"""The columns of a table: by their names, and by a mapping file."""

import json
from pathlib import Path
from typing import Any, ClassVar

import pytest

from indexes.artwork import Artwork
from pipeline.sources import SourceError
from pipeline.sources.mapping import MappingFile, cell, column_map
from pipeline.sources.table import TableSource
from tests.table_source import gathered, one

SEED_B = """\
file_id,Artist,Title,Object type,Genre,Date,Medium,Dimensions,Collection,Object history,original_image_name,image_src,image_px_height,image_px_width
gap_1.jpg,Michelangelo Cerquozzi,Bambocciata,painting,nan,First Half of the XVII Century,oil on canvas,Height: 500 mm ,Capitoline Museums,nan,Michelangelo - Bambocciata.jpg,https://host/a%28b%29.jpg,2053,2824
gap_2.jpg,Artist,Mahakala,painting,portrait,early 15th century ,nan,nan,Philadelphia Museum of Art,nan,Mahakala (cropped).jpg,https://host/c.jpg,3771,2609
"""  # noqa: E501


class TestColumns:
    def test_seed_b_as_it_is(self, tmp_path: Path) -> None:
        works, failures = gathered(tmp_path, SEED_B)
        assert failures == []
        assert works == [
            Artwork(
                id="gap_1", title="Bambocciata", artist="Michelangelo Cerquozzi", date="First Half of the XVII Century",
                year_from=1601, year_to=1650, medium="oil on canvas", collection="Capitoline Museums",
                keywords=("painting",), image_url="https://host/a%28b%29.jpg", image_file="gap_1.jpg",
                image_name="Michelangelo - Bambocciata.jpg",
                extra=(("Dimensions", "Height: 500 mm"), ("image_px_height", "2053"), ("image_px_width", "2824")),
            ),
            Artwork(
                id="gap_2", title="Mahakala", artist=None, date="early 15th century", year_from=1401, year_to=1434,
                genre="portrait", collection="Philadelphia Museum of Art", keywords=("painting",),
                image_url="https://host/c.jpg", image_file="gap_2.jpg", image_name="Mahakala (cropped).jpg",
                extra=(("image_px_height", "3771"), ("image_px_width", "2609")),
            ),
        ]  # fmt: skip

    def test_our_own_names(self, tmp_path: Path) -> None:
        fields: dict[str, Any] = {
            "title": "T", "artist": "A", "culture": "C", "date": "1900", "medium": "M", "genre": "G", "collection": "L",
            "period": "P", "accession": "N",
        }  # fmt: skip
        record = {
            "id": "i", **fields, "description": ["One.", "Two."], "file": "a/b.jpg", "image_name": "B.jpg",
            "image_url": "https://host/b.jpg", "museum_page": "https://host/b", "rank": 3, "Room": 4,
        }  # fmt: skip
        assert one(tmp_path, record) == Artwork(
            id="i", **fields, year_from=1900, year_to=1900, descriptions=("One.", "Two."), image_file="a/b.jpg",
            image_name="B.jpg", image_url="https://host/b.jpg", museum_page="https://host/b", rank=3,
            extra=(("Room", "4"),),
        )  # fmt: skip

    def test_tate(self, tmp_path: Path) -> None:
        record = {
            "id": 1035, "acno": "A00001", "title": "A Figure", "artist": "Robert Blake",
            "contributors": [{"name": "Robert Blake", "role": "artist", "birthYear": 1762}],
            "classification": "on paper, unique", "medium": "Graphite", "dateText": "?c.1785", "startYear": 1785,
            "endYear": 1786, "creditLine": "Presented 1922", "inscription": None, "movements": ["Romanticism"],
            "subjects": [["people", 0], ["arm/arms raised", 2]], "thumbnailUrl": "http://host/A00001_8.jpg",
            "url": "http://host/a00001", "acquisitionYear": 1922,
        }  # fmt: skip
        assert one(tmp_path, record) == Artwork(
            id="1035", accession="A00001", title="A Figure", artist="Robert Blake", genre="on paper, unique",
            medium="Graphite", date="?c.1785", year_from=1785, year_to=1786, credit_line="Presented 1922",
            keywords=("people", "arm/arms raised", "Romanticism"), image_url="http://host/A00001_8.jpg",
            image_name="A00001_8.jpg", museum_page="http://host/a00001",
            extra=(("contributors", "name: Robert Blake, role: artist, birthYear: 1762"), ("acquisitionYear", "1922")),
        )  # fmt: skip

    def test_met(self, tmp_path: Path) -> None:
        works, failures = gathered(
            tmp_path,
            "Object Number,Is Public Domain,Object ID,Department,Object Name,Title,Culture,Period,Artist Display Name,"
            "Artist Nationality,Object Date,Object Begin Date,Object End Date,Medium,Credit Line,Classification,"
            "Link Resource,Tags\n"
            "04.1a–c,False,9,Greek Art,Vase,Amphora,Greek,Archaic,,,ca. 530 BCE,-535,-525,Terracotta,Gift,Vases,"
            "http://host/9,Horses|Men\n",
        )
        assert failures == []
        assert works == [
            Artwork(
                id="9", accession="04.1a–c", collection="Greek Art", title="Amphora", culture="Greek", period="Archaic",
                date="ca. 530 BCE", year_from=-534, year_to=-524, medium="Terracotta", credit_line="Gift",
                genre="Vases", museum_page="http://host/9", keywords=("Horses", "Men", "Vase"),
                extra=(("Is Public Domain", "False"),),
            )
        ]  # fmt: skip

    def test_chicago_and_harvard_exports(self) -> None:
        chicago = column_map(
            ["id", "title", "main_reference_number", "artist_display", "artist_title", "date_display", "date_start",
             "date_end", "medium_display", "department_title", "classification_title", "place_of_origin"],
            MappingFile(),
        ).columns  # fmt: skip
        assert [chicago[ours] for ours in ("accession", "artist", "date", "year_from", "collection")] == [
            ("main_reference_number",), ("artist_title",), ("date_display",), ("date_start",), ("department_title",),
        ]  # fmt: skip
        harvard = column_map(
            ["id", "objectid", "objectnumber", "title", "dated", "datebegin", "dateend", "department", "division",
             "technique", "medium", "people", "primaryimageurl", "url", "rank", "classification"],
            MappingFile(),
        ).columns  # fmt: skip
        assert (harvard["id"], harvard["artist"], harvard["image_url"], harvard["keywords"]) == (
            ("id",), ("people",), ("primaryimageurl",), ("technique", "division")
        )  # fmt: skip

    @pytest.mark.parametrize("name", ["t.jsonl", "t.json"])
    def test_column_that_only_the_last_record_has(self, tmp_path: Path, name: str) -> None:
        records = [{"id": number, "title": "T"} for number in range(1000)]
        records[-1] |= {"classification": "Vases", "imageUrl": "https://host/a.jpg", "Werkstoff": "clay"}
        content = json.dumps(records) if name == "t.json" else "\n".join(map(json.dumps, records))
        works, failures = gathered(tmp_path, content, name, "columns.medium = 'Werkstoff'")
        assert failures == []
        assert works[-1] == Artwork(
            id="999", title="T", genre="Vases", medium="clay", image_url="https://host/a.jpg", image_name="a.jpg"
        )

    def test_own_name_wins_over_a_synonym_before_it(self) -> None:
        assert column_map(["Maker", "Artist", "Creator"], MappingFile()).columns["artist"] == ("Artist",)

    def test_header_with_blank_and_repeated_names(self, tmp_path: Path) -> None:
        works, _ = gathered(tmp_path, "id,Note,Note,,Note\n1,a,b,c,d\n")
        assert works[0].extra == (("Note", "a"), ("Note (2)", "b"), ("column 4", "c"), ("Note (3)", "d"))

    def test_cell_that_repeats_its_header_says_nothing(self, tmp_path: Path) -> None:
        works, _ = gathered(tmp_path, "id,Artist,Title,Room\n1,artist ,Title,ROOM\n")
        assert works == [Artwork(id="1")]


class TestMapping:
    RECORD: ClassVar = {
        "Nr": "7", "Bezeichnung": "Vase", "Dated": None, "Made": "1900", "makers": [{"who": "A"}, {"who": "B"}],
        "Subjects": "horse; rider | dog", "Technique": ["oil"], "Value": "1000 EUR", "Genre": "pots", "a.b": "dotted",
    }  # fmt: skip

    def test_columns_defaults_separator_and_what_to_leave_out(self, tmp_path: Path) -> None:
        mapping = """
            separator = ";"
            leave_out = ["Value"]
            [columns]
            id = "Nr"
            title = "Bezeichnung"
            date = ["Dated", "Made"]
            artist = "makers.1.who"
            keywords = ["Subjects", "Technique"]
            description = "makers.who"
            genre = []
            culture = "a.b"
            [defaults]
            collection = "City Museum"
            medium = "unknown"
            rank = 5
        """
        assert one(tmp_path, self.RECORD, mapping) == Artwork(
            id="7", title="Vase", date="1900", year_from=1900, year_to=1900, artist="B", culture="dotted",
            keywords=("horse", "rider | dog", "oil"), descriptions=("A", "B"), collection="City Museum",
            medium="unknown", rank=5, extra=(("makers", "who: A; who: B"), ("Genre", "pots")),
        )  # fmt: skip

    PRICED: ClassVar = {
        "id": 1, "Valuation": {"Amount": 5000, "currency": "USD"}, "people": [{"name": "A"}, {"name": "B", "born": 1}],
        "notes": [{"text": "secret", "who": "N"}, None, "plain"],
    }  # fmt: skip

    @pytest.mark.parametrize(
        ("leave_out", "extra"),
        [
            (["Valuation.Amount", "notes.0"], (("Valuation", "currency: USD"), ("notes", "plain"))),
            (["notes.text", "Valuation"], (("notes", "who: N; plain"),)),
            (["Valuation.Amount", "Valuation.currency", "notes.0.text"], (("notes", "who: N; plain"),)),
        ],
    )
    def test_part_of_a_column_is_left_out(self, tmp_path: Path, leave_out: list[str], extra: object) -> None:
        work = one(tmp_path, self.PRICED, f"leave_out = {leave_out}")
        assert (work.artist, work.extra) == ("A", extra)

    def test_part_that_is_left_out_fills_no_field_either(self, tmp_path: Path) -> None:
        work = one(tmp_path, self.PRICED, "leave_out = ['people.0.name', 'notes.text']\n[columns]\nmedium = 'notes'")
        assert (work.artist, work.medium) == ("B", "plain")

    def test_part_is_left_out_of_a_row_of_any_shape(self, tmp_path: Path) -> None:
        rows = [{"id": 1, "v": {"p": 1}}, {"id": 2}, {"id": 3, "v": None}, {"id": 4, "v": "p"}, {"id": 5, "v": []}]
        content = "\n".join([*map(json.dumps, rows), "null", '{"id": 6, "v": ' + "[" * 900 + "]" * 900 + "}"])
        works, failures = gathered(tmp_path, content, "t.jsonl", "leave_out = ['v.p']")
        assert [(work.id, work.extra) for work in works[:5]] == [
            ("1", ()), ("2", ()), ("3", ()), ("4", (("v", "p"),)), ("5", ()),
        ]  # fmt: skip
        assert {failure.status for failure in failures} == {"bad row"}

    @pytest.mark.parametrize(
        ("name", "content"),
        [("t.jsonl", '{"id": 1, "value": {"amount": 5000}}'), ("t.csv", 'id,value\n1,"{""amont"": 5000}"\n')],
    )
    def test_part_that_no_record_has_ends_the_build(self, tmp_path: Path, name: str, content: str) -> None:
        with pytest.raises(SourceError, match=r"The mapping's leave_out: no record has 'value\.amont'\."):
            gathered(tmp_path, content, name, "leave_out = ['value.amont']")

    @pytest.mark.parametrize(
        ("mapping", "sentence"),
        [
            ("[columns", "map.toml is not valid TOML"),
            ("[columns]\nartiste = 'Maker'", "columns.artiste: is no field of ours; these are: id, accession"),
            ("[columns]\nartist = 'Maler'", "columns.artist|has no column 'Maler'; it has: Nr, Bezeichnung"),
            ("leave_out = ['Wert']", "has no column 'Wert'"),
            ("leave_out = ['makers.who']\n[columns]\nartist = 'makers.who'", "columns.artist: 'makers.who' is among"),
            ("[columns]\nartist = 3", "columns.artist: must be the name of a column"),
            ("[columns]\nartist = ['']", "columns.artist: must be the name of a column"),
            ("columns = 3", "columns: must be a part of its own"),
            ("colums = {}", "colums: a mapping file has separator, leave_out"),
            ("separator = ''", "separator: must be text"),
            ("[defaults]\nid = 'x'", "defaults.id: must be text or a number, and an id can have none"),
            ("[defaults]\ngenre = true", "defaults.genre: must be text or a number"),
        ],
    )
    def test_errors_name_the_thing(self, tmp_path: Path, mapping: str, sentence: str) -> None:
        with pytest.raises(SourceError, match=sentence):
            gathered(tmp_path, json.dumps(self.RECORD), "t.jsonl", mapping)

    def test_missing_mapping_file(self, tmp_path: Path) -> None:
        table = tmp_path / "t.csv"
        table.write_text("id\n1\n")
        with pytest.raises(SourceError, match="cannot be read"):
            list(TableSource(table, mapping=tmp_path / "none.toml").records(tmp_path, lambda _: None))

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("a", {"b": [{"c": 1}, {"c": 2}, 3]}),
            ("a.b.0.c", 1),
            ("a.b.c", [1, 2, None]),
            ("a.b.9", None),
            ("a.x.y", None),
            ("x.y", "literal"),
            ("none", None),
        ],
    )
    def test_paths(self, name: str, value: object) -> None:
        assert cell({"a": {"b": [{"c": 1}, {"c": 2}, 3]}, "x.y": "literal"}, name) == value
