"""All that is measured of a collection's pictures: of those fetched from servers, while others are still fetched."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import ExitStack
from queue import SimpleQueue
from threading import Event
from types import TracebackType
from typing import Self

from indexes.encoders.autoencoder import LARGEST_SAMPLE, AutoencoderEncoder
from indexes.encoders.palette import PaletteEncoder
from indexes.encoders.pixels import PixelsEncoder
from indexes.recognition import LandmarkMeasure
from pipeline.autoencoding import Training, sample, weights
from pipeline.embed import Measure, Target, embed_all, missing
from pipeline.encoding import ColourTerms, Embedded, Encoder, Measured
from pipeline.in_order import InOrder
from pipeline.ledger import Pending
from pipeline.sources import Failure
from pipeline.stage import Stage
from pipeline.vector_log import VectorLog
from pipeline.works import PicturedWorks


class Measuring:
    """Takes every measure of every picture, each once in the life of a workspace.

    Closes the logs of vectors when its context ends; what was measured until then is kept.
    """

    def __init__(self, encoder: Encoder, works: PicturedWorks, pending: Pending, stage: Stage) -> None:
        self._encoder = encoder
        self._works = works
        self._in_order = _in_order(works, pending)
        # Whoever reads a folder waits for the processor alone: what is measured meanwhile is not measured sooner.
        self._meanwhile = any(reference.host is not None for reference in pending.works)
        self._stage = stage
        self._targets: dict[str, Target] = {}
        self._done = 0
        self._since: float | None = None  # on the monotonic clock: when the first of those that are done arrived
        self._logs = ExitStack()
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="measure")
        self._running: Future[None] | None = None
        self._arrivals: SimpleQueue[str | None] = SimpleQueue()
        self._given_up = Event()
        self._training: Training | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._given_up.set()
        self._arrivals.put(None)
        with self._logs, ExitStack() as ends:  # whoever is interrupted while waiting for one still waits for the others
            if self._training:
                self._training.give_up()
                ends.callback(self._training.wait)
            ends.callback(self._beside.shutdown)

    def settled(self, ids: Sequence[str], digest: str | None) -> None:
        """These works have this picture, or none: measure it beside what the caller does next.

        Raises EncoderError, or whatever else has ended the measuring of those before it: without an encoder, fetching
        for hours is of no use.
        """
        if self._running and self._running.done():
            self._running.result()
        if self._training:
            self._training.check()
        if digest and self._running is None:
            self._since = time.monotonic() if self._meanwhile else None
            self._running = self._beside.submit(self._measure_arrivals)
            if self._in_order and not weights(self._stage.workspace, 0):
                self._training = Training(self._in_order, self._stage)
        if digest and self._meanwhile:
            self._arrivals.put(digest)
        if self._in_order:
            for id in ids:  # one that failed in passing keeps the picture that it had
                self._in_order.settled(id, digest or self._works.ledger.digest(id))

    def complete(self) -> Measured:
        """What was measured of all pictures, when they are there; measures what has not been. Raises EncoderError."""
        if self._running:
            self._arrivals.put(None)
            self._running.result()
        digests = self._works.digests()
        if not digests:
            return Measured()
        targets = self._opened()
        file = weights(self._stage.workspace, len(digests))
        if not file:
            self._training = self._training or Training(sample(digests), self._stage)
            self._measure_rest(digests, beside=1)
            unreadable = set(missing(targets, digests))  # reported by now
            digests = [digest for digest in digests if digest not in unreadable]
            if not digests:
                return Measured()
            file = self._training.keep(len(digests))
        targets["autoencoder"] = self._target("autoencoder", AutoencoderEncoder.open(file))
        self._measure_rest(digests)
        logs, encoding = {method: target.log for method, target in targets.items()}, self._encoder.encoding
        methods = [
            Embedded("clip", encoding.encoder, logs["clip"], self._encoder.open().has_words, encoding.weights),
            Embedded("pixels", "pixels", logs["pixels"]),
            Embedded("palette", "palette", logs["palette"]),
            Embedded("autoencoder", "autoencoder", logs["autoencoder"], file=file),
        ]
        return Measured(methods, logs["colours"], logs["landmarks"])

    def _opened(self) -> dict[str, Target]:
        """Where each measure's rows go; the autoencoder's is not among them before it is trained."""
        if not self._targets:
            measures: Mapping[str, Measure] = {
                "clip": self._encoder.open(),
                "pixels": PixelsEncoder(),
                "palette": PaletteEncoder(),
                "colours": ColourTerms(),
                "landmarks": LandmarkMeasure(),
            }
            self._targets = {name: self._target(name, one) for name, one in measures.items()}
        return self._targets

    def _target(self, name: str, measure: Measure) -> Target:
        number = "|u1" if name == "landmarks" else "<f4"
        log = VectorLog(self._stage.workspace.vectors, measure.identity, measure.dimension, number)
        return Target(measure, self._logs.enter_context(log))

    def _measure_arrivals(self) -> None:
        embed_all(self._opened(), self._until_the_last(), self._stage.store, self._count, self._unreadable)

    def _until_the_last(self) -> Iterator[str]:
        while (digest := self._arrivals.get()) is not None and not self._given_up.is_set():
            yield digest
        if self._given_up.is_set():
            raise CancelledError

    def _measure_rest(self, digests: list[str], beside: int = 0) -> None:
        """Measure those that lack something, on all cores but those that something `beside` keeps busy."""
        total = self._done + len(missing(self._targets, digests))
        if not total:
            return
        with self._stage.progress.stage("embed", self._since) as advance:

            def count(more: int) -> None:
                self._count(more)
                advance(self._done, total)

            advance(self._done, total)
            workers = max(1, (os.cpu_count() or 1) - beside)
            embed_all(self._targets, digests, self._stage.store, count, self._unreadable, workers)
        self._done, self._since = 0, None

    def _count(self, more: int) -> None:
        self._done += more

    def _unreadable(self, digest: str, reason: str) -> None:
        self._stage.store.remove(digest)  # so that the next build fetches it again
        self._stage.failures.append(Failure(digest, None, "damaged picture", f"a stored picture: {reason}", retry=True))


def _in_order(works: PicturedWorks, pending: Pending) -> InOrder | None:
    """The pictures, where all of them are to be learnt: then an autoencoder can begin while they arrive."""
    if len(pending.pictured) > LARGEST_SAMPLE:
        return None
    awaited = pending.awaited
    return InOrder({id: None if id in awaited else works.ledger.digest(id) for id in pending.pictured})
