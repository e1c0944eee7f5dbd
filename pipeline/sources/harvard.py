"""The Harvard Art Museums as a source: objects and machine descriptions, merged by image.

A harvest lives in a folder of the workspace named after its question (address, query, limit): the answers' pages, each
a file that is there whole or not at all, and a small state file. A run that was cut off goes on at the next page.

Whether anything changed costs two requests: the number of objects and the latest `lastupdate`, the number of
descriptions and the highest id. While these stay as they were, a finished harvest is used again without asking more.
When objects changed they are all fetched anew; of descriptions only the new ones, unless some are gone. A harvest that
was cut off goes on with the pages it has, even where the museum changed in between; the next one fetches what changed.
"""

import hashlib
import json
import math
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from indexes.artwork import Artwork
from pipeline.sources import Failure, Report, SourceError
from pipeline.sources.harvard_api import BASE_URL, HarvardApi, Page, Politeness
from pipeline.sources.harvard_descriptions import indexed, kept
from pipeline.sources.harvard_pages import PAGE_SIZE, PageStore, Position, harvest, record_id, write_whole
from pipeline.sources.harvard_records import image_id, to_artwork
from pipeline.sources.values import text

_CLEANING = 1  # counts up whenever the same answers would give other records
_DESCRIPTIONS = "type:description"


@dataclass(frozen=True, slots=True)
class _Remote:
    """What the API holds for a question, in four values that change when it changes."""

    objects: int | None
    updated: str | None
    descriptions: int | None
    newest: int | None


@dataclass(frozen=True, slots=True)
class _State:
    """How far a harvest is, as its state file keeps it."""

    remote: _Remote
    finished: bool = False
    by_image: bool | None = None  # whether descriptions are asked image by image; None before that is decided
    grown: bool = False  # whether a finished sweep over the descriptions is to be followed beyond its end


@dataclass(slots=True)
class HarvardSource:
    """The works of the Harvard Art Museums, or those that `query` (Elasticsearch syntax) finds, at most `limit`.

    What a work lacks is a Failure ("no description", "no image", "image not permitted") beside its record; so are a
    record that cannot be used ("bad record") and records that the API announced but did not send ("records missing").
    Where descriptions cannot be fetched the harvest stops with a SourceError, rather than publish works without them.
    """

    base_url: str = BASE_URL
    key: str = field(repr=False, default="")
    query: str | None = None
    limit: int | None = None
    politeness: Politeness = field(default_factory=Politeness)
    refresh: bool = False  # harvest anew, whether or not the museum seems to have changed
    _started: int = field(init=False, default_factory=time.time_ns, repr=False)
    _found: _Remote | None = field(init=False, default=None, repr=False)

    @property
    def name(self) -> str:
        """`harvard`."""
        return "harvard"

    @property
    def images(self) -> None:
        """Pictures come from addresses."""
        return

    def fingerprint(self) -> str:
        """Changes with the question, the museum's records and their cleaning. Two requests. Raises SourceError.

        After `records` it is of the museum as it was when their harvest was begun.
        """
        with self._api() as api:
            parts = [_CLEANING, self._question(), asdict(self._remote(api)), self._started if self.refresh else 0]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def records(self, workspace: Path, report: Report) -> Iterator[Artwork]:
        """Every work, ordered by id, after fetching what the workspace lacks. Raises SourceError."""
        folder = workspace / f"harvest-{hashlib.sha256(json.dumps(self._question()).encode()).hexdigest()[:12]}"
        if self.refresh:
            shutil.rmtree(folder, ignore_errors=True)
        with self._api() as api:
            state = _begin(folder, self._remote(api))
            self._found = state.remote  # what is yielded is of the day on which the harvest was begun
            count = self._fetch_objects(api, folder, report)
            if state.by_image is None:
                pages = math.inf if state.remote.descriptions is None else state.remote.descriptions / PAGE_SIZE
                state = replace(state, by_image=count < pages)
                _save(folder, state)
            self._fetch_descriptions(api, folder, state)
        _save(folder, replace(state, finished=True, grown=False))
        yield from self._merged(folder, report)

    def _api(self) -> HarvardApi:
        return HarvardApi(self.base_url, self.key, self.politeness)

    def _question(self) -> list[str | int | None]:
        return [self.base_url.rstrip("/"), self.query, self.limit]

    def _remote(self, api: HarvardApi) -> _Remote:
        """Asked once, so that a build's fingerprint and its records speak of the same state, if they can."""
        if self._found is None:
            latest = api.page("object", **_beyond(self.query), size=1, sort="lastupdate", sortorder="desc")
            newest = api.page("annotation", **_beyond(_DESCRIPTIONS), size=1, sort="id", sortorder="desc")
            updated = (text(record.get("lastupdate")) for record in latest.records if isinstance(record, dict))
            self._found = _Remote(
                latest.total, next(updated, None), newest.total, next(map(record_id, newest.records), None)
            )
        return self._found

    def _fetch_objects(self, api: HarvardApi, folder: Path, report: Report) -> int:
        """Fetches the pages of objects that are not there yet; gives the number of works on all pages."""
        size = min(PAGE_SIZE, self.limit or PAGE_SIZE)
        walk = harvest(
            _asker(api, "object", self.query, size=size, fields="*"), PageStore(folder / "objects"), self.limit
        )
        if self.limit is None and len(walk.seen) < walk.announced:
            reason = f"The API announced {walk.announced:,} objects and sent {len(walk.seen):,}."
            report(Failure("harvest", None, "records missing", reason, retry=True))
        return min(len(walk.seen), self.limit or len(walk.seen))

    def _fetch_descriptions(self, api: HarvardApi, folder: Path, state: _State) -> None:
        if not state.by_image:
            harvest(_asker(api, "annotation", _DESCRIPTIONS), _swept(folder), grown=state.grown)
            return
        for image in self._wanted_images(folder):
            harvest(_asker(api, "annotation", _DESCRIPTIONS, image=image), _of_image(folder, image))

    def _wanted_images(self, folder: Path) -> list[int]:
        images = map(image_id, self._objects(folder, report=lambda _: None))
        return list(dict.fromkeys(image for image in images if image is not None))

    def _objects(self, folder: Path, report: Report) -> Iterator[dict[str, Any]]:
        """The object records, each id once, up to the limit."""
        seen: set[int] = set()
        for record in PageStore(folder / "objects").records():
            identity = record_id(record)
            if identity is None:
                report(Failure("harvest", None, "bad record", "An object record has no whole number as its id."))
            elif identity not in seen:
                seen.add(identity)
                yield record
                if len(seen) == self.limit:
                    return

    def _merged(self, folder: Path, report: Report) -> Iterator[Artwork]:
        stores = [_swept(folder), *(_of_image(folder, image) for image in self._by_image(folder))]
        annotations = (annotation for store in stores for annotation in store.records())
        with indexed(annotations, folder / "descriptions.sqlite") as descriptions:
            for record in self._objects(folder, report):
                image = image_id(record)
                artwork, lacks = to_artwork(record, descriptions.of(image) if image is not None else [])
                for failure in lacks:
                    report(failure)
                yield artwork

    def _by_image(self, folder: Path) -> list[int]:
        state = _load(folder)
        return self._wanted_images(folder) if state and state.by_image else []


