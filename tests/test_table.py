"""The table source: formats, tables that cannot be read, and when a table counts as changed."""

import gzip
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from indexes.artwork import Artwork
from pipeline.sources import SourceError
from pipeline.sources.table import TableSource
from tests.table_source import gathered


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
            ("t.csv", lambda self: self.csv().replace(b"\r\n", b"\r")),
            ("t.csv", lambda self: b"sep=;\r" + self.csv(";", "utf-8-sig").replace(b"\r\n", b"\r")),
            ("t.csv", lambda self: self.csv().replace(b"title", b'"object\rtitle"')),
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
            ("t.csv", b",,\n,,\n", "no line of it has the names of columns"),
            ("t.csv", b'id,5" high\r1,a\r', "t.csv cannot be read: new-line character"),
            ("t.csv.gz", gzip.compress(b"id,title\n1,a\n")[:-9], "t.csv.gz cannot be read"),
            ("t.csv", b'id,title\n1,a\n2,"b\n3,c\n4,d\n', "line 3 opens a quotation mark that is never closed"),
            ("t.json", b'[{"id": 1}, {"id": 2', "the JSON is broken after its record 1"),
            ("t.json", b'[{"id": 1} nonsense', "the JSON is broken after its record 1"),
            ("t.json", b'{\n"records": [{"id": 1}]}', "it holds one object"),
            ("t.json", b'\n{"info": {}, "records": [\n{"id": 1},\n{"id": 2}\n]}', "it holds one object"),
            ("t.json.gz", b'{"total": 1, "records": [{"id": 1}]}', "it holds one object"),
            ("t.jsonl", b'{"info": {"total": 1}, "records": [{"id": 1}]}\n', "it holds one object"),
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
