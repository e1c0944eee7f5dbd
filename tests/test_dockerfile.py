"""The Dockerfile as far as it can be checked without an engine: what it names exists."""

import re
from pathlib import Path

from app import RESOURCES

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
INSTRUCTIONS = [line.split(maxsplit=1) for line in DOCKERFILE.splitlines() if line and not line.startswith("#")]
COPIED = {
    source
    for instruction, rest in INSTRUCTIONS
    if instruction == "COPY" and not rest.startswith("--from")
    for source in rest.split()[:-1]
}


def test_image_holds_the_whole_product() -> None:
    assert {"app", "indexes", "pipeline", "templates", "static", "wsgi.py", "gunicorn.conf.py"} <= COPIED
    assert [source for source in COPIED if not (ROOT / source).exists()] == []


def test_nothing_but_what_is_copied_reaches_the_engine() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert next(line for line in lines if line and not line.startswith("#")) == "*"
    assert {line[1:] for line in lines if line.startswith("!")} == COPIED


def test_settings_are_known() -> None:
    config = (ROOT / "app" / "config.py").read_text(encoding="utf-8")
    assert {name for name in re.findall(r"VITRINE_[A-Z_]+", DOCKERFILE) if name not in config} == set()


def test_the_service_is_not_root() -> None:
    users = [rest for instruction, rest in INSTRUCTIONS if instruction == "USER"]
    assert users
    assert users[-1] not in ("root", "0")


def test_a_folder_in_place_of_the_volume_is_the_users_as_a_whole() -> None:
    """The service makes more folders in it, such as `models`."""
    text = (ROOT / "docs" / "operation.md").read_text(encoding="utf-8")
    made = re.search(r"`install -d -o (\d+) (\S+) ([^`]+)`", text)
    assert made
    assert f"useradd --uid {made[1]} " in DOCKERFILE
    folders = {path.replace(made[2], "/data", 1) for path in made[3].split()}
    assert f"mkdir -p {' '.join(sorted(folders, key=DOCKERFILE.index))} " in DOCKERFILE


def test_health_check_asks_an_address_that_is_served() -> None:
    check = next(rest for instruction, rest in INSTRUCTIONS if instruction == "HEALTHCHECK")
    asked = re.findall(r"\}(/\w+)", check)
    assert asked
    assert set(asked) <= RESOURCES.keys()
