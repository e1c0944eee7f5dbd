"""`python -m pipeline evaluate faiss`: FAISS's index types compared, on a release's vectors or on synthetic ones."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click
import numpy as np

from indexes.release import Manifest, ReleaseError, current
from indexes.vectors import VectorIndex
from indexes.vectors.recall import Sample, nearest
from pipeline.evaluate.neighbours import MANY, Line, Vectors, compare
from pipeline.evaluate.synthetic import Collection

_LEAST = 256  # vectors, one for each value of IVF-PQ's codes
_MOST = 200_000  # vectors compared, so that building a graph of them ends within minutes


@click.command("faiss")
@click.option("--indexes", type=click.Path(exists=True, path_type=Path), help="The vectors of a release ...")
@click.option("--method", default="clip", help="... by this method.")
@click.option("--vectors", type=click.IntRange(1_000, _MOST), default=117_245, help="Or so many synthetic ones ...")
@click.option("--dimension", type=click.IntRange(2, 4096), default=512, help="... of so many columns.")
@click.option("--queries", type=click.IntRange(10, 10_000), default=500, help="Searches.")
@click.option("--output", type=click.Path(file_okay=False, path_type=Path), help="Where figures and plot go.")
def faiss(indexes: Path | None, method: str, vectors: int, dimension: int, queries: int, output: Path | None) -> None:
    """Flat, SQfp16, HNSW, LSH, IVF-PQ and what Vitrine builds: recall, time, size."""
    held, sample = _of_release(indexes, method, queries) if indexes else _synthetic(vectors, dimension, queries)
    click.echo(f"{len(held):,} vectors of {held.shape[1]} columns, {len(sample.queries)} searches, one thread")
    click.echo(f"{'index':<56}{'recall@12':>10}{'@100':>8}{'median ms':>11}{'p99 ms':>8}{'MB':>8}{'build s':>9}")
    lines = []
    for line in compare(held, sample):
        lines.append(line)
        click.echo(
            f"{line.index:<56}{line.recall_12:>10.4f}{line.recall_100:>8.4f}{line.median_ms:>11.3f}{line.p99_ms:>8.3f}"
            f"{line.megabytes:>8.1f}{line.build_seconds:>9.1f}"
        )
    if output:
        output.mkdir(parents=True, exist_ok=True)
        (output / "faiss.json").write_text(json.dumps([asdict(line) for line in lines], indent=1) + "\n")
        draw(lines, output / "faiss.png")


def _of_release(indexes: Path, method: str, queries: int) -> tuple[Vectors, Sample]:
    """A release's vectors, and some of them to search for; each is left out of what its search finds."""
    try:
        folder = current(indexes)
        held = Manifest.read(folder).methods
    except ReleaseError as error:
        raise click.ClickException(str(error)) from None
    if method not in held or held[method].count < _LEAST:
        raise click.BadParameter(f"the release has fewer than {_LEAST} vectors by it", param_hint="--method")
    index = VectorIndex(folder / "vectors" / method)
    vectors = index.vectors(index.rows)[:: -(-len(index) // _MOST)]
    return vectors, Sample.of(vectors, queries, MANY)


def _synthetic(count: int, dimension: int, queries: int) -> tuple[Vectors, Sample]:
    """Synthetic vectors, and fresh ones of the same subjects to search for."""
    collection = Collection.like(count, dimension)
    vectors, asked = collection.draw(count), collection.draw(queries, stream=1)
    return vectors, Sample(np.full(queries, -1), asked, nearest(vectors, asked, MANY))


def draw(lines: Sequence[Line], target: Path) -> None:
    """Recall against time as a PNG, each index a point as large as its memory. Needs Matplotlib."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4.5), dpi=80, layout="constrained")
    axes = figure.subplots()
    for line in lines:
        name = line.index.split(":")[0]
        axes.scatter(line.median_ms, line.recall_12, s=2 * line.megabytes, alpha=0.6)
        beside = (6, 10) if name == "Vitrine" else (6, -14)  # it lies next to HNSW
        axes.annotate(name, (line.median_ms, line.recall_12), xytext=beside, textcoords="offset points")
    axes.set_xscale("log")
    axes.set_xlabel("median of a search for twelve, milliseconds, one thread")
    axes.set_ylabel("recall@12")
    axes.set_title("The area of a point is the size of the index")
    axes.margins(0.15)
    axes.grid(alpha=0.3)
    figure.savefig(target, metadata={"Software": None})
