"""What may go: releases that nobody goes back to, pictures that no release shows, what a killed build left behind."""

import fcntl
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from indexes.catalogue import Catalogue
from indexes.pictures import PictureStore
from indexes.release import Manifest, ReleaseError, current, releases

# A picture that no release names may be one of a build that was stopped and is still to go on: one that is stopped on
# a Friday, or fails in the night, is gone on with within a week.
_AWAITED_SECONDS = 7 * 86_400.0

_UNREADABLE = (ReleaseError, OSError, ValueError)


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


@contextmanager
def building(root: Path) -> Iterator[Path]:
    """A fresh folder to build a release in, on the file system of the releases; one build at a time writes there.

    It is gone when the block ends, however it ends: half a release must not hold the room that the next one needs.
    """
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _remove_unfinished(root)
        folder = root / ".building"
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def remove_abandoned(root: Path) -> None:
    """Remove the half-written release of a build that was killed; that of one that is at work stays."""
    with (root / ".lock").open("w") as lock, suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _remove_unfinished(root)


def prune(root: Path, keep: int) -> Pruned:
    """Remove all releases but the newest `keep` and the served one, with the pictures that only they showed.

    Pictures that no release named before either go once they are a week old: until then they may be those of a build
    that was stopped. Safe while the service runs: the files of a release that it still has open are mapped and stay
    readable; pictures that only that one shows are missing until it has moved on. Raises NoRelease.
    """
    kept = {current(root).name, *(folder.name for folder in releases(root)[-keep:])}
    remove_abandoned(root)
    removed = [folder for folder in releases(root) if folder.name not in kept]
    orphaned: set[str] = set()
    for folder in removed:
        with suppress(*_UNREADABLE):
            orphaned |= _named(folder)
        shutil.rmtree(folder)
    pictures, why = _prune_pictures(root, orphaned)
    return Pruned(tuple(folder.name for folder in removed), pictures, why)


def _prune_pictures(root: Path, orphaned: set[str]) -> tuple[int, str | None]:
    """Remove the pictures that no release names, those in `orphaned` whatever their age; how many, and why no more."""
    with (root / ".pictures.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0, "a build is storing pictures"
        try:
            named = {digest for folder in releases(root) for digest in _named(folder)}
        except _UNREADABLE as error:
            return 0, f"not all releases can be read ({error})"
        store = PictureStore(root / "pictures")
        awaited_since = time.time() - _AWAITED_SECONDS
        unused = [
            digest
            for digest in store.digests()
            if digest not in named and (digest in orphaned or store.path(digest).stat().st_mtime < awaited_since)
        ]
        for digest in unused:
            store.remove(digest)
        for litter in store.root.glob("[0-9a-f][0-9a-f]/.*"):  # half a picture, of a build that was killed
            litter.unlink(missing_ok=True)
        return len(unused), None


def _named(folder: Path) -> set[str]:
    """The digests of all pictures that a release shows. Raises one of `_UNREADABLE` where it cannot be read."""
    Manifest.read(folder)  # refuses one of another format, whose catalogue may mean something else
    return Catalogue(folder / "catalogue").stored()


def _remove_unfinished(root: Path) -> None:
    for left in root.glob(".building*"):
        shutil.rmtree(left)
