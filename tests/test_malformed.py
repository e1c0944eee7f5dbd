"""10,000 records in each format, many of them no good: the good ones build, each bad one is a row with a reason."""

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet

from indexes.loader import Encoders, Release
from indexes.pictures import PictureStore
from indexes.search import answer
from pipeline.build import Plan, build
from pipeline.encoding import Encoding
from pipeline.progress import Progress
from pipeline.sources import Failure
from pipeline.sources.table import TableSource
from pipeline.workspace import Workspace

COUNT = 10_000
HEAVY = 4  # of each kind that is a megabyte
BIDI = "".join(map(chr, (0x202A, 0x202D, 0x202E, 0x2066, 0x2069, 0x200F)))
CONTROL = "".join(chr(code) for code in (*range(0x20), 0x7F, *range(0x80, 0xA0), 0xFFFE))


def escaped(text: str, times: int) -> str:
    """The text, escaped for a page again and again, as exports do that pass through several hands."""
    for _ in range(times):
        text = text.replace("&", "&amp;").replace("<", "&lt;")
    return text


def nested(depth: int, opening: str, closing: str, core: str = "1") -> str:
    return opening * depth + core + closing * depth


# What becomes of a record: whether it makes a work, and the status of its row in the report.
Fate = tuple[bool, str | None]
GOOD: Fate = (True, None)
MENDED: Fate = (True, "bad value")
CUT: Fate = (True, "too long")
ROW: Fate = (False, "bad row")

# Cells beside the id, as a table of text can hold them.
CELLS: dict[str, tuple[dict[str, str], Fate]] = {
    "good": ({"title": "A harbour at dawn", "artist": "Ada", "date": "1850"}, GOOD),
    "markup": ({"title": escaped("<script>alert(1)</script>", 5)}, GOOD),
    "bidi": ({"title": f"a{BIDI}b"}, GOOD),
    "nothing but an id": ({"title": "null", "artist": "NaN"}, GOOD),
    "absurd date": ({"title": "x", "date": "99999999999999999999"}, GOOD),
    "date of zeros": ({"title": "x", "date": "0000-00-00", "year_from": "0"}, GOOD),
    "no year": ({"title": "x", "year_from": "soon"}, MENDED),
    "a year too far": ({"title": "x", "year_to": "123456789"}, MENDED),
    "years reversed": ({"title": "x", "year_from": "1900", "year_to": "1800"}, MENDED),
    "endless digits": ({"title": "x", "year_from": "1" * 5000}, MENDED),
    "rank below one": ({"title": "x", "rank": "-5"}, MENDED),
    "rank beyond 32 bits": ({"title": "x", "rank": "999999999999"}, MENDED),
    "script for a picture": ({"title": "x", "image_url": "javascript:alert(1)"}, MENDED),
    "half an address": ({"title": "x", "image_url": "http://[::1"}, MENDED),
    "out of the folder": ({"title": "x", "file": "../../etc/passwd"}, MENDED),
    "an unusual space in a file's name": ({"title": "x", "file": "東海道\u30001\u2028\xa0.jpg"}, GOOD),
    "the end of a line in a file's name": ({"title": "x", "file": "a\x85b.jpg"}, MENDED),
    "the end of a line out of the folder": ({"title": "x", "file": "../a\u2028b.jpg"}, MENDED),
    "a megabyte of words": ({"title": "word " * 200_000}, CUT),
    "a megabyte without a space": ({"artist": "w" * 1_000_000}, CUT),
}

