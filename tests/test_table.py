"""The table source: formats, columns by name and by mapping file, and what is wrong with rows."""

import gzip
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa
import pytest
from pyarrow import parquet

from indexes.artwork import Artwork
from pipeline.sources import Failure, SourceError
from pipeline.sources.mapping import MappingFile, cell, column_map
from pipeline.sources.table import TableSource

SEED_B = """\
file_id,Artist,Title,Object type,Genre,Date,Medium,Dimensions,Collection,Object history,original_image_name,image_src,image_px_height,image_px_width
gap_1.jpg,Michelangelo Cerquozzi,Bambocciata,painting,nan,First Half of the XVII Century,oil on canvas,Height: 500 mm ,Capitoline Museums,nan,Michelangelo - Bambocciata.jpg,https://host/a%28b%29.jpg,2053,2824
gap_2.jpg,Artist,Mahakala,painting,portrait,early 15th century ,nan,nan,Philadelphia Museum of Art,nan,Mahakala (cropped).jpg,https://host/c.jpg,3771,2609
"""  # noqa: E501


def gathered(
    tmp_path: Path, content: str | bytes, name: str = "table.csv", mapping: str | None = None, **options: Any
) -> tuple[list[Artwork], list[Failure]]:
    """The works and failures of a table with this content."""
    table = tmp_path / name
    table.write_bytes(content.encode() if isinstance(content, str) else content)
    if mapping is not None:
        options["mapping"] = tmp_path / "map.toml"
        options["mapping"].write_text(mapping, encoding="utf-8")
    failures: list[Failure] = []
    return list(TableSource(table, **options).records(tmp_path / "workspace", failures.append)), failures


def one(tmp_path: Path, record: dict[str, Any], mapping: str | None = None) -> Artwork:
    """The work of a single JSON record."""
    works, failures = gathered(tmp_path, json.dumps(record), "table.jsonl", mapping)
    assert failures == []
    (work,) = works
    return work


