"""Work done beside: in processes of their own, which end with the one that began them."""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from typing import Any, ParamSpec, TypeVar

Asked = ParamSpec("Asked")
Got = TypeVar("Got")


@contextmanager
def processes(count: int | None = None) -> Iterator[Executor]:
    """So many processes, or as many as there are cores; what none of them has begun when the block ends is not done.

    Spawned, not forked: whoever builds may have threads running. What they raise is raised by the result; where one of
    them is killed, BrokenProcessPool is.
    """
    spawn = multiprocessing.get_context("spawn")
    theirs, ours = spawn.Pipe(duplex=False)
    pool = _Remembering(count or os.cpu_count(), mp_context=spawn, initializer=_end_with_the_first, initargs=(theirs,))
    try:
        yield pool
    finally:
        for future in pool.asked:
            future.cancel()
        for future in pool.asked:
            with suppress(CancelledError):
                future.exception()
        # One that was being started while another was killed is told by nobody else, and would be waited for forever.
        ours.close()
        pool.shutdown()
        theirs.close()


class _Remembering(ProcessPoolExecutor):
    """Knows what it was asked for."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.asked: list[Future[Any]] = []

    def submit(self, fn: Callable[Asked, Got], /, *args: Asked.args, **kwargs: Asked.kwargs) -> Future[Got]:
        future = super().submit(fn, *args, **kwargs)
        self.asked.append(future)
        return future


class AtOnce(Executor):
    """Does what it is given when it is given it: for little work, which processes would take longer to start for."""

    def submit(self, fn: Callable[Asked, Got], /, *args: Asked.args, **kwargs: Asked.kwargs) -> Future[Got]:
        """The result, as one that is there already; what the function raises, this raises."""
        done: Future[Got] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


def _end_with_the_first(block: Connection) -> None:
    """Let this process end when the block does, or the process that began it, also by SIGKILL: its work had no owner.

    Nothing comes from the block but its end.
    """
    first = multiprocessing.parent_process()
    assert first is not None

    def watch() -> None:
        wait([first.sentinel, block])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
