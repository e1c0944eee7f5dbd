"""What differs between two releases, work by work."""

from dataclasses import dataclass
from pathlib import Path

from indexes.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Changes:
    """The ids of works, each list in the order of its release."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()  # in their record or their picture
    removed: tuple[str, ...] = ()

    @classmethod
    def between(cls, before: Path | None, after: Path) -> "Changes":
        """What is other in the release folder `after` than in `before`; all is added where that cannot be read."""
        was = _fingerprints(before) if before else {}
        added, changed = [], []
        for work_id, fingerprint in Catalogue(after / "catalogue").fingerprints():
            earlier = was.pop(work_id, None)
            if earlier is None:
                added.append(work_id)
            elif earlier != fingerprint:
                changed.append(work_id)
        return cls(tuple(added), tuple(changed), tuple(was))

    def __str__(self) -> str:
        return f"{len(self.added):,} added, {len(self.changed):,} changed, {len(self.removed):,} removed"


def _fingerprints(folder: Path) -> dict[str, bytes]:
    try:
        return dict(Catalogue(folder / "catalogue").fingerprints())
    except (OSError, ValueError, LookupError, TypeError):  # damaged: one reason to build anew
        return {}