class TestFormats:
    RECORDS = ({"id": "a", "title": "Café, “Nuit”", "rank": 1}, {"id": "b", "title": "Two\nlines", "rank": None})

    @staticmethod
    def csv(delimiter: str = ",", encoding: str = "utf-8") -> bytes:
        rows = [["id", "title", "rank"], ["a", '"Café, “Nuit”"', "1"], ["b", '"Two\nlines"', ""]]
        return "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)

    def parquet(self, path: Path) -> bytes:
        parquet.write_table(pa.Table.from_pylist(list(self.RECORDS)), path)
        return path.read_bytes()

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("t.csv", lambda self: self.csv()),
            ("t.csv", lambda self: self.csv(";")),
            ("t.csv", lambda self: self.csv("|")),
            ("t.tsv", lambda self: self.csv("\t")),
            ("t.txt", lambda self: self.csv("\t", "utf-16")),
            ("t.CSV", lambda self: self.csv(encoding="utf-8-sig")),
            ("t.csv", lambda self: self.csv(encoding="cp1252")),
            ("t.csv", lambda self: b" \r\n" + self.csv() + b"\r\n\r\n"),
            ("t.csv", lambda self: b"sep=;\r\n" + self.csv(";")),
            ("t.csv.gz", lambda self: gzip.compress(self.csv())),
            ("t.csv", lambda self: gzip.compress(self.csv())),
            ("t.jsonl", lambda self: b"\n\n".join(json.dumps(record).encode() for record in self.RECORDS)),
            ("t.ndjson.gz", lambda self: gzip.compress(b"\n".join(json.dumps(r).encode() for r in self.RECORDS))),
            ("t.json", lambda self: b"\n".join(json.dumps(record).encode() for record in self.RECORDS)),
            ("t.json", lambda self: json.dumps(self.RECORDS).encode()),
            ("t.json", lambda self: json.dumps(self.RECORDS, indent=1, ensure_ascii=False).encode("utf-8-sig")),
            ("t.json.gz", lambda self: gzip.compress(json.dumps(self.RECORDS).encode())),
        ],
    )
    def test_text_formats_say_the_same(self, tmp_path: Path, name: str, content: Callable[..., bytes]) -> None:
        works, failures = gathered(tmp_path, content(self), name)
        assert failures == []
        assert works == [Artwork(id="a", title="Café, “Nuit”", rank=1), Artwork(id="b", title="Two lines")]

    def test_parquet(self, tmp_path: Path) -> None:
        works, failures = gathered(tmp_path, self.parquet(tmp_path / "made"), "t.parquet")
        assert failures == []
        assert works == [Artwork(id="a", title="Café, “Nuit”", rank=1), Artwork(id="b", title="Two lines")]

    def test_parquet_with_nested_columns_and_pictures(self, tmp_path: Path) -> None:
        record = {
            "id": 7, "title": "T", "tags": ["a", "b"], "startYear": 1801.0, "endYear": 1802.0,
            "image": {"bytes": b"\xff\xd8", "path": "p"}, "maker": {"name": "M"},
        }  # fmt: skip
        parquet.write_table(pa.Table.from_pylist([record]), tmp_path / "made")
        works, failures = gathered(tmp_path, (tmp_path / "made").read_bytes(), "t.parquet")
        assert failures == []
        assert works == [Artwork(id="7", title="T", artist="M", keywords=("a", "b"), year_from=1801, year_to=1802)]

    def test_one_stray_byte_does_not_turn_every_accent(self, tmp_path: Path) -> None:
        works, _ = gathered(tmp_path, "id,title\n1,Café\n".encode() + "2,Émile\n".encode("cp1252"))
        assert [work.title for work in works] == ["Café", "Émile"]

    def test_every_windows_character_is_kept(self, tmp_path: Path) -> None:
        signs = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸéß"
        works, _ = gathered(tmp_path, f"id,title\n1,{signs}\n".encode("cp1252"))
        assert works[0].title == signs

    @pytest.mark.parametrize(
        ("name", "content", "sentence"),
        [
            ("t.xlsx", b"", "a table is .csv"),
            ("t.parquet.gz", b"", "a table is .csv"),
            ("t.csv", b"", "t.csv is empty"),
            ("t.csv", b"\n \n", "t.csv is empty"),
            ("t.csv.gz", gzip.compress(b"id,title\n1,a\n")[:-9], "t.csv.gz cannot be read"),
            ("t.csv", b'id,title\n1,a\n2,"b\n3,c\n4,d\n', "line 3 opens a quotation mark that is never closed"),
            ("t.json", b'[{"id": 1}, {"id": 2', "the JSON is broken after its record 1"),
            ("t.json", b'[{"id": 1} nonsense', "the JSON is broken after its record 1"),
            ("t.json", b'{\n"records": [{"id": 1}]}', "it holds one object"),
            ("t.parquet", b"PAR1 or not", "t.parquet cannot be read"),
        ],
    )
    def test_unreadable_table_is_a_sentence(self, tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
        with pytest.raises(SourceError, match=sentence):
            gathered(tmp_path, content, name)

    def test_missing_table_and_folder(self, tmp_path: Path) -> None:
        for missing in (TableSource(tmp_path / "no.csv"), TableSource(tmp_path / "t.csv", images=tmp_path / "no")):
            (tmp_path / "t.csv").write_text("id\n1\n")
            with pytest.raises(SourceError, match="does not exist"):
                missing.fingerprint()
            with pytest.raises(SourceError, match="does not exist"):
                list(missing.records(tmp_path, lambda _: None))

    def test_header_alone_is_an_empty_table(self, tmp_path: Path) -> None:
        assert gathered(tmp_path, "id,title\n") == ([], [])

    @pytest.mark.parametrize("name", ["t.csv", "t.jsonl", "t.json"])
    def test_memory_does_not_grow_with_the_table(self, tmp_path: Path, name: str) -> None:
        def peak(rows: int) -> int:
            lines = (json.dumps({"id": n, "title": f"{n} " + "x" * 3000}) for n in range(rows))
            content = {
                "t.csv": lambda: "id,title\n" + "".join(f"{n},{n} {'x' * 3000}\n" for n in range(rows)),
                "t.jsonl": lambda: "\n".join(lines),
                "t.json": lambda: f"[{','.join(lines)}]",
            }[name]()
            (tmp_path / name).write_text(content)
            del content
            tracemalloc.start()
            count = sum(1 for _ in TableSource(tmp_path / name).records(tmp_path, lambda _: None))
            held = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert count == rows
            return held

        peak(50)
        assert peak(1500) < peak(500) + 800_000  # 3 MB more of text


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

    @pytest.mark.parametrize(
        ("mapping", "sentence"),
        [
            ("[columns", "map.toml is not valid TOML"),
            ("[columns]\nartiste = 'Maker'", "columns.artiste: is no field of ours; these are: id, accession"),
            ("[columns]\nartist = 'Maler'", "columns.artist|has no column 'Maler'; it has: Nr, Bezeichnung"),
            ("leave_out = ['Wert']", "has no column 'Wert'"),
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


class TestIds:
    @pytest.mark.parametrize(
        ("record", "identity"),
        [
            ({"id": "a", "file": "f.jpg", "accession": "1"}, "a"),
            ({"id": 17}, "17"),
            ({"id": 17.0}, "17"),
            ({"id": None, "file": "x/f.tar.jpg", "accession": "1"}, "x-f.tar"),
            ({"id": "nan", "accession": "1922.1/2"}, "1922.1-2"),
            ({"id": "a / b \\ c"}, "a-b-c"),
            ({"title": "T"}, "row-26968d132481bc09"),
        ],
    )
    def test_id_is_the_best_that_the_row_has(self, tmp_path: Path, record: dict[str, Any], identity: str) -> None:
        assert one(tmp_path, record).id == identity

    def test_content_gives_the_same_id_wherever_the_row_stands(self, tmp_path: Path) -> None:
        first, _ = gathered(tmp_path, "title,medium\nA,oil\nB,ink\n")
        second, _ = gathered(tmp_path, "title,medium\nB,ink\nA,oil\n")
        assert {work.id: work.title for work in first} == {work.id: work.title for work in second}
        assert len({work.id for work in first}) == 2


class TestBadRows:
    def test_each_is_a_failure_and_the_rest_go_on(self, tmp_path: Path) -> None:
        lines = [
            '{"id": 1, "title": "A"}', "not JSON", "[1]", '"text"', "null", "{}", '{"title": " ", "medium": "nan"}',
            '{"id": 1, "title": "B"}', json.dumps({"id": "x" * 201}), '{"id": ".."}', "[" * 100_000,
            '{"id": 2, "title": "C"}',
        ]  # fmt: skip
        works, failures = gathered(tmp_path, "\n".join(lines), "t.jsonl")
        assert works == [Artwork(id="1", title="A"), Artwork(id="2", title="C")]
        assert [(failure.id, failure.status) for failure in failures] == [
            ("row 2", "bad row"), ("row 3", "bad row"), ("row 4", "bad row"), ("row 5", "bad row"),
            ("row 6", "empty row"), ("row 7", "empty row"), ("1", "duplicate id"), ("row 9", "bad id"),
            ("row 10", "bad id"), ("row 11", "bad row"),
        ]  # fmt: skip
        assert failures[6].reason == "Row 8 repeats the id of an earlier row."
        assert failures[7].reason == "The row makes no record: id: must be at most 200 bytes."

    def test_ragged_csv(self, tmp_path: Path) -> None:
        works, failures = gathered(tmp_path, 'id,title,medium\n1\n2,a,b,,\n3,a,b,c\n\n5,"x" y,z\n6,a,"b')
        assert [(work.id, work.title, work.medium) for work in works] == [
            ("1", None, None), ("2", "a", "b"), ("5", "x y", "z"),
        ]  # fmt: skip
        assert [(failure.id, failure.status, failure.reason) for failure in failures] == [
            ("row 3", "bad row", "The row cannot be read: line 4 has 4 cells under 3 columns."),
            ("row 6", "bad row", "The row cannot be read: line 7 opens a quotation mark that is never closed."),
        ]

    def test_blank_lines_belong_to_a_quoted_cell(self, tmp_path: Path) -> None:
        works, _ = gathered(tmp_path, 'id,description\n\n1,"One.\n\nTwo."\n')
        assert works[0].descriptions == ("One. Two.",)

    def test_cell_of_a_megabyte_is_cut_and_reported(self, tmp_path: Path) -> None:
        works, failures = gathered(tmp_path, "id,title,description,Note\n1," + ",".join(["word " * 200_000] * 3) + "\n")
        (work,) = works
        assert work.title
        assert work.title.endswith("word…")
        assert (len(work.title), len(work.descriptions[0]), len(work.extra[0][1])) == (1995, 19_995, 1995)
        assert [(failure.id, failure.status, failure.reason) for failure in failures] == [
            ("1", "too long", "title: 999,999 characters; cut to 2,000."),
            ("1", "too long", "description: 999,999 characters; cut to 20,000."),
        ]

    @pytest.mark.parametrize(
        ("field", "value", "reason"),
        [
            ("rank", "first", "rank: is no whole number: first; left out."),
            ("rank", -1, "rank: must be 1 or more, and less than 2,147,483,647: -1; left out."),
            ("year_from", "no date", "year_from: is no whole number: no date; left out."),
            ("endYear", 99999, "year_to: is no year: 99999; left out."),
            (
                "image_url",
                "ftp://host/a.jpg",
                "image_url: is not an http or https address: ftp://host/a.jpg; left out.",
            ),
            ("image_url", "a.jpg", "image_url: is not an http or https address: a.jpg; left out."),
            ("image_url", "http://[::1", "image_url: is not an http or https address: http://[::1; left out."),
            ("image_url", "http://host/" + "a" * 2000, "image_url: is longer than 2000 characters; left out."),
            (
                "url",
                "javascript:alert(1)",
                "museum_page: is not an http or https address: javascript:alert(1); left out.",
            ),
            ("file", "../secret.jpg", "file: must name a file within the folder of images: ../secret.jpg; left out."),
            ("file", "/etc/passwd", "file: must name a file within the folder of images: /etc/passwd; left out."),
            ("file", "C:\\a.jpg", "file: must name a file within the folder of images: C:/a.jpg; left out."),
            (
                "file",
                "http://host/a.jpg",
                "file: must name a file within the folder of images: http://host/a.jpg; left out.",
            ),
        ],
    )
    def test_value_that_its_field_cannot_hold_is_left_out(
        self, tmp_path: Path, field: str, value: object, reason: str
    ) -> None:
        works, failures = gathered(tmp_path, json.dumps({"id": "i", "title": "T", field: value}), "t.jsonl")
        assert works == [Artwork(id="i", title="T")]
        assert failures == [Failure("i", None, "bad value", reason)]

    def test_reversed_years_fall_back_to_the_date(self, tmp_path: Path) -> None:
        record = {"id": "i", "date": "1828–9", "startYear": 1828, "endYear": 1819}
        works, failures = gathered(tmp_path, json.dumps(record), "t.jsonl")
        assert (works[0].year_from, works[0].year_to) == (1828, 1829)
        assert [failure.status for failure in failures] == ["bad value"]

    def test_any_json_in_any_field_makes_a_record(self, tmp_path: Path) -> None:
        names = ("title", "artist", "date", "file", "image_url", "rank", "keywords", "description", "startYear", "Room")
        strange: list[Any] = [
            None, "", True, 1.5, -3, 10**40, [], {}, [[]], [{}], [None], {"name": ["a"]}, [["a", 1]], "\ud800",
            "<b>&amp;</b>",
            {"a": {"b": {"c": {"d": {"e": 1}}}}}, float("inf"), float("nan"),
        ]  # fmt: skip
        lines = [json.dumps({"id": n, **dict.fromkeys(names, value)}) for n, value in enumerate(strange)]
        works, _ = gathered(tmp_path, "\n".join(lines), "t.jsonl")
        assert [work.id for work in works] == [str(n) for n in range(len(strange))]
        assert works[14].title == "&"


class TestValues:
    @pytest.mark.parametrize(
        ("record", "field", "value"),
        [
            (
                {"title": "<p>The <em>Rose</em>,<br/>red</p> &amp; <unfinished>"},
                "title",
                "The Rose, red & <unfinished>",
            ),
            ({"title": ["A", "B"]}, "title", "A; B"),
            ({"artist": [{"name": "A"}, {"name": "B"}]}, "artist", "A"),
            ({"artist": {"name": None, "label": "L"}}, "artist", "L"),
            ({"date": 1893}, "date", "1893"),
            ({"date": "1893.0"}, "date", "1893"),
            ({"rank": "12"}, "rank", 12),
            ({"rank": 12.0}, "rank", 12),
            ({"rank": 0}, "rank", None),
            ({"startYear": -430, "endYear": "-400.0"}, "year_from", -429),
            ({"startYear": 0, "date": "17th century"}, "year_from", 1601),
            ({"image_url": "HTTPS://host/a b.jpg"}, "image_url", "HTTPS://host/a%20b.jpg"),
            ({"image_url": ["https://host/a.jpg", "https://host/b.jpg"]}, "image_name", "a.jpg"),
            ({"image_url": "https://host/iiif/17/full"}, "image_name", None),
            ({"file": "sub\\Ein  Bild.jpg"}, "image_file", "sub/Ein  Bild.jpg"),
            ({"keywords": "a; b|A;; "}, "keywords", ("A", "b")),
            ({"description": ["Same.", "Same.", None, "nan", {"body": "Other."}]}, "descriptions", ("Same.", "Other.")),
            ({"description": "A; b"}, "descriptions", ("A; b",)),
        ],
    )
    def test_value(self, tmp_path: Path, record: dict[str, Any], field: str, value: object) -> None:
        assert getattr(one(tmp_path, {"id": "i", **record}), field) == value


class TestSource:
    def test_limit_counts_works(self, tmp_path: Path) -> None:
        works, failures = gathered(tmp_path, "id\n1\n1\n2\n3\n", limit=2)
        assert [work.id for work in works] == ["1", "2"]
        assert len(failures) == 1

    def test_fingerprint_changes_with_whatever_changes_the_records(self, tmp_path: Path) -> None:
        table, mapping, images = tmp_path / "t.csv", tmp_path / "m.toml", tmp_path / "images"
        table.write_text("id\n1\n")
        mapping.write_text("")
        images.mkdir()
        plain = TableSource(table).fingerprint()
        assert TableSource(table, images).fingerprint() == plain
        others = [TableSource(table, mapping=mapping), TableSource(table, limit=1)]
        prints = {plain, *(other.fingerprint() for other in others)}
        mapping.write_text("[defaults]\ngenre = 'x'")
        prints.add(others[0].fingerprint())
        table.write_text("id\n2\n")
        prints.add(TableSource(table).fingerprint())
        assert len(prints) == 5

    def test_name_and_images(self, tmp_path: Path) -> None:
        assert TableSource(tmp_path / "t.csv", tmp_path).name == "table"
        assert TableSource(tmp_path / "t.csv", tmp_path).images == tmp_path
