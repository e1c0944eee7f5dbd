"""A small collection, drawn and published in a second: what tests serve and search."""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from indexes import text
from indexes.artwork import Artwork
from indexes.catalogue import Catalogue
from indexes.colours import Colours
from indexes.encoders import ImageEncoder
from indexes.encoders.palette import PaletteEncoder, colour_terms
from indexes.encoders.pixels import PixelsEncoder
from indexes.pictures import Picture, PictureStore, decode, render
from indexes.release import Manifest, MethodEntry, digest_files, new_name, publish
from indexes.vectors import VectorIndex

COLOURS = {"blue": "#2b4a8b", "red": "#a8322a", "green": "#4d7a4a"}

# Of each subject: width and height of its pictures, artist, collection.
SUBJECTS = {
    "portrait": ((480, 640), "Ada Lindqvist", "Paintings"),
    "seascape": ((900, 500), "Ada Lindqvist", "Paintings"),
    "vase": ((420, 700), "Ion Petrescu", "Ceramics"),
    "tile": ((500, 500), "Ion Petrescu", "Ceramics"),
    "scroll": ((240, 900), "Mei Tanaka", "Works on paper"),
    "panorama": ((1500, 480), "Mei Tanaka", "Works on paper"),
}

HOSTILE = """<script>alert("title")</script>"""
LONG = " ".join(["The Return of the Herring Fleet on the Eve of Saint John"] * 5)

# Records as museums have them: something missing, something long, scripts from right to left, something malicious.
ODD = (
    Artwork(id="untitled", genre="sketch"),
    Artwork(id="long", title=LONG, artist="Ada Lindqvist", date="about 1760, reworked before 1800", genre="seascape"),
    Artwork(id="中国", title="千里江山图", artist="王希孟", date="1113", genre="landscape"),
    Artwork(id="arabic", title="منظر من القاهرة", artist="محمود سعيد", date="1937", genre="landscape"),
    Artwork(id="hostile", title=HOSTILE, artist='"><img src=x onerror=alert(1)>', descriptions=(f"A {HOSTILE}",)),
    Artwork(id="unseen", title="A Vase without Picture", artist="Ion Petrescu", genre="vase", accession="1900.24"),
)


def small_collection(root: Path) -> Path:
    """Publish 24 works under `root` and return it: each subject in each colour (id `blue-vase`), then those of `ODD`.

    All but the last have a picture. Vectors by `pixels` and `palette` are real; those by `description` are made of
    subject (0.8) and colour (0.6), so that likeness is known: 1 for the same of both, 0.64 for the same subject, 0.36
    for the same colour. There is no `clip`, which would need torch.
    """
    works = _works()
    pictures = [draw(work) for work in works[:-1]]
    store = PictureStore(root / "pictures")
    folder = root / ".building"
    for name in ("catalogue", "text", "vectors"):
        (folder / name).mkdir(parents=True)
    kept = [_kept(store, picture) for picture in pictures]
    Catalogue.write(folder / "catalogue", zip(works, [*kept, None], strict=True))
    text.fit(folder / "text", (text.parts(work) for work in works))
    shown = [decode(store.read(picture.digest)) for picture in kept]
    Colours.write(folder / "colours", [*map(colour_terms, shown), None])
    methods = {
        "pixels": _index(folder, "pixels", PixelsEncoder(), shown),
        "palette": _index(folder, "palette", PaletteEncoder(), shown),
        "description": _index_descriptions(folder, works),
    }
    files = digest_files(folder)
    now = datetime.now(UTC)
    manifest = Manifest(
        name=new_name(files, now),
        created=now.isoformat(timespec="seconds"),
        source="table",
        inputs="small collection",
        works=len(works),
        pictures=len(pictures),
        terms=0,
        failures={},
        methods=methods,
        files=files,
    )
    publish(root, folder, manifest)
    return root


def draw(work: Artwork) -> bytes:
    """A picture of the work, PNG: its subject as a simple shape in its colour; the ground tells works apart."""
    colour, _, subject = work.id.partition("-")
    size = SUBJECTS[subject][0] if subject in SUBJECTS else (640, 480)
    ground = 255 - sum(work.id.encode()) % 60
    picture = Image.new("RGB", size, (ground, ground - 8, ground - 20))
    width, height = size
    box = (width // 5, height // 4, width - width // 5, height - height // 10)
    pen, ink = ImageDraw.Draw(picture), COLOURS.get(colour, "#555049")
    if subject in ("seascape", "panorama"):
        pen.rectangle((0, height // 2, width, height), fill=ink)
    elif subject == "tile":
        pen.polygon([(width // 2, 0), (width, height // 2), (width // 2, height), (0, height // 2)], fill=ink)
    else:
        pen.ellipse(box, fill=ink)
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _works() -> list[Artwork]:
    regular = [
        Artwork(
            id=f"{colour}-{subject}",
            title=f"{colour.title()} {subject.title()}",
            artist=artist,
            date=str(1800 + number),
            year_from=1800 + number,
            year_to=1800 + number,
            medium="Glazed clay" if collection == "Ceramics" else "Oil on canvas",
            genre=subject,
            collection=collection,
            accession=f"1900.{number}",
            descriptions=(f"A {subject}, mostly {colour}, against a pale ground.",),
            image_name=f"Photo {number:02}.jpg",
            museum_page=f"https://museum.example/{colour}-{subject}",
            rank=number,
        )
        for number, (subject, colour, artist, collection) in enumerate(
            (
                (subject, colour, artist, collection)
                for subject, (_, artist, collection) in SUBJECTS.items()
                for colour in COLOURS
            ),
            start=1,
        )
    ]
    return [*regular, *ODD]


def _kept(store: PictureStore, data: bytes) -> Picture:
    made = render(data)
    large = store.put(made.large) if made.large else None
    return Picture(store.put(made.small), large, made.width, made.height, made.colour)


def _index(folder: Path, method: str, encoder: ImageEncoder, pictures: Sequence[Image.Image]) -> MethodEntry:
    rows = np.arange(len(pictures), dtype=np.int32)
    VectorIndex.write(folder / "vectors" / method, rows, encoder.encode_images(pictures))
    return MethodEntry(method, encoder.identity, encoder.dimension, len(pictures))


def _index_descriptions(folder: Path, works: Sequence[Artwork]) -> MethodEntry:
    regular = [work.id.split("-") for work in works if work.id.partition("-")[2] in SUBJECTS]
    vectors: NDArray[np.float32] = np.zeros((len(regular), len(SUBJECTS) + len(COLOURS)), np.float32)
    for row, (colour, subject) in enumerate(regular):
        vectors[row, list(SUBJECTS).index(subject)] = 0.8
        vectors[row, len(SUBJECTS) + list(COLOURS).index(colour)] = 0.6
    VectorIndex.write(folder / "vectors" / "description", np.arange(len(regular), dtype=np.int32), vectors)
    return MethodEntry("description", "subject and colour", vectors.shape[1], len(regular))