def _asker(
    api: HarvardApi, resource: str, query: str | None, size: int = PAGE_SIZE, **more: str | int
) -> Callable[[Position], Page]:
    """A function that fetches any page of a question, ordered by id."""

    def ask(position: Position) -> Page:
        where = _beyond(query, position.after)
        page = api.page(resource, **where, **more, size=size, page=position.number, sort="id", sortorder="asc")
        return replace(page, records=list(map(kept, page.records))) if resource == "annotation" else page

    return ask


def _beyond(query: str | None, after: int | None = None) -> dict[str, str | int]:
    """The parameter `q`: what is asked, of the records after an id."""
    if after is None:
        return {"q": query} if query else {}
    return {"q": f"({query}) AND id:>{after}" if query else f"id:>{after}"}


def _swept(folder: Path) -> PageStore:
    return PageStore(folder / "annotations", "all-")


def _of_image(folder: Path, image: int) -> PageStore:
    return PageStore(folder / "annotations", f"image-{image}-")


def _begin(folder: Path, remote: _Remote) -> _State:
    """The state to go on from. What changed at the museum since the harvest was finished is thrown away first."""
    state = _load(folder)
    if state and (state.remote == remote or not state.finished):
        return state
    if state:
        was = state.remote
        if (was.objects, was.updated) != (remote.objects, remote.updated):
            shutil.rmtree(folder / "objects", ignore_errors=True)
        grown = (was.descriptions, was.newest) != (remote.descriptions, remote.newest)
        if grown and (state.by_image or (remote.descriptions or 0) <= (was.descriptions or 0)):
            shutil.rmtree(folder / "annotations", ignore_errors=True)
            grown = False
        state = _State(remote, by_image=False if grown else None, grown=grown)
    else:
        state = _State(remote)
    _save(folder, state)
    return state


def _load(folder: Path) -> _State | None:
    try:
        fields = json.loads((folder / "state.json").read_text(encoding="utf-8"))
        return _State(_Remote(**fields.pop("remote")), **fields)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise SourceError(f"{folder / 'state.json'} is damaged ({error}). Delete {folder}, and build again.") from error


def _save(folder: Path, state: _State) -> None:
    write_whole(folder / "state.json", json.dumps(asdict(state)).encode())
