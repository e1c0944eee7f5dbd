"""`python -m pipeline evaluate recommend`: simulated visitors, their likes, and what they are recommended.

A visitor has one taste or two: works of one artist or one genre, of two that are far apart. Some works of each taste
are liked; all others of it are held out, and are what should be recommended.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from statistics import mean
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from indexes.artwork import Artwork
from indexes.columns import Rows
from indexes.loader import Release
from indexes.pictures import PictureStore
from indexes.recommend import STRATEGIES, Recommender, Space, Taste, Wish
from indexes.recommend.rank import RELEVANCE
from indexes.recommend.space import DESCRIPTION_SHARE
from indexes.release import current
from indexes.stems import stem
from indexes.vectors import VectorIndex
from indexes.words import words
from pipeline.latent import Said, latent_vectors

PAGE = 12
ENOUGH = 4  # works of each taste on a page, for both to be covered
FIELDS = ("genre", "artist")
PLAIN_MEAN = "the Harvard recommender's mean"
Labels = NDArray[np.str_]  # (rows,): the class of each work
Engine = Callable[[Rows, int], Rows]  # from liked rows and the visitor's number to the recommended page


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who likes works of some classes."""

    tastes: tuple[str, ...]
    liked: Rows


@dataclass(frozen=True, slots=True)
class Line:
    """Mean figures of one engine over visitors of one kind."""

    engine: str
    precision: float  # the share of the page that is of the visitor's tastes
    covered: float  # the share of visitors with `ENOUGH` works of each taste on the page
    novelty: float  # how unlike a recommended work is to the nearest like: 1 - likeness, as `Space` measures it
    variety: float  # how unlike two works of a page are on average


@click.command("recommend")
@click.option(
    "--indexes", type=click.Path(path_type=Path), envvar="VITRINE_INDEXES", required=True, help="The release."
)
@click.option("--visitors", type=click.IntRange(1, 10_000), default=200, help="Simulated visitors of each kind.")
@click.option("--likes", type=click.IntRange(1, 50), default=3, help="Likes of each taste.")
@click.option(
    "--share",
    "shares",
    type=click.FloatRange(0, 1),
    multiple=True,
    default=(DESCRIPTION_SHARE,),
    help="What descriptions count beside pictures; repeat to compare.",
)
@click.option(
    "--relevance",
    "relevances",
    type=click.FloatRange(0, 1),
    multiple=True,
    default=(RELEVANCE,),
    help="What likeness counts against variety; repeat to compare.",
)
@click.option("--leave-out/--keep", default=False, help="Describe works by nothing that says what is judged.")
@click.option("--seed", type=int, default=1, help="Of the visitors.")
def recommend(
    indexes: Path,
    visitors: int,
    likes: int,
    shares: tuple[float, ...],
    relevances: tuple[float, ...],
    leave_out: bool,
    seed: int,
) -> None:
    """Recommendations for simulated visitors of one taste and of two, beside the Harvard recommender's mean."""
    release = Release(current(indexes), PictureStore(indexes / "pictures"))
    works = [release.catalogue.artwork(row) for row in range(len(release.catalogue))]
    for field in FIELDS:
        labels = np.array([getattr(work, field) or "" for work in works])
        with tempfile.TemporaryDirectory() as folder:
            held = dict(release.vectors)
            if leave_out:
                held["description"] = _described_without(field, works, Path(folder))
            engines = _engines(held, len(works), shares, relevances)
            space = _space(held, len(works), DESCRIPTION_SHARE)
            for tastes in (1, 2):
                random = np.random.default_rng(seed)
                simulated = list(simulate(labels, space, tastes, likes, visitors, random))
                if not simulated:
                    click.echo(f"{field}: too few works of one {field} for {likes} likes and a page of others")
                    continue
                click.echo(f"\n{tastes} {field}{'s far apart' if tastes > 1 else ''}, {likes} likes of each")
                click.echo(f"{'':<32} {'precision':>9} {'covered':>8} {'novelty':>8} {'variety':>8}")
                for name, engine in engines.items():
                    line = judge(name, engine, simulated, labels, space)
                    figures = (line.precision, line.covered, line.novelty, line.variety)
                    click.echo(f"{line.engine:<32} " + " ".join(f"{figure:8.3f}" for figure in figures))


