"""The embed stage: every encoder's vector of every picture, each computed once, however often the build is killed."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from numpy.typing import NDArray
from PIL import Image

from indexes.pictures import PictureError, PictureStore, decode
from pipeline.vector_log import VectorLog

_BATCH = 64  # pictures between two writes: what a kill can cost, and what is in memory at once, twice
_READERS = 2

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
) -> dict[str, int]:
    """Completes every target's log for these pictures in one pass; gives the number of vectors added to each.

    A picture is read and decoded once, while the encoders work on those before it, and only where some target lacks
    it. One that the store does not hold or that is damaged goes to `unreadable` and has no vectors. A vector
    depends on its picture alone, so a build that was killed and resumed ends with the very same vectors. The digests
    may come while this works, as pictures do that are being fetched.
    """
    added = dict.fromkeys(targets, 0)
    for batch in _read_ahead((digest for digest in digests if _is_missing(targets, digest)), store):
        pictures = {digest: found for digest, found in batch.items() if isinstance(found, Image.Image)}
        for name, target in targets.items():
            lacking = [digest for digest in pictures if digest not in target.log]
            if lacking:
                target.log.append(lacking, target.encoder.encode_images([pictures[digest] for digest in lacking]))
                added[name] += len(lacking)
        for digest, found in batch.items():
            if isinstance(found, str):
                unreadable(digest, found)
        progress(len(batch))
    return added


def _read_ahead(digests: Iterator[str], store: PictureStore) -> Iterator[dict[str, Image.Image | str]]:
    """The pictures in batches, in their order; while one batch is used, the next is read."""
    queue: deque[dict[str, Future[Image.Image | str]]] = deque()
    with ThreadPoolExecutor(_READERS, thread_name_prefix="embed") as readers:
        try:
            while batch := list(islice(digests, _BATCH)):
                queue.append({digest: readers.submit(_read, store, digest) for digest in batch})
                if len(queue) > 1:
                    yield {digest: future.result() for digest, future in queue.popleft().items()}
            while queue:
                yield {digest: future.result() for digest, future in queue.popleft().items()}
        finally:
            readers.shutdown(cancel_futures=True)


def _read(store: PictureStore, digest: str) -> Image.Image | str:
    """The picture, or why there is none."""
    try:
        return decode(store.read(digest))
    except FileNotFoundError:
        return "its picture is no longer in the store"
    except PictureError as error:
        return error.reason
