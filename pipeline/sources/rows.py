"""The rows of a table file, one at a time: CSV, JSON Lines, a JSON array, Parquet; text formats also gzipped.

Memory holds one row (Parquet: one batch), whatever the length of the table. JSON, which has no header, is read twice:
records may leave out what they lack, so only all of them together name the columns.
"""

import csv
import gzip
import io
import itertools
import json
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from pipeline.sources import SourceError

_DELIMITERS = (",", ";", "\t", "|")
_CELL_LIMIT = 16 * 1024 * 1024  # characters
_LINE_LIMIT = 64 * 1024 * 1024  # bytes
_HEAD = 50  # lines within which a CSV names its columns
_LINE_PEEK = 1 << 16  # bytes within which a table's first line ends
_PARQUET_BATCH = 500  # rows
_CHUNK = 1 << 18  # characters of a JSON array read at a time
_BLANK = re.compile(r"[\s,]*")
# A first line that ends, outside of quotation marks, in a carriage return alone, as Excel's "CSV (Macintosh)" does.
_OLD_MAC = re.compile(rb'(?:"[^"]*"|[^"\r\n])*+\r[^\n]')
_ONE_OBJECT = "it holds one object; a table is an array of objects, or one object a line"

Row = dict[str, Any]


class _Broken(Exception):
    """The table as a whole cannot be read; the message goes on from its name."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read, and why."""

    reason: str


Numbered = tuple[int, Row | BadRow]  # the number counts rows, blank ones too, from 1


def open_rows(path: Path) -> tuple[tuple[str, ...], Iterator[Numbered]]:
    """A table's columns and its rows in their order. Raises SourceError, also later while the rows are read.

    CSV: the delimiter is whichever of `, ; tab |` parts the header into most columns. Each line is read as UTF-8 or,
    where it is not that, as Windows-1252; UTF-16 is known by its mark.
    """
    if not path.is_file():
        raise SourceError(f"The table {path} does not exist.")
    reader = _READERS.get(_kind(path))
    if reader is None or (reader is _parquet and path.suffix == ".gz"):
        raise SourceError(
            f"{path.name}: a table is .csv, .tsv, .txt, .jsonl, .ndjson, .json (each also .gz) or .parquet."
        )
    rows = _translated(path, reader(path))
    columns = next(rows)
    return cast("tuple[str, ...]", columns), cast("Iterator[Numbered]", rows)


def _kind(path: Path) -> str:
    return Path(path.name.removesuffix(".gz")).suffix.lower()


def _translated(path: Path, rows: Iterator[Any]) -> Iterator[Any]:
    """What goes wrong with the whole file, as a sentence."""
    try:
        yield from rows
    except (OSError, EOFError, zlib.error, csv.Error, _Broken) as error:
        raise SourceError(f"{path.name} cannot be read: {error}") from error


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    with path.open("rb") as plain:
        zipped = plain.read(2) == b"\x1f\x8b"
        plain.seek(0)
        if not zipped:
            yield plain
            return
        with gzip.GzipFile(fileobj=plain) as unzipped:
            yield cast(BinaryIO, unzipped)


@contextmanager
def _as_text(binary: BinaryIO, encoding: str, newline: str = "") -> Iterator[io.TextIOWrapper]:
    text = io.TextIOWrapper(binary, encoding, errors="replace", newline=newline)
    try:
        yield text
    finally:
        text.detach()


