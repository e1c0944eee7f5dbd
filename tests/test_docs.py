"""The README against the code: it names every setting, command, option, address and make target, and no others."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from app import RESOURCES
from app.config import Settings
from app.openapi import description
from pipeline.__main__ import cli
from pipeline.sources.mapping import read_mapping

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.split("|")[1:-1]] for line in README.splitlines() if line.startswith("| ")]
CODE = "\n".join(re.findall(r"```.*?```|`[^`]+`", README, re.DOTALL))


def commands(group: click.Group, path: str = "python -m pipeline") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def options(command: click.Command) -> set[str]:
    shown = [o for o in command.params if isinstance(o, click.Option) and not o.hidden]
    return {name for option in shown for name in (*option.opts, *option.secondary_opts)}


COMMANDS = dict(commands(cli))


def row(first_cell: str) -> str:
    """The README's table row that begins with this piece of code."""
    found = [" ".join(cells[1:]) for cells in ROWS if cells[0] == f"`{first_cell}`"]
    assert len(found) == 1, f"{first_cell}: the README has {len(found)} rows for it"
    return found[0]


def test_settings() -> None:
    files = [*ROOT.glob("app/**/*.py"), *ROOT.glob("indexes/**/*.py"), *ROOT.glob("pipeline/**/*.py")]
    source = "\n".join(path.read_text(encoding="utf-8") for path in [*files, ROOT / "gunicorn.conf.py"])
    read = set(re.findall(r"VITRINE_[A-Z_]+", source))
    read |= set(re.findall(r"environ(?:\.get\(|\[)[\"']([A-Z_]+)", source)) - {"PROMETHEUS_MULTIPROC_DIR"}  # our own
    told = {name for cells in ROWS for name in re.findall(r"^`([A-Z_]+)`$", cells[0])}
    assert sorted(told ^ read) == []
    assert set(re.findall(r"VITRINE_[A-Z_]+", README)) <= read


DEFAULTS = {field.name: field.default for field in fields(Settings) if isinstance(field.default, str | int | float)}


@pytest.mark.parametrize("name", DEFAULTS)
def test_default_of_setting(name: str) -> None:
    default = DEFAULTS[name]
    shown = default if isinstance(default, str) else int(default)  # yes and no are 1 and 0
    assert row(f"VITRINE_{name.upper()}").startswith(f"`{shown}` ")


@pytest.mark.parametrize("command", COMMANDS)
def test_command(command: str) -> None:
    common = {cells[0].strip("`") for cells in ROWS if cells[0].startswith("`--")}
    assert options(COMMANDS[command]) <= set(re.findall(r"--[a-z-]+", row(command))) | common


def test_no_command_or_option_is_made_up() -> None:
    told = re.findall(r"python -m pipeline (?:[a-z][a-z-]* ?)+", CODE)
    assert {command.strip() for command in told} == COMMANDS.keys()
    assert set(re.findall(r"(?<![\w-])--[a-z-]+", CODE)) == set().union(*map(options, COMMANDS.values()))


def test_addresses() -> None:
    served = {
        f"{method} {address.replace('<work_id>', '<id>')}"
        for address, resource in RESOURCES.items()
        for method in resource.methods
    }
    told = {cells[0].strip("`") for cells in ROWS if re.match(r"`[A-Z]+ /", cells[0])}
    assert sorted(served ^ told) == []


def test_parameters_of_addresses() -> None:
    paths = description("Vitrine")["paths"]
    assert sorted(paths.keys() ^ {address.replace("<", "{").replace(">", "}") for address in RESOURCES}) == []
    for address, operations in paths.items():
        for method, operation in operations.items():
            if method == "parameters":
                continue
            told = row(f"{method.upper()} {address.replace('{work_id}', '<id>')}")
            for parameter in operation.get("parameters", []):
                assert f"`{parameter['name']}`" in told, f"{address}: {parameter['name']}"
                for choice in parameter["schema"].get("enum", []):
                    assert f"`{choice}`" in told, f"{address}: {parameter['name']}={choice}"


def test_make_targets() -> None:
    targets = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {cells[0].strip("`").removeprefix("make ") for cells in ROWS if cells[0].startswith("`make ")} == targets
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", CODE, re.MULTILINE)) == targets


def test_example_of_a_mapping(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    (tmp_path / "objects.toml").write_text(example, encoding="utf-8")
    assert read_mapping(tmp_path / "objects.toml").columns["date"] == ("Dated", "Date of making")


def test_links() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []


@pytest.mark.parametrize("floor", ["indexes", "app", "pipeline"])
def test_picture_of_the_house(floor: str) -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    section = page.split(f"\n## {floor}: ")[1].split("\n## ")[0]
    told = set(re.findall(r"`(.*?)`", "".join(re.findall(r"^\| `.*?` \|", section, re.MULTILINE))))
    whole = tuple(name for name in told if name.endswith("/"))  # a folder that one line speaks for
    assert [name for name in whole if not (ROOT / floor / name).is_dir()] == []
    modules = {path.relative_to(ROOT / floor).with_suffix("").as_posix() for path in (ROOT / floor).rglob("*.py")}
    modules = {name for name in modules if not name.endswith("__init__") and not name.startswith(whole)}
    assert sorted(modules - told) == []
    assert sorted(told - modules - {*whole}) == []
