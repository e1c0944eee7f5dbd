"""Work done beside: in processes of their own, which end with the one that began them."""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import ParamSpec, TypeVar

Asked = ParamSpec("Asked")
Got = TypeVar("Got")


@contextmanager
def processes(count: int | None = None) -> Iterator[Executor]:
    """So many processes, or as many as there are cores; what none of them has begun when the block ends is not done.

    Spawned, not forked: whoever builds may have threads running. What they raise is raised by the result; where one of
    them is killed, BrokenProcessPool is.
    """
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count or os.cpu_count(), mp_context=spawn, initializer=_end_with_the_first)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


class AtOnce(Executor):
    """Does what it is given when it is given it: for little work, which processes would take longer to start for."""

    def submit(self, fn: Callable[Asked, Got], /, *args: Asked.args, **kwargs: Asked.kwargs) -> Future[Got]:
        """The result, as one that is there already; what the function raises, this raises."""
        done: Future[Got] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


def _end_with_the_first() -> None:
    """Let this process end when the one that began it does, also by SIGKILL: its work would have no owner."""
    first = multiprocessing.parent_process()
    assert first is not None

    def watch() -> None:
        wait([first.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
