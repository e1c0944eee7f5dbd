"""The download stage: every work's picture, fetched in parallel, politely, and at most once."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from distributed import Client, Future, KilledWorker

from indexes.pictures import Picture, PictureStore, Rendition
from pipeline.cluster import ClusterError, connect
from pipeline.fetch import Limits, Reference, Refused, fetch
from pipeline.hosts import HostQueues, Manners, Turn
from pipeline.ledger import Ledger, Pending
from pipeline.sources import Report

_FEW = 64  # pictures for which processes would take longer to start than to work
_IN_FLIGHT = 512  # results that may be on their way at once, whatever the cluster's size
_LONGEST_PAUSE = 5.0  # seconds
_WORKERLESS_SECONDS = 60.0  # that a cluster may be without any worker: time enough to start a dead one anew

Progress = Callable[[int, int], None]
Settled = Callable[[list[str], str | None], None]  # told works, and the digest of their picture; None: not to be had
_Answer = Picture | Rendition | Refused


@dataclass(frozen=True, slots=True)
class Job:
    """How to download."""

    limits: Limits = field(default_factory=Limits)
    manners: Manners = field(default_factory=Manners)
    scheduler: str | None = None  # the address of a Dask scheduler; None for this machine alone
    workers: int = 2  # local ones; each takes one core
    again: bool = False  # whether to try also what was refused for good in an earlier run
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the pictures, in works."""

    fetched: int
    kept: int  # already there
    failed: int  # each a row in the report, be it from this run or an earlier one
    without: int  # works that have no picture to fetch


def download(
    pending: Pending,
    ledger: Ledger,
    job: Job,
    report: Report,
    progress: Progress,
    settled: Settled = lambda _works, _digest: None,
) -> Counts:
    """Fetches what `Ledger.pending` found, stores the renditions and notes each work in the ledger.

    Every failure goes to `report`, those that stand from earlier runs too; `progress` hears of works (done, total).
    Raises ClusterError where the scheduler cannot be used, and whatever `settled` raises.
    """
    for failure in pending.standing:
        report(failure)
    fetched = failed = 0
    if pending.works:
        run = _Run(pending, ledger, job, report, progress, settled)
        with connect(job.scheduler, job.workers, processes=len(pending.works) >= _FEW) as client:
            run.drive(client)
        fetched, failed = run.fetched, run.failed
    return Counts(fetched, len(pending.kept), failed + len(pending.standing), len(pending.without))