# What JSON can say beside the id; `%s` stands for it.
LINES: dict[str, tuple[str, Fate]] = {
    "numbers for text": ('{"id": "%s", "title": 5, "artist": 1e3, "date": -3}', GOOD),
    "yes and no for text": ('{"id": "%s", "title": false, "keywords": true}', GOOD),
    "objects for text": ('{"id": "%s", "title": {"x": [1, {"y": 2}]}, "description": {"a": {}}}', GOOD),
    "lists for text": ('{"id": "%s", "title": [1, null, {"name": "b"}], "artist": []}', GOOD),
    "the id in an object": ('{"id": {"name": "%s"}, "title": "x"}', GOOD),
    "nulls": ('{"id": "%s", "title": null, "artist": null, "date": null, "keywords": [null]}', GOOD),
    "no numbers": ('{"id": "%s", "title": NaN, "rank": NaN, "year_from": Infinity}', GOOD),
    "half a character": ('{"id": "%s", "title": "a\\ud800b", "\\udfff": "x"}', GOOD),
    "half a character in a file's name": ('{"id": "%s", "title": "x", "file": "a\\ud800.jpg"}', MENDED),
    "NUL": ('{"id": "%s", "title": "a\\u0000b"}', GOOD),
    "a key twice": ('{"id": "first", "id": "%s", "title": "x"}', GOOD),
    "many columns": (json.dumps({"id": "%s", **{f"c{number}": number for number in range(300)}}), GOOD),
    "deep text": ('{"id": "%s", "title": ' + nested(300, "[", "]") + "}", GOOD),
    "a number of 4,000 digits": ('{"id": "%s", "rank": ' + "9" * 4000 + "}", MENDED),
    "a number of 5,000 digits": ('{"id": "%s", "rank": ' + "9" * 5000 + "}", ROW),
    "deeper": ('{"id": "%s", "title": ' + nested(900, '{"name": ', "}") + "}", ROW),
    "deepest": ('{"id": "%s", "title": ' + nested(100_000, "[", "]") + "}", ROW),
    "cut off": ('{"id": "%s", "title": "x', ROW),
    "a list": ('["%s"]', ROW),
    "a text": ('"%s"', ROW),
    "a control character": ('{"id": "%s", "title": "a\0b"}', ROW),
    "an id with a path": ('{"id": "..", "title": "%s"}', (False, "bad id")),
    "an endless id": ('{"id": "' + "x" * 300 + '%s", "title": "x"}', (False, "bad id")),
    "nothing at all": ('{"title": null, "extra": []}', (False, "empty row")),
}


@dataclass
class Expected:
    """What a table must come to."""

    works: list[str] = field(default_factory=list)
    rows: list[tuple[str, str]] = field(default_factory=list)  # id and status

    def add(self, number: int, work: str, fate: Fate) -> None:
        makes, status = fate
        if makes and work in set(self.works[-2000:]):
            makes, status = False, "duplicate id"
            self.rows.append((work, status))
            return
        if makes:
            self.works.append(work)
        if status:
            self.rows.append((work if makes else f"row {number}", status))


def drawn(kinds: dict[str, Any]) -> list[str]:
    """COUNT kinds in random order, heavy ones few, each of the others about as often."""
    chance = Random(8)
    light = [kind for kind in kinds if "megabyte" not in kind and kind != "deepest"]
    chosen = [kind for kind in kinds if kind not in light for _ in range(HEAVY)]
    chosen += [*light, *(chance.choice(light) for _ in range(COUNT - len(chosen) - len(light)))]
    chance.shuffle(chosen)
    return chosen


def identity(number: int) -> str:
    """Every twentieth record repeats the id of the one before."""
    return f"w{number - 1 if number % 20 == 0 else number}"


def json_lines(path: Path) -> Expected:
    expected = Expected()
    kinds: dict[str, tuple[str | dict[str, str], Fate]] = {**CELLS, **LINES}
    with path.open("wb") as file:
        # The columns are those of the first records.
        columns = ("title", "artist", "date", "year_from", "year_to", "rank", "image_url", "file", "keywords")
        file.write(json.dumps({"id": "w0", **dict.fromkeys(columns)}).encode() + b"\n")
        expected.works.append("w0")
        for number, kind in enumerate(drawn(kinds), start=2):
            said, fate = kinds[kind]
            work = identity(number)
            line = (
                said.replace("%s", work)
                if isinstance(said, str)
                else json.dumps({"id": work, **said}, ensure_ascii=False)
            )
            file.write(line.encode("utf-8") + b"\n")
            expected.add(number, work, fate)
    return expected


