"""Three hundred damaged and hostile files, and a process that uploads them all: `python -m tests.hostile FOLDER`."""

import json
import re
import struct
import sys
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
from PIL import Image

from app import create_app
from app.config import Settings
from indexes.pictures import FORMATS
from tests.collection import small_collection
from tests.image_server import encoded, painting

KILOBYTE = 1024


def noisy(width: int, height: int) -> Image.Image:
    """A picture that hardly compresses, so that its file is long."""
    return Image.fromarray(np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8))


def png(width: int, height: int, depth: int = 8, kind: int = 2, data: bytes = b"") -> bytes:
    """A PNG file that says it has this size, whatever it holds."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def refused() -> Iterator[tuple[str, bytes]]:
    """Files that are no picture, or none that may be read, by name."""
    yield "empty.jpg", b""
    yield "zeros.jpg", bytes(5000)
    yield "dot.png", encoded(Image.new("RGB", (1, 1)), "PNG")
    yield "thread.png", encoded(Image.new("RGB", (1, 30_000)), "PNG")
    yield "line.bmp", encoded(Image.new("RGB", (30_000, 1)), "BMP")
    yield "drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    yield "entities.svg", b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a 'aaaaaaaa'>]><svg>&a;&a;</svg>"
    yield "page.html", b"<!doctype html><title>Not found</title>" + b"x" * 9000
    yield "page.jpg", b"<html><img src=x onerror=alert(1)></html>"
    yield "script.png", b"#!/bin/sh\necho hello\n"
    yield "paper.pdf", b"%PDF-1.7\n" + bytes(2000)
    yield "plot.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n"
    yield "photo.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(500)
    yield "photo.jp2", encoded(painting(64, 64), "JPEG2000")
    yield "words.txt", "Ein schönes Bild".encode("utf-16")
    yield "layers.psd", b"8BPS\0\x01" + bytes(3000)
    yield "works.zip", _zipped(100)
    yield "bomb.zip", _zipped(30_000_000)
    yield "bomb.png", png(60_000, 60_000, data=zlib.compress(bytes(20_000_000), 9))
    yield "wide.png", png(2**31 - 1, 2**31 - 1)
    yield "nothing.png", png(0, 0)
    yield "lie.png", png(4000, 4000, data=zlib.compress(b"\0" * 500))
    yield "odd.png", png(64, 64, depth=3, kind=7)
    for side in (7_100, 20_000, 65_000):
        yield f"bomb-{side}.bmp", _resized_bmp(side)
    yield "bomb.gif", b"GIF89a" + struct.pack("<HH", 65_000, 65_000) + b"\xf0\0\0" + bytes(6) + b";"
    yield "bomb.tif", encoded(Image.new("1", (8_000, 8_000)), "TIFF", compression="group4")
    yield "bomb.webp", b"RIFF\x1e\0\0\0WEBPVP8L\x11\0\0\0\x2f" + struct.pack("<I", 0x0FFFFFFF) + bytes(12)
    for kind in FORMATS:
        whole = encoded(noisy(190, 130), kind)
        for length in range(KILOBYTE, len(whole) - KILOBYTE, KILOBYTE):
            yield f"cut-{length}.{kind.lower()}", whole[:length]
        yield f"scrambled.{kind.lower()}", whole[:12] + bytes(len(whole) - 12)
        yield f"head.{kind.lower()}", whole[:9]


def readable() -> Iterator[tuple[str, bytes]]:
    """Files that look wrong and are right: each is a picture."""
    exif = Image.Exif()
    exif[0x0112] = 6
    whole = encoded(painting(90, 60))
    yield "wrong-extension.exe", whole
    yield "jpeg.png", whole
    yield "polyglot.jpg", whole + _zipped(100)
    yield "script.jpg", whole[:2] + b"\xff\xfe\0\x1c<script>alert(1)</script>" + whole[2:]
    yield "turned.jpg", encoded(painting(90, 60), exif=exif)
    yield "broken-exif.jpg", encoded(painting(90, 60), exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\xff\xff")
    yield "profile.jpg", encoded(painting(90, 60), icc_profile=b"no profile at all" * 99)
    yield "inks.jpg", encoded(painting(90, 60).convert("CMYK"))
    yield "grey.jpg", encoded(painting(90, 60).convert("L"))
    yield "progressive.jpg", encoded(painting(90, 60), progressive=True)
    yield "deep.png", encoded(Image.fromarray(np.arange(5400, dtype=np.uint16).reshape(60, 90) * 12), "PNG")
    yield "floating.tif", encoded(Image.fromarray(np.linspace(0, 1, 5400, dtype=np.float32).reshape(60, 90)), "TIFF")
    yield "alpha.png", encoded(painting(90, 60).convert("RGBA"), "PNG")
    yield "clear.png", encoded(Image.new("RGBA", (90, 60), (0, 0, 0, 0)), "PNG")
    yield "palette.gif", encoded(painting(90, 60).convert("P"), "GIF")
    yield "bilevel.tif", encoded(painting(90, 60).convert("1"), "TIFF")
    yield "narrow.png", encoded(Image.new("RGB", (8, 30_000), "teal"), "PNG")
    yield "large.png", encoded(Image.new("L", (7_000, 7_000)), "PNG")
    yield "large.jpg", encoded(Image.new("RGB", (8_000, 6_000), "teal"))
    frames = [Image.new("P", (32, 32), number % 7) for number in range(2_000)]
    yield "film.gif", encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=20)
    few = [painting(48, 40), *(Image.new("RGB", (48, 40), (number, 0, 0)) for number in range(40))]
    yield "film.webp", encoded(few[0], "WEBP", save_all=True, append_images=few[1:])
    yield "film.png", encoded(few[0], "PNG", save_all=True, append_images=few[1:])
    yield "pages.tif", encoded(few[0], "TIFF", save_all=True, append_images=few[1:])
    for kind in FORMATS:
        yield f"plain.{kind.lower()}", encoded(painting(90, 60), kind)


def _zipped(size: int) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("works.txt", bytes(size))
    return out.getvalue()


def _resized_bmp(side: int) -> bytes:
    data = bytearray(encoded(Image.new("L", (8, 8)), "BMP"))
    data[18:26] = side.to_bytes(4, "little") * 2
    return bytes(data)


def write(folder: Path) -> None:
    """Write all of them into a folder, and a small collection to upload them to."""
    for kind, files in (("bad", refused()), ("good", readable())):
        (folder / kind).mkdir()
        for name, data in files:
            (folder / kind / name).write_bytes(data)
    small_collection(folder / "indexes")


def main(folder: Path) -> None:
    """Upload what was written; print each answer, and by how many MB the memory of this process grew at most."""
    database = f"sqlite:///{folder / 'likes.sqlite'}"
    settings = Settings(indexes=folder / "indexes", database_url=database, secret_key="of the tests", rate_upload="off")
    client = create_app(settings).test_client()
    client.get("/search?q=vase")
    before = _memory("VmRSS")
    answers = []
    for path in sorted([*folder.glob("bad/*"), *folder.glob("good/*")]):
        with path.open("rb") as file:
            answer = client.post("/similar", data={"image": (file, path.name), "method": "pixels"})
        said = answer.get_json().get("error", {}).get("message")
        answers.append((path.name, path.parent.name == "good", answer.status_code, said))
    json.dump({"answers": answers, "grown": _memory("VmHWM") - before}, sys.stdout)


def _memory(name: str) -> float:
    """Of this process, in MB: what it holds (VmRSS), or its peak (VmHWM)."""
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) / KILOBYTE


if __name__ == "__main__":
    main(Path(sys.argv[1]))
