"""Measuring: two ways side by side, in turns, and what a process holds for itself."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Question = TypeVar("Question")


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of the processor's time, one thread: what other work on the machine takes is not counted."""

    median: float
    p99: float


def in_turns(ways: Sequence[Callable[[Question], object]], asked: Sequence[Question], rounds: int = 5) -> list[Times]:
    """The times of each way of answering the same questions.

    The ways take turns, a slice of the questions each, so that whatever slows the machine slows all of them alike.
    """
    taken: list[list[float]] = [[] for _ in ways]
    for way in ways:
        for question in asked[:10]:  # maps files and fills caches
            way(question)
    for turn in range(rounds):
        for way, times in zip(ways, taken, strict=True):
            for question in asked[turn::rounds]:
                start = time.thread_time()
                way(question)
                times.append((time.thread_time() - start) * 1000)
    return [Times(statistics.median(times), sorted(times)[int(0.99 * len(times))]) for times in taken]


def private_bytes(process: int | str = "self", mapped: bool = False) -> int:
    """What a process, this one or that number, alone holds in memory; `mapped` files too that no other has mapped."""
    # A file that was just written counts as private and dirty wherever it is mapped, so that is no measure without.
    kinds = ("Private_Dirty", "Private_Clean") if mapped else ("Anonymous",)
    held = held_bytes(process)
    return sum(held[kind] for kind in kinds)


def held_bytes(process: int | str = "self") -> dict[str, int]:
    """What a process holds in memory, by the kinds of /proc's `smaps_rollup`. Raises OSError where it has ended."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
    return {kind: int(size.split()[0]) * 1024 for kind, _, size in (line.partition(":") for line in lines)}


def family(process: int) -> list[int]:
    """The process and all that it has begun, whichever of its threads did; none where it has ended."""
    try:
        tasks = [*Path(f"/proc/{process}/task").iterdir()]
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []
    return [process, *(other for child in children for other in family(child))]


def bytes_available() -> int:
    """How much memory the machine could still give."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))


def folder_bytes(folder: Path) -> int:
    """The size of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
