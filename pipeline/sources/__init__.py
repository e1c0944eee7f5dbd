"""Where records come from: one file per kind of source, one protocol."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from indexes.artwork import Artwork
from indexes.errors import VitrineError


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that did not make it, as a row of the build's report."""

    id: str  # the work's id; of a record without one, where it stood ("row 17")
    url: str | None  # the image's address or file; None where the record itself is at fault
    status: str  # a short fixed name to count by: "http 404", "not an image", "duplicate id"
    reason: str  # one sentence

    retry: bool = False  # whether the next build should try again by itself


Report = Callable[[Failure], None]


class SourceError(VitrineError):
    """The source cannot be read at all; the sentence says why and what to do."""


class Source(Protocol):
    """Yields a museum's records, cleaned."""

    @property
    def name(self) -> str:
        """`sample`, `table` or `harvard`."""

    @property
    def images(self) -> Path | None:
        """The folder in which `Artwork.image_file` is found; None where images come from addresses only."""

    def fingerprint(self) -> str:
        """Stays the same for as long as `records` would yield the same; reading it is quick.

        Once `records` has ended it is another where what was yielded is not what was there when it began.
        """

    def records(self, workspace: Path, report: Report) -> Iterator[Artwork]:
        """Every work once, in a fixed order; what had to be left out goes to `report`.

        `workspace` is a folder of the source's own, kept between runs: what was fetched or made is there, so
        that a run cut off goes on where it stopped. Raises SourceError.
        """
