"""Understanding a query: from what was typed to what is wished. Pure; it knows nothing of any collection."""

import re
from dataclasses import dataclass, replace

from indexes.colours import colour_of
from indexes.kinds import names_kind
from indexes.search.dates import DatePhrase, find_dates
from indexes.words import STOP_WORDS, all_words, fold, words
from indexes.years import Span

MOST_WISHES = 100  # of one query; a visitor's has seldom ten

_QUOTED = re.compile(r"(?<![\w])(-?)[\"“”„«»]([^\"“”„«»]+)[\"“”„«»](?!\w)")
_EXCLUDED = re.compile(r"(?:(?<=\s)|^)[-−](?=[^\W_])(\S+)")
# How people ask, rather than what for. The whole title still counts every word: "A Picture of Dorian Gray".
_ASKING = re.compile(
    r"^\W*(?:(?:please )?(?:show me|find me|find|(?:i am |i'm )?looking for|who (?:painted|made|drew)) )?"
    r"(?:(?:a |the |some |any )?(?:pictures?|images?)(?: of| with| showing| that shows?) )?(?=\w)"
)
_WORD = re.compile(r"\w+")
_APOSTROPHE_S = re.compile(r"['’]s\b")


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that a work shall have: a word, or a date."""

    words: tuple[str, ...]  # folded, as typed; one, but for a date
    colour: str | None = None  # the basic colour term that the word asks for
    span: Span | None = None  # the years that it names
    required: bool = False  # whether a work without it is no match at all
    instead: str | None = None  # a word that may have been meant, and counts too

    @property
    def text(self) -> str:
        """What was typed."""
        return " ".join(self.words)

    @property
    def is_aspect(self) -> bool:
        """Whether it tells how a work looks, what kind of object it is or when it was made: not what it is called."""
        return bool(self.colour or self.span or names_kind(self.words[0]))


@dataclass(frozen=True, slots=True)
class Question:
    """A query, understood."""

    text: str  # as typed
    wanted: str  # the same without quotation marks and what is excluded: what a picture would show
    words: tuple[str, ...]  # every word but excluded ones, in order, stop words included: what a title would be
    wishes: tuple[Wish, ...]
    phrases: tuple[tuple[str, ...], ...] = ()  # folded words that must stand side by side
    excluded: tuple[tuple[str, ...], ...] = ()  # words and phrases that must not be there

    @property
    def is_aspects(self) -> bool:
        """Whether nothing but aspects is asked for, as in "blue painting"."""
        return bool(self.wishes) and all(wish.is_aspect for wish in self.wishes)

    def with_words(self, instead: dict[str, tuple[str, ...]]) -> "Question":
        """The same question with other words in place of some."""
        wishes = [
            changed
            for wish in self.wishes
            for changed in ([wish] if wish.span or wish.text not in instead else map(_wish, instead[wish.text]))
        ]
        changed = tuple(new for word in self.words for new in instead.get(word, (word,)))
        wanted = _WORD.sub(lambda word: " ".join(instead.get(fold(word[0]), (word[0],))), self.wanted)
        return replace(self, wanted=wanted, words=changed, wishes=tuple(dict.fromkeys(wishes)))


def understand(text: str) -> Question:
    """What a query asks for.

    - `"in quotes"` is a phrase; `-word` and `-"a phrase"` exclude.
    - A century, a decade, a range or an open date must be met; a bare year is wished for like a word.
    - Stop words count only where there is nothing else: "The Who". So do the words of asking: "show me pictures of".
    """
    phrases = [(minus, tuple(all_words(quoted))) for minus, quoted in _QUOTED.findall(text)]
    unquoted = _QUOTED.sub(" ", text)
    dates, rest = find_dates(" ".join(fold(_EXCLUDED.sub(" ", unquoted)).split()))
    quoted = [word for minus, phrase in phrases if not minus for word in phrase]
    searched = [*words(_ASKING.sub("", rest)), *(word for word in quoted if not is_stop(word))]
    wanted = _EXCLUDED.sub(" ", _QUOTED.sub(lambda match: " " if match[1] else f" {match[2]} ", text))
    every = all_words(wanted)
    wishes = [_date_wish(date) for date in dates] + [_wish(word) for word in searched]
    left_out = [tuple(all_words(_APOSTROPHE_S.sub("", word))) for word in _EXCLUDED.findall(unquoted)]
    return Question(
        text=text,
        wanted=" ".join(wanted.split()),
        words=tuple(every),
        wishes=tuple(dict.fromkeys(wishes or [_wish(word) for word in every]))[:MOST_WISHES],
        phrases=tuple(phrase for minus, phrase in phrases if phrase and not minus),
        excluded=tuple(filter(None, [*left_out, *(phrase for minus, phrase in phrases if minus)])),
    )


def is_stop(word: str) -> bool:
    """Whether a folded word says nothing by itself."""
    return word in STOP_WORDS


def _wish(word: str) -> Wish:
    return Wish((word,), colour=colour_of(word))


def _date_wish(date: DatePhrase) -> Wish:
    return Wish(tuple(all_words(date.text)), span=date.span, required=not date.year_alone)
