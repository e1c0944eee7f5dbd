"""The works of a workspace with their stored pictures."""

from collections.abc import Iterator
from dataclasses import dataclass

from indexes.artwork import Artwork
from indexes.pictures import Picture
from pipeline.ledger import Ledger
from pipeline.workspace import Workspace


@dataclass(frozen=True, slots=True)
class PicturedWorks:
    """Reads the records anew each time, so that no collection is too large for memory."""

    workspace: Workspace
    ledger: Ledger

    def __iter__(self) -> Iterator[tuple[Artwork, Picture | None]]:
        """Each work in the source's order, with its picture if the store has it."""
        for work in self.workspace.works():
            picture = self.ledger.picture(work)
            yield work, picture if picture and picture.digest in self.ledger.store else None

    def digests(self) -> list[str]:
        """The distinct pictures, in the order of the works."""
        return list(dict.fromkeys(picture.digest for _, picture in self if picture))
