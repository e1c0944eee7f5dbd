"""The examples for operation: they name what exists, and copies of likes come back whole."""

import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml  # type: ignore[import-untyped]

from app.database import connect
from app.likes import Likes

pytest_plugins = ("tests.postgres",)

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
SCRIPT = DEPLOY / "likes"


def likes_script(url: str, *arguments: object) -> "subprocess.CompletedProcess[str]":
    from tests.postgres import binaries  # a plugin: pytest imports it first

    tools = f"{binaries()}:{os.environ['PATH']}"
    environment = os.environ | {"VITRINE_DATABASE_URL": url, "PYTHON": sys.executable, "PATH": tools}
    return subprocess.run([str(SCRIPT), *map(str, arguments)], env=environment, capture_output=True, text=True)


def test_a_copy_taken_while_likes_are_given_comes_back(database_url: str, tmp_path: Path) -> None:
    """What was acknowledged before the copy began is in it, and nothing half."""
    engine = connect(database_url)
    likes, done = Likes(engine), threading.Event()
    for number in range(50):
        likes.put("ann", f"before {number}", "like")

    def go_on() -> None:
        for number in range(10_000):
            if done.is_set():
                return
            likes.put("bob", f"meanwhile {number}", "like")

    visitor = threading.Thread(target=go_on)
    visitor.start()
    try:
        taken = likes_script(database_url, "backup", tmp_path / "copies")
        assert taken.returncode == 0, taken.stderr
    finally:
        done.set()
        visitor.join()
    (copy,) = (tmp_path / "copies").glob("likes-*")
    assert copy.stat().st_mode & 0o077 == 0
    likes.take_back("ann")
    likes.put("ann", "after", "like")
    restored = likes_script(database_url, "restore", copy)
    assert restored.returncode == 0, restored.stderr
    assert sorted(likes.of("ann").liked) == sorted(f"before {number}" for number in range(50))
    kept = likes.of("bob").liked
    assert set(kept) == {f"meanwhile {number}" for number in range(len(kept))}
    likes.put("ann", "and on", "like")
    engine.dispose()


def test_a_damaged_copy_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'likes.sqlite'}"
    engine = connect(url)
    Likes(engine).put("ann", "1", "like")
    assert likes_script(url, "backup", tmp_path).returncode == 0
    (copy,) = tmp_path.glob("likes-*")
    data = bytearray(copy.read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    copy.write_bytes(data)
    assert likes_script(url, "restore", copy).returncode != 0
    assert likes_script(url, "restore", tmp_path / "none").returncode == 1
    assert Likes(engine).of("ann").liked == ("1",)
    engine.dispose()


def test_the_newest_thirty_copies_stay(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'likes.sqlite'}"
    engine = connect(url)
    Likes(engine).put("ann", "1", "like")
    engine.dispose()
    copies = tmp_path / "copies"
    copies.mkdir()
    for day in range(10, 50):
        (copies / f"likes-202601{day}T000000Z.sqlite").touch()
    assert likes_script(url, "backup", copies).returncode == 0
    kept = sorted(path.name for path in copies.glob("likes-*"))
    assert len(kept) == 30
    assert kept[0] == "likes-20260121T000000Z.sqlite"


@pytest.mark.parametrize("name", ["vitrine.service", "vitrine-update.service", "vitrine-update.timer"])
def test_units_are_understood(name: str, tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("there is no systemd-analyze")
    unit = (DEPLOY / name).read_text(encoding="utf-8").replace("/srv/vitrine/.venv/bin/", "/usr/bin/env ")
    (tmp_path / name).write_text(unit)
    if name.endswith(".timer"):
        shutil.copy(DEPLOY / "vitrine-update.service", tmp_path)
    done = subprocess.run(["systemd-analyze", "verify", str(tmp_path / name)], capture_output=True, text=True)
    said = [line for line in done.stderr.splitlines() if "is not executable: No such file" not in line]
    assert said == []


def unit(name: str) -> dict[str, list[str]]:
    """What a unit says, by key."""
    said: dict[str, list[str]] = {}
    for line in (DEPLOY / name).read_text(encoding="utf-8").splitlines():
        key, is_said, value = line.partition("=")
        if is_said and not line.startswith("#"):
            said.setdefault(key, []).append(value)
    return said


def test_the_document_makes_what_the_units_need() -> None:
    commands = (ROOT / "docs" / "operation.md").read_text(encoding="utf-8")
    owned = re.search(r"chown -R vitrine: (.+)", commands)
    made = re.search(r"mkdir -p (.+)", commands)
    assert owned
    assert made
    assert owned[1] == made[1]
    folders = {f"/srv/vitrine/{folder}" for folder in owned[1].split()}
    for name in ("vitrine.service", "vitrine-update.service"):
        said = unit(name)
        assert said["User"] == ["vitrine"]
        writable = said["ReadWritePaths"][0].split()
        assert [path for path in writable if not any(f"{folder}/".startswith(f"{path}/") for folder in folders)] == []
    assert "useradd --system" in commands


def test_the_units_agree_where_weights_are() -> None:
    (home,) = [value for value in unit("vitrine-update.service")["Environment"] if value.startswith("HF_HOME=")]
    assert home in unit("vitrine.service")["Environment"]
    assert home.removeprefix("HF_HOME=") in unit("vitrine-update.service")["ReadWritePaths"][0].split()
    assert f"env {home} " in (ROOT / "docs" / "operation.md").read_text(encoding="utf-8")


def test_settings_and_commands_in_the_examples_exist() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in DEPLOY.iterdir())
    known = (ROOT / "app" / "config.py").read_text(encoding="utf-8")
    assert set(re.findall(r"VITRINE_[A-Z_]+", text)) - set(re.findall(r"VITRINE_[A-Z_]+", known)) == set()
    assert set(re.findall(r"-m pipeline (\w+)", text)) == {"build", "update"}


def test_the_composition_holds_together() -> None:
    composition = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    services = composition["services"]
    assert {"app", "update", "database", "web"} == services.keys()
    volumes = {
        v.split(":")[0] for service in services.values() for v in service.get("volumes", []) if v[0] not in "./$"
    }
    assert volumes == composition["volumes"].keys()
    address = urlsplit(
        services["app"]["environment"]["VITRINE_DATABASE_URL"].replace("${POSTGRES_PASSWORD:?}", "secret")
    )
    assert address.path == f"/{services['database']['environment']['POSTGRES_DB']}"
    assert "@database/" in address.geturl()
    assert services["app"]["image"] == services["update"]["image"]


def test_the_composition_can_be_followed_from_the_first_command_on() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    services = yaml.safe_load(text)["services"]
    assert services["app"]["build"] == services["update"]["build"]  # whichever comes first
    kept = set(re.findall(r'echo "(\w+)=\$\(.+\)" >>?deploy/\.env', text))
    assert kept == set(re.findall(r"\$\{(\w+):\?\}", text))
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "/deploy/.env" in ignored
