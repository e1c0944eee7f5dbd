"""Questions as frozen values, read from an address and written back to one: every URL of a result page is made here."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from functools import cache, lru_cache
from typing import Any, ClassVar, Self
from urllib.parse import quote, quote_plus

from werkzeug.datastructures import MultiDict

from app.parameters import Choice, Parameter, Text, Texts, Whole
from indexes.artwork import FACETS
from indexes.catalogue import SORTS
from indexes.facets import Facets, Filters
from indexes.methods import METHODS
from indexes.search import MODES, Mode

FILTERS = (
    Texts("artist", "Only works by this artist; repeat for any of several."),
    Texts("collection", "Only works of this collection; repeat for any of several."),
    Texts("genre", "Only works of this genre; repeat for any of several."),
)
FINDS = tuple(
    Text(f"find_{facet}", f"List only values of the facet {facet} that hold these words; the results stay.", 100)
    for facet in FACETS
)
VIEW = Choice("view", "How a page hangs the results; JSON has them the same way.", ("grid", "table"))
FORMAT = Choice("format", "A page of results, or all of them as one file.", ("page", "csv", "json"))
PAGE = Whole("page", "Which page of the results, from 1.", 1, 1, 1_000_000)
ALL = 1_000_000
SIZE = Whole("size", "Results on a page.", 12, 1, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What all questions share: filters and paging."""

    path: ClassVar[str]
    parameters: ClassVar[tuple[Parameter, ...]]

    artist: tuple[str, ...] = ()
    collection: tuple[str, ...] = ()
    genre: tuple[str, ...] = ()
    find_artist: str | None = None
    find_collection: str | None = None
    find_genre: str | None = None
    view: str = "grid"
    format: str = "page"
    page: int = 1
    size: int = 12

    @classmethod
    def read(cls, values: MultiDict[str, str]) -> Self:
        """The question that an address asks. Raises Problem (400) for a parameter that has no sense."""
        found: dict[str, Any] = {parameter.name: parameter.read(values) for parameter in cls.parameters}
        return cls(**found)

    @property
    def filters(self) -> Filters:
        """The wanted values of the facets."""
        return Filters(self.artist, self.collection, self.genre)

    def spelt(self, facets: Facets) -> Self:
        """The same question with its filters as the collection spells them."""
        values: dict[str, Any] = {name: facets[name].spelt(self.filters.of(name)) for name in FACETS}
        return replace(self, **values)

    @property
    def offset(self) -> int:
        """Results before this page."""
        return (self.page - 1) * self.size

    def before(self, total: int) -> int | None:
        """The page before this one, or the last one of so many results where this is past it; None on the first."""
        return min(self.page - 1, max(1, -(-total // self.size))) if self.page > 1 else None

    def whole(self, works: int) -> Self:
        """The same question for all results at once, in a collection of so many works."""
        return replace(self, page=1, size=works)

    def url(self, **changes: Any) -> str:
        """The address that asks this question, with these fields changed; what is at its default is left out."""
        default = self._defaults()
        said = [
            f"{name}={_quoted(str(one))}"
            for name, value in (self.to_json() | changes).items()
            if value != default[name]
            for one in (value if isinstance(value, tuple) else (value,))
        ]
        return f"{self.path}?{'&'.join(said)}" if said else self.path

    @classmethod
    @cache
    def _defaults(cls) -> dict[str, Any]:
        return {field.name: field.default for field in fields(cls)}

    def without(self, *facets: str) -> Self:
        """The same question without the filters of these facets."""
        nothing: dict[str, Any] = dict.fromkeys(facets, ())
        return replace(self, **nothing)

    def toggle(self, facet: str, value: str) -> str:
        """The address of the first page with this value of a facet added to the filters, or taken away.

        What was typed to find the value has served its purpose.
        """
        values: tuple[str, ...] = getattr(self, facet)
        changed = tuple(v for v in values if v != value) if value in values else (*values, value)
        return self.url(**{facet: changed, f"find_{facet}": None}, page=1)

    def toggles(self, facet: str, values: Iterable[str]) -> dict[str, str]:
        """`toggle` of each value; for many it is quicker."""
        # No parameter that was read holds a NUL, so that one can mark the place of a further value.
        before, after = self.toggle(facet, "\0").split("%00")
        chosen = self.filters.of(facet)
        return {
            value: self.toggle(facet, value) if value in chosen else f"{before}{_quoted(value)}{after}"
            for value in values
        }

    def to_json(self) -> dict[str, Any]:
        """Every parameter and its value."""
        return {parameter.name: getattr(self, parameter.name) for parameter in self.parameters}


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery(Query):
    """A search by words, by image name, by accession number, or by filters alone."""

    path = "/search"
    parameters = (
        Text("q", "Words to search for."),
        Text("name", "Original name of the image, with or without its extension; wins over all other fields."),
        Text("accession", "Accession number; with `q`, only works that both are true of."),
        *FILTERS,
        *FINDS,
        Choice("mode", "Match words with records, with pictures, or both.", MODES),
        Choice("sort", "Order of the results.", SORTS),
        Choice("spelling", "Whether typing errors are corrected, or words taken as typed.", ("corrected", "typed")),
        VIEW,
        FORMAT,
        PAGE,
        SIZE,
    )

    q: str | None = None
    name: str | None = None
    accession: str | None = None
    mode: Mode = "hybrid"
    sort: str = "relevance"
    spelling: str = "corrected"

    @classmethod
    def read(cls, values: MultiDict[str, str]) -> Self:
        """The question that an address asks: an image name wins over the other fields, as in the practicum.

        Raises Problem (400) for a parameter that has no sense.
        """
        query = super(SearchQuery, cls).read(values)  # slots leave a plain super() without its class
        return replace(query.without(*FACETS), q=None, accession=None) if query.name else query


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestQuery:
    """Names that have a word beginning as typed."""

    parameters: ClassVar[tuple[Parameter, ...]] = (
        Text("q", "What was typed so far."),
        Whole("size", "Suggestions at most.", 10, 1, 100),
    )

    q: str | None = None
    size: int = 10

    @classmethod
    def read(cls, values: MultiDict[str, str]) -> Self:
        """The question that an address asks. Raises Problem (400) for a parameter that has no sense."""
        found: dict[str, Any] = {parameter.name: parameter.read(values) for parameter in cls.parameters}
        return cls(**found)

    def to_json(self) -> dict[str, Any]:
        """Every parameter and its value."""
        return {parameter.name: getattr(self, parameter.name) for parameter in self.parameters}


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarQuery(Query):
    """A search for works like one work, or like an uploaded picture."""

    path = "/similar"
    parameters = (
        Text("id", "The work to compare with."),
        Text("picture", "The key of a picture uploaded before, as `next` carries it."),
        Choice("method", "What is compared.", tuple(METHODS)),
        *FILTERS,
        *FINDS,
        VIEW,
        FORMAT,
        PAGE,
        SIZE,
    )

    id: str | None = None
    picture: str | None = None
    method: str = "clip"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendQuery(Query):
    """Works like those a visitor likes."""

    path = "/recommend"
    parameters = (
        Choice(
            "strategy", "The mean of the likes, their clusters, or each like in turn.", ("mean", "clusters", "each")
        ),
        Choice("order", "The nearest works as they come, or by popularity.", ("similarity", "popular", "rare")),
        Whole("seed", "Another number draws other works by chance, with `each`.", 0, 0, 999_999_999),
        Texts(
            "like", "Recommend from these works instead of the visitor's likes, the same to everybody.", 200, most=50
        ),
        Whole("shown", "Leave out only so many of the works shown in this visit, the first ones.", ALL, 0, ALL),
        *FILTERS,
        *FINDS,
        VIEW,
        FORMAT,
        PAGE,
        SIZE,
    )

    strategy: str = "mean"
    order: str = "similarity"
    seed: int = 0
    like: tuple[str, ...] = ()
    shown: int = ALL


@lru_cache(maxsize=1 << 13)  # an answer has the same values in many addresses, and the most frequent are in nearly all
def _quoted(value: str) -> str:
    return quote_plus(value)


@lru_cache(maxsize=1 << 10)  # a result has three addresses
def _part(work_id: str) -> str:
    """A work's id as part of a path."""
    return quote(work_id, safe="")


def artwork_url(work_id: str) -> str:
    """The address of a work's page."""
    return f"/artworks/{_part(work_id)}"


def similar_url(work_id: str) -> str:
    """The address of the works like a work."""
    return f"{SimilarQuery.path}?id={_quoted(work_id)}"


def image_url(work_id: str, digest: str, size: int | None = None) -> str:
    """The address of a work's picture; `v` changes with the picture, so that a browser may keep it for ever."""
    return f"/images/{_part(work_id)}?v={digest[:8]}" + (f"&size={size}" if size else "")
