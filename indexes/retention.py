"""What may go: releases that nobody goes back to, and pictures that no release shows any more."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from indexes.catalogue import Catalogue
from indexes.pictures import PictureStore
from indexes.release import Manifest, ReleaseError, current, releases


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was removed, and why no more was."""

    releases: tuple[str, ...] = ()  # their names
    pictures: int = 0  # files
    why_pictures_stay: str | None = None  # a sentence where they were not looked at


@contextmanager
def storing_pictures(root: Path) -> Iterator[None]:
    """While the block runs no picture is removed: a build stores them before a release names them."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".pictures.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def prune(root: Path, keep: int) -> Pruned:
    """Remove all releases but the newest `keep` and the served one, and pictures that no release names.

    Safe while the service runs: the files of a release that it still has open are mapped and stay readable, and the
    pictures of a release that is removed now go with the next call. Raises NoRelease.
    """
    kept = {current(root).name, *(folder.name for folder in releases(root)[-keep:])}
    pictures, why = _prune_pictures(root)
    removed = [folder for folder in releases(root) if folder.name not in kept]
    for folder in removed:
        shutil.rmtree(folder)
    return Pruned(tuple(folder.name for folder in removed), pictures, why)


def _prune_pictures(root: Path) -> tuple[int, str | None]:
    with (root / ".pictures.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0, "a build is storing pictures"
        try:
            named = _named(root)
        except (ReleaseError, OSError, ValueError) as error:
            return 0, f"not all releases can be read ({error})"
        store = PictureStore(root / "pictures")
        unused = [digest for digest in store.digests() if digest not in named]
        for digest in unused:
            store.remove(digest)
        for litter in store.root.glob("[0-9a-f][0-9a-f]/.*"):  # half a picture, of a build that was killed
            litter.unlink(missing_ok=True)
        return len(unused), None


def _named(root: Path) -> set[str]:
    """The digests of all pictures that some release shows."""
    named: set[str] = set()
    for folder in releases(root):
        Manifest.read(folder)  # refuses one of another format, whose catalogue may mean something else
        named |= Catalogue(folder / "catalogue").stored()
    return named
