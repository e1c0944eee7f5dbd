"""Results as a file: every one of them, as CSV for a spreadsheet or as JSON, written while it is sent."""

import csv
import json
import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import chain, islice
from typing import Any

from app.matches import Matches
from app.query import Query, artwork_url, image_url
from indexes.artwork import FACETS, Artwork
from indexes.loader import Release

# A spreadsheet takes what begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_RECORD = (
    "id", "title", "artist", "artist_culture", "date", "medium", "genre", "collection", "culture", "period",
    "accession", "keywords", "description", "image_name", "credit_line", "rights", "museum_page",
)  # fmt: skip
COLUMNS = ("place", *_RECORD, "score", "page", "image")
_TOGETHER = 100  # lines in one piece of the answer
_LONGEST = 80  # characters of a file name


@dataclass(frozen=True, slots=True)
class Export:
    """All results of one question."""

    release: Release
    query: Query
    matches: Matches
    root: str  # of this site, "https://museum.example", for addresses that work from within the file
    turn: threading.Lock  # shared by all exports

    def lines(self) -> Iterator[str]:
        """The file's text in pieces: UTF-8 with its mark where it is CSV, which spreadsheets need to see.

        They are made while the answer is sent, when its request has left the gate; so one is made at a time, whoever
        asked for it. Sending, which a slow reader may draw out, holds up no other file.
        """
        lines = self._csv() if self.query.format == "csv" else self._json()
        while piece := self._piece(lines):
            yield piece

    def name(self, site: str) -> str:
        """The file's name, which says what it holds: `vitrine-blue-vase.csv`."""
        asked = self.query.to_json()
        texts = [asked.get(field) for field in ("q", "name", "accession", "id")]
        texts += chain.from_iterable(self.query.filters.of(facet) for facet in FACETS)
        said = [text for text in texts if text] or ["all" if self.query.path == "/search" else ""]
        kind = [] if self.query.path == "/search" else [self.query.path]
        whole = re.sub(r"[\W_]+", "-", " ".join([site, *kind, *said]).casefold())[:_LONGEST].strip("-")
        return f"{whole}.{self.query.format}"

    def _piece(self, lines: Iterator[str]) -> str:
        with self.turn:
            return "".join(islice(lines, _TOGETHER))

    def _csv(self) -> Iterator[str]:
        yield "\ufeff" + csv_line(COLUMNS)
        for record in self._records():
            record["keywords"] = "; ".join(record["keywords"])
            yield csv_line(harmless(record[name]) for name in COLUMNS)

    def _json(self) -> Iterator[str]:
        about = {"query": self.query.to_json(), "total": self.matches.total}
        yield _text(about)[:-1] + ', "results": ['
        for number, record in enumerate(self._records()):
            yield (",\n" if number else "\n") + _text(record)
        yield "\n]}\n"

    def _records(self) -> Iterator[dict[str, Any]]:
        scores = self.matches.scores
        for place, row in enumerate(self.matches.rows.tolist()):
            work = self.release.catalogue.artwork(row)
            picture = self.release.catalogue.picture(row)
            yield {
                "place": place + 1,
                **{name: getattr(work, name) for name in _RECORD},
                "score": None if scores is None else round(float(scores[place]), 4),
                "page": self.root + artwork_url(work.id),
                "image": picture and self.root + image_url(work.id, picture.digest),
                **_other(work),
            }


def _other(work: Artwork) -> dict[str, Any]:
    """What only this museum's records have; works differ in it, so a table has no columns for it."""
    return {"other": dict(work.extra)} if work.extra else {}


def csv_line(values: Iterable[object]) -> str:
    """One line of a table, CRLF at its end."""
    line = StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue()


def harmless(value: object) -> object:
    """The value so that no spreadsheet takes it for a formula: an apostrophe before text that begins like one."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _text(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
