"""A collection of generated works with every method, built as in earnest: what is measured on real vectors."""

import csv
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from pipeline.build import Plan, build
from pipeline.encoding import Encoding
from pipeline.painting import Scene, compose, paint
from pipeline.progress import Progress
from pipeline.sources.table import TableSource
from pipeline.workspace import Workspace

COUNT = 36
NARROW = 10  # of the works are in the collection "Cabinet", the others in "Hall"


def scenes(numbers: range) -> Iterator[tuple[Scene, Image.Image]]:
    """Generated works, each with its picture at half the sample's size."""
    for number in numbers:
        scene = compose(7, number)
        yield scene, paint(scene).reduce(2)


def generated_collection(folder: Path) -> Path:
    """Build and publish `COUNT` works (ids `w0`, `w1`, ...); returns where the release is."""
    images, table = folder / "images", folder / "works.csv"
    images.mkdir(parents=True)
    with table.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "title", "genre", "collection", "description", "file"])
        for number, (scene, picture) in enumerate(scenes(range(COUNT))):
            picture.save(images / f"{number}.png")
            collection = "Cabinet" if number % 3 == 0 and number < 3 * NARROW else "Hall"
            said = f"{scene.title}, {' and '.join(scene.colours)}"
            rows.writerow([f"w{number}", scene.title, scene.genre, collection, said, f"{number}.png"])
    root = folder / "indexes"
    source = TableSource(table, images)
    build(source, Workspace(folder / "workspace"), root, Plan(Encoding("pocket")), Progress(quiet=True))
    return root
