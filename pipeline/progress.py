"""What a build says of itself while it works: one line a stage, and a bar on a terminal."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

Advance = Callable[[int, int], None]  # done, total

_WIDTH = 30  # characters of the bar
_EVERY = 0.1  # seconds between two drawings


class Progress:
    """Shows stages on standard error; silent where `quiet`."""

    def __init__(self, quiet: bool = False) -> None:
        self._quiet = quiet
        self._bar = sys.stderr.isatty() and not quiet

    @contextmanager
    def stage(self, name: str, started: float | None = None) -> Iterator[Advance]:
        """Show a stage; the block calls what it is given with (done, total).

        `started`, on the monotonic clock, is when a stage began that went on unseen until now.
        """
        started, drawn, last = time.monotonic() if started is None else started, 0.0, (0, 0)

        def advance(done: int, total: int) -> None:
            nonlocal drawn, last
            last = (done, total)
            if self._bar and (time.monotonic() - drawn > _EVERY or done == total):
                drawn = time.monotonic()
                full = _WIDTH * done // max(total, 1) if total else 0
                bar = f"[{'#' * full}{'-' * (_WIDTH - full)}] {done:,} of {total:,}" if total else f"{done:,}"
                click.echo(f"\r{name:<12} {bar}", nl=False, err=True)

        yield advance
        if not self._quiet:
            count = f"{last[0]:,}" if last[0] else ""
            line = f"{name:<12} {count:>9}  {time.monotonic() - started:7.1f} s"
            click.echo(f"\r{line:<70}" if self._bar else line, err=True)
