"""The collection's own autoencoder, trained while its pictures arrive and while all else is measured of them."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from heapq import nsmallest
from pathlib import Path
from threading import Event

from PIL import Image

from indexes.encoders import autoencoder
from indexes.pictures import PictureError, decode
from pipeline.in_order import InOrder
from pipeline.stage import Stage
from pipeline.workspace import Workspace, replaced

# An update trains the autoencoder anew only when the collection is so many times as large as when it was trained:
# with new weights every picture has to be encoded again.
_OUTGROWN = 2

_NAME = f"autoencoder-{autoencoder.RECIPE}"  # what follows is how many pictures the collection had
_EVERY = 0.2  # seconds between two looks at how far it is


def weights(workspace: Workspace, pictures: int) -> Path | None:
    """The file of the weights for so many pictures; None where there is none yet, or the collection outgrew them."""
    for file in workspace.path.glob("autoencoder-*.safetensors"):
        name, _, count = file.stem.rpartition("-")
        if name == _NAME and pictures < _OUTGROWN * int(count):
            return file
    return None


def sample(digests: Sequence[str]) -> InOrder:
    """So many of these pictures as are to be learnt, in their order: by chance, but by the same chance each time."""
    among = set(nsmallest(autoencoder.LARGEST_SAMPLE, digests))  # a digest is as good as a random number
    return InOrder({digest: digest for digest in digests if digest in among})


class Training:
    """The autoencoder in training, in a thread beside."""

    def __init__(self, pictures: InOrder, stage: Stage) -> None:
        """Begins with those that are there."""
        self._pictures = pictures
        self._stage = stage
        self._done = 0  # steps
        self._began = time.monotonic()
        self._given_up = Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="autoencoder")
        self._state: Future[autoencoder.State] = self._thread.submit(self._train)

    def check(self) -> None:
        """Raise what ended it, if something has."""
        if self._state.done():
            self._state.result()

    def give_up(self) -> None:
        """Let it end soon, whatever it has come to."""
        self._given_up.set()
        self._pictures.close()

    def wait(self) -> None:
        """Return when it has ended."""
        self._thread.shutdown()

    def keep(self, pictures: int) -> Path:
        """Wait for the end, when no more arrive; gives the file of the weights, for a collection of so many pictures.

        Raises ValueError where no picture could be read.
        """
        self._pictures.close()
        steps = autoencoder.training_steps(len(self._pictures))
        with self._stage.progress.stage("autoencoder", self._began) as advance:
            while not wait([self._state], _EVERY).done:
                advance(self._done, steps)
            advance(self._done, self._done)
        folder, state = self._stage.workspace.path, self._state.result()
        for outgrown in folder.glob("autoencoder-*.safetensors"):
            outgrown.unlink()
        file = folder / f"{_NAME}-{pictures}.safetensors"
        with replaced(file) as draft:
            autoencoder.save(state, draft)
        return file

    def _train(self) -> autoencoder.State:
        import torch

        torch.set_num_threads(1)  # of this thread: a second core hardly helps here, and the other measures need it
        return autoencoder.train(self._readable(), progress=self._count)

    def _count(self, more: int) -> None:
        if self._given_up.is_set():
            raise CancelledError
        self._done += more

    def _readable(self) -> Iterator[Image.Image]:
        for digest in self._pictures:
            if self._given_up.is_set():
                raise CancelledError
            try:
                yield decode(self._stage.store.read(digest))
            except (OSError, PictureError):
                continue  # embedding comes upon it too, and reports it