def simulate(
    labels: Labels, space: Space, tastes: int, likes: int, count: int, random: np.random.Generator
) -> Iterator[Visitor]:
    """Visitors with this many tastes, each of a class that holds a page of works besides the likes."""
    rows = space.rows
    sizes = Counter(label for label in labels[rows].tolist() if label)
    classes = sorted(label for label, size in sizes.items() if size >= likes + PAGE)
    choices = [(one,) for one in classes] if tastes == 1 else far_apart(classes, labels, space, rows)
    for _ in range(count if choices else 0):
        chosen = choices[random.integers(len(choices))]
        liked = [random.choice(rows[labels[rows] == label], likes, replace=False) for label in chosen]
        yield Visitor(chosen, random.permutation(np.concatenate(liked)))


def far_apart(classes: Sequence[str], labels: Labels, space: Space, rows: Rows) -> list[tuple[str, ...]]:
    """The third of all pairs of classes whose mean works are least alike, beside the collection's mean."""
    vectors = space.vectors(rows)
    middle = vectors.mean(axis=0)
    means = {label: vectors[labels[rows] == label].mean(axis=0) - middle for label in classes}

    def alike(pair: tuple[str, ...]) -> float:
        one, other = (means[label] / np.linalg.norm(means[label]) for label in pair)
        return float(one @ other)

    pairs: list[tuple[str, ...]] = sorted(combinations(classes, 2), key=alike)
    return pairs[: -(-len(pairs) // 3)]


def judge(name: str, engine: Engine, visitors: Sequence[Visitor], labels: Labels, space: Space) -> Line:
    """The mean figures of an engine over these visitors."""
    precision, covered, novelty, variety = [], [], [], []
    for number, visitor in enumerate(visitors):
        page = engine(visitor.liked, number)
        found = Counter(labels[page].tolist())
        precision.append(sum(found[taste] for taste in visitor.tastes) / PAGE)
        covered.append(all(found[taste] >= ENOUGH for taste in visitor.tastes))
        vectors = space.vectors(page)
        novelty.append(1 - float((vectors @ space.vectors(visitor.liked).T).max(axis=1).mean()))
        variety.append(1 - float((vectors @ vectors.T)[np.triu_indices(len(page), 1)].mean()))
    return Line(name, mean(precision), mean(covered), mean(novelty), mean(variety))


def plain_mean(index: VectorIndex) -> Engine:
    """The Harvard recommender: the works nearest to the plain mean of the liked vectors, the liked ones left out."""
    everything = index.vectors(index.rows)

    def engine(liked: Rows, _: int) -> Rows:
        scores = everything @ index.vectors(liked).mean(axis=0)
        scores[np.isin(index.rows, liked)] = -np.inf
        nearest: Rows = index.rows[np.argsort(-scores, kind="stable")[:PAGE]]
        return nearest

    return engine


def vitrine(space: Space, strategy: str, relevance: float) -> Engine:
    """Vitrine's recommender; the visitor's number is the seed."""
    return lambda liked, number: Recommender(space, Taste(liked), Wish(strategy, number, relevance)).first(PAGE).rows


def _engines(
    vectors: Mapping[str, VectorIndex], works: int, shares: Sequence[float], relevances: Sequence[float]
) -> dict[str, Engine]:
    engines = {PLAIN_MEAN: plain_mean(vectors["clip" if "clip" in vectors else "description"])}
    for share in shares:
        space = _space(vectors, works, share)
        for relevance in relevances:
            several = f" share {share:g}" * (len(shares) > 1) + f" relevance {relevance:g}" * (len(relevances) > 1)
            engines |= {strategy + several: vitrine(space, strategy, relevance) for strategy in STRATEGIES}
    return engines


def _space(vectors: Mapping[str, VectorIndex], works: int, share: float) -> Space:
    space = Space.of(vectors, works, share)
    if space is None:
        raise click.ClickException("this release has neither pictures nor descriptions to compare")
    return space


def said_without(field: str, work: Artwork) -> Said:
    """What a work is compared by, but nothing that says what is judged.

    The field is emptied. Of the rest, words that share a stem with one of its value's are left out, and facts with such
    a word: of a portrait neither *portraits* in the text nor the keyword *female-portraits* is left.
    """
    judged = {stem(word) for word in words(getattr(work, field) or "")}
    without: dict[str, Any] = {field: None}
    rest = Said.of(replace(work, **without))
    text = " ".join(word for word in words(rest.text) if stem(word) not in judged)
    facts = (fact for fact in rest.facts if judged.isdisjoint(map(stem, words(fact.partition(": ")[2]))))
    return Said(text, tuple(facts))


def _described_without(field: str, works: Sequence[Artwork], folder: Path) -> VectorIndex:
    """Description vectors that do not say what is judged."""
    said = [said_without(field, work) for work in works]
    VectorIndex.write(folder / field, *latent_vectors(lambda: said))
    return VectorIndex(folder / field)
