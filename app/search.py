"""Search by words, image name, accession number and filters."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.matches import Matches, facet_counts, under
from app.query import SearchQuery
from indexes.artwork import Artwork
from indexes.columns import Rows
from indexes.encoders import EncoderError, TextEncoder
from indexes.loader import Encoders, Release
from indexes.text import Ranking
from indexes.words import words

# Reciprocal rank fusion (Cormack, Clarke and Buettcher, SIGIR 2009), with the constant of that paper.
_RRF = 60
# Works that the pictures alone may add to those that share a word with the query.
_VISUAL = 100
_NOTHING = Ranking(np.empty(0, np.int32), np.empty(0, np.float32))


@dataclass(frozen=True, slots=True)
class _Found:
    """Every match before filters, best first."""

    rows: Rows
    scores: NDArray[np.float32] | None = None  # None where all match equally well
    used: str | None = None  # the mode that was used
    note: str | None = None


def search(release: Release, encoders: Encoders, query: SearchQuery) -> Matches:
    """The page of works that the query asks for."""
    if query.name:  # it wins over the other fields, as in seed B
        query = replace(query, q=None, accession=None, artist=(), collection=(), genre=())
        return _page(release, query, _Found(release.catalogue.by_image_name(query.name or "")))
    if query.accession:
        return _page(release, query, _Found(release.catalogue.by_accession(query.accession)))
    if query.q:
        return _page(release, query, _by_words(release, encoders, query.q, query.mode))
    return _page(release, query, _Found(release.catalogue.all_rows()))


def _by_words(release: Release, encoders: Encoders, text: str, mode: str) -> _Found:
    visual, note = (_NOTHING, None) if mode == "keyword" else _by_picture(release, encoders, text)
    if mode == "visual":
        return _Found(visual.rows, visual.scores, "visual", note)
    keyword = release.text.search(text)
    if not len(visual.rows):
        return _Found(keyword.rows, keyword.scores, "keyword")
    fused = fuse(keyword, Ranking(visual.rows[:_VISUAL], visual.scores[:_VISUAL]))
    return _Found(fused.rows, fused.scores, "hybrid")


def fuse(*rankings: Ranking) -> Ranking:
    """Reciprocal rank fusion: a work scores 1 / (60 + rank) in each ranking, scaled so that first in all is 1."""
    rows = np.unique(np.concatenate([ranking.rows for ranking in rankings]))
    scores = np.zeros(len(rows), np.float32)
    for ranking in rankings:
        scores[np.searchsorted(rows, ranking.rows)] += 1 / (_RRF + 1 + np.arange(len(ranking.rows)))
    return Ranking.of(rows, scores * np.float32((_RRF + 1) / len(rankings)))


def _by_picture(release: Release, encoders: Encoders, text: str) -> tuple[Ranking, str | None]:
    """All works with a picture by its likeness to the words; none, and why, where that cannot be had."""
    entry = release.manifest.methods.get("clip")
    if entry is None or not entry.count:
        return _NOTHING, "This collection has no pictures to match words with."
    if not entry.words:
        return _NOTHING, "This collection's picture encoder knows no words; search the records instead."
    encoder = encoders.of(release, "clip")
    if not isinstance(encoder, TextEncoder):
        raise EncoderError("method clip: the release says that its encoder knows words, but it does not")
    index = release.vectors["clip"]
    return index.search(encoder.encode_texts([text])[0], len(index)), None


def _page(release: Release, query: SearchQuery, found: _Found) -> Matches:
    kept = under(found.rows, release.catalogue.facets.mask(query.filters))
    if query.sort != "relevance":
        kept = release.catalogue.sorted(kept, query.sort)
    shown = kept[query.offset : query.offset + query.size]
    return Matches(
        rows=shown,
        scores=None if found.scores is None else _scores_of(shown, found.rows, found.scores),
        total=len(kept),
        counts=facet_counts(release, query, lambda mask: under(found.rows, mask)),
        note=found.note or (None if len(kept) else _why_nothing(query, len(found.rows))),
        used=found.used,
    )


def _scores_of(shown: Rows, rows: Rows, scores: NDArray[np.float32]) -> NDArray[np.float32]:
    order = np.argsort(rows)
    return scores[order[np.searchsorted(rows, shown, sorter=order)]]


def _why_nothing(query: SearchQuery, before_filters: int) -> str:
    """Which part of the question has no match."""
    if query.name:
        return f"No image is called “{query.name}”."
    if before_filters:
        return "Nothing matches all filters together. Take one away to see more."
    if query.accession:
        return f"No work has the accession number “{query.accession}”."
    return f"No work has any of the words “{query.q}”." if query.q else "This collection is empty."


def reasons(work: Artwork, text: str) -> tuple[str, ...]:
    """Where a work holds the query's words: "title: blue, vase"."""
    wanted = list(dict.fromkeys(words(text)))
    fields = {
        "title": work.title,
        "artist": work.artist,
        "date": work.date,
        "medium": work.medium,
        "genre": work.genre,
        "collection": work.collection,
        "record": " ".join(part for part in (work.period, work.culture, work.artist_culture, *work.keywords) if part),
        "description": " ".join(work.descriptions),
    }
    found = {name: set(words(value)) for name, value in fields.items() if value}
    return tuple(
        f"{name}: {', '.join(matched)}"
        for name, held in found.items()
        if (matched := [word for word in wanted if word in held])
    )
