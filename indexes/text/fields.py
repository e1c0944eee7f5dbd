"""The fields a work is searched by, and what a match in each counts."""

from dataclasses import dataclass
from enum import IntFlag

from indexes.artwork import Artwork
from indexes.kinds import kinds


class Field(IntFlag):
    """One searched field; as a mask, several."""

    TITLE = 1
    ARTIST = 2
    KIND = 4  # genre, and the kinds of object of `indexes.kinds`
    SUBJECT = 8  # keywords
    MEDIUM = 16
    RECORD = 32  # date, collection, culture, period, accession number
    DESCRIPTION = 64


# What a whole match of each field counts; 1 together. In round numbers, by the order that the judged queries of
# docs/search.md ask for: what a work is called and who made it before what is said of it. Halving or doubling that of
# title, artist, kind, medium or record moves no mean there by a point.
WEIGHTS = {
    Field.TITLE: 0.30,
    Field.ARTIST: 0.25,
    Field.SUBJECT: 0.12,
    Field.KIND: 0.10,
    Field.DESCRIPTION: 0.12,
    Field.MEDIUM: 0.06,
    Field.RECORD: 0.05,
}


@dataclass(frozen=True, slots=True)
class Text:
    """Texts of one work that are searched as one: a match in them counts `weight` at most."""

    field: Field
    weight: float
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """All that a work is found by, and the names that are suggested for it."""

    texts: tuple[Text, ...]
    names: tuple[tuple[str, str], ...]  # what it names (artist, title, genre, collection) and the name


def parts(work: Artwork) -> Document:
    """What the work is found by.

    Each description is a text of its own with an equal share of the field's weight, so that a work's descriptions
    count what they count on average: ten alike count as one, and many never outweigh a single good one (the flaw that
    the Harvard recommender states of itself).
    """
    share = WEIGHTS[Field.DESCRIPTION] / max(1, len(work.descriptions))
    return Document(
        texts=(
            *(Text(field, WEIGHTS[field], texts) for field in WEIGHTS if (texts := field_texts(work, field))),
            *(Text(Field.DESCRIPTION, share, (description,)) for description in work.descriptions),
        ),
        names=tuple(
            (name, value) for name in ("artist", "title", "genre", "collection") if (value := getattr(work, name))
        ),
    )


def field_texts(work: Artwork, field: Field) -> tuple[str, ...]:
    """The texts of one field of a record; none for the descriptions, which are texts of their own."""
    found: tuple[str | None, ...] = {
        Field.TITLE: (work.title,),
        Field.ARTIST: (work.artist,),
        Field.KIND: (work.genre, *kinds(work)),
        Field.SUBJECT: work.keywords,
        Field.MEDIUM: (work.medium,),
        Field.RECORD: (work.date, work.collection, work.culture, work.artist_culture, work.period, work.accession),
    }.get(field, ())
    return tuple(text for text in found if text)
