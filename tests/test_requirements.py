"""The files that say what is installed: exact versions, each with checksums, and what people wrote is all there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LINE = re.compile(r"([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?==([^ ;\\]+)")
CHECKSUM = re.compile(r"--hash=sha256:[0-9a-f]{64}")
CUDA = re.compile(r"nvidia|cuda|triton")


def requirements(name: str) -> dict[str, str]:
    """Each requirement of a file, by its normal name; with its version and all that stands under it."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith(("#", "-r"))]
    found = {}
    for line in lines:
        match = LINE.match(line)
        assert match, f"{name}: {line[:60]} has no exact version"
        found[re.sub(r"[-_.]+", "-", match[1]).lower()] = line[len(match[1]) :]
    return found


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-cpu.txt", "requirements-dev.txt"])
def test_every_requirement_has_its_checksums(name: str) -> None:
    found = requirements(name)
    assert found
    assert [package for package, line in found.items() if not CHECKSUM.search(line)] == []


@pytest.mark.parametrize(
    ("written", "made"),
    [("requirements.in", "requirements-cpu.txt"), ("requirements-dev.in", "requirements-dev.txt")],
)
def test_what_is_written_is_what_is_installed(written: str, made: str) -> None:
    installed = requirements(made)
    for package, line in requirements(written).items():
        version = line.split("#")[0].rpartition("==")[2].strip()
        assert f"=={version} " in installed.get(package, ""), f"{made}: run .ci/lock for {package}"


def test_cuda_is_apart_and_each_file_goes_on_from_the_one_before() -> None:
    assert [package for package in requirements("requirements-cpu.txt") if CUDA.match(package)] == []
    assert [package for package in requirements("requirements.txt") if not CUDA.match(package)] == []
    assert "\n-r requirements-cpu.txt\n" in (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert "\n-r requirements.txt\n" in (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")
