"""Typing errors: words that no work has, in favour of near ones that the collection knows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from indexes.search.question import Question
from indexes.text import TextIndex
from indexes.text.spelling import LONG, SHORT

_RARE = 5  # works: a word of no more may be a slip for one of that many times more works
_LONGEST = 30  # letters: what is longer is no word
_LEAST_PART = 3  # letters of each half where two words were run together


@dataclass(frozen=True, slots=True)
class Correction:
    """A word as it was typed, and what it is taken for."""

    typed: str
    meant: str


def correct(text: TextIndex, question: Question) -> tuple[Question, tuple[Correction, ...]]:
    """The question with its unknown words corrected, and the corrections; a word that some work has stays as it is.

    Of the near words, that one is taken which works hold together with the rest of the question; then the nearer;
    then the more frequent.
    """
    quoted = {word for phrase in question.phrases for word in phrase}
    single = [w for w in question.wishes if len(w.words) == 1 and not w.span]
    known = [term for wish in single if (term := text.term(wish.text)) is not None]
    doubtful = [w.text for w in single if not w.colour and len(w.text) <= _LONGEST and w.text not in quoted]
    unknown = [word for word in doubtful if text.term(word) is None]
    found: dict[str, tuple[str, ...]] = {}
    for word in unknown:
        meant = _meant(text, word, _with_all(text, known))
        if meant:
            found[word] = meant
            known += [term for part in meant if (term := text.term(part)) is not None]
    corrections = tuple(Correction(word, " ".join(meant)) for word, meant in found.items())
    return (question.with_words(found), corrections) if found else (question, ())


def widen(text: TextIndex, question: Question) -> Question | None:
    """For a question that no work meets whole: the same with a likely other word beside one of its words, if any.

    A slip may hit upon a word that exists ("tres rocks"). The word stays; works with the other one count as well. Only
    a word of very few works is so doubted, and only for one of many works that hold the rest of the question.
    """
    plain = [w for w in question.wishes if not w.colour and not w.span and len(w.text) > SHORT]
    for wish in plain:
        term = text.term(wish.text)
        if term is None or text.works_with(term) > _RARE:
            continue
        others = [text.term(w.text) for w in question.wishes if w is not wish and not w.required]
        rest = _with_all(text, [other for other in others if other is not None])
        fitting = [
            (int(np.count_nonzero(rest[text.posting(text.term_of(near.word)).rows])), text.word(near.word))
            for near in text.near(wish.text)
            if rest is not None
            and near.distance == 1
            and text.works_with(text.term_of(near.word)) >= _RARE * text.works_with(term)
        ]
        if fitting and max(fitting)[0]:
            other = replace(wish, instead=max(fitting)[1])
            return replace(question, wishes=tuple(other if w is wish else w for w in question.wishes))
    return None


def _meant(text: TextIndex, word: str, rest: NDArray[np.bool_] | None) -> tuple[str, ...]:
    """The known word that an unknown one stands for, or the two that were run together; empty where there is none."""
    ranked = []
    for near in text.near(word):
        term = text.term_of(near.word)
        together = text.works_with(term) if rest is None else int(np.count_nonzero(rest[text.posting(term).rows]))
        fits = rest is not None and together > 0
        known = text.word(near.word)
        # So few letters say too little by themselves: the rest of the question has to speak for the word.
        if not fits and (len(word) <= SHORT or (near.distance > 1 and len(word) <= LONG)):
            continue
        ranked.append((fits, max(together, 1) * _likelihood(word, known, near.distance), known))
    if ranked:
        return (max(ranked)[-1],)
    return _halves(text, word, rest)


def _likelihood(typed: str, meant: str, distance: int) -> float:
    """How likely it is, beside other errors, that who meant one word typed the other.

    The noisy channel of Kernighan, Church and Gale ("A spelling correction program based on a noisy channel model",
    COLING 1990), in three rules: there are few ways to leave a letter out, double it or exchange two, but twenty-five
    to put a wrong one; the first letter is seldom wrong; two errors are rarer than one.
    """
    exchanged = sorted(meant) == sorted(typed)
    doubled = _without_doubles(meant) == _without_doubles(typed)
    slip = 10.0 if len(meant) > len(typed) or exchanged or doubled else 1.0
    return slip * (1.0 if typed[0] == meant[0] else 0.2) * 0.01 ** (distance - 1)


def _without_doubles(word: str) -> str:
    return "".join(letter for letter, before in zip(word, " " + word, strict=False) if letter != before)


def _halves(text: TextIndex, word: str, rest: NDArray[np.bool_] | None) -> tuple[str, ...]:
    """Two words that works hold together, where the space between them was left out."""
    best: tuple[str, ...] = ()
    most = 0
    for place in range(_LEAST_PART, len(word) - _LEAST_PART + 1):
        left, right = text.term(word[:place]), text.term(word[place:])
        if left is None or right is None or not word.isalpha():
            continue
        one, other = (text.posting(term).rows for term in (left, right))
        both = one[np.isin(one, other, assume_unique=True)]
        together = len(both) if rest is None else int(np.count_nonzero(rest[both]))
        if together > most:
            best, most = (word[:place], word[place:]), together
    return best


def _with_all(text: TextIndex, terms: Sequence[int]) -> NDArray[np.bool_] | None:
    """(works,): which works hold all the terms; where none does, all but the rarest; None without any term."""
    ordered = sorted(set(terms), key=text.works_with, reverse=True)
    holding: NDArray[np.bool_] | None = None
    for term in ordered:
        one = np.zeros(text.works, np.bool_)
        one[text.posting(term).rows] = True
        both = one if holding is None else holding & one
        if both.any():
            holding = both
    return holding
