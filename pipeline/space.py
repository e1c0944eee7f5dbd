"""Disk space: what a build will need, asked before it starts, and a full disk said as a sentence."""

import errno
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from indexes.errors import VitrineError
from indexes.pictures import PictureStore
from indexes.release import ReleaseError, current
from pipeline.ledger import Pending
from pipeline.workspace import Workspace

# Bytes, where the collection itself does not tell yet. Both renditions of a photograph of 1200 pixels; the vectors of
# all methods in a workspace and again in a release; records, their words and likeness of descriptions.
_PICTURE = 200_000
_VECTORS = 16_000
_WORK = 2_500
_SPARE = 50_000_000  # is to stay free in any case: logs, the likes, other people

_SAMPLE = 500  # stored pictures whose size is looked at; they lie in order of a checksum, so any are a fair sample
_FULL = {errno.ENOSPC, errno.EDQUOT}
# What speaks of a full disk without its number: FAISS and safetensors, SQLite, NumPy.
_SAID = re.compile(r"No space left on device|database or disk is full|\d+ requested and \d+ written")


class DiskFull(VitrineError):
    """A disk has not enough room for the build; the sentence says which, and how much is missing."""


@dataclass(frozen=True, slots=True)
class Need:
    """Bytes that a build will write somewhere."""

    place: Path
    size: int
    free: int

    @property
    def missing(self) -> int:
        """Bytes beyond what is free, what should stay free included."""
        return max(0, self.size + _SPARE - self.free)

    def __str__(self) -> str:
        return f"about {_said(self.size)} on the disk of {self.place}, where {_said(self.free)} are free"


def needs(root: Path, workspace: Workspace, pending: Pending, fetched: bool = False) -> list[Need]:
    """What building these works will write, by disk: an estimate on the high side. `fetched`: no more pictures."""
    new = 0 if fetched else len(pending.works)
    pictures = len(pending.works) + len(pending.kept)
    works = len(pending.pictured) + len(pending.standing) + len(pending.without)
    sizes = {
        root: new * _picture_size(PictureStore(root / "pictures")) + _release_size(root, works, pictures),
        workspace.path: new * _VECTORS,
    }
    by_disk: dict[int, Need] = {}
    for place, size in sizes.items():
        disk = place.stat().st_dev
        before = by_disk.get(disk, Need(place, 0, shutil.disk_usage(place).free))
        by_disk[disk] = Need(before.place, before.size + size, before.free)
    return list(by_disk.values())


def check(wanted: Sequence[Need]) -> None:
    """Raises DiskFull where a disk has less room than is needed."""
    for need in wanted:
        if need.missing:
            raise DiskFull(
                f"The build needs {need}: {_said(need.missing)} are missing, of which {_said(_SPARE)} are to stay "
                "free. What is served stays as it was. Make room (`python -m pipeline prune --keep 1`), or give "
                "--indexes or --workspace on another disk."
            )


@contextmanager
def full_disk_said(*places: Path) -> Iterator[None]:
    """Within the block a full disk raises DiskFull, with a sentence that names the fullest disk of these places."""
    try:
        yield
    except DiskFull:  # of a block within
        raise
    except Exception as error:
        if not _is_full(error):
            raise
        place = min((*places, Path(tempfile.gettempdir())), key=lambda place: shutil.disk_usage(place).free)
        raise DiskFull(
            f"The disk of {place} is full ({_said(shutil.disk_usage(place).free)} are free). What is served stays as "
            "it was. Make room, and run the same command again: it goes on where it stopped."
        ) from error


def _is_full(error: BaseException | None) -> bool:
    while error is not None:
        if (isinstance(error, OSError) and error.errno in _FULL) or _SAID.search(str(error)):
            return True
        error = error.__cause__ or error.__context__
    return False


def _picture_size(store: PictureStore) -> int:
    """Bytes of a picture's renditions: as the store's own are, or as they commonly are."""
    sizes = [store.path(digest).stat().st_size for digest in islice(store.digests(), _SAMPLE)]
    return 2 * sum(sizes) // len(sizes) if len(sizes) == _SAMPLE else _PICTURE


def _release_size(root: Path, works: int, pictures: int) -> int:
    """Bytes of a release: as they commonly are, or a quarter more than the served one if that is larger."""
    common = works * _WORK + pictures * _VECTORS
    try:
        folder = current(root)
        served = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    except (ReleaseError, OSError):
        return common
    return max(common, served * 5 // 4)


def _said(size: int) -> str:
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.0f} MB"
