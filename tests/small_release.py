"""Releases of a handful of works, for tests of searching."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from indexes import text
from indexes.artwork import Artwork
from indexes.catalogue import Catalogue
from indexes.colours import TERMS, Colours
from indexes.encoders import Vectors
from indexes.loader import Loader, Release
from indexes.pictures import Picture
from indexes.recognition import LandmarkIndex
from indexes.release import Manifest, MethodEntry, digest_files, new_name, publish
from indexes.vectors import VectorIndex


def titled(*titles: str, **fields: str) -> list[Artwork]:
    """Works of these titles, ids `0`, `1`, ...; other fields are the same for all."""
    return [Artwork(id=str(number), title=title, **fields) for number, title in enumerate(titles)]  # type: ignore[arg-type]


def release_of(
    root: Path,
    works: Sequence[Artwork],
    colours: Mapping[str, Mapping[str, float]] | None = None,
    pictures: Vectors | None = None,
    hung: Mapping[str, Picture] = MappingProxyType({}),
    landmarks: NDArray[np.uint8] | None = None,
    encoder: tuple[str, str] = ("small", "small-1"),
) -> Release:
    """Publish the works and open the release.

    `colours` holds the shares of a work's picture by its id, `pictures` (works, d) the vectors of method `clip` by the
    `encoder` of this name and identity, `hung` pictures that are kept under `root` by the id of their work, and
    `landmarks` (works, 5400) what `LandmarkMeasure` gave of each.
    """
    folder = root / ".building"
    for name in ("catalogue", "text", "vectors"):
        (folder / name).mkdir(parents=True)
    Catalogue.write(folder / "catalogue", ((work, hung.get(work.id)) for work in works))
    text.fit(folder / "text", (text.parts(work) for work in works))
    if colours is not None:
        shares = (dict.fromkeys(TERMS, 0.0) | dict(colours[work.id]) if work.id in colours else None for work in works)
        Colours.write(folder / "colours", shares)
    methods = {}
    if pictures is not None:
        built = VectorIndex.write(folder / "vectors" / "clip", np.arange(len(works), dtype=np.int32), pictures)
        shape = pictures.shape[1], len(works)
        methods["clip"] = MethodEntry(*encoder, *shape, words=True, index=built.name, recall=built.recall)
    if landmarks is not None:
        LandmarkIndex.write(folder, np.arange(len(works), dtype=np.int32), [landmarks])
    files, now = digest_files(folder), datetime.now(UTC)
    manifest = Manifest(
        name=new_name(files, now),
        created=now.isoformat(timespec="seconds"),
        source="table",
        inputs="a handful",
        works=len(works),
        pictures=0 if pictures is None else len(works),
        terms=0,
        failures={},
        methods=methods,
        files=files,
    )
    publish(root, folder, manifest)
    return Loader(root).current()
