"""Honest ends: what is said where little or nothing is found, and the nearest search that finds something."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from app.matches import Nearest
from app.query import SearchQuery
from indexes.artwork import FACETS
from indexes.columns import Rows
from indexes.ranking import Ranking
from indexes.search import Answer, Question, understand


def missing_note(found: Answer, rows: Rows, best_first: bool) -> str | None:
    """What of the query not all results have, in a sentence; None where all is well.

    `rows` are the matches that pass all else that was asked, `best_first` whether the best of them come first.
    """
    if found.used == "visual" and best_first:
        return "Every work with a picture is ranked by its likeness to the words: the first are the most like them."
    if found.used == "visual":
        return "Every work with a picture is here, however little it is like the words; “Best match” ranks them."
    if not found.recorded:
        nothing = f"No record has {_listed(found.missing)}" if found.missing else "No record matches"
        return f"{nothing}; shown are works whose pictures are the most like the words."
    complete = _among(rows, found, found.complete)
    return _some_lack(found, rows, complete, best_first) if complete else _all_lack(found, rows)


def _all_lack(found: Answer, rows: Rows) -> str | None:
    """What is said where none of `rows` meets the whole query."""
    wishes = [wish.text for wish in found.question.wishes]
    if len(rows) < len(found.rows) and found.seen.issuperset(rows.tolist()):
        words = "all of these words" if len(wishes) > 1 else _listed(wishes)
        return f"None of these records has {words}; shown are works whose pictures are the most like the words."
    if found.missing:
        return f"No work has {_listed(found.missing)}; shown are works with the other words."
    if len(wishes) > 1:
        none = "None of these works" if found.complete else "No work"
        return f"{none} has all of these words; shown are works with some of them."
    return None


def _some_lack(found: Answer, rows: Rows, complete: int, best_first: bool) -> str | None:
    """What is said where so many of `rows` meet the whole query."""
    for wish in found.question.wishes:
        if wish.instead:
            return f"Works with “{wish.instead}” are shown as well: none has “{wish.text}” with the other words."
    if complete == len(rows):
        return None
    if _among(rows, found, found.exact):
        if best_first:
            return "Works with this number or image name come first; after them come works with some of these words."
        return "Some of these works have this number or image name, the others some of these words."
    if found.used == "keyword":
        if best_first:
            return "Works with all of these words come first; after them come works with some of them."
        return "Some of these works have all of these words, the others only some of them."
    return None


def unranked_note(order: str) -> str:
    """That works cannot be put in the order of their popularity, and which order they have instead."""
    return f"This collection does not say how popular these works are: {order}."


def _among(rows: Rows, found: Answer, first: int) -> int:
    """How many of `rows`, ascending, are among so many first works of the answer."""
    if len(rows) == len(found.rows):
        return first
    return int(np.count_nonzero(np.isin(Ranking.best(found.rows, found.scores, first).rows, rows)))


def why_nothing(query: SearchQuery, before_filters: int) -> str:
    """Which part of the question has no match."""
    if query.name:
        return f"No image is called “{query.name}”."
    if before_filters:
        filters = {name: values for name in FACETS if (values := query.filters.of(name))}
        chosen = " and of ".join(f"{name} {_listed(values)}" for name, values in filters.items())
        if before_filters == 1:
            return f"1 work matches, but it is not of {chosen}."
        return f"{before_filters:,} works match, but none of them is of {chosen}."
    if query.accession:
        matching = f" that matches “{query.q}”" if query.q else ""
        return f"No work{matching} has the accession number “{query.accession}”."
    if not query.q:
        return "This collection is empty."
    question = understand(query.q)
    if not question.wishes and not question.excluded:
        return f"There is no word to search for in “{query.q}”."
    if question.phrases:
        quoted = _listed([" ".join(words) for words in question.phrases])
        rest = ", together with the rest" if _asks_more(question, question.phrases[0]) else ""
        return f"No work has {quoted}, word for word{rest}."
    if required := [wish for wish in question.wishes if wish.required]:
        rest = " that matches the rest" if _asks_more(question, required[0].words) else ""
        return f"No work{rest} is of the time “{required[0].text}”."
    if question.excluded:
        return f"Every match has {_listed([unwanted.text for unwanted in question.excluded])}, which you left out."
    return f"No work has {_listed([wish.text for wish in question.wishes])}."


def nearest(query: SearchQuery, count: Callable[[SearchQuery], int]) -> Nearest | None:
    """Of the searches that ask for a little less, the first that finds something; `count` says how much one finds."""
    for sentence, easier in _easier(query):
        works = count(easier)
        if works:
            return Nearest(sentence, easier.url(), works)
    return None


def _easier(query: SearchQuery) -> Iterator[tuple[str, SearchQuery]]:
    """Searches that ask for less, and what each leaves out, the least first."""
    query = replace(query, page=1)
    if query.name:
        yield "Search for these words instead", SearchQuery(q=query.name)
        return
    chosen = [name for name in FACETS if query.filters.of(name)]
    for name in chosen:
        yield f"Search without the filter {name}", query.without(name)
    if len(chosen) > 1:
        yield "Search without filters", query.without(*FACETS)
    if query.accession and query.q:
        yield "Look up this number without the words", replace(query, q=None)
        yield "Search without the accession number", replace(query, accession=None)
    if query.accession:
        yield "Search for this number in all fields", SearchQuery(q=query.accession)
    if query.q:
        plain = " ".join(understand(query.q).words)
        if query.spelling == "typed":
            yield "Search with the spelling corrected", replace(query, spelling="corrected")
        if plain and plain != query.q:
            yield f"Search for {plain}, without quotes and exclusions", replace(query, q=plain)
        without_dates = " ".join(wish.text for wish in understand(query.q).wishes if not wish.span)
        if without_dates and without_dates != plain:
            yield f"Search for {without_dates}, of any time", replace(query, q=without_dates)


def _asks_more(question: Question, words: tuple[str, ...]) -> bool:
    """Whether anything is asked for besides these words, a phrase or a date."""
    others = {word for wish in question.wishes for word in wish.words}.difference(words)
    return bool(others or question.excluded or len(question.phrases) > 1)


def _listed(words: tuple[str, ...] | list[str]) -> str:
    quoted = [f"“{word}”" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
