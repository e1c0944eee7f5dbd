"""The last stage: from records, pictures and vectors to the files of a release, published."""

import shutil
from collections.abc import Iterator
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np
from numpy.typing import NDArray

from indexes import text
from indexes.catalogue import Catalogue
from indexes.colours import TERMS, Colours
from indexes.recognition import LandmarkIndex
from indexes.recommend import Space
from indexes.release import Manifest, MethodEntry, ReleaseError, digest_files, new_name, publish
from indexes.retention import building
from indexes.text import TextIndex
from indexes.vectors import VectorIndex
from pipeline.beside import AtOnce, processes
from pipeline.encoding import Embedded, Measured
from pipeline.latent import Said, latent_vectors
from pipeline.space import full_disk_said
from pipeline.vector_log import VectorLog
from pipeline.works import PicturedWorks
from pipeline.workspace import Workspace

RECIPE = 4  # counts up with any change by which the same works get other indexes: a build then makes them anew
_CHUNK = 16_384  # vectors read at once
_FEW = 5_000  # works whose words are indexed sooner than a process could start to do it
_MANY = 300_000  # works of which two processes together would take more memory than such a machine may have


@dataclass(frozen=True, slots=True)
class Origin:
    """What a release was made from, as its manifest says it."""

    source: str
    inputs: str
    failures: dict[str, int]


def publish_indexes(root: Path, works: PicturedWorks, measured: Measured, origin: Origin) -> Path:
    """Index the works and publish the release under `root`; returns its folder. Raises ReleaseError, DiskFull.

    Of many works, what rests on their words alone is written by two processes beside the rest.
    """
    # Said while the disk is full: what fills it goes with the folder.
    with building(root) as folder, full_disk_said(root, works.workspace.path), _beside(works.workspace) as beside:
        for name in ("catalogue", "text", "vectors"):
            (folder / name).mkdir()
        worded = beside.submit(_index_words, folder, works.workspace)
        described = beside.submit(_index_descriptions, folder, works.workspace)
        count = Catalogue.write(folder / "catalogue", works)
        methods = {made.method: _index_pictures(folder, made) for made in measured.methods}
        if measured.colours:
            _index_colours(folder, works, measured.colours)
        if measured.landmarks:
            _index_landmarks(folder, measured.landmarks)
        try:
            worded.result()
            if entry := described.result():
                methods["description"] = entry
        except BrokenProcessPool as error:
            raise ReleaseError("a process that wrote indexes was killed, perhaps for want of memory") from error
        opened = {name: VectorIndex(folder / "vectors" / name) for name in methods}
        if space := Space.of(opened, count):
            space.write(folder / "vectors")
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


def _beside(workspace: Workspace) -> AbstractContextManager[Executor]:
    count = workspace.count()
    return nullcontext(AtOnce()) if count < _FEW else processes(2 if count < _MANY else 1)


def _index_words(folder: Path, workspace: Workspace) -> None:
    text.fit(folder / "text", map(text.parts, workspace.works()))


def _index_pictures(folder: Path, made: Embedded) -> MethodEntry:
    digests = _measured_pictures(folder, made.log)
    rows = np.array(list(digests), np.int32)
    with _gathered(made.log, list(digests.values()), folder) as vectors:
        built = VectorIndex.write(folder / "vectors" / made.method, rows, vectors)
    if made.file:  # weights that belong to this collection travel with the release
        shutil.copyfile(made.file, folder / made.file.name)
    return MethodEntry(
        encoder=made.encoder,
        identity=made.log.identity,
        dimension=made.log.dimension,
        count=len(rows),
        words=made.words,
        weights=_weights(made),
        index=built.name,
        recall=built.recall,
    )


def _measured_pictures(folder: Path, log: VectorLog) -> dict[int, str]:
    """The rows whose pictures are in the log, and the digests of these."""
    catalogue = Catalogue(folder / "catalogue")
    digests = {row: p.digest for row in catalogue.with_picture().tolist() if (p := catalogue.picture(row))}
    return {row: digest for row, digest in digests.items() if digest in log}


def _index_landmarks(folder: Path, log: VectorLog) -> None:
    digests = _measured_pictures(folder, log)
    known = list(digests.values())
    chunks = (log.read(known[start : start + _CHUNK]) for start in range(0, len(known), _CHUNK))
    LandmarkIndex.write(folder, np.array(list(digests), np.int32), chunks)


@contextmanager
def _gathered(log: VectorLog, digests: list[str], folder: Path) -> Iterator[NDArray[np.float32]]:
    """(n, d) the vectors of these pictures, in a file of no name in the folder: they may be more than memory holds."""
    with TemporaryFile(dir=folder) as file:
        for start in range(0, len(digests), _CHUNK):  # written, not mapped: on a full disk a mapped file ends us
            file.write(log.read(digests[start : start + _CHUNK]).tobytes())
        file.flush()
        shape = (len(digests), log.dimension)
        yield np.memmap(file, np.float32, "r", shape=shape) if digests else np.empty(shape, np.float32)


def _index_colours(folder: Path, works: PicturedWorks, log: VectorLog) -> None:
    digests = [picture.digest if picture and picture.digest in log else None for _, picture in works]
    shares = iter(log.read([digest for digest in digests if digest]).tolist())
    Colours.write(folder / "colours", (dict(zip(TERMS, next(shares), strict=True)) if d else None for d in digests))


def _weights(made: Embedded) -> str | None:
    if made.file:
        return made.file.name
    return str(made.weights.resolve()) if made.weights else None


def _index_descriptions(folder: Path, workspace: Workspace) -> MethodEntry | None:
    rows, vectors = latent_vectors(lambda: map(Said.of, workspace.works()))
    if not len(rows):
        return None
    built = VectorIndex.write(folder / "vectors" / "description", rows, vectors)
    width = vectors.shape[1]
    return MethodEntry("description", f"lsa-{width}", width, len(rows), index=built.name, recall=built.recall)
