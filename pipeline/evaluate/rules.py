"""Judged queries made by rule from the records themselves, so that any collection can be judged.

Known items: a work is asked for in several ways by its own title and artist. Subjects: a subject's words are the query,
and the works that the museum's own cataloguers gave that subject are the answers; the subjects must be a column that
is kept with the records but not searched.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from string import ascii_lowercase

from indexes.artwork import Artwork
from indexes.words import all_words, words
from pipeline.evaluate.judged import Judged
from pipeline.evaluate.measures import DEPTH

_TITLE_WORDS = 6  # of a title that a visitor remembers at most
_FEWEST, _MOST = 12, 2000  # works of a subject that makes a query: a page of them, but no common place


def known_items(works: Sequence[Artwork], count: int, seed: int = 1) -> Iterator[Judged]:
    """`count` works by title, title words, three of them, title words with a typing error, artist and title word.

    Only titles of at least two words that no other work bears; then as many works whose titles others may bear as well.
    For artist and title word, every work of an artist of that surname with that title word is right.
    """
    chance = random.Random(seed)
    borne = Counter(_key(work) for work in works)
    named = [work for work in works if len(set(words(work.title or ""))) > 1]
    own = [work for work in named if borne[_key(work)] == 1]
    titles, by_artist = _Titles(works), _by_artist_and_word(works)
    for work in chance.sample(own, min(count, len(own))):
        remembered = _remembered(work)
        yield Judged(work.title or "", "title", {work.id: 1})
        yield from _by_words(work, "title words", titles, chance)
        if len(remembered) > 3:
            three = chance.sample(remembered, 3)
            yield Judged(" ".join(three), "three title words", {work.id: 1}, titles.ceiling(work, three))
        if work.artist and all_words(work.artist):
            pair = all_words(work.artist)[-1], chance.choice(remembered)
            if len(set(pair)) == 2:
                yield Judged(" ".join(pair), "artist and title word", dict.fromkeys(by_artist[pair], 1))
    for work in chance.sample(named, min(count, len(named))):
        yield from _by_words(work, "words of any title", titles, chance)


def _by_words(work: Artwork, kind: str, titles: "_Titles", chance: random.Random) -> Iterator[Judged]:
    """The work by the words of its title, as they are and with a typing error."""
    remembered, right = _remembered(work), {work.id: 1}
    ceiling = titles.ceiling(work, remembered)
    yield Judged(" ".join(remembered), kind, right, ceiling)
    if spoilt := _with_error(remembered, chance):
        yield Judged(" ".join(spoilt), f"{kind}, one typing error", right, ceiling)


class _Titles:
    """The titles of a collection, to tell how many works a query's words cannot tell apart."""

    def __init__(self, works: Sequence[Artwork]) -> None:
        self._lengths: dict[str, int] = {}  # by id: words that are no stop words
        self._holding: dict[str, set[str]] = defaultdict(set)  # ids by word
        for work in works:
            found = words(work.title or "")
            self._lengths[work.id] = len(found)
            for word in found:
                self._holding[word].add(work.id)

    def ceiling(self, work: Artwork, asked: Sequence[str]) -> float:
        """How likely a search has the work among the first twelve that knows no more than the words of all titles.

        The best it can do is to put those titles that have all the words in the order of their lengths, since a few
        words are the likelier from a short title, and leave those of one length to chance.
        """
        lengths = [self._lengths[key] for key in set.intersection(*(self._holding[word] for word in asked))]
        own = self._lengths[work.id]
        left = DEPTH - sum(length < own for length in lengths)
        return min(1.0, max(0, left) / lengths.count(own))


def subjects(works: Sequence[Artwork], column: str, count: int, seed: int = 1) -> Iterator[Judged]:
    """`count` subjects of the column, which holds them parted by semicolons, and as many pairs of them.

    Of a pair, works of both subjects have grade 2 and works of one of them grade 1.
    """
    chance = random.Random(seed)
    tagged: dict[str, set[str]] = defaultdict(set)
    for work in works:
        for tag in dict(work.extra).get(column, "").split(";"):
            if tag.strip():
                tagged[tag.strip()].add(work.id)
    usable = sorted(tag for tag, held in tagged.items() if _FEWEST <= len(held) <= _MOST and words(tag))
    for tag in chance.sample(usable, min(count, len(usable))):
        query = _asked(tag)
        yield Judged(query, f"subject, {_size(query)}", dict.fromkeys(sorted(tagged[tag]), 1))
    for one, other in _pairs(usable, tagged, count, chance):
        grades = {key: 2 if key in tagged[one] & tagged[other] else 1 for key in sorted(tagged[one] | tagged[other])}
        yield Judged(f"{_asked(one)} {_asked(other)}", "two subjects", grades)


def _pairs(usable: list[str], tagged: dict[str, set[str]], count: int, chance: random.Random) -> Iterator[list[str]]:
    """Pairs of subjects that a page of works has both of."""
    made = 0
    for _ in range(200 * count):
        pair = chance.sample(usable, 2) if len(usable) > 1 else []
        if pair and len(tagged[pair[0]] & tagged[pair[1]]) >= _FEWEST:
            yield pair
            made += 1
        if made == count:
            return


def _asked(tag: str) -> str:
    """A subject as a visitor types it: "boat, sailing" is "sailing boat"."""
    return " ".join(word for part in reversed(tag.split(",")) for word in words(part))


def _size(query: str) -> str:
    return {1: "one word", 2: "two words"}.get(len(query.split()), "more words")


def _remembered(work: Artwork) -> list[str]:
    return list(dict.fromkeys(words(work.title or "")))[:_TITLE_WORDS]


def _key(work: Artwork) -> str:
    return " ".join(all_words(work.title or ""))


def _by_artist_and_word(works: Sequence[Artwork]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for work in works:
        for surname in {*all_words(work.artist or "")[-1:]}:
            for word in set(words(work.title or "")):
                found[surname, word].append(work.id)
    return found


def _with_error(remembered: list[str], chance: random.Random) -> list[str] | None:
    """The words with one letter left out, put in, changed or exchanged with the next in one of at least four."""
    places = [place for place, word in enumerate(remembered) if len(word) > 3 and word.isalpha()]
    if not places:
        return None
    place = chance.choice(places)
    word = remembered[place]
    spoilt = word
    while spoilt == word:
        at = chance.randrange(len(word))
        letter = chance.choice(ascii_lowercase)
        errors = (
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
        )
        spoilt = chance.choice(errors)
    return [*remembered[:place], spoilt, *remembered[place + 1 :]]
