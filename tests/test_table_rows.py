"""The rows of a table: their ids and values, and what is wrong with them."""

import json
from pathlib import Path
from typing import Any

import pytest

from indexes.artwork import Artwork
from pipeline.sources import Failure
from tests.table_source import gathered, one


class TestIds:
    @pytest.mark.parametrize(
        ("record", "identity"),
        [
            ({"id": "a", "file": "f.jpg", "accession": "1"}, "a"),
            ({"id": 17}, "17"),
            ({"id": 17.0}, "17"),
            ({"id": None, "file": "x/f.tar.jpg", "accession": "1"}, "x-f.tar"),
            ({"file": "東海道\u30001.jpg"}, "東海道 1"),
            ({"file": "Cafe\u0301.jpg"}, "Caf\xe9"),
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
            ("file", "a\x1bb.jpg", "file: must name a file without control characters: 'a\\x1bb.jpg'; left out."),
            ("file", "a\ud800.jpg", "file: must name a file without control characters: 'a\\ud800.jpg'; left out."),
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
            ({"file": "東海道\u30001\xa0\u200b.jpg"}, "image_file", "東海道\u30001\xa0\u200b.jpg"),
            ({"keywords": "a; b|A;; "}, "keywords", ("A", "b")),
            ({"description": ["Same.", "Same.", None, "nan", {"body": "Other."}]}, "descriptions", ("Same.", "Other.")),
            ({"description": "A; b"}, "descriptions", ("A; b",)),
        ],
    )
    def test_value(self, tmp_path: Path, record: dict[str, Any], field: str, value: object) -> None:
        assert getattr(one(tmp_path, {"id": "i", **record}), field) == value
