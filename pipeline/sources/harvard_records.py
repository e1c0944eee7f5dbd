"""From a Harvard object record to an `Artwork`, cleaned as the Harvard recommender cleans them."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from indexes.artwork import Artwork
from indexes.years import year_range
from pipeline.sources import Failure, values
from pipeline.sources.harvard_pages import record_id

# What else the museum says of a work, as it is labelled on the work's page.
_OTHERS = {
    "dimensions": "Dimensions", "division": "Division", "century": "Century", "technique": "Technique",
    "provenance": "Provenance", "labeltext": "Label text", "commentary": "Commentary", "signed": "Signed",
    "state": "State", "edition": "Edition", "standardreferencenumber": "Standard reference number",
    "accessionmethod": "Accession method", "accessionyear": "Accession year", "totalpageviews": "Page views",
}  # fmt: skip
_KEYWORDS = ("division", "technique", "century", "style")
T = TypeVar("T")

_RIGHTS = {1: "Image restricted by rights", 2: "Image not to be displayed"}


def to_artwork(record: Mapping[str, Any], annotations: Sequence[str]) -> tuple[Artwork, list[Failure]]:
    """The record's work with the descriptions of its primary image, and what the work lacks.

    - The date is the museum's own `dated`; where that is missing, `dateend` as in the Harvard recommender. A `dateend`
      that `dated` does not name is a keyword, so that a search for it finds what the Harvard recommender's would.
    - The artist is the first person with the role Artist, or else the first person.
    - The image is `primaryimageurl`, or else the first image's `baseimageurl`, as the server gives it in full; the
      image is left out where `imagepermissionlevel` restricts it.
    - Descriptions are the museum's own, then the annotations in their order.

    Raises ValueError where the record has no usable id.
    """
    identity = record_id(record)
    if identity is None:
        raise ValueError("it has no whole number as its id")
    dated = _text(record, "dated")
    end = _or_none(values.year, record.get("dateend"))
    person = _person(record)
    image = primary_image(record)
    level = _or_none(values.integer, record.get("imagepermissionlevel")) or 0
    years = _years(record, dated)
    address = _address(record.get("primaryimageurl")) or _address(image.get("baseimageurl"))
    artwork = Artwork(
        id=str(identity),
        title=_text(record, "title"),
        artist=_text(person, "name") or _text(person, "displayname"),
        artist_culture=_text(person, "culture"),
        date=dated or (str(end) if end and end > 0 else None),
        year_from=years[0],
        year_to=years[1],
        medium=_text(record, "medium"),
        genre=_text(record, "classification"),
        collection=_department(record) or _text(record, "division"),
        culture=_text(record, "culture"),
        period=_period(record),
        accession=_text(record, "objectnumber"),
        keywords=_keywords(record, dated, end),
        descriptions=_descriptions(record, image, annotations),
        image_url=None if level > 0 else address,
        image_name=_text(image, "renditionnumber"),
        museum_page=_address(record.get("url")),
        credit_line=_text(record, "creditline"),
        rights=_text(record, "copyright") or _text(image, "copyright") or _RIGHTS.get(level),
        rank=_or_none(values.popularity, record.get("rank")),
        extra=_others(record),
    )
    return artwork, _lacks(artwork, level)


def primary_image(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The image record with the lowest `displayorder`; an empty one where there is none."""
    images = _objects(record.get("images"))
    return min(images, key=_display_order, default={})


def image_id(record: Mapping[str, Any]) -> int | None:
    """The id by which annotations name the work's primary image."""
    return _or_none(values.integer, primary_image(record).get("imageid"))


def _lacks(artwork: Artwork, level: int) -> list[Failure]:
    lacks = []
    if level > 0:
        reason = f"The image is restricted (imagepermissionlevel {level})."
        lacks.append(Failure(artwork.id, None, "image not permitted", reason))
    elif not artwork.image_url:
        lacks.append(Failure(artwork.id, None, "no image", "The record has no address of an image."))
    if not artwork.descriptions:
        lacks.append(Failure(artwork.id, None, "no description", "Nothing describes the work's primary image."))
    return lacks


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _display_order(item: Mapping[str, Any]) -> float:
    order = _or_none(values.integer, item.get("displayorder"))
    return float("inf") if order is None else order


def _person(record: Mapping[str, Any]) -> Mapping[str, Any]:
    people = sorted(_objects(record.get("people")), key=_display_order)
    artists = [person for person in people if _text(person, "role") == "Artist"]
    return next(iter(artists or people), {})


def _years(record: Mapping[str, Any], dated: str | None) -> tuple[int | None, int | None]:
    """`datebegin` and `dateend`, where 0 is unknown and -430 is 430 BCE; or else what the display date says."""
    start, end = (_or_none(values.year, record.get(name)) for name in ("datebegin", "dateend"))
    if start is None or end is None or start > end:
        return year_range(dated) or ((start, end) if start is None or end is None else (None, None))
    return start, end


def _department(record: Mapping[str, Any]) -> str | None:
    department = _text(record, "department")
    return department and department.replace("Department of ", "")


def _period(record: Mapping[str, Any]) -> str | None:
    period = _text(record, "period")
    return period and values.text(re.sub(r"c\.|[()]", "", period))


def _keywords(record: Mapping[str, Any], dated: str | None, end: int | None) -> tuple[str, ...]:
    found = [*(_text(record, name) for name in _KEYWORDS), *values.texts(record.get("worktypes") or [])]
    if dated and end and end > 0 and str(end) not in dated:
        found.append(str(end))
    once = {word.casefold(): word for word in found if word}
    return tuple(once.values())


def _descriptions(record: Mapping[str, Any], image: Mapping[str, Any], annotations: Sequence[str]) -> tuple[str, ...]:
    found = [_text(record, "description"), _text(image, "alttext"), *map(values.text, annotations)]
    return tuple(dict.fromkeys(values.cut(text, values.DESCRIPTION_LIMIT) for text in found if text))


def _others(record: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    said = ((label, values.spelled_out(record.get(name))) for name, label in _OTHERS.items())
    return tuple((label, values.cut(text, values.TEXT_LIMIT)) for label, text in said if text)


def _text(record: Mapping[str, Any], name: str) -> str | None:
    found = values.text(record.get(name))
    return found and values.cut(found, values.TEXT_LIMIT)


def _address(value: object) -> str | None:
    return _or_none(values.web_address, value)


def _or_none(convert: Callable[[Any], T | None], value: object) -> T | None:
    try:
        return convert(value)
    except ValueError:
        return None
