"""How long an uploaded picture takes to be answered, and whether its first use of an encoder holds up searches.

python -m bench.upload_latency [--indexes DIR] [--uploads N] [--port P]

Without `--indexes` a sample collection is made for it. One worker is started, a picture is uploaded while it has no
encoder open yet, and searches are sent meanwhile, each as soon as the one before is answered. Then more pictures follow
one by one, and last the same work is timed part by part in this process, there in time of the processor.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from pathlib import Path

from app.similar import shown_work
from indexes.loader import Encoders, Loader, Release
from indexes.methods import METHODS
from indexes.pictures import decode
from pipeline.training.photos import photograph

BOUNDARY = "of-the-benchmark"


@contextmanager
def served(indexes: Path, folder: Path, port: int) -> Iterator[str]:
    """One worker over the release; gives its address."""
    settings = {
        "VITRINE_INDEXES": str(indexes), "VITRINE_DATABASE_URL": f"sqlite:///{folder / 'likes.sqlite'}",
        "VITRINE_SECRET_KEY": "of the benchmark", "WEB_CONCURRENCY": "1", "PORT": str(port),
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "wsgi:app"]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, env=os.environ | settings, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                urllib.request.urlopen(f"{address}/readyz").close()
                break
            except OSError:
                if server.poll() is not None:
                    raise RuntimeError((folder / "log").read_text()) from None
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait()


def timed(address: str, picture: bytes | None = None) -> float:
    """The milliseconds that an address takes to answer, to an upload where there is a picture."""
    request = urllib.request.Request(address)
    if picture is not None:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="image"; filename="photo.jpg"\r\n\r\n'
        request.data = head.encode() + picture + f"\r\n--{BOUNDARY}--\r\n".encode()
        request.add_header("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
    start = time.perf_counter()
    with urllib.request.urlopen(request) as answer:
        answer.read()
    return (time.perf_counter() - start) * 1000


def first_upload(address: str, picture: bytes) -> tuple[float, list[float]]:
    """The milliseconds that the first upload takes, and those of the searches that were answered meanwhile."""
    took: list[float] = []
    upload = threading.Thread(target=lambda: took.append(timed(f"{address}/similar", picture)))
    upload.start()
    searches = []
    while upload.is_alive():
        searches.append(timed(f"{address}/search?q=blue+portrait&mode=keyword"))
        time.sleep(0.01)
    return took[0], searches


def photos(release: Release, count: int) -> list[bytes]:
    """Simulated photos of works, JPEG, enlarged to what a telephone sends: 12 million pixels."""
    made = []
    for row in release.catalogue.with_picture()[:count].tolist():
        picture = release.catalogue.picture(row)
        assert picture
        photo = photograph(decode(release.pictures.read(picture.digest)), row)
        scale = (12e6 / (photo.width * photo.height)) ** 0.5
        out = BytesIO()
        photo.resize((round(photo.width * scale), round(photo.height * scale))).save(out, "JPEG", quality=85)
        made.append(out.getvalue())
    return made


def parts(release: Release, pictures: list[bytes]) -> Iterator[tuple[str, list[float]]]:
    """What an upload consists of, each with the milliseconds that every picture took."""
    encoders = Encoders()
    opened = {name: encoders.of(release, name) for name in release.vectors if METHODS[name].uploads}
    shown = [decode(data, side=800) for data in pictures]
    shown_work(release, shown[0], {name: one.encode_images(shown[:1])[0] for name, one in opened.items()})
    yield "decode", [clock(partial(decode, data, side=800)) for data in pictures]
    vectors = {}
    for name, encoder in opened.items():
        yield name, [clock(partial(encoder.encode_images, [one])) for one in shown]
        vectors[name] = encoder.encode_images(shown)
    found = [{name: of[place] for name, of in vectors.items()} for place in range(len(shown))]
    pairs = [*zip(shown, found, strict=True)]
    yield "recognition", [clock(partial(shown_work, release, one, by)) for one, by in pairs]


def clock(work: Callable[[], object]) -> float:
    """The milliseconds of the processor that some work takes: what else runs on the machine is not ours."""
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def said(label: str, times: list[float]) -> str:
    """A row of the table."""
    late = sorted(times)[int(len(times) * 0.95)]
    return f"{label:<32}{len(times):>6}{statistics.median(times):>9.1f}{late:>9.1f}{max(times):>9.1f}"


def main() -> None:
    """Print a row for each kind of request, and for each part of an upload."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--indexes", type=Path)
    parser.add_argument("--uploads", type=int, default=40)
    parser.add_argument("--port", type=int, default=8127)
    options = parser.parse_args()
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as gunicorn.conf.py has it
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        indexes = options.indexes or folder / "indexes"
        if not options.indexes:
            build = [sys.executable, "-m", "pipeline", "build", "sample", "--count", "120", "--quiet"]
            where = ["--indexes", str(indexes), "--workspace", str(folder / "workspace")]
            subprocess.run([*build, *where], check=True, stdout=sys.stderr)
        release = Loader(indexes).current()
        pictures = photos(release, options.uploads)
        print("milliseconds                     count   median      p95      max")
        with served(indexes, folder, options.port) as address:
            alone = [timed(f"{address}/search?q=blue+portrait&mode=keyword") for _ in range(50)]
            took, meanwhile = first_upload(address, pictures[0])
            print(said("search, alone", alone))
            print(said("first upload", [took]))
            print(said("search, during the first upload", meanwhile))
            print(said("upload, 12 megapixels", [timed(f"{address}/similar", one) for one in pictures]))
        for label, times in parts(release, pictures):
            print(said(f"  {label}", times))


if __name__ == "__main__":
    main()
