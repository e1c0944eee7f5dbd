"""A made-up museum in the shape of Harvard's: object records, annotations and pictures, all made from a number."""

import io
from typing import Any

from PIL import Image, ImageDraw

COLOURS = {
    "red": (200, 30, 40), "blue": (30, 60, 190), "green": (30, 140, 60), "yellow": (235, 205, 50),
    "black": (20, 20, 20),
}  # fmt: skip
SHAPES = ("circle", "square", "triangle")
MODELS = (("Anthropic", "claude"), ("Amazon", "nova"), ("OpenAI", "gpt"))
BROKEN = {2: "html", 6: "truncated", 11: "missing", 17: "empty"}  # by the work's number modulo 25


def object_id(number: int) -> int:
    """Ids have gaps."""
    return 1000 + 7 * number


def look(number: int) -> tuple[str, str, str]:
    """Shape, its colour and the colour of the ground of a work's picture."""
    names = list(COLOURS)
    ground = (number + 1 + number // 5 % 4) % 5
    return SHAPES[number % 3], names[number % 5], names[ground]


def image_kind(number: int) -> str:
    """`good`, `restricted`, `none`, or the way in which it is broken."""
    if number % 12 == 7:
        return "restricted"
    if number % 15 == 8:
        return "none"
    return BROKEN.get(number % 25, "good")


def make_object(number: int, base_url: str) -> dict[str, Any]:
    """An object record in the shape of the API's, with its gaps."""
    identity = object_id(number)
    shape, colour, _ = look(number)
    kind = image_kind(number)
    address = f"{base_url}/image/{number}"
    record: dict[str, Any] = {
        "id": identity,
        "objectid": identity,
        "objectnumber": f"1943.{number}",
        "title": f"{colour.title()} {shape} no. {number}",
        "classification": ("Paintings", "Prints", "Drawings", "Vessels")[number % 4],
        "technique": ("Etching", None)[number % 2],
        "medium": ("Oil on canvas", "Ink on paper", None)[number % 3],
        "period": "Ming (1368-1644) to Qing (c. 1644-1911) dynasty" if number % 7 == 0 else None,
        "century": "19th century",
        "culture": ("American", "Dutch", "Japanese")[number % 3],
        "dated": f"c. {1800 + number % 100}",
        "datebegin": 1795 + number % 100,
        "dateend": 1805 + number % 100,
        "department": ("Department of Prints", "Department of Asian Art", None)[number % 3],
        "division": "European and American Art",
        "rank": 1 + (number * 37) % 1009,
        "totalpageviews": number % 50,
        "url": f"https://www.harvardartmuseums.org/collections/object/{identity}",
        "creditline": "Harvard Art Museums/Fogg Museum, Gift",
        "copyright": "© A Living Artist" if kind == "restricted" else None,
        "imagepermissionlevel": 1 if kind == "restricted" else 0,
        "accessionyear": (None, "1951", 1951)[number % 3],
        "description": None,
        "labeltext": None,
        "lastupdate": f"2024-05-{1 + number % 28:02}T04:00:00-0400",
        "worktypes": [{"worktypeid": "285", "worktype": "print"}],
        "colors": [{"color": "#c8c8c8", "hue": "Grey", "css3": "#c0c0c0", "percent": 0.6}],
        "people": [
            {"role": "Publisher", "name": "A Publisher", "displayname": "Published by A Publisher", "culture": None,
             "displayorder": 1},
            {"role": "Artist", "name": f"Artist {number % 9}", "displayname": f"Artist {number % 9}",
             "culture": "Dutch", "displayorder": 2},
        ],
        "primaryimageurl": address,
        "images": [{"imageid": 50_000 + number, "displayorder": 1, "baseimageurl": address, "width": 160, "height": 120,
                    "renditionnumber": f"INV{number:06}", "iiifbaseuri": f"{base_url}/iiif/{number}", "alttext": None}],
    }  # fmt: skip
    if number % 4 == 0:  # a second view, listed first
        record["images"].insert(0, {**record["images"][0], "imageid": 90_000 + number, "displayorder": 2})
    if kind in {"restricted", "none"}:
        record |= {"primaryimageurl": None, "images": []}
    if number % 10 == 3:
        del record["people"]
    if number % 9 == 0:
        del record["colors"]
    if number % 8 == 5:
        record |= {name: str(record[name]) for name in ("id", "rank", "dateend", "imagepermissionlevel")}
    if number % 5 == 0:
        record |= {"dated": "17th century", "datebegin": 0, "dateend": 0}
    if number % 11 == 0:
        record |= {"dated": "late 5th century BCE", "datebegin": -430, "dateend": -400}
    return record


def make_annotations(number: int) -> list[dict[str, Any]]:
    """Up to three descriptions of a work's image, by several models, among what is none; in no order of ids."""
    shape, colour, ground = look(number)

    def annotation(place: int, **fields: Any) -> dict[str, Any]:
        source, model = MODELS[place % 3]
        identity = 700_000 + 20 * number + (19 - place)
        return {
            "id": identity, "annotationid": identity, "imageid": 50_000 + number, "type": "description",
            "feature": "full", "source": source, "model": model, "confidence": -1, "raw": {"answer": "x" * 50},
            "accesslevel": 1, "createdate": "2024-02-08T17:10:56+00:00", **fields,
        }  # fmt: skip

    notes = [
        annotation(place, body=f"A {colour} {shape} on a {ground} ground, as {MODELS[place][1]} sees it.")
        for place in range(number % 4)
    ]
    notes.append(annotation(4, type="tag", body="modern", confidence=0.88))
    notes.append(annotation(5, body=" "))
    notes.append(annotation(6, type="text", feature="region", body="No. 7"))
    notes.append(annotation(7, body="Another view, of another image.", imageid=90_000 + number))
    return notes


def descriptions(number: int) -> list[str]:
    """What a harvest should find for a work: its primary image's descriptions by the order of their ids."""
    if image_kind(number) in {"restricted", "none"}:
        return []
    usable = [note for note in make_annotations(number) if note["imageid"] == 50_000 + number]
    described = [note for note in usable if note["type"] == "description" and note["body"].strip()]
    return [note["body"] for note in sorted(described, key=lambda note: note["id"])]


def picture(number: int) -> bytes:
    """The work's picture as JPEG."""
    shape, colour, ground = look(number)
    image = Image.new("RGB", (160, 120), COLOURS[ground])
    draw, left = ImageDraw.Draw(image), 20 + number * 13 % 60
    box = (left, 20, left + 70, 90)
    if shape == "circle":
        draw.ellipse(box, fill=COLOURS[colour])
    elif shape == "square":
        draw.rectangle(box, fill=COLOURS[colour])
    else:
        draw.polygon([(left, 90), (left + 70, 90), (left + 35, 20)], fill=COLOURS[colour])
    file = io.BytesIO()
    image.save(file, "JPEG", quality=90)
    return file.getvalue()
