"""Releases: folders that never change once published, and one link that says which of them is served.

ROOT/releases/NAME/manifest.json   what the release holds, with the checksum of every file
ROOT/pictures/ab/abcdef….jpg      stored pictures, named by their own checksum, shared between releases
ROOT/current -> releases/NAME      switched atomically
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from indexes.errors import VitrineError

FORMAT_VERSION = 1
MANIFEST = "manifest.json"


class ReleaseError(VitrineError):
    """A release cannot be opened or published; the sentence says why and what to do."""


class NoRelease(ReleaseError):
    """Nothing has been published yet."""


@dataclass(frozen=True, slots=True)
class MethodEntry:
    """How one method of likeness was made in a release."""

    encoder: str  # `pocket`, `ViT-B-32:laion2b_s34b_b79k`, `pixels`, ...
    identity: str  # vectors compare only where this is equal
    dimension: int
    count: int  # works that have a vector
    words: bool = False  # whether words can be placed among its pictures
    weights: str | None = None  # a file: within the release where relative, of the operator where absolute
    index: str = "Flat"  # what searches the vectors, in the words of FAISS's index factory
    recall: float = 1.0  # the share of the exact first twelve that it finds, measured on this collection


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a release is."""

    name: str
    created: str  # ISO 8601, UTC
    source: str  # `sample`, `table` or `harvard`
    inputs: str  # digest of all that the release was made from; equal inputs need no new release
    works: int
    pictures: int
    terms: int
    failures: dict[str, int]  # rows of the build's report, by status
    methods: dict[str, MethodEntry]
    files: dict[str, str]  # SHA-256 of each file, by its path within the release
    number: int = 0  # counts up with every release published here: their order, whatever the clock said
    format_version: int = FORMAT_VERSION

    @property
    def content(self) -> str:
        """A digest of the release's files: equal for releases that answer alike."""
        return hashlib.sha256(json.dumps(sorted(self.files.items())).encode()).hexdigest()

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The manifest of a release folder. Raises ReleaseError where it is missing, damaged or of another format."""
        try:
            values = json.loads((folder / MANIFEST).read_bytes())
            version = values["format_version"]
            if version != FORMAT_VERSION:
                raise ReleaseError(
                    f"release {folder.name}: its format version is {version}, this Vitrine reads {FORMAT_VERSION}. "
                    "Build it again with this version, or serve it with the version that built it."
                )
            methods = {name: MethodEntry(**entry) for name, entry in values.pop("methods").items()}
            return cls(methods=methods, **values)
        except FileNotFoundError:
            raise ReleaseError(f"release {folder.name}: {MANIFEST} is missing") from None
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ReleaseError(f"release {folder.name}: {MANIFEST} is damaged ({error})") from None


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_files(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a release folder but its manifest, by relative path."""
    return {path.relative_to(folder).as_posix(): file_digest(path) for path in _files(folder)}


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)


def new_name(files: dict[str, str], created: datetime) -> str:
    """A release's name: when it was made, to be read by people, and a part of its content's digest."""
    digest = hashlib.sha256(json.dumps(sorted(files.items())).encode()).hexdigest()
    return f"{created.astimezone(UTC):%Y%m%dT%H%M%S}-{digest[:8]}"


def publish(root: Path, building: Path, manifest: Manifest) -> Path:
    """Make the finished folder `building` (on the same file system as `root`) the served release; returns its place.

    All that the link will point to is flushed to the disk first, so that a power cut leaves the old release or the new
    one. Pictures flush themselves as they are stored; what is left of them are their folders.
    """
    manifest = replace(manifest, number=1 + max(map(_number, releases(root)), default=0))
    (building / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1, sort_keys=True) + "\n")
    for path in (building, *building.rglob("*"), *(root / "pictures").glob("[0-9a-f][0-9a-f]"), *root.glob("pictures")):
        _flush(path)
    place = root / "releases" / manifest.name
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():  # the same content within the same second, cut off before the switch
        shutil.rmtree(building)
    else:
        building.rename(place)
    _flush(place.parent)
    use(root, manifest.name)
    return place


def use(root: Path, name: str) -> None:
    """Serve the release of this name, in one atomic step. Raises ReleaseError where it cannot be served."""
    if name not in {folder.name for folder in releases(root)}:
        known = ", ".join(folder.name for folder in releases(root)) or "none"
        raise ReleaseError(f"release {name}: there is no such release under {root} (there are: {known})")
    Manifest.read(root / "releases" / name)
    link = root / f".current-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("releases") / name)
    link.replace(root / "current")
    _flush(root)


def current(root: Path) -> Path:
    """The folder of the served release. Raises NoRelease where there is none."""
    try:
        return root / (root / "current").readlink()
    except OSError:
        raise NoRelease(
            f"No release is published in {root}. Make one: python -m pipeline build sample --indexes {root}"
        ) from None


def releases(root: Path) -> list[Path]:
    """The folders of all releases, in the order they were published in."""
    return sorted((path for path in (root / "releases").glob("*") if path.is_dir()), key=lambda p: (_number(p), p.name))


def damage(folder: Path, manifest: Manifest) -> Iterator[str]:
    """A sentence for each file of a release that is missing, changed or was never part of it."""
    yield from changes(folder, manifest)
    for name in sorted({path.relative_to(folder).as_posix() for path in _files(folder)} - manifest.files.keys()):
        yield f"{name}: not part of the release"


def changes(folder: Path, manifest: Manifest) -> Iterator[str]:
    """A sentence for each file of a release that is missing or changed."""
    for name, digest in manifest.files.items():
        path = folder / name
        if not path.is_file():
            yield f"{name}: missing"
        elif file_digest(path) != digest:
            yield f"{name}: its bytes are not those that were published"


def _number(folder: Path) -> int:
    """The release's place in the order; 0 where its manifest does not say, in whatever format it is."""
    try:
        return int(json.loads((folder / MANIFEST).read_bytes())["number"])
    except (OSError, ValueError, TypeError, KeyError):
        return 0


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
