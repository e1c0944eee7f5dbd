"""The catalogue: every record of a release by row, and the look-ups, orders and pictures that go with the rows.

Rows stand in the order the source gave them. Records are kept as JSON, one a line, and parsed when shown: a page
shows a dozen.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path, PurePath
from typing import Self

import numpy as np
from numpy.typing import NDArray

from indexes.artwork import FACETS, Artwork
from indexes.columns import Blobs, Lookup, Rows, open_array, write_array
from indexes.facets import Facets
from indexes.pictures import Picture
from indexes.words import fold

SORTS = ("relevance", "popular", "rare", "title", "date")
UNKNOWN = np.int32(np.iinfo(np.int32).max)  # sorts last
_READ = 512  # records that are kept as they were read: an answer asks for each of its own three times

_IMAGE_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".png", ".webp", ".gif", ".tif", ".tiff", ".bmp", ".avif", ".heic", ".jp2"}
)


def image_name_key(name: str) -> str:
    """What an image name is looked up by: any case, with or without the image's extension (the practicum)."""
    path = PurePath(name.strip())
    return fold(path.name.removesuffix(path.suffix) if path.suffix.casefold() in _IMAGE_SUFFIXES else path.name)


def accession_key(number: str) -> str:
    """What an accession number is looked up by: any case and spacing."""
    return fold("".join(number.split()))


class Catalogue:
    """The records of one release, memory-mapped. Rows are numbered from 0."""

    def __init__(self, folder: Path) -> None:
        """Open what `write` wrote in the same folder."""
        self._records = records = Blobs.open(folder / "artworks")
        self._read = lru_cache(_READ)(lambda row: Artwork.from_json(json.loads(records[row])))
        self._ids = Lookup.open(folder / "ids")
        self._image_names = Lookup.open(folder / "image_names")
        self._accessions = Lookup.open(folder / "accessions")
        self.facets = Facets.open(folder)
        self.years: NDArray[np.int32] = open_array(folder / "years")  # (rows, 2): first and last; UNKNOWN twice if not
        self._rank: NDArray[np.int32] = open_array(folder / "rank")
        self._title_place: NDArray[np.int32] = open_array(folder / "title_place")
        self._pictures = _PictureColumns.open(folder)

    @staticmethod
    def write(folder: Path, works: Iterable[tuple[Artwork, Picture | None]]) -> int:
        """Write all works, each with its stored picture if it has one; returns how many. Reads `works` once."""
        columns = _Columns()
        count = Blobs.write(folder / "artworks", (columns.add(work, picture) for work, picture in works))
        columns.write(folder)
        return count

    def __len__(self) -> int:
        return len(self._records)

    def artwork(self, row: int) -> Artwork:
        """The record of a row."""
        return self._read(row)

    def picture(self, row: int) -> Picture | None:
        """The stored picture of a row, or None where the work has none."""
        return self._pictures.at(row)

    def stored(self) -> set[str]:
        """The digests of all files in the picture store that belong to the works."""
        return self._pictures.digests()

    def fingerprints(self) -> Iterator[tuple[str, bytes]]:
        """Of each row the work's id, and a digest that changes with its record or its picture."""
        for row in range(len(self)):
            record = self._records[row]
            yield json.loads(record)["id"], hashlib.blake2b(record + self._pictures.named(row), digest_size=16).digest()

    def with_picture(self) -> Rows:
        """The rows that have a picture."""
        return self._pictures.rows()

    def has_picture(self, rows: Rows) -> NDArray[np.bool_]:
        """(rows,): which of the rows have a picture."""
        return self._pictures.held(rows)

    def row(self, work_id: str) -> int | None:
        """The row of a work, or None where the catalogue has no such work."""
        rows = self._ids[work_id]
        return int(rows[0]) if len(rows) else None

    def by_image_name(self, name: str) -> Rows:
        """The rows whose original image has this name; extension and case do not matter."""
        return self._image_names[image_name_key(name)]

    def by_accession(self, number: str) -> Rows:
        """The rows with this accession number; case and spaces do not matter."""
        return self._accessions[accession_key(number)]

    def all_rows(self) -> Rows:
        """Every row."""
        return np.arange(len(self), dtype=np.int32)

    def differ_in_popularity(self, rows: Rows) -> bool:
        """Whether at least two of the rows are known to differ in it: else it tells nothing about their order."""
        known = self._rank[rows]
        known = known[known != UNKNOWN]
        return bool(np.any(known != known[:1]))

    def sorted(self, rows: Rows, sort: str) -> Rows:
        """The rows in the order `popular`, `rare`, `title` or `date`; unknown values last, equal ones by row."""
        key = {"popular": self._rank, "rare": self._rank, "title": self._title_place, "date": self.years[:, 0]}[sort]
        values = key[rows].astype(np.int64)
        if sort == "rare":
            values = np.where(values == UNKNOWN, values, -values)
        return rows[np.lexsort((rows, values))]


