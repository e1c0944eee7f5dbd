"""Where parallel work runs: a Dask scheduler that exists, or a cluster of this machine alone."""

import importlib.util
import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import dask
from distributed import Client, LocalCluster

from indexes.errors import VitrineError

THREADS = 16  # per worker: they mostly wait for servers
CONNECT_SECONDS = 10.0


class ClusterError(VitrineError):
    """The scheduler cannot be used; the sentence says why and what to do."""


@contextmanager
def connect(scheduler: str | None, workers: int, processes: bool = True) -> Iterator[Client]:
    """A client of the scheduler at this address, or else of `workers` local workers that end with the context.

    Local workers are processes, or, much quicker to start, threads of this process. Processes import the main module
    again, as Python's `spawn` does: a script that calls this must do so under `if __name__ == "__main__":`.
    Raises ClusterError.
    """
    if scheduler:
        with _client_of(scheduler) as client:
            _check_workers(scheduler, client)
            yield client
        return
    with (
        tempfile.TemporaryDirectory(prefix="vitrine-") as folder,
        # A task whose worker dies is not silently run elsewhere: it may have been the cause, and take others along.
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=workers,
            threads_per_worker=THREADS,
            processes=processes,
            host="127.0.0.1" if processes else None,
            dashboard_address="127.0.0.1:0",  # without any, Dask takes port 8787, and warns where it is taken
            scheduler_kwargs={"dashboard": False},
            local_directory=folder,
            memory_limit=0,  # the workers hold few pictures at a time, so Dask need not watch them
            silence_logs=logging.ERROR,
        ) as cluster,
        Client(cluster, set_as_default=False) as client,  # type: ignore[no-untyped-call]
    ):
        yield client


def _client_of(scheduler: str) -> Client:
    try:
        return Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise ClusterError(f"scheduler: there is no Dask scheduler at {scheduler}") from error


def _check_workers(scheduler: str, client: Client) -> None:
    try:
        client.wait_for_workers(1, timeout=30)
    except TimeoutError as error:
        raise ClusterError(
            f"scheduler: {scheduler} has no workers; start some with `dask worker {scheduler}`"
        ) from error
    found = client.run(importlib.util.find_spec, "pipeline")
    missing = [worker for worker, spec in found.items() if spec is None]
    if missing:
        raise ClusterError(f"scheduler: the worker {missing[0]} cannot import Vitrine; start it in Vitrine's folder")
