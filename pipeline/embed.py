"""The embed stage: every encoder's vector of every picture, each computed once, however often the build is killed."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from threading import Lock
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from indexes.pictures import PictureError, PictureStore, decode
from pipeline.vector_log import VectorLog

_BATCH = 64  # pictures between two writes of a worker: what a kill can cost each, and what each has in memory

Progress = Callable[[int], None]  # told how many more pictures are done
Unreadable = Callable[[str, str], None]  # told the digest and the reason


class Measure(Protocol):
    """What is taken of each picture: an encoder's vector, or anything else in a row of numbers of one length."""

    @property
    def identity(self) -> str:
        """Names what is measured and how: rows compare only where identities are equal."""

    @property
    def dimension(self) -> int:
        """Numbers in a row."""

    def encode_images(self, pictures: Sequence[Image.Image]) -> NDArray[Any]:
        """RGB pictures of any size -> (len(pictures), dimension); a row depends on its own picture alone."""


@dataclass(frozen=True, slots=True)
class Target:
    """A measure and where its rows go."""

    encoder: Measure
    log: VectorLog


def missing(targets: Mapping[str, Target], digests: Sequence[str]) -> list[str]:
    """The pictures that some target lacks, once each, in their order: what `embed_all` will read."""
    return [digest for digest in dict.fromkeys(digests) if _is_missing(targets, digest)]


def _is_missing(targets: Mapping[str, Target], digest: str) -> bool:
    return any(digest not in one.log for one in targets.values())


def embed(
    target: Target, digests: Iterable[str], store: PictureStore, progress: Progress, unreadable: Unreadable
) -> int:
    """Completes one encoder's log; gives the number of vectors added. See `embed_all`."""
    return embed_all({"": target}, digests, store, progress, unreadable)[""]


def embed_all(
    targets: Mapping[str, Target],
    digests: Iterable[str],
    store: PictureStore,
    progress: Progress,
    unreadable: Unreadable,
    workers: int | None = None,
) -> dict[str, int]:
    """Completes every target's log for these pictures in one pass; gives the number of vectors added to each.

    A picture is read and decoded once, and only where some target lacks it. One that the store does not hold or that is
    damaged goes to `unreadable` and has no vectors. A vector depends on its picture alone, so a build that was killed
    and resumed ends with the very same vectors. The digests may come while this works, as pictures do that are being
    fetched. So many `workers` take a batch each, or as many as there are cores.
    """
    workers = workers or os.cpu_count() or 1
    batches = _Batches(targets, store, progress, unreadable)
    lacking = (digest for digest in digests if _is_missing(targets, digest))
    running: deque[Future[None]] = deque()
    with ThreadPoolExecutor(workers, thread_name_prefix="embed", initializer=_on_one_core) as pool:
        try:
            while batch := list(islice(lacking, _BATCH)):
                running.append(pool.submit(batches.take, batch))
                while running and (len(running) > workers or running[0].done()):
                    running.popleft().result()
            while running:
                running.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)
    return batches.added


def _on_one_core() -> None:
    """Keep PyTorch to this worker's core."""
    import torch

    # Two batches on a core each go through a small network twice as fast as one after the other on both.
    torch.set_num_threads(1)


class _Batches:
    """What a worker does with a batch."""

    def __init__(
        self, targets: Mapping[str, Target], store: PictureStore, progress: Progress, unreadable: Unreadable
    ) -> None:
        self.added = dict.fromkeys(targets, 0)
        self._targets = targets
        self._store = store
        self._progress = progress
        self._unreadable = unreadable
        self._one_at_a_time = Lock()

    def take(self, digests: list[str]) -> None:
        """Measure these pictures, write the rows, and tell of it."""
        found = {digest: _read(self._store, digest) for digest in digests}
        pictures = {digest: picture for digest, picture in found.items() if isinstance(picture, Image.Image)}
        rows: dict[str, dict[str, NDArray[Any]]] = {}
        for name, target in self._targets.items():
            lacking = [digest for digest in pictures if digest not in target.log]
            if lacking:
                measured = target.encoder.encode_images([pictures[digest] for digest in lacking])
                rows[name] = dict(zip(lacking, measured, strict=True))
        with self._one_at_a_time:
            for name, by_digest in rows.items():
                self._append(name, by_digest)
            for digest, picture in found.items():
                if isinstance(picture, str):
                    self._unreadable(digest, picture)
            self._progress(len(digests))

    def _append(self, name: str, rows: dict[str, NDArray[Any]]) -> None:
        log = self._targets[name].log
        fresh = [digest for digest in rows if digest not in log]  # one that arrived twice was another's just now
        if fresh:
            log.append(fresh, np.stack([rows[digest] for digest in fresh]))
            self.added[name] += len(fresh)


def _read(store: PictureStore, digest: str) -> Image.Image | str:
    """The picture, or why there is none."""
    try:
        return decode(store.read(digest))
    except FileNotFoundError:
        return "its picture is no longer in the store"
    except PictureError as error:
        return error.reason
