"""Understanding a query: from what was typed to what is wished. Pure; it knows nothing of any collection."""

import re
from dataclasses import dataclass, replace

from indexes.colours import colour_of
from indexes.kinds import names_kind
from indexes.search.dates import DatePhrase, date_at, find_dates
from indexes.words import STOP_WORDS, all_words, fold, words
from indexes.years import Span

MOST_WISHES = 100  # of one query; a visitor's has seldom ten

_MARK = '"“”„«»'
_QUOTED = re.compile(rf"(?<!\w)[{_MARK}]([^{_MARK}]+)[{_MARK}](?!\w)")
_MARKED = re.compile(  # in quotes, excluded or not; or excluded
    rf"(?<!\w)(?P<minus>[-−]?)[{_MARK}](?P<phrase>[^{_MARK}]+)[{_MARK}](?!\w)"
    rf"|(?:(?<=\s)|^)[-−](?=[^\W_])(?P<word>[^\s{_MARK}]+)"
)
# How people ask, rather than what for. The whole title still counts every word: "A Picture of Dorian Gray".
_ASKING = re.compile(
    r"^\W*(?:(?:please )?(?:show me|find me|find|(?:i am |i'm )?looking for|who (?:painted|made|drew)) )?"
    r"(?:(?:a |the |some |any )?(?:pictures?|images?)(?: of| with| showing| that shows?) )?(?=\w)"
)
_WORD = re.compile(r"\w+")
_APOSTROPHE_S = re.compile(r"['’]s\b")


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that a work shall have, or shall not have: a word, a date, or side by side the words of a phrase."""

    words: tuple[str, ...]  # folded, as typed; one, but for a date and an excluded phrase
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
    excluded: tuple[Wish, ...] = ()  # what must not be there

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

    - `"in quotes"` is a phrase; `-word`, `-"a phrase"` and `-19th century` exclude.
    - A century, a decade, a range or an open date must be met; a bare year is wished for like a word.
    - Stop words count only where there is nothing else: "The Who". So do the words of asking: "show me pictures of".
    """
    kept, excluded = _without_excluded(" ".join(text.split()))
    phrases = [tuple(all_words(phrase)) for phrase in _QUOTED.findall(kept)]
    dates, rest = find_dates(" ".join(fold(_QUOTED.sub(" ", kept)).split()))
    quoted = [word for phrase in phrases for word in phrase]
    searched = [*words(_ASKING.sub("", rest)), *(word for word in quoted if not is_stop(word))]
    wanted = _QUOTED.sub(r" \1 ", kept)
    every = all_words(wanted)
    wishes = [_date_wish(date) for date in dates] + [_wish(word) for word in searched]
    return Question(
        text=text,
        wanted=" ".join(wanted.split()),
        words=tuple(every),
        wishes=tuple(dict.fromkeys(wishes or [_wish(word) for word in every]))[:MOST_WISHES],
        phrases=tuple(filter(None, phrases)),
        excluded=tuple(wish for wish in excluded if wish.words),
    )


def _without_excluded(text: str) -> tuple[str, list[Wish]]:
    """What is left of a text of single spaces without what it excludes, and that."""
    kept: list[str] = []
    excluded: list[Wish] = []
    start = 0
    while match := _MARKED.search(text, start):
        if match["phrase"] and not match["minus"]:
            kept.append(text[start : match.end()])
            start = match.end()
        else:
            kept.append(text[start : match.start()])
            wish, start = _unwanted(text, match)
            excluded.append(wish)
    return " ".join([*kept, text[start:]]), excluded


def _unwanted(text: str, match: re.Match[str]) -> tuple[Wish, int]:
    """What is excluded at this place, and where that ends: a date may be of several words without quotes."""
    date = date_at(text, match.start("word" if match["word"] else "phrase"))
    if date and not all_words(text[date[1] : match.end()]):
        return _date_wish(date[0]), max(date[1], match.end())
    unwanted = all_words(match["phrase"] or _APOSTROPHE_S.sub("", match["word"]))
    return Wish(tuple(unwanted), colour=colour_of(unwanted[0]) if len(unwanted) == 1 else None), match.end()


def is_stop(word: str) -> bool:
    """Whether a folded word says nothing by itself."""
    return word in STOP_WORDS


def _wish(word: str) -> Wish:
    return Wish((word,), colour=colour_of(word))


def _date_wish(date: DatePhrase) -> Wish:
    return Wish(tuple(all_words(date.text)), span=date.span, required=date.required)
