"""`python -m pipeline evaluate fusion`: what pictures add to the records, and the constants of their fusion.

The records of a release are made to forget: each loses its title, its kind, or its keywords and descriptions, each by
chance. What they said is then asked for, so that for many a work only its picture can tell. Any encoder that knows
words can be judged so, the bundled one as well, which the service does not mix in.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import numpy as np

from indexes import text
from indexes.artwork import Artwork
from indexes.encoders import EncoderError
from indexes.loader import Encoders, Release
from indexes.pictures import PictureStore
from indexes.ranking import Ranking
from indexes.release import current
from indexes.search import Answer, answer
from indexes.search.modes import mix
from indexes.search.visual import FUSION, Fusion, by_picture
from pipeline.evaluate import rules
from pipeline.evaluate.judged import Judged
from pipeline.evaluate.measures import DEEP, Figures, judge

CONSTANTS = (1, 5, 20, 60, 200)
ADDED = (12, 25, 50, 100, 200, 400)

_FACTS = "facts"  # the column of `extra` that says what there was to know
_FORGOTTEN_TOGETHER = (
    {"title": None},
    {"genre": None, "medium": None},
    {"keywords": (), "descriptions": ()},
)
_KNOWN = "title words"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A judged query with what the records and the pictures alone find for it."""

    judged: Judged
    by_words: Answer
    visual: Ranking


@click.command("fusion")
@click.option(
    "--indexes", type=click.Path(path_type=Path), envvar="VITRINE_INDEXES", required=True, help="The release."
)
@click.option("--withhold", type=click.FloatRange(0, 1), default=0.7, help="How much of the records is forgotten.")
@click.option("--count", type=click.IntRange(1, 10_000), default=150, help="Facts asked for, and works by title.")
@click.option("--seed", type=int, default=1, help="Of what is forgotten and asked for.")
@click.option("--weights", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A local checkpoint.")
def fusion(indexes: Path, withhold: float, count: int, seed: int, weights: Path | None) -> None:
    """Words and pictures: what each finds of facts that records forgot, and a grid of the fusion's constants."""
    release = Release(current(indexes), PictureStore(indexes / "pictures"))
    works = [release.catalogue.artwork(row) for row in range(len(release.catalogue))]
    chance = random.Random(seed)
    told = [forgetful(work, withhold, chance) for work in works]
    asked = [*facts(works, count, seed), *(q for q in rules.known_items(told, count, seed) if q.kind == _KNOWN)]
    with TemporaryDirectory() as folder:
        text.fit(Path(folder), map(text.parts, told))
        release.text = text.TextIndex(Path(folder))
        try:
            click.echo(compare(release, Encoders(weights), asked))
        except EncoderError as error:
            raise click.ClickException(str(error)) from None


def forgetful(work: Artwork, share: float, chance: random.Random) -> Artwork:
    """The work as its record would be that forgot each of three groups of fields as often as `share` says."""
    for forgotten in _FORGOTTEN_TOGETHER:
        if chance.random() < share:
            work = replace(work, **forgotten)
    return work


def facts(works: Sequence[Artwork], count: int, seed: int) -> Iterator[Judged]:
    """`count` genres and keywords, and as many pairs of them, with the works whose whole records have them."""
    known = (("; ".join(filter(None, (work.genre, *work.keywords)))) for work in works)
    kept = [replace(work, extra=((_FACTS, said),)) for work, said in zip(works, known, strict=True)]
    for query in rules.subjects(kept, _FACTS, count, seed):
        if len(query.relevant) <= len(works) / 4:  # what every fourth work shows tells engines little apart
            yield replace(query, kind="two facts" if query.kind == "two subjects" else "one fact")


def compare(release: Release, encoders: Encoders, asked: Iterable[Judged]) -> str:
    """The figures of each mode, and of each choice of the constants, as a table.

    Raises EncoderError where the release's encoder cannot be opened, or knows no words.
    """
    found = list(_ask(release, encoders, asked))
    return _table(found, [release.catalogue.artwork(row).id for row in range(len(release.catalogue))])


def _ask(release: Release, encoders: Encoders, asked: Iterable[Judged]) -> Iterator[_Asked]:
    for query in asked:
        visual, note = by_picture(release, encoders, query.query)
        if note:
            raise EncoderError(note)
        yield _Asked(query, answer(release, encoders, query.query), visual)


def _mixed(asked: _Asked, constants: Fusion) -> Ranking:
    found = mix(asked.by_words, asked.visual, constants)
    return Ranking.best(found.rows, found.scores, DEEP)


def _table(found: Sequence[_Asked], ids: Sequence[str]) -> str:
    """Each way of searching by kind of query, then the grid over both kinds of facts."""

    def mean(ranked: Iterable[tuple[_Asked, Ranking]]) -> Figures:
        judged = [judge([ids[row] for row in r.rows[:DEEP].tolist()], asked.judged.relevant) for asked, r in ranked]
        return Figures(*(float(np.mean([getattr(one, field.name) for one in judged])) for field in fields(Figures)))

    lines = [f"{'kind of query':<16}{'queries':>8}  {'mode':<10}success@12  nDCG@12    MRR  recall@100  pure@12"]
    for kind in dict.fromkeys(asked.judged.kind for asked in found):
        asked_so = [asked for asked in found if asked.judged.kind == kind]
        ways = {
            "keyword": [Ranking.best(a.by_words.rows, a.by_words.scores, DEEP) for a in asked_so],
            "visual": [asked.visual for asked in asked_so],
            "hybrid": [_mixed(asked, FUSION) for asked in asked_so],
        }
        for name, rankings in ways.items():
            f = mean(zip(asked_so, rankings, strict=True))
            lines.append(
                f"{kind:<16}{len(asked_so):>8}  {name:<10}{f.success:>10.4f}{f.ndcg:>9.4f}{f.reciprocal_rank:>7.3f}"
                f"{f.recall:>12.4f}{f.pure:>9.4f}"
            )
    lines += ["", "facts: nDCG@12, recall@100", "constant" + "".join(f"{n:>9} added" for n in ADDED)]
    facts_asked = [asked for asked in found if asked.judged.kind != _KNOWN]
    cells = {}
    for constant, added in product(CONSTANTS, ADDED):
        figures = mean((asked, _mixed(asked, Fusion(constant, added))) for asked in facts_asked)
        cells[constant, added] = f"{figures.ndcg:.3f}, {figures.recall:.3f}"
    lines += [f"{one:>8}" + "".join(f"{cells[one, other]:>15}" for other in ADDED) for one in CONSTANTS]
    return "\n".join(lines)
