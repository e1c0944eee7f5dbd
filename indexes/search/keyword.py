"""Ranking by words: works with all the words first, each in its proper place, then works with most of them.

A score tells, between 0 and 1, how much of the question a work meets. Of n wishes, a work that meets m scores
(m - 1 + s) / n, where s in 0..1 says how well: by where the words stand, and within that by the
field-weighted TF-IDF cosine. So no work with fewer words ever comes before one with more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from indexes.columns import Rows
from indexes.loader import Release
from indexes.search.evidence import Evidence
from indexes.search.limits import allowed_works
from indexes.search.question import Question, Wish, is_stop
from indexes.stems import stem
from indexes.text import Field, Posting, TextIndex
from indexes.text.build import name_key

# What a colour seen all over, or a date met exactly, counts: as much as a word of the title, or as a kind of object.
# Where nothing but aspects is asked for, the colour orders the works.
_SEEN, _DATED, _SEEN_ONLY = 0.30, 0.10, 1.0

# Where s of a work with all the words begins: the better the place of the words, the higher.
_ANYWHERE, _IN_PLACE, _BY_ARTIST, _TITLE, _EXACT = 0.0, 0.4, 0.6, 0.8, 0.9
_WIDTH = {_ANYWHERE: 0.4, _IN_PLACE: 0.2, _BY_ARTIST: 0.2, _TITLE: 0.1, _EXACT: 0.1}

# Matches below which works with fewer of the words are taken in as well.
_PAGE = 12

# Where all the words are there, their very forms decide first: who asks for Turner's "sailing" wants no sails before
# it. A single word takes all its forms alike.
_FORM = 0.8

# One number a work counts wishes met, in lanes of eight bits: anywhere; in the title; in the artist; in either of
# them; in their proper place, which besides those two is the kind of object, a colour seen and a date met.
_ANY, _IN_TITLE, _IN_ARTIST, _IN_NAMES, _IN_PLACE_OF_ITS_OWN = (np.uint64(1 << shift) for shift in range(0, 40, 8))
_LANES = np.array(
    [
        _ANY
        + _IN_TITLE * bool(mask & Field.TITLE)
        + _IN_ARTIST * bool(mask & Field.ARTIST)
        + _IN_NAMES * bool(mask & (Field.TITLE | Field.ARTIST))
        + _IN_PLACE_OF_ITS_OWN * bool(mask & (Field.TITLE | Field.ARTIST | Field.KIND))
        for mask in range(128)
    ],
    np.uint64,
)


@dataclass(frozen=True, slots=True)
class Found:
    """Every match of a question."""

    rows: Rows  # ascending
    scores: NDArray[np.float32]  # of the same shape, 0..1
    complete: int = 0  # how many of them meet every wish
    missing: tuple[str, ...] = ()  # words that no work has


def search_words(release: Release, question: Question) -> Found:
    """Every work that meets the question, or most of it where nothing meets all."""
    text = release.text
    held = [evidence for wish in question.wishes if (evidence := Evidence.of(release, wish)).held]
    # A required date is met by every match: counted as well, it would be most of "after 1900 zebra" by itself.
    counted = [evidence for evidence in held if not evidence.wish.required] or held
    tally = _Tally(text.works)
    norm = float(np.sqrt(sum(evidence.idf**2 for evidence in held))) or 1.0
    by_sight = _by_sight(release, question)
    for evidence in held:
        tally.add(evidence, evidence.idf / norm, by_sight, counts=evidence in counted)
    for word in dict.fromkeys(word for word in question.words if is_stop(word)):
        term = text.term(word)  # where it is no wish it decides between titles that are else alike
        if term is not None and not any(word in wish.words for wish in question.wishes):
            tally.add_weights(text.posting(term), text.idf(term) / norm)
    found = _ranked(release, question, tally, [evidence.wish for evidence in counted])
    known = {evidence.wish for evidence in held}
    missing = tuple(wish.text for wish in question.wishes if wish not in known)
    return replace(found, missing=missing, complete=0 if missing else found.complete)


def _by_sight(release: Release, question: Question) -> NDArray[np.bool_] | None:
    """(works,): where a question about nothing but aspects is answered by sight; None where it asks for more.

    A work called blue is no blue painting, but "Blue Painting" is one by its very name.
    """
    if not question.is_aspects or release.colours is None:
        return None
    named = release.text.names[:, 1] == _keys(question)[1]
    return release.colours.measured() & ~named


def _keys(question: Question) -> tuple[int, int]:
    """The two keys that a title would have that is the whole question."""
    return name_key(question.words), name_key(stem(word) for word in question.words if not is_stop(word))


class _Tally:
    """Adds up, for each work, its cosine and which wishes it meets."""

    def __init__(self, works: int) -> None:
        self.scores = np.zeros(works, np.float32)
        self.lanes = np.zeros(works, np.uint64)

    def add(self, evidence: Evidence, weight: float, by_sight: NDArray[np.bool_] | None, counts: bool) -> None:
        """Add what tells of one wish; only one that `counts` is among the wishes met.

        Of the works (works,) that are judged by sight, words say nothing about their colours.
        """
        posting = evidence.posting
        if evidence.met is None:
            if posting is not None:
                self.add_weights(posting, weight)
                lanes = _LANES[posting.fields]
                self.lanes[posting.rows] += lanes  # a term's rows are distinct
                if evidence.instead is not None:
                    others = np.setdiff1d(evidence.instead.rows, posting.rows, assume_unique=True)
                    self.lanes[others] += _ANY
                    self.add_weights(evidence.instead, weight)
            return
        lanes = np.zeros(len(self.lanes), np.uint64)
        if posting is not None:
            if by_sight is not None and evidence.wish.colour:
                kept = ~by_sight[posting.rows]
                posting = Posting(posting.rows[kept], posting.weights[kept], posting.fields[kept])
            self.add_weights(posting, weight)
            lanes[posting.rows] = _LANES[posting.fields]
        lanes[evidence.met > 0] |= _ANY | _IN_PLACE_OF_ITS_OWN
        if counts:
            self.lanes += lanes
        most = _DATED if evidence.wish.span else _SEEN if by_sight is None else _SEEN_ONLY
        self.scores += np.float32(weight * most) * evidence.met

    def add_weights(self, posting: Posting, weight: float) -> None:
        """Add a term's part of the cosine."""
        self.scores[posting.rows] += posting.weights * np.float32(weight)


