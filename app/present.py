"""What results look like in an answer: the same body for JSON and for the page."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.matches import Matches
from app.parameters import Choice
from app.query import SIZE, Query, artwork_url, image_url, similar_url
from indexes.artwork import FACETS
from indexes.facets import Facet
from indexes.loader import Release
from indexes.methods import METHODS
from indexes.words import fold

# Values of a facet in one answer, the most frequent first; selected ones come on top of these.
_VALUES = 50
# A table has more rows on a page than a wall has pictures.
_PAGES: Mapping[str, Mapping[str, int]] = {"table": {"size": 50}, "grid": {"size": SIZE.default}}
# What the visitor said of works (`app.likes.VALUES`), of those ids that they judged: one question for a whole page.
Said = Callable[[Sequence[str]], Mapping[str, str]]
_NAMED = ("id", "title", "artist", "image", "width", "height", "colour", "alt", "page")


@dataclass(frozen=True, slots=True)
class Presenter:
    """Writes results of one release for one visitor."""

    release: Release
    said: Said

    def page(self, query: Query, matches: Matches, methods: Collection[str] = ()) -> dict[str, Any]:
        """The body of a result page; `methods` are those of likeness to choose from."""
        last = query.offset + query.size >= matches.total
        rows = matches.rows.tolist()
        return {
            "query": query.to_json() | {"used": matches.used, "used_note": matches.used_note},
            "total": matches.total,
            "page": query.page,
            "size": query.size,
            "next": None if last else query.url(page=query.page + 1),
            "prev": (before := query.before(matches.total)) and query.url(page=before),
            "corrected": matches.corrected and {"from": matches.corrected.typed, "to": matches.corrected.meant},
            "understood": matches.corrected and matches.corrected.query,
            "as_typed": matches.corrected and matches.corrected.url,
            "note": matches.note,
            "nearest": matches.nearest and asdict(matches.nearest),
            "selected": self._selected(query),
            "choices": _choices(query, methods),
            "facets": {name: self._facet(query, name, matches.counts[name]) for name in FACETS},
            "facet_values": {name: int(np.count_nonzero(matches.counts[name])) for name in FACETS},
            "results": [
                hit
                | {
                    "same_work": row in matches.same_work,
                    "why": list(matches.reasons.get(row, ())),
                    "like": None if (like := matches.likes.get(row)) is None else self.named(like),
                    "marked": dict(matches.marked.get(row, {})),
                }
                for row, hit in zip(rows, self.hits(rows, matches.scores), strict=True)
            ],
        }

    def hits(self, rows: Sequence[int], scores: NDArray[np.float32] | None = None) -> list[dict[str, Any]]:
        """Works as they stand among results, with their scores (len(rows),) if they have any."""
        hits = [self._hit(row) for row in rows]
        said = self.said([hit["id"] for hit in hits])
        for place, hit in enumerate(hits):
            value = said.get(hit["id"])
            hit["liked"], hit["disliked"] = value == "like", value == "dislike"
            hit["score"] = None if scores is None else round(float(scores[place]), 4)
        return hits

    def hit(self, row: int) -> dict[str, Any]:
        """A work as it stands among results."""
        return self.hits([row])[0]

    def named(self, row: int) -> dict[str, Any]:
        """A work as another names it: its title and its small picture."""
        hit = self._hit(row)
        return {name: hit[name] for name in _NAMED}

    def _hit(self, row: int) -> dict[str, Any]:
        """What the release knows of a work, and room for the rest."""
        work = self.release.catalogue.artwork(row)
        picture = self.release.catalogue.picture(row)
        return {
            "id": work.id,
            "title": work.title,
            "artist": work.artist,
            "date": work.date,
            "medium": work.medium,
            "genre": work.genre,
            "collection": work.collection,
            "accession": work.accession,
            "image_name": work.image_name,
            "score": None,
            "liked": False,
            "disliked": False,
            "same_work": False,
            "why": [],
            "like": None,
            "marked": {},
            "image": picture and image_url(work.id, picture.digest),
            "image_large": picture and picture.large and image_url(work.id, picture.digest, 1200),
            "width": picture and picture.width,
            "height": picture and picture.height,
            "colour": picture and picture.colour,
            "page": artwork_url(work.id),
            "more": similar_url(work.id),
            "museum_page": work.museum_page,
            "alt": work.alt,
        }

    def _selected(self, query: Query) -> list[dict[str, str]]:
        return [
            {"facet": name, "value": value, "remove": query.toggle(name, value)}
            for name in FACETS
            for value in query.filters.of(name)
        ]

    def _facet(self, query: Query, name: str, counts: NDArray[np.int64]) -> list[dict[str, Any]]:
        """The most frequent values and all selected ones, selected even where nothing has them.

        Of values that are looked for by name, those that hold every word of it.
        """
        facet = self.release.catalogue.facets[name]
        wanted = query.filters.of(name)
        shown = {value: self._count(facet, value, counts) for value in wanted}
        for number in _most(_named(facet, getattr(query, f"find_{name}"), counts)):
            shown.setdefault(facet.value(number), int(counts[number]))
        toggles = query.toggles(name, shown)
        return [
            {"value": value, "count": count, "selected": value in wanted, "toggle": toggles[value]}
            for value, count in shown.items()
        ]

    @staticmethod
    def _count(facet: Facet, value: str, counts: Any) -> int:
        return int(sum(counts[number] for number in facet.numbers(value)))


def _choices(query: Query, methods: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """What can be chosen instead, each with its address."""
    return {
        parameter.name: [
            {
                "value": value,
                "selected": value == getattr(query, parameter.name),
                "url": query.url(**{parameter.name: value}, **_PAGES.get(value, {}), page=1),
            }
            for value in parameter.choices
            if value not in METHODS or value in methods
        ]
        for parameter in query.parameters
        if isinstance(parameter, Choice)
    }


def _named(facet: Facet, name: str | None, counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """(values,): the counts, 0 for values whose name does not hold every word of `name`."""
    if name is None:
        return counts
    words = fold(name).split()
    named = [n for n in np.flatnonzero(counts).tolist() if all(word in fold(facet.values[n]) for word in words)]
    kept = np.zeros_like(counts)
    kept[named] = counts[named]
    return kept


def _most(counts: Any) -> list[int]:
    """The numbers of the values that occur most, at most `_VALUES`; equal ones in the order of the alphabet."""
    present = np.flatnonzero(counts)
    most = present[np.argsort(-counts[present], kind="stable")][:_VALUES]
    numbers: list[int] = most.tolist()
    return numbers
