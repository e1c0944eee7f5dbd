"""`python -m pipeline evaluate text`: judged queries through a release, beside plain TF-IDF and BM25."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import cast

import click
import numpy as np

from indexes.loader import Encoders, Release
from indexes.pictures import PictureStore
from indexes.release import current
from indexes.search import MODES, Mode
from pipeline.evaluate import engines, grid, judged, rules
from pipeline.evaluate.judged import Judged, JudgedError
from pipeline.evaluate.measures import Figures, judge

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Line:
    """The mean figures of one engine on one kind of query."""

    engine: str
    kind: str
    queries: int
    ceiling: float  # the mean success that the queries allow, where they are too short to tell works apart
    figures: Figures
    median_ms: float


@click.command("text")
@click.option(
    "--indexes", type=click.Path(path_type=Path), envvar="VITRINE_INDEXES", required=True, help="The release."
)
@click.option("--queries", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Judged queries, a file.")
@click.option("--count", type=click.IntRange(1, 10_000), default=500, help="Works asked for by rule.")
@click.option("--subjects", "column", help="A column of the records, not searched, with subjects to ask for by rule.")
@click.option("--seed", type=int, default=1, help="Of the queries made by rule.")
@click.option("--mode", type=click.Choice(MODES), multiple=True, default=("keyword",), help="Repeat for several.")
@click.option("--weights", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A local checkpoint.")
@click.option("--baselines/--no-baselines", default=True, help="Plain TF-IDF and BM25 beside it.")
@click.option("--grid", "with_grid", is_flag=True, help="The grid of TF-IDF's parameters and its heat map.")
@click.option("--output", type=click.Path(file_okay=False, path_type=Path), help="Where queries, figures and plots go.")
def text(
    indexes: Path,
    queries: Path | None,
    count: int,
    column: str | None,
    seed: int,
    mode: tuple[str, ...],
    weights: Path | None,
    baselines: bool,
    with_grid: bool,
    output: Path | None,
) -> None:
    """Search by words: success, nDCG, reciprocal rank, recall and time, by kind of query."""
    release = Release(current(indexes), PictureStore(indexes / "pictures"))
    works = [release.catalogue.artwork(row) for row in range(len(release.catalogue))]
    try:
        asked = judged.read(queries) if queries else list(rules.known_items(works, count, seed))
    except JudgedError as error:
        raise click.ClickException(str(error)) from None
    if column:
        asked += rules.subjects(works, column, count, seed)
    ids, texts = [work.id for work in works], [engines.searched_text(work) for work in works]
    encoders = Encoders(weights)
    compared = {f"vitrine {name}": engines.vitrine(release, encoders, cast(Mode, name)) for name in mode}
    if baselines:
        compared |= {"tf-idf": engines.tf_idf(texts)} | _bm25(texts)
    lines = [line for name, engine in compared.items() for line in _measure(name, engine, asked, ids)]
    click.echo(_table(lines))
    points = grid.measure(texts, ids, asked) if with_grid else []
    for point in points:
        click.echo(f"{point.ngrams}  min_df {point.min_df}  max_features {point.max_features:>6}  {point.ndcg:.4f}")
    if output:
        _write(output, asked, lines, points)


def _bm25(texts: Sequence[str]) -> dict[str, engines.Engine]:
    try:
        return {"bm25": engines.bm25(texts)}
    except ImportError:
        click.echo("bm25s is not installed (requirements-dev.txt has it): without BM25.", err=True)
        return {}


def _measure(name: str, engine: engines.Engine, asked: Sequence[Judged], ids: Sequence[str]) -> Iterator[Line]:
    """A line for each kind of query, in the order in which the kinds come."""
    measured: dict[str, list[tuple[Figures, float]]] = {}
    ceilings: dict[str, list[float]] = {}
    for query in asked:
        start = time.perf_counter()
        rows = engine(query.query)
        elapsed = time.perf_counter() - start
        measured.setdefault(query.kind, []).append((judge([ids[row] for row in rows], query.relevant), elapsed))
        ceilings.setdefault(query.kind, []).append(query.ceiling)
    for kind, found in measured.items():
        means = {
            field.name: float(np.mean([getattr(figures, field.name) for figures, _ in found]))
            for field in fields(Figures)
        }
        milliseconds = float(np.median([elapsed for _, elapsed in found])) * 1000
        yield Line(name, kind, len(found), float(np.mean(ceilings[kind])), Figures(**means), milliseconds)


def _table(lines: Sequence[Line]) -> str:
    head = f"{'kind of query':<36}{'queries':>8}  {'engine':<17}"
    rows = [head + "success@12  at most  nDCG@12    MRR  recall@100  pure@12  median ms"]
    for kind in dict.fromkeys(line.kind for line in lines):
        for line in (line for line in lines if line.kind == kind):
            f = line.figures
            rows.append(
                f"{kind:<36}{line.queries:>8}  {line.engine:<17}{f.success:>10.4f}{line.ceiling:>9.4f}{f.ndcg:>9.4f}"
                f"{f.reciprocal_rank:>7.3f}{f.recall:>12.4f}{f.pure:>9.4f}{line.median_ms:>11.2f}"
            )
    return "\n".join(rows)


def _write(output: Path, asked: Sequence[Judged], lines: Sequence[Line], points: Sequence[grid.Point]) -> None:
    output.mkdir(parents=True, exist_ok=True)
    judged.write(output / "queries.jsonl", asked)
    figures = {"lines": [asdict(line) for line in lines], "grid": [asdict(point) for point in points]}
    (output / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    if points:
        grid.draw(points, output / "grid.png")