def commas(path: Path) -> Expected:
    """With bytes that are no UTF-8, control characters, and rows of too many cells besides."""
    expected = Expected()
    columns = ["id", "title", "artist", "date", "year_from", "year_to", "rank", "image_url", "file"]
    kinds: dict[str, tuple[dict[str, str], Fate]] = {
        **CELLS, "control": ({"title": CONTROL.replace("\n", "").replace("\r", "")}, GOOD),
        "too many cells": ({"file": 'a.jpg",more,"more'}, ROW), "no UTF-8": ({"title": "caf\udce9 \udcff"}, GOOD),
    }  # fmt: skip
    with path.open("w", newline="", encoding="utf-8", errors="surrogateescape") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        for number, kind in enumerate(drawn(kinds), start=1):
            cells, fate = kinds[kind]
            work = identity(number)
            if kind == "too many cells":
                file.write(f"{work},x,,,,,,,a.jpg,more,more\r\n")
            else:
                writer.writerow({"id": work, **cells})
            expected.add(number, work, fate)
    return expected


def columns_of_types(path: Path) -> Expected:
    """Parquet: text that is no UTF-8, moments beyond any calendar, numbers and lists where text is usual."""
    expected = Expected()
    kinds: dict[str, tuple[dict[str, Any], Fate]] = {
        **{kind: (dict(cells), fate) for kind, (cells, fate) in CELLS.items()},
        "no UTF-8": ({"title": b"caf\xe9 \xff"}, ROW), "beyond any calendar": ({"made": 2**62}, ROW),
        "no number": ({"height": float("nan")}, GOOD), "a list": ({"keywords": ["a", None, "b"]}, GOOD),
    }  # fmt: skip
    names = ("id", "title", "artist", "date", "year_from", "year_to", "rank", "image_url", "file")
    table: dict[str, list[Any]] = {name: [] for name in (*names, "made", "height", "keywords")}
    for number, kind in enumerate(drawn(kinds), start=1):
        cells, fate = kinds[kind]
        work = identity(number)
        for name, column in table.items():
            column.append(work if name == "id" else cells.get(name))
        expected.add(number, work, fate)
    as_bytes = [[c.encode() if isinstance(c, str) else c for c in table[name]] for name in names]
    arrays = {
        name: pyarrow.array(column, pyarrow.binary()).view(pyarrow.string())
        for name, column in zip(names, as_bytes, strict=True)
    }
    arrays["made"] = pyarrow.array(table["made"], pyarrow.int64()).view(pyarrow.timestamp("us"))
    arrays["height"] = pyarrow.array(table["height"], pyarrow.float64())
    arrays["keywords"] = pyarrow.array(table["keywords"], pyarrow.list_(pyarrow.string()))
    parquet.write_table(pyarrow.table(arrays), path)
    return expected


@pytest.mark.parametrize(
    ("name", "write"), [("w.jsonl", json_lines), ("w.csv", commas), ("w.parquet", columns_of_types)]
)
def test_good_records_are_read_and_each_bad_one_is_a_row(
    tmp_path: Path, name: str, write: Callable[[Path], Expected]
) -> None:
    expected = write(tmp_path / name)
    failures: list[Failure] = []
    works = [work.id for work in TableSource(tmp_path / name).records(tmp_path, failures.append)]
    assert works == expected.works
    assert [(failure.id, failure.status) for failure in failures] == expected.rows
    assert len(works) > COUNT / 2
    assert len(failures) > COUNT / 4
    assert all(failure.reason.endswith(".") and len(failure.reason) < 500 for failure in failures)


def test_what_is_good_builds_and_is_found(tmp_path: Path) -> None:
    expected = json_lines(tmp_path / "w.jsonl")
    workspace, root = Workspace(tmp_path / "workspace"), tmp_path / "indexes"
    plan = Plan(Encoding("pocket"))
    outcome = build(TableSource(tmp_path / "w.jsonl"), workspace, root, plan, Progress(quiet=True))
    assert outcome.manifest.works == len(expected.works)
    with workspace.report.open(newline="", encoding="utf-8") as file:
        rows = [(row["id"], row["status"]) for row in csv.DictReader(file)]
    assert rows == expected.rows
    release = Release(outcome.release, PictureStore(root / "pictures"))
    found = answer(release, Encoders(), "harbour at dawn").rows.tolist()
    assert found
    assert {release.catalogue.artwork(row).title for row in found} == {"A harbour at dawn"}
