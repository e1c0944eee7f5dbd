"""Why a work is among the results: which words matched where, and what was seen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from indexes.artwork import Artwork
from indexes.kinds import KINDS, kinds
from indexes.loader import Release
from indexes.search.evidence import COLOURED
from indexes.search.modes import Answer
from indexes.search.question import Question
from indexes.stems import stem
from indexes.text import TextIndex
from indexes.words import all_words, word_spans

Forms = frozenset[str]  # folded words, of which any tells

_PASSAGE = 160  # characters of a description that are shown about a match


@dataclass(frozen=True, slots=True)
class Reason:
    """One field in which a work meets a question."""

    field: str  # title, artist, date, medium, genre, collection, keywords, record, description, kind, colour or picture
    words: tuple[str, ...]  # as the record has them

    def __str__(self) -> str:
        return f"{self.field}: {', '.join(self.words)}"


def reasons(release: Release, answer: Answer, forms: Forms, row: int) -> tuple[Reason, ...]:
    """Why the work in `row` is among the results, field by field; `forms` are those of the answer's question."""
    work = release.catalogue.artwork(row)
    read = [
        Reason(field, tuple(dict.fromkeys(words for text in texts for words in _side_by_side(text, forms))))
        for field, texts in _fields(work).items()
    ]
    read = [reason for reason in read if reason.words]
    return (*read, *(reason for reason in _seen(release, answer, work, row) if not _is_told(reason, read)))


def marked(text: str, forms: Forms) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is one of the words; joined they are the text."""
    pieces: list[tuple[str, bool]] = []
    last = 0
    for start, end in _spans(text, forms):
        pieces += [(text[last:start], False), (text[start:end], True)]
        last = end
    return [piece for piece in [*pieces, (text[last:], False)] if piece[0]]


def passage(text: str, forms: Forms) -> str | None:
    """A piece of a long text about the first of the words; None where it has none."""
    first = next(iter(_spans(text, forms)), None)
    if first is None:
        return None
    start = max(0, first[0] - _PASSAGE // 3)
    start = start and text.rfind(" ", 0, start) + 1
    end = len(text) if len(text) <= start + _PASSAGE else max(text.rfind(" ", 0, start + _PASSAGE), first[1])
    return ("… " if start else "") + text[start:end] + (" …" if end < len(text) else "")


def forms_of(text: TextIndex, question: Question) -> Forms:
    """All words of the collection that the question's words stand for, folded."""
    return text.forms(_stems(question))


@lru_cache(maxsize=64)  # asked again for each result
def _kinds_asked(question: Question) -> frozenset[str]:
    stems = _stems(question)
    return frozenset(kind for kind in KINDS if stem(kind) in stems)


def _stems(question: Question) -> frozenset[str]:
    typed = [word for wish in question.wishes for word in (*wish.words, *((wish.instead,) if wish.instead else ()))]
    return frozenset(stem(word) for word in typed)


def _spans(text: str, forms: Forms) -> list[tuple[int, int]]:
    """Where the text has one of the words, in order."""
    plain = text.replace("…", ".")  # where a passage was cut
    if plain.isascii():  # as most are: a few words are found sooner than all the text's words are taken apart
        lowered = plain.lower()
        return sorted(span for form in forms if form in lowered for span in _places(lowered, form))
    spans = word_spans(text)
    return [(start, end) for start, end in spans if not forms.isdisjoint(all_words(text[start:end]))]


def _places(text: str, word: str) -> Iterator[tuple[int, int]]:
    """Where a text in lower case has the whole word."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum():
            yield start, end
        start = text.find(word, end)


def _side_by_side(text: str, forms: Forms) -> Iterator[str]:
    """Those words in the text, as it has them; those with nothing but a space or a hyphen between them as one."""
    start = end = -1
    for next_start, next_end in _spans(text, forms):
        if end < 0 or text[end:next_start].strip(" -‐‑"):
            yield from [text[start:end]] if end >= 0 else []
            start = next_start
        end = next_end
    yield from [text[start:end]] if end >= 0 else []


def _is_told(reason: Reason, read: Sequence[Reason]) -> bool:
    """Whether the record's own words say it already: the kind of object, or the date."""
    if reason.field == "kind":
        said = {stem(word) for other in read for words in other.words for word in all_words(words)}
        return all(stem(kind) in said for kind in reason.words)
    return reason.field == "made" and any(other.field == "date" for other in read)


def _fields(work: Artwork) -> dict[str, tuple[str, ...]]:
    fields = {
        "title": (work.title,),
        "artist": (work.artist,),
        "date": (work.date,),
        "medium": (work.medium,),
        "genre": (work.genre,),
        "collection": (work.collection,),
        "keywords": work.keywords,
        "record": (work.period, work.culture, work.artist_culture, work.accession),
        "description": work.descriptions,
    }
    return {name: tuple(text for text in texts if text) for name, texts in fields.items()}


def _seen(release: Release, answer: Answer, work: Artwork, row: int) -> Iterator[Reason]:
    """What matches beyond the words of the record."""
    for wish in answer.question.wishes:
        if wish.colour and release.colours is not None:
            share = int(release.colours.shares(wish.colour)[row])
            if share >= COLOURED:
                yield Reason("colour", (f"{wish.colour} {round(share / 2.55)} %",))
        if wish.span and work.year_from is not None and work.year_to is not None:
            first, last = wish.span
            if work.year_from <= last and work.year_to >= first:
                yield Reason("made", (work.date or str(work.year_from),))
    asked = _kinds_asked(answer.question)
    if asked and (found := tuple(kind for kind in kinds(work) if kind in asked)):
        yield Reason("kind", found)
    if row in answer.seen:
        yield Reason("picture", (answer.question.wanted,))
