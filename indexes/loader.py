"""The shared index loader: opens the served release once per process and moves to a newer one by itself."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import ParamSpec, TypeVar

from indexes.catalogue import Catalogue
from indexes.colours import Colours
from indexes.encoders import EncoderError, EncoderOpening, ImageEncoder
from indexes.methods import open_encoder
from indexes.pictures import PictureStore
from indexes.recognition import LandmarkIndex
from indexes.release import Manifest, NoRelease, ReleaseError, changes, current, releases
from indexes.text import TextIndex
from indexes.vectors import VectorIndex

Asked = ParamSpec("Asked")
Got = TypeVar("Got")

_REST = 60.0  # seconds until an encoder that could not be opened is tried again
_log = logging.getLogger(__name__)


class Release:
    """All indexes of one release, open. Its files are mapped, so it answers even after they were removed."""

    def __init__(self, folder: Path, pictures: PictureStore) -> None:
        """Open a release folder. Raises ReleaseError."""
        self.manifest = Manifest.read(folder)
        self.folder = folder
        self.pictures = pictures
        try:
            self.catalogue = Catalogue(folder / "catalogue")
            self.text = TextIndex(folder / "text")
            # A collection without pictures has no colours to keep.
            self.colours = Colours(folder / "colours") if (folder / "colours.npy").exists() else None
            self.landmarks = LandmarkIndex.open(folder)
            self.vectors = {name: VectorIndex(folder / "vectors" / name) for name in self.manifest.methods}
        except (OSError, ValueError, RuntimeError) as error:
            raise ReleaseError(
                f"release {folder.name}: a file is missing or damaged ({error}). "
                "`python -m pipeline verify` names it; build again, or go back with `python -m pipeline use`."
            ) from None


class Encoders:
    """The encoders that turn a visitor's picture or words into a vector, opened at first use and kept.

    They are used by `use`, in one thread: PyTorch keeps memory, and threads of its own, for every thread that ever used
    it, and a service answers in a hundred of them.
    """

    def __init__(self, weights: Path | None = None) -> None:
        self.weights = weights
        self._opened: dict[str, ImageEncoder] = {}  # by identity, so that a new release finds them open
        self._failed: dict[str, tuple[float, str]] = {}  # by identity: until when nobody tries again, and why not
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()
        self._user = ThreadPoolExecutor(1, thread_name_prefix="encoders")

    def use(self, function: Callable[Asked, Got], *args: Asked.args, **kwargs: Asked.kwargs) -> Got:
        """What the function returns or raises, which is called with encoders; one at a time."""
        return self._user.submit(function, *args, **kwargs).result()

    def of(self, release: Release, method: str, wait: bool = True) -> ImageEncoder:
        """The encoder that made the release's vectors. Raises EncoderError where it is not to be had.

        One that could not be opened is tried again after a minute, for its file may have been mended meanwhile; until
        then the same is raised at once. Without `wait`, raises EncoderOpening where another thread is opening it, which
        takes seconds.
        """
        identity = release.manifest.methods[method].identity
        if encoder := self._known(identity):
            return encoder
        with self._lock:
            lock = self._locks.setdefault(identity, threading.Lock())
        if not lock.acquire(blocking=wait):  # one lock an encoder: who waits for torch holds up nobody who needs none
            raise EncoderOpening(f"method {method}: its encoder is being opened")
        try:
            return self._known(identity) or self._open(release, method)
        finally:
            lock.release()

    def _known(self, identity: str) -> ImageEncoder | None:
        """The encoder where it is open. Raises EncoderError where it could not be opened a moment ago."""
        until, why_not = self._failed.get(identity, (0.0, ""))
        if time.monotonic() < until:
            raise EncoderError(why_not)
        return self._opened.get(identity)

    def _open(self, release: Release, method: str) -> ImageEncoder:
        entry = release.manifest.methods[method]
        try:
            encoder = open_encoder(method, entry, release.folder, self.weights)
            if encoder.identity != entry.identity:
                raise EncoderError(
                    f"method {method}: the release was made with {entry.identity}, but {encoder.identity} is what "
                    "could be opened, and their vectors do not compare. Build the release again with this "
                    "encoder, or set VITRINE_WEIGHTS to the weights it was made with."
                )
        except EncoderError as error:
            self._failed[entry.identity] = time.monotonic() + _REST, str(error)
            raise
        self._opened[entry.identity] = encoder
        return encoder


class Loader:
    """Gives the served release; looks for a newer one at most once in `interval` seconds."""

    def __init__(self, root: Path, interval: float = 1.0) -> None:
        self.root = root
        self._interval = interval
        self._pictures = PictureStore(root / "pictures")
        self._release: Release | None = None
        self._refused = ""  # the name of a newer release that could not be opened: said once, then left alone
        self.refused: str | None = None  # why not, for as long as it is the one published
        self._next_look = 0.0
        self._lock = threading.Lock()

    def current(self) -> Release:
        """The served release. Raises NoRelease where none is published, ReleaseError where the first cannot be opened.

        The caller keeps what it got for as long as it works on one request, whatever is published meanwhile.
        """
        if self._release is None:
            with self._lock:
                if self._release is None:
                    self._release = self._first()
        elif time.monotonic() >= self._next_look and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        return self._release

    def _look(self) -> None:
        """Move to a newer release if there is one; one that cannot be opened leaves the present one in place."""
        self._next_look = time.monotonic() + self._interval
        try:
            folder = current(self.root)
        except NoRelease:
            return  # the link is gone, but what it pointed to is still open here
        if self._release is None or folder.name == self._refused:
            return
        if folder.name == self._release.folder.name:
            self.refused, self._refused = None, ""
            return
        try:
            self._release = self._open(folder)
            self.refused, self._refused = None, ""
            _log.info("now serving release %s", folder.name)
        except ReleaseError as error:
            self._refuse(folder, error)
            _log.error("staying with release %s: %s", self._release.folder.name, error)

    def _first(self) -> Release:
        """The release to begin with: the published one, or where that is damaged the newest that is whole."""
        folder = current(self.root)
        try:
            return self._open(folder)
        except ReleaseError as error:
            for other in reversed(releases(self.root)):
                with suppress(ReleaseError):
                    release = self._open(other)
                    self._refuse(folder, error)
                    _log.error("serving release %s instead: %s", other.name, error)
                    return release
            raise

    def _open(self, folder: Path) -> Release:
        """A release whose every file is as it was published. Raises ReleaseError."""
        if changed := next(changes(folder, Manifest.read(folder)), None):
            raise ReleaseError(
                f"release {folder.name}: {changed}. Build again, or go back by `python -m pipeline use`."
            )
        return Release(folder, self._pictures)

    def _refuse(self, folder: Path, error: ReleaseError) -> None:
        self._refused, self.refused = folder.name, str(error)
