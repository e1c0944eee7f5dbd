"""The last stage: from records, pictures and vectors to the files of a release, published."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from indexes import text
from indexes.catalogue import Catalogue
from indexes.colours import TERMS, Colours
from indexes.release import Manifest, MethodEntry, digest_files, new_name, publish
from indexes.text import TextIndex
from indexes.vectors import VectorIndex
from pipeline.encoding import Embedded, Measured
from pipeline.latent import latent_vectors, text_of
from pipeline.vector_log import VectorLog
from pipeline.works import PicturedWorks


@dataclass(frozen=True, slots=True)
class Origin:
    """What a release was made from, as its manifest says it."""

    source: str
    inputs: str
    failures: dict[str, int]


def publish_indexes(root: Path, works: PicturedWorks, measured: Measured, origin: Origin) -> Path:
    """Index the works and publish the release under `root`; returns its folder. Raises ReleaseError."""
    with _building(root) as folder:
        for name in ("catalogue", "text", "vectors"):
            (folder / name).mkdir()
        count = Catalogue.write(folder / "catalogue", works)
        text.fit(folder / "text", (text.parts(work) for work, _ in works))
        methods = {made.method: _index_pictures(folder, made) for made in measured.methods}
        if measured.colours:
            _index_colours(folder, works, measured.colours)
        if entry := _index_descriptions(folder, works):
            methods["description"] = entry
        files = digest_files(folder)
        now = datetime.now(UTC)
        manifest = Manifest(
            name=new_name(files, now),
            created=now.isoformat(timespec="seconds"),
            source=origin.source,
            inputs=origin.inputs,
            works=count,
            pictures=len(Catalogue(folder / "catalogue").with_picture()),
            terms=len(TextIndex(folder / "text")),
            failures=origin.failures,
            methods=methods,
            files=files,
        )
        return publish(root, folder, manifest)


def _index_pictures(folder: Path, made: Embedded) -> MethodEntry:
    catalogue = Catalogue(folder / "catalogue")
    digests = {row: p.digest for row in catalogue.with_picture().tolist() if (p := catalogue.picture(row))}
    digests = {row: digest for row, digest in digests.items() if digest in made.log}
    rows = np.array(list(digests), np.int32)
    VectorIndex.write(folder / "vectors" / made.method, rows, made.log.read(list(digests.values())))
    if made.file:  # weights that belong to this collection travel with the release
        shutil.copyfile(made.file, folder / made.file.name)
    return MethodEntry(
        encoder=made.encoder,
        identity=made.log.identity,
        dimension=made.log.dimension,
        count=len(rows),
        words=made.words,
        weights=_weights(made),
    )


def _index_colours(folder: Path, works: PicturedWorks, log: VectorLog) -> None:
    digests = [picture.digest if picture and picture.digest in log else None for _, picture in works]
    shares = iter(log.read([digest for digest in digests if digest]).tolist())
    Colours.write(folder / "colours", (dict(zip(TERMS, next(shares), strict=True)) if d else None for d in digests))


def _weights(made: Embedded) -> str | None:
    if made.file:
        return made.file.name
    return str(made.weights.resolve()) if made.weights else None


def _index_descriptions(folder: Path, works: PicturedWorks) -> MethodEntry | None:
    rows, vectors = latent_vectors(text_of(work) for work, _ in works)
    if not len(rows):
        return None
    VectorIndex.write(folder / "vectors" / "description", rows, vectors)
    return MethodEntry("description", f"lsa-{vectors.shape[1]}", vectors.shape[1], len(rows))


@contextmanager
def _building(root: Path) -> Iterator[Path]:
    """A fresh folder to build in, on the file system of the releases; one build at a time writes there."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in root.glob(".building*"):  # of a build that was killed
            shutil.rmtree(left)
        folder = root / ".building"
        folder.mkdir()
        yield folder
        shutil.rmtree(folder, ignore_errors=True)
