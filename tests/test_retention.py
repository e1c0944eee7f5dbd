"""What goes and what stays: old releases, and pictures that no release shows any more."""

import fcntl
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from indexes import text
from indexes.artwork import Artwork
from indexes.catalogue import Catalogue
from indexes.loader import Release
from indexes.pictures import Picture, PictureStore
from indexes.release import MANIFEST, Manifest, current, digest_files, new_name, publish, releases, use
from indexes.retention import Pruned, building, prune, remove_abandoned, storing_pictures

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def make(root: Path, content: str, when: datetime = NOON, pictures: tuple[str, ...] = ()) -> Path:
    """Publish a release of one work, and one more for each digest of a stored picture."""
    building = root / ".building"
    (building / "catalogue").mkdir(parents=True)
    (building / "text").mkdir()
    works: list[tuple[Artwork, Picture | None]] = [(Artwork(id="title", title=content), None)]
    works += [(Artwork(id=digest), Picture(digest, None, 8, 8, "#000000")) for digest in pictures]
    Catalogue.write(building / "catalogue", works)
    text.fit(building / "text", (text.parts(work) for work, _ in works))
    files = digest_files(building)
    manifest = Manifest(
        name=new_name(files, when), created=when.isoformat(), source="table", inputs=content, works=len(works),
        pictures=len(pictures), terms=1, failures={}, methods={}, files=files,
    )  # fmt: skip
    return publish(root, building, manifest)


def put(store: PictureStore, content: bytes, days: float = 0) -> str:
    """Store a picture as it would have been so many days ago."""
    digest, then = store.put(content), time.time() - days * 86_400
    os.utime(store.path(digest), (then, then))
    return digest


def names(root: Path) -> list[str]:
    return [folder.name for folder in releases(root)]


def test_old_releases_go_but_never_the_served_one(tmp_path: Path) -> None:
    made = [make(tmp_path, str(hour), NOON + timedelta(hours=hour)).name for hour in range(5)]
    use(tmp_path, made[0])
    assert prune(tmp_path, 2).releases == (made[1], made[2])
    assert names(tmp_path) == [made[0], made[3], made[4]]


@pytest.mark.parametrize("jump", [timedelta(days=-400), timedelta(seconds=-1), timedelta(0), timedelta(days=30_000)])
def test_a_clock_that_jumps_changes_neither_the_order_nor_what_is_served(tmp_path: Path, jump: timedelta) -> None:
    made = [make(tmp_path, str(number), NOON + timedelta(hours=number)).name for number in range(3)]
    made.append(make(tmp_path, "after the jump", NOON + jump).name)
    made.append(make(tmp_path, "and later", NOON + timedelta(hours=4)).name)
    assert names(tmp_path) == made
    assert current(tmp_path).name == made[-1]
    assert prune(tmp_path, 2).releases == tuple(made[:3])
    assert names(tmp_path) == made[3:]


def test_pictures_go_with_the_last_release_that_shows_them(tmp_path: Path) -> None:
    store = PictureStore(tmp_path / "pictures")
    both, first, second = (store.put(name.encode()) for name in ("both", "first", "second"))
    (store.path(both).parent / ".half").write_bytes(b"of a build that was killed")
    old = make(tmp_path, "one", NOON, (both, first))
    make(tmp_path, "two", NOON + timedelta(hours=1), (both, second))
    assert prune(tmp_path, 2) == Pruned((), 0)
    assert list(store.root.glob("*/.*")) == []
    opened = Release(old, store)  # a service that has not looked yet
    assert prune(tmp_path, 1) == Pruned((old.name,), 1)
    assert sorted(store.digests()) == sorted([both, second])
    picture = opened.catalogue.picture(1)
    assert picture
    assert store.read(picture.digest) == b"both"


def test_pictures_of_a_build_that_was_stopped_stay_for_a_week(tmp_path: Path) -> None:
    store = PictureStore(tmp_path / "pictures")
    shown = put(store, b"shown", days=400)
    old = make(tmp_path, "one", pictures=(shown,))
    make(tmp_path, "two", NOON + timedelta(hours=1), (shown,))
    fetched, given_up = put(store, b"fetched on Friday", days=6.9), put(store, b"never gone on with", days=7.1)
    assert prune(tmp_path, 1) == Pruned((old.name,), 1)
    assert sorted(store.digests()) == sorted([shown, fetched])
    assert given_up not in store


def test_no_picture_goes_while_a_build_stores_some(tmp_path: Path) -> None:
    make(tmp_path, "one")
    store = PictureStore(tmp_path / "pictures")
    with storing_pictures(tmp_path), storing_pictures(tmp_path):
        digest = put(store, b"not published yet", days=8)
        assert prune(tmp_path, 1) == Pruned((), 0, "a build is storing pictures")
        assert digest in store
    assert prune(tmp_path, 1) == Pruned((), 1)


def test_half_a_release_goes_unless_it_is_being_built(tmp_path: Path) -> None:
    make(tmp_path, "one")
    with building(tmp_path) as folder:
        (folder / "half").write_bytes(b"half")
        prune(tmp_path, 1)
        assert (folder / "half").exists()
    assert not folder.exists()
    for remove in (lambda: prune(tmp_path, 1), lambda: remove_abandoned(tmp_path)):
        (folder / "catalogue").mkdir(parents=True)  # as a build leaves it that is killed
        remove()
        assert not folder.exists()


def test_a_build_waits_for_no_lock_that_a_dead_one_left(tmp_path: Path) -> None:
    (tmp_path / ".pictures.lock").write_text("left over")
    with storing_pictures(tmp_path), (tmp_path / ".pictures.lock").open() as lock, pytest.raises(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.mark.parametrize("damage", ["manifest", "catalogue", "format"])
def test_no_picture_goes_while_a_release_cannot_be_read(tmp_path: Path, damage: str) -> None:
    digest = put(PictureStore(tmp_path / "pictures"), b"shown by the damaged one", days=8)
    old = make(tmp_path, "one", pictures=(digest,))
    make(tmp_path, "two", NOON + timedelta(hours=1))
    if damage == "manifest":
        (old / MANIFEST).write_text("{")
    elif damage == "catalogue":
        (old / "catalogue" / "pictures_small.npy").unlink()
    else:
        manifest = (old / MANIFEST).read_text()
        (old / MANIFEST).write_text(manifest.replace('"format_version": ', '"format_version": 9'))
    pruned = prune(tmp_path, 2)
    assert (pruned.releases, pruned.pictures) == ((), 0)
    assert "not all releases can be read" in (pruned.why_pictures_stay or "")
    assert prune(tmp_path, 1) == Pruned((old.name,), 1)


def test_a_release_of_before_releases_were_numbered_is_older(tmp_path: Path) -> None:
    old = make(tmp_path, "one", NOON + timedelta(days=1))
    manifest = (old / MANIFEST).read_text()
    assert ' "number": 1,\n' in manifest
    (old / MANIFEST).write_text(manifest.replace(' "number": 1,\n', ""))
    assert Manifest.read(old).number == 0
    new = make(tmp_path, "two")
    assert names(tmp_path) == [old.name, new.name]
