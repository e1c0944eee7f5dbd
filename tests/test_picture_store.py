"""The store of pictures, which keeps them by content."""

import hashlib
from pathlib import Path

import pytest

from indexes.pictures import Picture, PictureStore, render
from tests.image_server import encoded, painting


def test_the_store_names_files_by_their_content(tmp_path: Path) -> None:
    store = PictureStore(tmp_path / "pictures")
    digest = store.put(b"one")
    assert digest == hashlib.sha256(b"one").hexdigest()
    assert store.path(digest) == tmp_path / "pictures" / digest[:2] / f"{digest}.jpg"
    assert store.read(digest) == b"one"
    assert store.put(b"one") == digest
    other = store.put(b"two")
    assert list(store.digests()) == sorted([digest, other])
    assert [path.name for path in (tmp_path / "pictures").rglob("*") if path.is_file() and path.suffix != ".jpg"] == []


def test_the_store_forgets_and_notices(tmp_path: Path) -> None:
    store = PictureStore(tmp_path)
    digest = store.put(b"one")
    assert digest in store
    assert store.verify(digest)
    store.path(digest).write_bytes(b"on")
    assert not store.verify(digest)
    store.remove(digest)
    store.remove(digest)
    assert digest not in store
    assert not store.verify(digest)
    assert list(store.digests()) == []
    with pytest.raises(FileNotFoundError):
        store.read(digest)


@pytest.mark.parametrize("name", ["", "../secret", "a" * 63, "A" * 64, "a" * 64 + "\n", "g" * 64])
def test_nothing_but_a_digest_reaches_a_path(tmp_path: Path, name: str) -> None:
    store = PictureStore(tmp_path)
    with pytest.raises(ValueError, match="digest: must be 64 hexadecimal digits"):
        store.path(name)
    assert name not in store


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = PictureStore(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        store.put(b"one")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_rendition_is_kept_whole(tmp_path: Path) -> None:
    store = PictureStore(tmp_path)
    rendition = render(encoded(painting(1000, 700)))
    picture = store.keep(rendition)
    assert picture == Picture(picture.digest, picture.large, 1000, 700, rendition.colour)
    assert picture.large is not None
    assert (store.read(picture.digest), store.read(picture.large)) == (rendition.small, rendition.large)
