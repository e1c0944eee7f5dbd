"""Where works have the words of a question, and what that counts: title, artist, both together, or just anywhere."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexes.columns import Rows
from indexes.search.question import Question, Wish
from indexes.text import Field, TextIndex

PAGE = 12  # results that a visitor sees at once

# Where s of a work with all the words begins: the better the place of the words, the higher.
_SOMEWHERE, _ALL_IN_PLACE, _BY_ARTIST, _BY_SURNAME, NAMED, _EXACT = 0.0, 0.4, 0.6, 0.7, 0.8, 0.9
_WIDTH = {_SOMEWHERE: 0.4, _ALL_IN_PLACE: 0.2, _BY_ARTIST: 0.1, _BY_SURNAME: 0.1, NAMED: 0.1, _EXACT: 0.1}

# Where all the words are there, their very forms decide first: who asks for Turner's "sailing" wants no sails before
# it. A single word takes all its forms alike.
_FORM = 0.8

# One number a work counts wishes met, in lanes of eight bits: anywhere; in the title; in the artist; in either of
# them; in their proper place, which besides those two is the kind of object, a colour seen and a date met.
ANYWHERE, IN_TITLE, IN_ARTIST, IN_NAMES, IN_PLACE = (np.uint64(1 << shift) for shift in range(0, 40, 8))
# What one word adds, by the mask of the fields that have it.
LANES = np.array(
    [
        ANYWHERE
        + IN_TITLE * bool(mask & Field.TITLE)
        + IN_ARTIST * bool(mask & Field.ARTIST)
        + IN_NAMES * bool(mask & (Field.TITLE | Field.ARTIST))
        + IN_PLACE * bool(mask & (Field.TITLE | Field.ARTIST | Field.KIND))
        for mask in range(128)
    ],
    np.uint64,
)


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """The works that meet every wish: three arrays of one length."""

    rows: Rows
    lanes: NDArray[np.uint64]
    cosines: NDArray[np.float32]


def count(lanes: NDArray[np.uint64], lane: np.uint64) -> NDArray[np.uint8]:
    """What has been counted in one lane."""
    return (lanes >> np.uint64(int(lane).bit_length() - 1)).astype(np.uint8)


def placed(text: TextIndex, question: Question, wishes: Sequence[Wish], whole: Whole) -> NDArray[np.float32]:
    """How well each work meets all the `wishes`, 0..1: by the place of its words, their forms, and its cosine."""
    within = whole.cosines
    if len(wishes) > 1 and not question.is_aspects:
        within = within * (1 - _FORM) + _FORM * _as_typed(text, wishes, whole.rows)
    begin = _begin(text, question, wishes, whole)
    width = np.select([begin == np.float32(place) for place in _WIDTH], list(_WIDTH.values()))
    return (begin + width * within).astype(np.float32)


def _begin(text: TextIndex, question: Question, wishes: Sequence[Wish], whole: Whole) -> NDArray[np.float32]:
    """Where s begins for each work."""
    titled, by, named, in_place = (count(whole.lanes, lane) for lane in (IN_TITLE, IN_ARTIST, IN_NAMES, IN_PLACE))
    begin = np.full(len(whole.rows), _SOMEWHERE, np.float32)
    begin[in_place == len(wishes)] = _ALL_IN_PLACE
    # "Turner ship" may mean ships by Turner, or titles that name Turner. Ships by Turner go first where there is a page
    # of them, or more of them than of the others.
    by_artist = (named == len(wishes)) & (by > 0)
    others = int(np.count_nonzero((titled == len(wishes)) & (by == 0)))
    if np.count_nonzero(by_artist) >= min(others, PAGE):
        begin[by_artist] = _BY_ARTIST
        if len(wishes) > 1:
            begin[by_artist & _by_surname(text, wishes, titled, whole.rows)] = _BY_SURNAME
    all_words, but_forms = text.titled(question.words, whole.rows)
    begin[but_forms & (titled == len(wishes))] = NAMED
    begin[all_words & (titled > 0) | text.made_by(question.words, whole.rows) & (named > 0)] = _EXACT
    return begin


def _by_surname(text: TextIndex, wishes: Sequence[Wish], titled: NDArray[np.uint8], rows: Rows) -> NDArray[np.bool_]:
    """(rows,): where one of the words is the artist's surname and the title has all the others.

    So "Beuys Joseph" wants works of Beuys that name a Joseph before all the other works of Joseph Beuys. Where two
    words can be taken for the surname, it is that of more works.
    """
    surnames = text.surnames(rows)
    best = np.zeros(len(rows), np.bool_)
    for term in [text.term(wish.text) for wish in wishes if not wish.span]:
        if term is None:
            continue
        here = np.flatnonzero(surnames == term)
        posting = text.posting(term)
        fields = posting.fields[np.searchsorted(posting.rows, rows[here])]
        found = np.zeros(len(rows), np.bool_)
        found[here] = titled[here] - ((fields & Field.TITLE) > 0) == len(wishes) - 1
        best = found if np.count_nonzero(found) > np.count_nonzero(best) else best
    return best


def _as_typed(text: TextIndex, wishes: Sequence[Wish], rows: Rows) -> NDArray[np.float32]:
    """How many of the words each work's title and artist hold in the very form that was typed, of 1."""
    held = text.holding_phrases(rows, [wish.words for wish in wishes if not wish.span], names_only=True)
    return np.mean(held, axis=0, dtype=np.float32) if held else np.zeros(len(rows), np.float32)
