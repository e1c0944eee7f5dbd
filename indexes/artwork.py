"""One record type for every museum: `Artwork`."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

FACETS = ("artist", "collection", "genre")

# What exports write where nothing is known, as they write it: a portrait may well be called "Nan".
_NOTHING = frozenset({"", "nan", "NaN", "NAN", "none", "None", "null", "NULL", "n/a", "N/A", "NaT", "<NA>"})

# Separators become a space, so that words on either side stay apart; other control characters simply go.
_SEPARATORS = re.compile(r"[\s\x1c-\x1f\x85\u2028\u2029]+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def clean_text(value: object) -> str | None:
    """The value as tidy text in Unicode's composed form (NFC), or None where it says nothing (`nan`, blank, null)."""
    if value is None or (isinstance(value, float) and value != value):
        return None
    text = unicodedata.normalize("NFC", _CONTROL.sub("", _SEPARATORS.sub(" ", str(value)))).strip()
    return None if text in _NOTHING else text


@dataclass(frozen=True, slots=True, kw_only=True)
class Artwork:
    """A work of art as Vitrine knows it, whatever museum and format it came from.

    Unknown text is None, never an empty string or "nan". Years are astronomical: 0 is 1 BCE, -430 is 431 BCE.
    """

    id: str  # unique within a collection; part of the work's address
    title: str | None = None
    artist: str | None = None
    artist_culture: str | None = None
    date: str | None = None  # as the museum displays it
    year_from: int | None = None
    year_to: int | None = None  # inclusive
    medium: str | None = None
    genre: str | None = None  # the museum's classification
    collection: str | None = None  # a department, or the museum that owns the work
    culture: str | None = None
    period: str | None = None
    accession: str | None = None
    keywords: tuple[str, ...] = ()  # subject tags, style, object type: searched, but no facet
    descriptions: tuple[str, ...] = ()  # each describes the whole work
    image_url: str | None = None
    image_file: str | None = None  # within the folder of images
    image_name: str | None = None  # the original image's file name, for look-up
    museum_page: str | None = None
    credit_line: str | None = None
    rights: str | None = None  # of the image
    rank: int | None = None  # popularity: 1 is the most popular
    extra: tuple[tuple[str, str], ...] = ()  # the museum's other columns, in their order

    def __post_init__(self) -> None:
        """Raises ValueError where the id is missing or could not stand in an address, or the years are reversed."""
        if not self.id or self.id != clean_text(self.id):
            raise ValueError("id: must be text without control characters or outer spaces")
        if "/" in self.id or "\\" in self.id or self.id in {".", ".."}:
            raise ValueError("id: must not contain a slash")
        if len(self.id.encode()) > 200:
            raise ValueError("id: must be at most 200 bytes")
        if self.year_from is not None and self.year_to is not None and self.year_from > self.year_to:
            raise ValueError("year_from: must not be after year_to")

    @property
    def description(self) -> str | None:
        """The longest description: the one to show where there is room for one."""
        return max(self.descriptions, key=len, default=None)

    @property
    def search_parts(self) -> tuple[str, ...]:
        """The searched fields of the record, all but its descriptions."""
        fields = (self.title, self.period, self.genre, *self.keywords, self.date, self.collection)
        return tuple(part for part in (*fields, self.artist, self.artist_culture, self.culture, self.medium) if part)

    @property
    def search_text(self) -> str:
        """Every searched word of the record but its descriptions, joined as the Harvard recommender joins them."""
        return " | ".join(self.search_parts)

    @property
    def alt(self) -> str:
        """Alternative text for the picture: its description, or else title, artist and date."""
        if self.description:
            return self.description
        return ", ".join(part for part in (self.title or "Untitled", self.artist, self.date) if part)

    def to_json(self) -> dict[str, Any]:
        """The known fields alone, as JSON types; `from_json` turns it back."""
        return {name: value for name, value in asdict(self).items() if value not in (None, ())}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Self:
        """The work that `to_json` wrote. Raises TypeError for a field that is not one of ours."""
        values = dict(record)
        for name in ("keywords", "descriptions"):
            values[name] = tuple(values.get(name, ()))
        values["extra"] = tuple((name, value) for name, value in values.get("extra", ()))
        return cls(**values)
