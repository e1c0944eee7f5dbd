"""A small museum's export: a table and a folder of pictures, some of them no good."""

import csv
from pathlib import Path

import numpy as np
from PIL import Image

COUNT = 14


def make_museum(folder: Path) -> Path:
    """A folder with a table of 14 works: 12 good pictures, a broken one, and a work without any."""
    (folder / "images").mkdir(parents=True)
    random_pixels = np.random.default_rng(5)
    for number in range(COUNT - 2):
        pixels = random_pixels.integers(0, 255, (6, 8, 3), dtype=np.uint8)
        Image.fromarray(pixels).resize((160, 120)).save(folder / "images" / f"{number}.png")
    (folder / "images" / "12.png").write_bytes(b"no picture")
    write_table(folder, {})
    return folder


def write_table(folder: Path, changes: dict[int, str], count: int = COUNT) -> None:
    """Write the table of the first `count` works anew, with other titles where `changes` has them."""
    with (folder / "works.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "title", "artist", "genre", "file", "description"])
        for number in range(count):
            title = changes.get(number, f"Harbour {number}")
            file_name = f"{number}.png" if number < COUNT - 1 else ""
            writer.writerow([f"w{number}", title, f"Painter {number % 3}", "seascape", file_name, "A boat at sea."])