class _Run:
    """One run's driver: it alone decides, stores and writes; the cluster's workers only fetch."""

    def __init__(
        self, pending: Pending, ledger: Ledger, job: Job, report: Report, progress: Progress, settled: Settled
    ) -> None:
        self.fetched = self.failed = 0
        self._works = pending.works
        self._total = sum(map(len, pending.works.values()))
        self._ledger = ledger
        self._job = job
        self._report = report
        self._progress = progress
        self._settled = settled
        self._suspects: list[Turn] = []  # whose worker died
        self._alone: Turn | None = None
        self._last_seen = time.monotonic()  # a worker
        self._queues = HostQueues(job.manners, job.seed)
        for reference in pending.works:
            self._queues.add(reference)

    def drive(self, client: Client) -> None:
        """Keeps every thread of the cluster busy until nothing is left to do."""
        places = min(_IN_FLIGHT, sum(client.nthreads().values()))  # type: ignore[no-untyped-call]
        # Local workers write to the store themselves; others may not see its disk, and send what is to be stored.
        store = None if self._job.scheduler else self._ledger.store
        running: dict[Future[_Answer], Turn] = {}
        ended: SimpleQueue[Future[_Answer]] = SimpleQueue()
        while running or self._queues or self._suspects:
            while len(running) < places and (turn := self._queues.start() or self._suspect(running)):
                future = client.submit(_attempt, turn.reference, self._job.limits, store, pure=False)
                running[future] = turn
                future.add_done_callback(ended.put)  # type: ignore[no-untyped-call]
            batch = _take(ended, self._pause(len(running) < places))
            if not batch:
                self._check_workers(client)
                continue
            answers = client.gather({future.key: future for future in batch}, errors="skip")  # type: ignore[no-untyped-call]
            for future in batch:
                turn, answer = running.pop(future), answers.pop(future.key)
                if answer is None:
                    _check_death(future)
                    self._outlived(turn)
                else:
                    self._settle(turn, answer)
                future.release()  # type: ignore[no-untyped-call]

    def _suspect(self, running: Collection[object]) -> Turn | None:
        """When nothing else is left to do: one of those whose worker died, to run alone."""
        if running or self._queues or not self._suspects:
            return None
        self._alone = self._suspects.pop()
        return self._alone

    def _outlived(self, turn: Turn) -> None:
        """Ends a turn whose worker died. Which of its pictures was the cause shows when each has run alone."""
        if turn is self._alone:
            self._give_up(turn.reference, Refused("worker died", "the worker that tried this picture died", retry=True))
        else:
            self._queues.answered(turn)
            self._suspects.append(Turn(turn.reference, turn.attempt + 1))

    def _check_workers(self, client: Client) -> None:
        if client.nthreads():  # type: ignore[no-untyped-call]
            self._last_seen = time.monotonic()
        elif time.monotonic() - self._last_seen > _WORKERLESS_SECONDS:
            raise ClusterError("scheduler: no worker is left; the next run goes on from here")

    def _pause(self, has_place: bool) -> float:
        """Seconds that nothing but the end of a running attempt can shorten."""
        wait = self._queues.wait() if has_place else None
        return _LONGEST_PAUSE if wait is None else min(wait, _LONGEST_PAUSE)

    def _settle(self, turn: Turn, answer: _Answer) -> None:
        queued = turn is not self._alone  # one that runs alone has had its turn in the queue
        if isinstance(answer, Refused) and answer.retry:
            if queued and self._queues.failed(turn, answer):
                return
        elif queued:
            self._queues.answered(turn)
        if not isinstance(answer, Refused):
            self._keep(turn.reference, answer)
            return
        self._give_up(turn.reference, answer)
        for waiting, reason in self._queues.abandoned():
            self._give_up(waiting.reference, Refused("host left alone", reason, retry=True))

    def _keep(self, reference: Reference, answer: Picture | Rendition) -> None:
        picture = self._ledger.store.keep(answer) if isinstance(answer, Rendition) else answer
        for work_id in self._works[reference]:
            self._ledger.fetched(work_id, reference, picture)
        self._settled(self._works[reference], picture.digest)
        self.fetched += len(self._works[reference])
        self._progress(self.fetched + self.failed, self._total)

    def _give_up(self, reference: Reference, refused: Refused) -> None:
        for work_id in self._works[reference]:
            self._report(self._ledger.refused(work_id, reference, refused))
        self._settled(self._works[reference], None)
        self.failed += len(self._works[reference])
        self._progress(self.fetched + self.failed, self._total)


def _attempt(reference: Reference, limits: Limits, store: PictureStore | None) -> _Answer:
    """What a worker does: one attempt, whose picture goes into the store where there is one."""
    answer = fetch(reference, limits)
    return store.keep(answer) if store and isinstance(answer, Rendition) else answer


def _take(ended: "SimpleQueue[Future[_Answer]]", seconds: float) -> list[Future[_Answer]]:
    """Everything that has ended, or that ends first within so many seconds."""
    batch = []
    try:
        batch.append(ended.get(timeout=seconds))
        while True:
            batch.append(ended.get_nowait())
    except Empty:
        return batch


def _check_death(future: Future[_Answer]) -> None:
    """Passes over an attempt whose worker died. Raises what any other was ended by."""
    if future.status == "cancelled":
        raise ClusterError("scheduler: the connection to the Dask scheduler is lost; the next run goes on from here")
    error = future.exception()  # type: ignore[no-untyped-call]
    if not isinstance(error, KilledWorker):
        raise error