class _Columns:
    """Collects, record by record, what is kept beside the records."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._image_names: list[str | None] = []
        self._accessions: list[str | None] = []
        self._titles: list[str | None] = []
        self._years: list[tuple[int | None, int | None]] = []
        self._rank: list[int | None] = []
        self._facets: dict[str, list[str | None]] = {name: [] for name in FACETS}
        self._pictures: list[Picture | None] = []

    def add(self, work: Artwork, picture: Picture | None) -> bytes:
        """Note the record's columns; returns the record as a line."""
        self._ids.append(work.id)
        self._image_names.append(work.image_name and image_name_key(work.image_name))
        self._accessions.append(work.accession and accession_key(work.accession))
        self._titles.append(work.title and fold(work.title).lstrip("'\"“‘«[(¡¿ "))
        self._years.append((work.year_from, work.year_to))
        self._rank.append(work.rank)
        for name, values in self._facets.items():
            values.append(getattr(work, name))
        self._pictures.append(picture)
        return json.dumps(work.to_json(), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

    def write(self, folder: Path) -> None:
        """Write all columns."""
        Lookup.write(folder / "ids", ([key] for key in self._ids))
        Lookup.write(folder / "image_names", ([key] if key else [] for key in self._image_names))
        Lookup.write(folder / "accessions", ([key] if key else [] for key in self._accessions))
        Facets.write(folder, self._facets)
        years = [(UNKNOWN, UNKNOWN) if None in pair else pair for pair in self._years]
        write_array(folder / "years", np.array(years, np.int32).reshape(-1, 2))
        write_array(folder / "rank", np.array([UNKNOWN if rank is None else rank for rank in self._rank], np.int32))
        place = {title: n for n, title in enumerate(sorted({title for title in self._titles if title}))}
        places = [place[title] if title else UNKNOWN for title in self._titles]
        write_array(folder / "title_place", np.array(places, np.int32))
        _PictureColumns.write(folder, self._pictures)


class _PictureColumns:
    """Stored pictures as arrays; a digest of zeros says that there is none."""

    def __init__(self, small: NDArray[np.uint8], large: NDArray[np.uint8], sizes: NDArray[np.uint32]) -> None:
        self._small = small  # (rows, 32)
        self._large = large  # (rows, 32)
        self._sizes = sizes  # (rows, 3): width, height, colour as 0xRRGGBB

    @staticmethod
    def write(folder: Path, pictures: list[Picture | None]) -> None:
        nothing = bytes(32)
        small = b"".join(bytes.fromhex(picture.digest) if picture else nothing for picture in pictures)
        large = b"".join(bytes.fromhex(picture.large) if picture and picture.large else nothing for picture in pictures)
        sizes = [(p.width, p.height, int(p.colour.removeprefix("#"), 16)) if p else (0, 0, 0) for p in pictures]
        write_array(folder / "pictures_small", np.frombuffer(small, np.uint8).reshape(-1, 32))
        write_array(folder / "pictures_large", np.frombuffer(large, np.uint8).reshape(-1, 32))
        write_array(folder / "pictures_size", np.array(sizes, np.uint32).reshape(-1, 3))

    @classmethod
    def open(cls, folder: Path) -> Self:
        names = ("pictures_small", "pictures_large", "pictures_size")
        return cls(*(open_array(folder / name) for name in names))

    def digests(self) -> set[str]:
        files = np.concatenate([self._small, self._large])
        return {digest.tobytes().hex() for digest in files[files.any(axis=1)]}

    def named(self, row: int) -> bytes:
        return self._small[row].tobytes() + self._large[row].tobytes()

    def at(self, row: int) -> Picture | None:
        width, height, colour = self._sizes[row].tolist()
        if not width:
            return None
        large = self._large[row]
        return Picture(
            digest=self._small[row].tobytes().hex(),
            large=large.tobytes().hex() if large.any() else None,
            width=width,
            height=height,
            colour=f"#{colour:06x}",
        )

    def held(self, rows: Rows) -> NDArray[np.bool_]:
        return np.asarray(self._sizes[rows, 0] > 0)

    def rows(self) -> Rows:
        return np.flatnonzero(self._sizes[:, 0]).astype(np.int32)
