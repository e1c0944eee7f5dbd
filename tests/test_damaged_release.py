"""Every file of a release damaged in every way: it is named, refused, and not moved to."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from indexes.loader import Loader
from indexes.release import MANIFEST, Manifest, current, damage, releases, use
from pipeline.__main__ import cli
from tests.collection import small_collection
from tests.small_release import release_of, titled

CHANCE = Random(8)


def flipped(data: bytes) -> bytes:
    """One bit of it is another."""
    changed = bytearray(data)
    changed[CHANCE.randrange(len(data))] ^= 1 << CHANCE.randrange(8)
    return bytes(changed)


WAYS: dict[str, Callable[[bytes], bytes | None]] = {
    "flipped": lambda data: flipped(data) if data else b"x",
    "cut in half": lambda data: data[: len(data) // 2] if len(data) > 1 else data + b"x",
    "longer": lambda data: data + b"\0",
    "missing": lambda _: None,
}


@pytest.mark.parametrize("way", WAYS)
def test_damage_is_named_and_refused_whatever_the_file(tmp_path: Path, way: str) -> None:
    root = small_collection(tmp_path)
    target = current(root)
    release_of(root, titled("Served"))
    served = current(root).name
    manifest, runner = Manifest.read(target), CliRunner()
    assert len(manifest.files) > 50
    for name in manifest.files:
        path = target / name
        data = path.read_bytes()
        changed = WAYS[way](data)
        path.unlink() if changed is None else path.write_bytes(changed)
        (sentence,) = damage(target, manifest)
        assert sentence.startswith(f"{name}: ")
        if CHANCE.random() < 0.1:
            said = runner.invoke(cli, ["use", target.name, "--indexes", str(root)])
            assert (said.exit_code, current(root).name) == (1, served)
            assert f"{sentence}\nError: release {target.name} is damaged" in said.output
        path.write_bytes(data)
    loader = Loader(root, interval=0)
    assert loader.current().folder.name == served
    (target / "catalogue" / "years.npy").unlink()
    use(root, target.name)
    assert [loader.current().folder.name for _ in range(3)] == [served] * 3


@pytest.mark.parametrize("change", [lambda text: text[:200], lambda _: "", lambda text: text.replace(": 1", ": 9")])
def test_a_manifest_that_cannot_be_read_is_said_so_by_every_command(
    tmp_path: Path, change: Callable[[str], str]
) -> None:
    release_of(tmp_path, titled("Damaged"))
    target = current(tmp_path)
    release_of(tmp_path, titled("Served"))
    served = current(tmp_path)
    manifest = target / MANIFEST
    manifest.write_text(change(manifest.read_text()))
    runner, where = CliRunner(), ["--indexes", str(tmp_path)]
    for command in (["use", target.name], ["verify", target.name]):
        said = runner.invoke(cli, [*command, *where])
        assert said.exit_code == 1
        assert f"release {target.name}: " in f"{said.output}{said.exception}"
    status = runner.invoke(cli, ["status", *where])
    assert status.exit_code == 0
    assert current(tmp_path) == served
    assert target in releases(tmp_path)
