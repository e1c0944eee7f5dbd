"""Typing errors: words that no work has, in favour of near ones that the collection knows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from indexes.columns import Rows
from indexes.search.evidence import common_rows
from indexes.search.question import Question, Wish, is_stop
from indexes.text import TextIndex
from indexes.text.familiar import is_familiar
from indexes.text.spelling import LONG, SHORT

_RARE = 5  # works: a word of no more may be a slip for one of that many times more works
_LONGEST = 30  # letters: what is longer is no word
_LEAST_PART = 3  # letters of each half where two words were run together
_DOUBTED = 8  # words of a question that is looked through for slips: in a longer one each tells little


@dataclass(frozen=True, slots=True)
class Correction:
    """A word as it was typed, and what it is taken for."""

    typed: str
    meant: str


def correct(text: TextIndex, question: Question) -> tuple[Question, tuple[Correction, ...]]:
    """The question with its unknown words corrected, and the corrections; a word that some work has stays as it is.

    Of the near words, that one is taken that makes the question a title; then one that works hold together with the
    rest of the question; then the likelier slip.
    """
    quoted = {word for phrase in question.phrases for word in phrase}
    single = [w for w in question.wishes if len(w.words) == 1 and not w.span]
    known = [term for wish in single if (term := text.term(wish.text)) is not None]
    doubtful = [w.text for w in single if not w.colour and len(w.text) <= _LONGEST and w.text not in quoted]
    unknown = [word for word in doubtful if text.term(word) is None]
    found: dict[str, tuple[str, ...]] = {}
    for word in unknown:
        meant = _meant(text, question.with_words(found), word, _with_all(text, known))
        if meant:
            found[word] = meant
            known += [term for part in meant if (term := text.term(part)) is not None]
    corrections = tuple(Correction(word, " ".join(meant)) for word, meant in found.items())
    return (question.with_words(found), corrections) if found else (question, ())


def widen(text: TextIndex, question: Question) -> Question | None:
    """For a question that no work meets whole: the same with a likely other word beside one of its words, if any.

    A slip may hit upon a word that exists ("tres rocks"). The word stays; works with the other one count as well.
    """
    if not 1 < len(question.wishes) <= _DOUBTED:
        return None
    doubtful = [wish for wish in question.wishes if not wish.colour and not wish.span]
    slips = [(slip, wish) for wish in doubtful for slip in _slips(text, question, wish)]
    if not slips:
        return None
    (*_, meant), doubted = max(slips, key=lambda pair: pair[0])
    other = replace(doubted, instead=meant)
    return replace(question, wishes=tuple(other if wish is doubted else wish for wish in question.wishes))


def _slips(text: TextIndex, question: Question, wish: Wish) -> Iterator[tuple[int, int, str]]:
    """Words for which a known one may be a slip: how well each makes a title, the works that hold it, and the word.

    Works hold it with the rest of the question. Either it makes the question a title ("reading the ill"), or it is far
    more frequent than what was typed, and that is very rare or stands beside two words at least.
    """
    term = text.term(wish.text)
    others = [text.term(other.text) for other in question.wishes if other is not wish and not other.required]
    known = [other for other in others if other is not None]
    if term is None or not known:
        return
    rest = common_rows([text.posting(other).rows for other in known])
    rare = len(wish.text) > SHORT and (len(known) > 1 or text.works_with(term) <= _RARE)
    for near in text.near(wish.text) if len(rest) else ():
        rows = text.posting(text.term_of(near.word)).rows
        together = common_rows([rest, rows])
        if near.distance > 1 or not len(together):
            continue
        meant = text.word(near.word)
        named = _makes_title(text, question, wish.text, meant, together)
        if named or (rare and len(rows) >= _RARE * text.works_with(term)):
            yield named, len(together), meant


def _makes_title(text: TextIndex, question: Question, word: str, known: str, rows: Rows) -> int:
    """How well the question, with another word for one of its own, is the title of one of the works: 0, 1 or 2."""
    whole, but_forms = text.titled(question.with_words({word: (known,)}).words, rows)
    return 2 * bool(whole.any()) or int(but_forms.any())


def _meant(text: TextIndex, question: Question, word: str, rest: NDArray[np.bool_] | None) -> tuple[str, ...]:
    """The known word that an unknown one stands for, or the two that were run together; empty where there is none."""
    ranked = []
    needs_title = is_familiar(word)  # and likely meant, though no work has it: "food" is no flood, "rain" no train
    for near in text.near(word):
        term = text.term_of(near.word)
        together = text.works_with(term) if rest is None else int(np.count_nonzero(rest[text.posting(term).rows]))
        fits = rest is not None and together > 0
        known = text.word(near.word)
        named = _makes_title(text, question, word, known, text.posting(term).rows)
        likelihood = max(together, 1) * _likelihood(word, known, near.distance)
        if needs_title and not (named and fits):
            continue
        if not _says_too_little(word, known, near.distance, fits, named):
            ranked.append((named, fits, likelihood, known))
    return (max(ranked)[-1],) if ranked else _halves(text, word, rest)


def _says_too_little(typed: str, meant: str, distance: int, fits: bool, named: int) -> bool:
    """Whether a known word is likely near by chance alone: a "hat" that no work has is no "fat", nor is "show" a "how".

    So few letters need the rest of the question to speak for them, or the very same letters.
    """
    if not fits and (len(typed) <= SHORT or (distance > 1 and len(typed) <= LONG)):
        return True
    if sorted(typed) == sorted(meant):
        return False
    return named < 2 if is_stop(meant) else len(typed) <= SHORT and not named


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
