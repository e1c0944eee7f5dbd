"""Search by words, image name, accession number and filters: the page of works that a query asks for."""

from dataclasses import dataclass, replace
from typing import Self
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from app.ends import missing_note, nearest, unranked_note, why_nothing
from app.matches import Corrected, Matches, Pieces, facet_counts, under
from app.query import SearchQuery
from indexes.columns import Rows
from indexes.facets import Mask
from indexes.loader import Encoders, Release
from indexes.ranking import Ranking
from indexes.search import Answer, answer, marked, reasons
from indexes.search.why import Forms, forms_of, passage
from indexes.words import fold, word_spans


@dataclass(frozen=True, slots=True)
class _Found:
    """Matches, before filters or after them."""

    rows: Rows  # ascending
    scores: NDArray[np.float32] | None = None  # None where all match equally well
    answer: Answer | None = None  # where words were searched for

    def under(self, mask: Mask | None) -> Self:
        """Those of the matches that pass the filters."""
        if mask is None:
            return self
        kept = mask[self.rows]
        return replace(self, rows=self.rows[kept], scores=None if self.scores is None else self.scores[kept])


def search(release: Release, encoders: Encoders, query: SearchQuery) -> Matches:
    """The page of works that the query asks for. Raises EncoderError in mode `visual` without its encoder."""
    found = _find(release, encoders, query)
    passing = found.under(release.catalogue.facets.mask(query.filters))
    sort = _sort(release, query, passing.rows)
    ranking = _ordered(release, query, passing, sort)
    total = len(passing.rows)
    matches = Matches(
        rows=ranking.rows,
        scores=None if found.scores is None else ranking.scores,
        total=total,
        counts=facet_counts(release, query, lambda mask: under(found.rows, mask)),
        note=_note(query, passing, sort) if total else why_nothing(query, len(found.rows)),
        nearest=None if total else nearest(query, lambda other: _count(release, encoders, other)),
    )
    return matches if found.answer is None else _explained(release, query, matches, found.answer)


def every(release: Release, encoders: Encoders, query: SearchQuery) -> Matches:
    """All works that the query finds, in its order, and nothing said about them."""
    query = query.whole(len(release.catalogue))
    passing = _find(release, encoders, query).under(release.catalogue.facets.mask(query.filters))
    ranking = _ordered(release, query, passing, _sort(release, query, passing.rows))
    return Matches(ranking.rows, None if passing.scores is None else ranking.scores, len(ranking.rows), {})


def _find(release: Release, encoders: Encoders, query: SearchQuery) -> _Found:
    if query.name:
        return _Found(release.catalogue.by_image_name(query.name))
    numbered = release.catalogue.by_accession(query.accession) if query.accession else None
    if query.q:
        found = answer(release, encoders, query.q, query.mode, query.spelling == "typed")
        kept = slice(None) if numbered is None else np.isin(found.rows, numbered)
        return _Found(found.rows[kept], found.scores[kept], found)
    return _Found(release.catalogue.all_rows() if numbered is None else numbered)


def _count(release: Release, encoders: Encoders, query: SearchQuery) -> int:
    """How many works a query finds."""
    return len(under(_find(release, encoders, query).rows, release.catalogue.facets.mask(query.filters)))


def _ordered(release: Release, query: SearchQuery, found: _Found, sort: str) -> Ranking:
    """The page: its rows in order, with their scores."""
    scores = np.zeros(len(found.rows), np.float32) if found.scores is None else found.scores
    page = slice(query.offset, query.offset + query.size)
    if sort == "relevance":
        best = Ranking.best(found.rows, scores, page.stop)
        return Ranking(best.rows[page], best.scores[page])
    shown = release.catalogue.sorted(found.rows, sort)[page]
    return Ranking(shown, scores[np.searchsorted(found.rows, shown)])


def _sort(release: Release, query: SearchQuery, rows: Rows) -> str:
    """The order that the rows get: the best first where their popularity, by which they are wished, tells nothing."""
    by_popularity = query.sort in ("popular", "rare")
    if by_popularity and len(rows) > 1 and not release.catalogue.differ_in_popularity(rows):
        return "relevance"
    return query.sort


def _note(query: SearchQuery, found: _Found, sort: str) -> str | None:
    notes: list[str | None] = []
    if sort != query.sort:
        notes.append(unranked_note("the best matches come first" if found.answer else "they keep its own order"))
    if found.answer:
        asked_visual = query.mode == "visual" and found.answer.used != "visual"
        said = missing_note(found.answer, found.rows, sort == "relevance")
        notes.append((found.answer.used_note if asked_visual else None) or said)
    return " ".join(filter(None, notes)) or None


def _explained(release: Release, query: SearchQuery, matches: Matches, found: Answer) -> Matches:
    """The page with what was understood and why each work is there."""
    rows = matches.rows.tolist()
    forms = forms_of(release.text, found.question)
    why = {row: reasons(release, found, forms, row) for row in rows}
    return replace(
        matches,
        used=found.used,
        used_note=found.used_note,
        corrected=_corrected(query, found),
        reasons={row: tuple(str(reason) for reason in why[row]) for row in rows},
        marked={row: _marked(release, forms, row) for row in rows},
    )


def _marked(release: Release, forms: Forms, row: int) -> dict[str, Pieces]:
    """The title, the artist and a passage of a description in pieces, matching words told apart."""
    work = release.catalogue.artwork(row)
    passages = (passage(description, forms) for description in work.descriptions)
    texts = {"title": work.title, "artist": work.artist, "description": next(filter(None, passages), None)}
    return {name: marked(text, forms) for name, text in texts.items() if text}


def _corrected(query: SearchQuery, found: Answer) -> Corrected | None:
    if not found.corrections:
        return None
    return Corrected(
        typed=" ".join(correction.typed for correction in found.corrections),
        meant=" ".join(correction.meant for correction in found.corrections),
        query=_mended(query.q or "", {correction.typed: correction.meant for correction in found.corrections}),
        url=query.url(spelling="typed", page=1),
    )


def _mended(text: str, meant: dict[str, str]) -> Pieces:
    """The text with other words in place of some, which are given folded, in pieces."""
    text = normalize("NFC", text)  # an accent that stands apart would part its word
    pieces: Pieces = []
    last = 0
    for start, end in word_spans(text):
        if word := meant.get(fold(text[start:end])):
            pieces += [(text[last:start], False), (word, True)]
            last = end
    return [piece for piece in [*pieces, (text[last:], False)] if piece[0]]
