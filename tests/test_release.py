import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from indexes.release import (
    MANIFEST,
    Manifest,
    MethodEntry,
    NoRelease,
    ReleaseError,
    current,
    damage,
    digest_files,
    new_name,
    publish,
    releases,
    use,
)


def make(root: Path, content: str, hour: int = 0) -> Path:
    """Publish a release of two files."""
    building = root / ".building"
    (building / "text").mkdir(parents=True)
    (building / "text" / "words").write_text(content)
    (building / "years").write_bytes(b"\0" * 100)
    files = digest_files(building)
    manifest = Manifest(
        name=new_name(files, datetime(2026, 11, 21, hour, tzinfo=UTC)),
        created="2026-11-21T00:00:00+00:00",
        source="table",
        inputs=content,
        works=1,
        pictures=0,
        terms=1,
        failures={"no image": 1},
        methods={"clip": MethodEntry("pocket", "pocket 1", 8, 1)},
        files=files,
    )
    return publish(root, building, manifest)


def test_what_is_published_is_served(tmp_path: Path) -> None:
    first = make(tmp_path, "one", 1)
    assert current(tmp_path).samefile(first)
    second = make(tmp_path, "two", 2)
    assert current(tmp_path).samefile(second)
    assert [folder.name for folder in releases(tmp_path)] == [first.name, second.name]
    assert not (tmp_path / ".building").exists()
    assert Manifest.read(second).methods["clip"].encoder == "pocket"


def test_going_back(tmp_path: Path) -> None:
    first, second = make(tmp_path, "one", 1), make(tmp_path, "two", 2)
    use(tmp_path, first.name)
    assert current(tmp_path).samefile(first)
    with pytest.raises(ReleaseError, match=f"there is no such release .*{first.name}, {second.name}"):
        use(tmp_path, "../../etc")
    assert current(tmp_path).samefile(first)


def test_publishing_again_what_was_cut_off_before_the_switch(tmp_path: Path) -> None:
    make(tmp_path, "one")
    (tmp_path / "current").unlink()
    again = make(tmp_path, "one")
    assert current(tmp_path).samefile(again)
    assert len(releases(tmp_path)) == 1


def test_equal_files_have_equal_content(tmp_path: Path) -> None:
    one, again, other = (Manifest.read(make(tmp_path / name, text, hour)) for name, text, hour in
                         [("a", "one", 1), ("b", "one", 2), ("c", "two", 1)])  # fmt: skip
    assert one.content == again.content != other.content
    assert one.name != again.name


def test_before_the_first_release(tmp_path: Path) -> None:
    with pytest.raises(NoRelease, match="python -m pipeline build sample"):
        current(tmp_path)


def test_a_flipped_byte_is_found_and_named(tmp_path: Path) -> None:
    folder = make(tmp_path, "one")
    manifest = Manifest.read(folder)
    assert list(damage(folder, manifest)) == []
    data = bytearray((folder / "years").read_bytes())
    data[50] ^= 1
    (folder / "years").write_bytes(data)
    assert list(damage(folder, manifest)) == ["years: its bytes are not those that were published"]


def test_missing_and_foreign_files_are_named(tmp_path: Path) -> None:
    folder = make(tmp_path, "one")
    (folder / "text" / "words").unlink()
    (folder / "note").touch()
    assert list(damage(folder, Manifest.read(folder))) == ["text/words: missing", "note: not part of the release"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: text.replace('"format_version": 1', '"format_version": 99'), "format version is 99"),
        (lambda text: text[:100], "damaged"),
        (lambda _: "[]", "damaged"),
        (lambda _: json.dumps({"format_version": 1, "methods": {}}), "damaged"),
    ],
)
def test_what_cannot_be_read_says_so(tmp_path: Path, change: object, sentence: str) -> None:
    folder = make(tmp_path, "one")
    text = (folder / MANIFEST).read_text()
    (folder / MANIFEST).write_text(change(text))  # type: ignore[operator]
    with pytest.raises(ReleaseError, match=sentence):
        Manifest.read(folder)


def test_names_sort_by_time(tmp_path: Path) -> None:
    manifest = Manifest.read(make(tmp_path, "one", 5))
    assert manifest.name.startswith("20261121T050000-")
    assert replace(manifest, created="later").content == manifest.content
