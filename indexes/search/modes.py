"""Answering a query: by the records, by the pictures, or by both."""

import logging
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from indexes.columns import Rows
from indexes.encoders import BUNDLED, EncoderError, EncoderOpening
from indexes.encoders.learnt import knows
from indexes.loader import Encoders, Release
from indexes.ranking import Ranking
from indexes.search.correction import Correction, correct, widen
from indexes.search.keyword import exact_works, search_words
from indexes.search.limits import allowed_works
from indexes.search.question import Question, understand
from indexes.search.visual import FUSION, NOTHING, Fusion, by_picture, fuse

Mode = Literal["hybrid", "keyword", "visual"]
MODES: tuple[Mode, ...] = ("hybrid", "keyword", "visual")

# Matches of the records that a fusion orders anew; those after them keep their order behind.
_FUSED = 1000

# Of the bundled encoder's first twelve for words it learnt, two or three are wrong (docs/pocket.md), and words of real
# records it hardly knows: mixed in, it would push good matches of the records aside.
_TOO_FEW_WORDS = "The bundled picture encoder knows too few words to be mixed in; the records were searched."

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """Every match of a query."""

    question: Question  # as it was understood, corrections included
    rows: Rows  # ascending
    scores: NDArray[np.float32]  # of the same shape; the best first makes the ranking
    used: str  # the mode that was really used
    used_note: str | None = None  # why it was not the mode that was asked for
    corrections: tuple[Correction, ...] = ()
    missing: tuple[str, ...] = ()  # words that no work has
    recorded: int = 0  # works that match by their records
    complete: int = 0  # works that meet the whole question
    named: int = 0  # those of them that are what was typed by their title, artist or number
    exact: int = 0  # those of them that have the whole query for their accession number or image name
    seen: frozenset[int] = frozenset()  # rows found by the likeness of their pictures


def answer(release: Release, encoders: Encoders, text: str, mode: Mode = "keyword", as_typed: bool = False) -> Answer:
    """Every match of a query in the mode asked for, or in the nearest that the release is able to.

    `as_typed` leaves typing errors alone. Raises EncoderError in mode `visual` where the encoder cannot be opened.
    """
    if mode == "visual":
        return _by_pictures(release, encoders, text, as_typed)
    found = _by_words(release, text, as_typed)
    if mode == "keyword":
        return found
    if _is_bundled(release) and (len(found.rows) or not _are_learnt(found.question, encoders)):
        return replace(found, used_note=_TOO_FEW_WORDS)
    visual, note = _pictures(release, encoders, found.question, mode)
    if not len(visual.rows):
        return replace(found, used_note=note)
    return mix(found, _within_limits(release, found.question, visual))


def _by_pictures(release: Release, encoders: Encoders, text: str, as_typed: bool) -> Answer:
    question = understand(text)
    visual, note = _pictures(release, encoders, question, "visual")
    if not len(visual.rows):
        return replace(_by_words(release, text, as_typed), used_note=note)
    visual = _within_limits(release, replace(question, phrases=()), visual)  # pictures hold no words side by side
    order = np.argsort(visual.rows)
    rows, scores = visual.rows[order], visual.scores[order]
    return Answer(question, rows, scores, "visual", complete=len(rows), seen=_first(visual))


def _within_limits(release: Release, question: Question, visual: Ranking) -> Ranking:
    """Those of the works that have what the question requires of every match, and nothing that it excludes."""
    allowed = allowed_works(release, question)
    if allowed is None:
        return visual
    kept = allowed[visual.rows]
    return Ranking(visual.rows[kept], visual.scores[kept])


def _is_bundled(release: Release) -> bool:
    entry = release.manifest.methods.get("clip")
    return entry is not None and entry.words and entry.encoder == BUNDLED


def _are_learnt(question: Question, encoders: Encoders) -> bool:
    """Whether the bundled encoder has learnt what is wished for: any picture is like a word that it does not know."""
    return knows((word for wish in question.wishes for word in wish.words), encoders.weights)


def _pictures(release: Release, encoders: Encoders, question: Question, mode: Mode) -> tuple[Ranking, str | None]:
    if not question.words:
        return NOTHING, "No word says what the pictures shall show; the records were searched."
    try:
        return by_picture(release, encoders, question.wanted, wait=mode == "visual")
    except EncoderOpening:  # by another request: only that one, and those for pictures alone, wait for it
        return NOTHING, "The picture encoder is being opened; meanwhile the records were searched."
    except EncoderError as error:
        if mode == "visual":
            raise
        _log.error("searching the records alone: %s", error)  # half an answer is better than none, and says that it is
        return NOTHING, "Pictures cannot be matched with words just now; the records were searched."


def _by_words(release: Release, text: str, as_typed: bool) -> Answer:
    question = understand(text)
    corrections: tuple[Correction, ...] = ()
    if not as_typed and not len(exact_works(release, question)):
        question, corrections = correct(release.text, question)
    found = search_words(release, question)
    if not found.complete and not as_typed and (wider := widen(release.text, question)):
        question, found = wider, search_words(release, wider)
    return Answer(
        question,
        found.rows,
        found.scores,
        "keyword",
        corrections=corrections,
        missing=found.missing,
        recorded=len(found.rows),
        complete=found.complete,
        named=found.named,
        exact=found.exact,
    )


def mix(by_words: Answer, visual: Ranking, fusion: Fusion = FUSION) -> Answer:
    """The matches of the records and the works whose pictures look most like the words.

    Works that are asked for by name stay first as they are, then those that meet the whole question, then the others;
    in each of the latter groups the rankings are fused. So a picture never pushes aside the known work that was asked
    for, and leads where no record has all the words.
    """
    pictured = Ranking(visual.rows[: fusion.added], visual.scores[: fusion.added])
    fused = fuse(fusion.constant, Ranking.best(by_words.rows, by_words.scores, _FUSED), pictured)
    rows = np.union1d(by_words.rows, pictured.rows).astype(np.int32)
    scores = np.zeros(len(rows), np.float32)
    scores[np.searchsorted(rows, by_words.rows)] = by_words.scores * np.float32(1e-3)  # decides where fusion does not
    scores[np.searchsorted(rows, fused.rows)] += fused.scores * np.float32(0.99)
    whole = Ranking.best(by_words.rows, by_words.scores, by_words.complete).rows
    scores[np.searchsorted(rows, whole)] += 1
    named = np.searchsorted(rows, whole[: by_words.named])
    scores[named] = 2 + np.linspace(1, 0, len(named), dtype=np.float32)
    scores /= 3
    return replace(by_words, rows=rows, scores=scores, used="hybrid", seen=_first(visual))


def _first(visual: Ranking) -> frozenset[int]:
    return frozenset(visual.rows[: FUSION.added].tolist())
