"""The collection's own autoencoder, trained beside what else is measured of its pictures."""

from collections.abc import Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from PIL import Image

from indexes.encoders import autoencoder
from indexes.pictures import PictureError, PictureStore, decode
from pipeline.stage import Stage
from pipeline.workspace import Workspace, replaced

# An update trains the autoencoder anew only when the collection is so many times as large as when it was trained:
# with new weights every picture has to be encoded again.
_OUTGROWN = 2


def weights_file(digests: list[str], workspace: Workspace) -> Path:
    """Where the autoencoder's weights are, or will be: none are there yet, or the collection has outgrown them."""
    for file in workspace.path.glob("autoencoder-*.safetensors"):
        if len(digests) < _OUTGROWN * int(file.stem.rpartition("-")[2]):
            return file
        file.unlink()
    return workspace.path / f"autoencoder-{len(digests)}.safetensors"


@contextmanager
def training(file: Path, digests: list[str], stage: Stage) -> Iterator[None]:
    """Train the autoencoder beside the block; when the block ends, the file is written. If it fails, training stops."""
    given_up = Event()
    with ThreadPoolExecutor(1, thread_name_prefix="autoencoder") as beside:
        trained = beside.submit(_train, file, digests, stage, given_up)
        try:
            yield
        except BaseException:
            given_up.set()
            raise
        trained.result()


def _train(file: Path, digests: list[str], stage: Stage, given_up: Event) -> None:
    import torch

    torch.set_num_threads(1)  # of this thread: a second core hardly helps here, and the other measures need it
    sample = autoencoder.training_sample(digests)
    steps = autoencoder.training_steps(len(sample))
    done = 0
    with stage.progress.stage("autoencoder") as advance:

        def count(more: int) -> None:
            nonlocal done
            if given_up.is_set():
                raise CancelledError
            done += more
            advance(done, steps)

        state = autoencoder.train(_readable(sample, stage.store), progress=count)
    with replaced(file) as draft:
        autoencoder.save(state, draft)


def _readable(digests: list[str], store: PictureStore) -> Iterator[Image.Image]:
    for digest in digests:
        try:
            yield decode(store.read(digest))
        except (OSError, PictureError):
            continue  # embedding comes upon it too, and reports it