def _lines(binary: BinaryIO) -> Iterator[str]:
    """Lines with their endings. Decoded one by one, so that a stray byte does not turn every accent of the file."""
    start = binary.read(_LINE_PEEK)
    binary.seek(0)
    if start[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        with _as_text(binary, "utf-16") as text:
            yield from text
        return
    if _OLD_MAC.match(start):
        with _as_text(binary, "latin-1", newline="\r") as text:  # a sign a byte, there and back
            yield from _decoded(lambda: text.readline(_LINE_LIMIT).encode("latin-1"))
        return
    yield from _decoded(lambda: binary.readline(_LINE_LIMIT))


def _decoded(read: Callable[[], bytes]) -> Iterator[str]:
    for number, line in enumerate(iter(read, b"")):
        if len(line) == _LINE_LIMIT:
            raise _Broken(f"it has a line of more than {_LINE_LIMIT:,} bytes")
        kept = line if number else line.removeprefix(b"\xef\xbb\xbf")
        try:
            yield kept.decode("utf-8")
        except UnicodeDecodeError:
            yield kept.decode("cp1252", errors="replace")


def _csv(path: Path) -> Iterator[tuple[str, ...] | Numbered]:
    csv.field_size_limit(_CELL_LIMIT)
    with _opened(path) as binary:
        lines = _lines(binary)
        head = list(itertools.islice(lines, _HEAD))
        if head and re.fullmatch(r"sep=.\s*", head[0]):  # Excel's note to itself
            head[0] = "\n"
        named = list(itertools.dropwhile(lambda line: not line.strip(), head))
        if not named:
            raise SourceError(f"{path.name} is empty: a table starts with the names of its columns.")
        delimiter = max(_DELIMITERS, key=lambda mark: _parts(named, mark))
        yield from _csv_records(itertools.chain(head, lines), delimiter)


def _parts(lines: list[str], delimiter: str) -> int:
    try:
        return len(next(csv.reader(lines, delimiter=delimiter)))
    except csv.Error:
        return 0


def _csv_records(lines: Iterator[str], delimiter: str) -> Iterator[tuple[str, ...] | Numbered]:
    at_end: list[bool] = []

    def watched() -> Iterator[str]:
        yield from lines
        at_end.append(True)

    reader = csv.reader(watched(), delimiter=delimiter)
    header = next((cells for cells in reader if any(map(str.strip, cells))), None)
    if header is None:
        raise _Broken("no line of it has the names of columns")
    columns = _column_names(header)
    yield columns
    for number in itertools.count(1):
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, BadRow(f"line {line}: {error}")
            continue
        if at_end and reader.line_num > line:
            raise _Broken(f"line {line} opens a quotation mark that is never closed, so the rows after it are lost")
        if at_end:
            yield number, BadRow(f"line {line} opens a quotation mark that is never closed")
        elif any(cell.strip() for cell in cells[len(columns) :]):
            yield number, BadRow(f"line {line} has {len(cells)} cells under {len(columns)} columns")
        elif cells:
            yield number, dict(zip(columns, cells, strict=False))


def _column_names(cells: list[str]) -> tuple[str, ...]:
    """The header's names, each once: blank ones are numbered, repeated ones counted."""
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = wanted = " ".join(cell.split()) or f"column {place}"
        repeats = itertools.count(2)
        while name in names:
            name = f"{wanted} ({next(repeats)})"
        names.append(name)
    return tuple(names)


def _json(path: Path) -> Iterator[tuple[str, ...] | Numbered]:
    """A value that is no object is a bad row. The columns are those of all records."""
    columns: Row = {}
    for value in _json_values(path):
        if isinstance(value, dict) and not value.keys() <= columns.keys():
            columns.update(dict.fromkeys(value))
    yield tuple(columns)
    for number, value in enumerate(_json_values(path), start=1):
        yield number, value if isinstance(value, dict | BadRow) else BadRow("is not a JSON object")


def _json_values(path: Path) -> Iterator[Any]:
    with _opened(path) as binary:
        start = binary.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()
        binary.seek(0)
        if start.startswith(b"["):
            with _as_text(binary, "utf-8-sig") as text:
                yield from _array_items(text)
        else:
            yield from _json_lines(binary, document=_kind(path) == ".json")


def _json_lines(binary: BinaryIO, document: bool) -> Iterator[Any]:
    """The value of each line. One alone is a record, but not in a JSON document, nor where lists and objects are all
    that it holds: that is an API's answer, with the records somewhere inside."""
    count, value = 0, None
    for number, line in enumerate(_lines(binary), start=1):
        if not (text := line.strip()):
            continue
        count += 1
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as error:
            if count == 1 and getattr(error, "pos", 0) >= len(text):  # an object that goes on in the next line
                raise _Broken(_ONE_OBJECT) from error
            value = BadRow(f"line {number} is not JSON: {error}")
        yield value
    alone = value if count == 1 and isinstance(value, dict) else None
    if alone is not None and (document or all(isinstance(held, list | dict) for held in alone.values())):
        raise _Broken(_ONE_OBJECT)


def _array_items(text: io.TextIOWrapper) -> Iterator[Any]:
    """The items of a JSON array, parsed as they come in."""
    decoder = json.JSONDecoder()
    buffer, place = text.read(_CHUNK).lstrip().removeprefix("["), 0
    for count in itertools.count():
        while True:
            place = _BLANK.match(buffer, place).end()  # type: ignore[union-attr]  # it matches the empty text too
            if buffer.startswith("]", place):
                return
            try:
                item, end = decoder.raw_decode(buffer, place)
                if end < len(buffer):
                    break
            except (ValueError, RecursionError):
                pass
            more = text.read(_CHUNK)
            if not more or len(buffer) - place > _CELL_LIMIT:
                raise _Broken(f"the JSON is broken after its record {count}")
            buffer, place = buffer[place:] + more, 0
        yield item
        place = end


def _parquet(path: Path) -> Iterator[tuple[str, ...] | Numbered]:
    import pyarrow
    from pyarrow import parquet

    try:
        table = parquet.ParquetFile(path)
        # Pictures inside the table are no text, and one batch of them could fill the memory.
        columns = tuple(field.name for field in table.schema_arrow if "binary" not in str(field.type))
        yield columns
        number = 0
        for batch in table.iter_batches(_PARQUET_BATCH, columns=list(columns)):
            for row in _batch_rows(batch):
                number += 1
                yield number, row
    except pyarrow.ArrowException as error:
        raise _Broken(str(error)) from error


def _batch_rows(batch: Any) -> Iterator[Row | BadRow]:
    """The rows of a batch. Parquet is trusted with nothing: a text may be no UTF-8, a date beyond Python's."""
    try:
        yield from batch.to_pylist()
    except (ValueError, OverflowError):
        for place in range(batch.num_rows):
            try:
                yield from batch.slice(place, 1).to_pylist()
            except (ValueError, OverflowError) as error:
                yield BadRow(f"a value in it is damaged or out of range ({error})")


_READERS: dict[str, Callable[[Path], Iterator[Any]]] = {
    ".csv": _csv, ".tsv": _csv, ".txt": _csv, ".jsonl": _json, ".ndjson": _json, ".json": _json, ".parquet": _parquet,
}  # fmt: skip
