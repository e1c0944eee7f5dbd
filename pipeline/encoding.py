"""Which encoders a collection's pictures go through, and what came out of them."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import numpy as np
from PIL import Image

from indexes.colours import TERMS
from indexes.encoders import Vectors, autoencoder
from indexes.encoders.autoencoder import AutoencoderEncoder
from indexes.encoders.clip import ClipEncoder, open_encoder
from indexes.encoders.palette import PaletteEncoder, colour_terms
from indexes.encoders.pixels import PixelsEncoder
from indexes.pictures import PictureError, PictureStore, decode
from indexes.recognition import LandmarkMeasure
from pipeline.embed import Measure, Target, embed_all, missing
from pipeline.progress import Progress
from pipeline.sources import Failure
from pipeline.vector_log import VectorLog
from pipeline.workspace import Workspace, replaced

# An update trains the autoencoder anew only when the collection is so many times as large as when it was trained:
# with new weights every picture has to be encoded again.
_OUTGROWN = 2


@dataclass(frozen=True, slots=True)
class Encoding:
    """The CLIP model of a build."""

    encoder: str  # `pocket`, or open_clip's MODEL:PRETRAINED
    weights: Path | None = None


class Encoder:
    """The CLIP model, opened when it is first needed."""

    def __init__(self, encoding: Encoding) -> None:
        self.encoding = encoding
        self._opened: ClipEncoder | None = None

    def open(self) -> ClipEncoder:
        """The model. Raises EncoderError."""
        if self._opened is None:
            self._opened = open_encoder(self.encoding.encoder, self.encoding.weights)
        return self._opened


@dataclass(frozen=True, slots=True)
class Embedded:
    """The vectors of one method, and what a release has to know of their encoder."""

    method: str
    encoder: str
    log: VectorLog
    words: bool = False
    weights: Path | None = None  # the operator's checkpoint, which the service needs too
    file: Path | None = None  # weights that belong to the collection and travel with the release


@dataclass(frozen=True, slots=True)
class Measured:
    """All that was measured of a collection's pictures; nothing where it has none."""

    methods: list[Embedded] = field(default_factory=list)
    colours: VectorLog | None = None  # shares of the basic colour terms
    landmarks: VectorLog | None = None  # by which photos of works are recognised

    def identities(self) -> dict[str, str]:
        """Which encoder made the vectors of each method, and what measured the rest."""
        logs = {made.method: made.log for made in self.methods}
        measured = {"colours": self.colours, "landmarks": self.landmarks}
        return {name: log.identity for name, log in (logs | measured).items() if log}


class ColourTerms:
    """Measures colours as the encoders do vectors: a row of shares for each picture, in the order of `TERMS`."""

    identity = "colour-terms-1"
    dimension = len(TERMS)

    def encode_images(self, pictures: Sequence[Image.Image]) -> Vectors:
        """RGB pictures -> float32 (len(pictures), 11), shares that add up to 1."""
        shares = [colour_terms(picture) for picture in pictures]
        return np.array([[share[term] for term in TERMS] for share in shares], np.float32).reshape(-1, len(TERMS))


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a build's embedding works, and whom it tells."""

    workspace: Workspace
    store: PictureStore
    progress: Progress
    failures: list[Failure]


@contextmanager
def embedded(digests: list[str], encoder: Encoder, stage: Stage) -> Iterator[Measured]:
    """The vectors of these pictures by every method, each computed once in the life of a workspace."""
    if not digests:
        yield Measured()
        return
    clip, encoding = encoder.open(), encoder.encoding
    untaught: Mapping[str, Measure] = {
        "clip": clip,
        "pixels": PixelsEncoder(),
        "palette": PaletteEncoder(),
        "colours": ColourTerms(),
        "landmarks": LandmarkMeasure(),
    }
    with ExitStack() as stack:

        def target(name: str, one: Measure) -> Target:
            log = VectorLog(stage.workspace.vectors, one.identity, one.dimension, _number(name))
            return Target(one, stack.enter_context(log))

        targets = {name: target(name, one) for name, one in untaught.items()}
        file = _weights(digests, stage.workspace)
        if not file.exists():
            with _training(file, digests, stage):  # which takes the longest; all others measure meanwhile
                _complete(targets, digests, stage)
            unreadable = set(missing(targets, digests))  # reported by now
            digests = [digest for digest in digests if digest not in unreadable]
        targets["autoencoder"] = target("autoencoder", AutoencoderEncoder.open(file))
        _complete(targets, digests, stage)
        logs = {method: target.log for method, target in targets.items()}
        methods = [
            Embedded("clip", encoding.encoder, logs["clip"], clip.has_words, encoding.weights),
            Embedded("pixels", "pixels", logs["pixels"]),
            Embedded("palette", "palette", logs["palette"]),
            Embedded("autoencoder", "autoencoder", logs["autoencoder"], file=file),
        ]
        yield Measured(methods, logs["colours"], logs["landmarks"])


def _number(measure: str) -> str:
    return "|u1" if measure == "landmarks" else "<f4"


def _complete(targets: Mapping[str, Target], digests: list[str], stage: Stage) -> None:
    total = len(missing(targets, digests))
    if not total:
        return
    done = 0

    def unreadable(digest: str, reason: str) -> None:
        stage.store.remove(digest)  # so that the next build fetches it again
        stage.failures.append(Failure(digest, None, "damaged picture", f"a stored picture: {reason}", retry=True))

    with stage.progress.stage("embed") as advance:

        def count(more: int) -> None:
            nonlocal done
            done += more
            advance(done, total)

        embed_all(targets, digests, stage.store, count, unreadable)


def _weights(digests: list[str], workspace: Workspace) -> Path:
    """Where the autoencoder's weights are, or will be: none are there yet, or the collection has outgrown them."""
    for file in workspace.path.glob("autoencoder-*.safetensors"):
        if len(digests) < _OUTGROWN * int(file.stem.rpartition("-")[2]):
            return file
        file.unlink()
    return workspace.path / f"autoencoder-{len(digests)}.safetensors"


@contextmanager
def _training(file: Path, digests: list[str], stage: Stage) -> Iterator[None]:
    """Train the autoencoder beside the block; when the block ends, the file is written. If it fails, training stops."""
    given_up = Event()
    with ThreadPoolExecutor(1, thread_name_prefix="autoencoder") as beside:
        training = beside.submit(_train, file, digests, stage, given_up)
        try:
            yield
        except BaseException:
            given_up.set()
            raise
        training.result()


def _train(file: Path, digests: list[str], stage: Stage, given_up: Event) -> None:
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
