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
from indexes.search.places import ANYWHERE, IN_PLACE, LANES, NAMED, PAGE, Whole, count, placed
from indexes.search.question import Question, Wish, is_stop
from indexes.text import Posting

# What a colour seen all over, or a date met exactly, counts: as much as a word of the title, or as a kind of object.
# Where nothing but aspects is asked for, the colour orders the works.
_SEEN, _DATED, _SEEN_ONLY = 0.30, 0.10, 1.0

# Between works that are alike in all this, one with a picture is the better to show.
_PICTURE = np.float32(1e-4)


@dataclass(frozen=True, slots=True)
class Found:
    """Every match of a question."""

    rows: Rows  # ascending
    scores: NDArray[np.float32]  # of the same shape, 0..1
    complete: int = 0  # how many of them meet every wish
    named: int = 0  # how many of those are what was typed by their title, artist or number
    exact: int = 0  # how many of those have the whole query for their accession number or image name
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
    if not missing:
        return found
    # No record need have the parts of an image's name.
    return replace(found, missing=() if found.exact else missing, complete=found.exact, named=found.exact)


def exact_works(release: Release, question: Question) -> Rows:
    """The works whose accession number or image name is the whole query."""
    if not question.text.strip() or question.phrases or question.excluded:
        return np.empty(0, np.int32)
    numbered = release.catalogue.by_accession(question.text)
    if "/" in question.text:  # "9/11" is no file "11" in a folder "9"
        return numbered
    return np.union1d(numbered, release.catalogue.by_image_name(question.text)).astype(np.int32)


def _by_sight(release: Release, question: Question) -> NDArray[np.bool_] | None:
    """(works,): where a question about nothing but aspects is answered by sight; None where it asks for more.

    A work called blue is no blue painting, but "Blue Painting" is one by its very name.
    """
    if not question.is_aspects or release.colours is None:
        return None
    _, named = release.text.titled(question.words, release.catalogue.all_rows())
    return release.colours.measured() & ~named


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
                lanes = LANES[posting.fields]
                self.lanes[posting.rows] += lanes  # a term's rows are distinct
                if evidence.instead is not None:
                    others = np.setdiff1d(evidence.instead.rows, posting.rows, assume_unique=True)
                    self.lanes[others] += ANYWHERE
                    self.add_weights(evidence.instead, weight)
            return
        lanes = np.zeros(len(self.lanes), np.uint64)
        if posting is not None:
            if by_sight is not None and evidence.wish.colour:
                kept = ~by_sight[posting.rows]
                posting = Posting(posting.rows[kept], posting.weights[kept], posting.fields[kept])
            self.add_weights(posting, weight)
            lanes[posting.rows] = LANES[posting.fields]
        lanes[evidence.met > 0] |= ANYWHERE | IN_PLACE
        if counts:
            self.lanes += lanes
        most = _DATED if evidence.wish.span else _SEEN if by_sight is None else _SEEN_ONLY
        self.scores += np.float32(weight * most) * evidence.met

    def add_weights(self, posting: Posting, weight: float) -> None:
        """Add a term's part of the cosine."""
        self.scores[posting.rows] += posting.weights * np.float32(weight)


def _ranked(release: Release, question: Question, tally: _Tally, wishes: Sequence[Wish]) -> Found:
    """The matches and their scores, once every wish is tallied."""
    met = count(tally.lanes, ANYWHERE)
    allowed = allowed_works(release, question)
    if allowed is not None:
        met[~allowed] = 0
    exact = exact_works(release, question)
    if not wishes:
        rows = exact if question.wishes or allowed is None else np.flatnonzero(allowed).astype(np.int32)
        return Found(rows, np.ones(len(rows), np.float32), len(rows), len(exact), len(exact))
    rows = np.flatnonzero(met >= _least(met, len(wishes))).astype(np.int32)
    quality = np.minimum(tally.scores[rows], np.float32(0.999)) * (1 - _PICTURE)
    quality += release.catalogue.has_picture(rows) * _PICTURE
    complete = np.flatnonzero(met[rows] == len(wishes))
    whole = Whole(rows[complete], tally.lanes[rows[complete]], quality[complete])
    quality[complete] = placed(release.text, question, wishes, whole)
    scores = ((met[rows] - 1 + quality) / len(wishes)).astype(np.float32)
    asked = len(complete)
    if len(exact):
        rows, scores = _first(rows, scores, exact)
        asked += int(np.count_nonzero(~np.isin(exact, whole.rows)))
    named = np.count_nonzero(scores > (len(wishes) - 1 + NAMED) / len(wishes) - _PICTURE / len(wishes))
    return Found(rows, scores, asked, int(named), len(exact))


def _least(met: NDArray[np.uint8], wishes: int) -> int:
    """How many wishes a match has to meet: most of them, or fewer where that leaves less than a page."""
    least = wishes // 2 + 1
    while least > 1 and np.count_nonzero(met >= least) < PAGE:
        least -= 1
    return least


def _first(rows: Rows, scores: NDArray[np.float32], exact: Rows) -> tuple[Rows, NDArray[np.float32]]:
    """The matches with the exact ones among them, at a score of 1."""
    together = np.union1d(rows, exact).astype(np.int32)
    merged = np.zeros(len(together), np.float32)
    merged[np.searchsorted(together, rows)] = scores
    merged[np.searchsorted(together, exact)] = 1
    return together, merged