def _ranked(release: Release, question: Question, tally: _Tally, wishes: Sequence[Wish]) -> Found:
    """The matches and their scores, once every wish is tallied."""
    met = (tally.lanes & np.uint64(0xFF)).astype(np.uint8)
    allowed = allowed_works(release, question)
    if allowed is not None:
        met[~allowed] = 0
    exact = _exact(release, question)
    if not wishes:
        rows = exact if question.wishes or allowed is None else np.flatnonzero(allowed).astype(np.int32)
        return Found(rows, np.ones(len(rows), np.float32), len(rows))
    rows = np.flatnonzero(met >= _least(met, len(wishes))).astype(np.int32)
    quality = np.minimum(tally.scores[rows], np.float32(0.999))
    complete = np.flatnonzero(met[rows] == len(wishes))
    whole = rows[complete]
    within = quality[complete]
    if len(wishes) > 1 and not question.is_aspects:
        within = within * (1 - _FORM) + _FORM * _as_typed(release.text, wishes, whole)
    begin = _places(release.text, question, len(wishes), tally.lanes[whole], whole)
    width = np.select([begin == np.float32(place) for place in _WIDTH], list(_WIDTH.values()))
    quality[complete] = begin + width * within
    scores = ((met[rows] - 1 + quality) / len(wishes)).astype(np.float32)
    if len(exact):
        rows, scores = _first(rows, scores, exact)
    return Found(rows, scores, len(complete))


def _least(met: NDArray[np.uint8], wishes: int) -> int:
    """How many wishes a match has to meet: most of them, or fewer where that leaves less than a page."""
    works = np.bincount(met, minlength=wishes + 1)
    least = wishes // 2 + 1
    while least > 1 and works[least:].sum() < _PAGE:
        least -= 1
    return least


def _places(
    text: TextIndex, question: Question, wishes: int, lanes: NDArray[np.uint64], rows: Rows
) -> NDArray[np.float32]:
    """Where s begins for each work that meets all `wishes`: by the place of its words."""
    titled, by, named, placed = ((lanes >> np.uint64(shift)).astype(np.uint8) for shift in (8, 16, 24, 32))
    begin = np.full(len(rows), _ANYWHERE, np.float32)
    begin[placed == wishes] = _IN_PLACE
    # "Turner ship" may mean ships by Turner, or titles that name Turner: the reading of more works goes first.
    by_artist = (named == wishes) & (by > 0)
    if np.count_nonzero(by_artist) >= np.count_nonzero((titled == wishes) & (by == 0)):
        begin[by_artist] = _BY_ARTIST
    names = text.names[rows]
    key, content = _keys(question)
    begin[(titled == wishes) & (names[:, 1] == content)] = _TITLE
    begin[(names[:, 0] == key) & (titled > 0) | (names[:, 2] == key) & (named > 0)] = _EXACT
    return begin


def _as_typed(text: TextIndex, counted: Sequence[Wish], rows: Rows) -> NDArray[np.float32]:
    """How many of the words each work's title and artist hold in the very form that was typed, of 1."""
    held = [text.holding_phrase(rows, wish.words, names_only=True) for wish in counted if not wish.span]
    return np.mean(held, axis=0, dtype=np.float32) if held else np.zeros(len(rows), np.float32)


def _exact(release: Release, question: Question) -> Rows:
    """The works whose accession number or image name is the whole query."""
    if not question.text.strip() or question.phrases or question.excluded:
        return np.empty(0, np.int32)
    catalogue = release.catalogue
    return np.union1d(catalogue.by_accession(question.text), catalogue.by_image_name(question.text)).astype(np.int32)


def _first(rows: Rows, scores: NDArray[np.float32], exact: Rows) -> tuple[Rows, NDArray[np.float32]]:
    """The matches with the exact ones among them, at a score of 1."""
    together = np.union1d(rows, exact).astype(np.int32)
    merged = np.zeros(len(together), np.float32)
    merged[np.searchsorted(together, rows)] = scores
    merged[np.searchsorted(together, exact)] = 1
    return together, merged
