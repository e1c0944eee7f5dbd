"""Likeness in the latent space of an autoencoder trained on the collection: the practicum's second method."""

import math
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from indexes.encoders import EncoderError, Vectors

if TYPE_CHECKING:
    import torch

State = dict[str, NDArray[np.float32]]  # the encoder's tensors by name, and the latent vectors' "mean"

RECIPE = 2  # counts up with any change of the network: weights from before do not fit the one after
SIDE = 32
DIMENSION = 64
LARGEST_SAMPLE = 5000  # pictures to train on: more make it no better

_CHANNELS = (24, 48, 64)  # of the encoder; each layer halves the sides: 32 to 4
_DECODED = (32, 16)  # of the decoder, which is thrown away after training; from 8 x 8, each doubles the sides
_BATCH = 32  # in training
_RATE = 4e-3  # of learning, at most
_RISE = 60  # steps that it takes to get there
_RUN = 8  # pictures in one run of the encoder, always: with another number, sums are taken in another order


def training_steps(count: int) -> int:
    """The steps that `train` takes: 40 times through all pictures, 5,000 at most; for a few, 5 a picture up to 400."""
    return min(5000, max(min(400, 5 * count), count * 40 // _BATCH))


def train(pictures: Iterable[Image.Image], seed: int = 0, progress: Callable[[int], None] | None = None) -> State:
    """Trains on RGB pictures of any size; the same pictures in the same order give the same state on one machine.

    It learns while they come: of those that are there, two thirds of the steps that so many would take, and the rest
    when no more come. Half the pictures of each step are mirrored, for a mirrored picture shows the same things.
    `progress` is told of every step (1). Takes about 9 seconds of one core for 800 pictures, 45 for 5,000; a second
    one hardly helps. Raises ValueError where there are no pictures.
    """
    import torch

    learner = _Learner(seed, progress or (lambda _: None))
    shrunk: list[NDArray[np.uint8]] = []
    for picture in pictures:
        shrunk.append(_shrink(picture))
        if len(shrunk) % _BATCH == 0:
            learner.learn(torch.from_numpy(np.stack(shrunk)), training_steps(len(shrunk)) * 2 // 3)
    if not shrunk:
        raise ValueError("pictures: must be at least one")
    data = torch.from_numpy(np.stack(shrunk))
    learner.finish(data, training_steps(len(data)))
    encoder = learner.encoder
    with torch.inference_mode():
        latent = torch.cat([encoder(_normalised(batch)) for batch in torch.split(data, _BATCH)])
    state: State = {name: tensor.contiguous().numpy() for name, tensor in encoder.state_dict().items()}
    state["mean"] = latent.mean(dim=0).numpy()
    return state


def save(state: State, path: Path) -> None:
    """Writes what `train` gave as a safetensors file."""
    from safetensors.numpy import save_file

    save_file(state, path)


class AutoencoderEncoder:
    """The latent vector of a picture at 32 x 32 pixels, less the collection's mean, compared by cosine.

    The practicum's latent space has four numbers, which hold little more than how light the picture is and where;
    this one has 64. Over 783 paintings, the ten nearest share the genre in 24.9 % (10.4 % by chance).
    """

    dimension = DIMENSION

    def __init__(self, state: State) -> None:
        """Raises EncoderError where the state is not one that `train` gave."""
        import torch

        tensors = {name: torch.from_numpy(np.array(values)) for name, values in state.items()}
        self._mean = tensors.pop("mean", torch.empty(0))
        self._encoder = _encoder()
        try:
            self._encoder.load_state_dict(tensors)
        except RuntimeError as error:
            raise EncoderError("autoencoder: these weights are not of its network; train it again") from error
        if self._mean.shape != (DIMENSION,) or not all(np.isfinite(values).all() for values in state.values()):
            raise EncoderError("autoencoder: its weights are incomplete or damaged; train it again")
        digest = sha256(b"".join(np.ascontiguousarray(state[name]).tobytes() for name in sorted(state)))
        self.identity = f"autoencoder-{DIMENSION} {digest.hexdigest()[:16]}"

    @classmethod
    def open(cls, path: Path) -> "AutoencoderEncoder":
        """The encoder that `save` wrote. Raises EncoderError where the file is missing, damaged or something else."""
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        try:
            state = load_file(path)
        except (OSError, SafetensorError) as error:
            raise EncoderError(f"autoencoder: {path} cannot be read ({error}); build again to train it") from error
        return cls(state)

    def encode_images(self, pictures: Sequence[Image.Image]) -> Vectors:
        """RGB pictures of any size -> float32 (len(pictures), 64), each row of unit length.

        A row depends on its own picture alone, to the last bit, on one machine and number of threads.
        """
        import torch

        vectors = np.empty((len(pictures), DIMENSION), dtype=np.float32)
        for start in range(0, len(pictures), _RUN):
            shrunk = [_shrink(picture) for picture in pictures[start : start + _RUN]]
            batch = np.zeros((_RUN, 3, SIDE, SIDE), dtype=np.uint8)
            batch[: len(shrunk)] = shrunk
            with torch.inference_mode():
                latent = self._encoder(_normalised(torch.from_numpy(batch))) - self._mean
                rows = torch.nn.functional.normalize(latent, dim=1).numpy()
            vectors[start : start + _RUN] = rows[: len(shrunk)]
        return vectors


def _shrink(picture: Image.Image) -> NDArray[np.uint8]:
    """(3, 32, 32) bytes: the means of the picture's cells."""
    small = picture.resize((SIDE, SIDE), Image.Resampling.BOX)
    return np.asarray(small).transpose(2, 0, 1)


def _normalised(batch: "torch.Tensor") -> "torch.Tensor":
    return batch.float() / 255 - 0.5


def _encoder() -> "torch.nn.Module":
    """(n, 3, 32, 32) -> (n, 64)."""
    from torch import nn

    layers: list[nn.Module] = []
    before = 3
    for channels in _CHANNELS:
        layers += [nn.Conv2d(before, channels, 3, stride=2, padding=1), nn.ReLU()]
        before = channels
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(before * (SIDE >> len(_CHANNELS)) ** 2, DIMENSION))


def _decoder() -> "torch.nn.Module":
    """(n, 64) -> (n, 3, 32, 32)."""
    from torch import nn

    side = SIDE >> len(_DECODED)
    layers: list[nn.Module] = [nn.Linear(DIMENSION, _DECODED[0] * side**2), nn.Unflatten(1, (_DECODED[0], side, side))]
    for before, after in pairwise((*_DECODED, 3)):
        layers += [nn.ReLU(), nn.ConvTranspose2d(before, after, 4, stride=2, padding=1)]
    return nn.Sequential(*layers)


def _begun(network: "torch.nn.Module", random: "torch.Generator") -> "torch.nn.Module":
    """The network with weights to begin learning from: even between -1 and 1 over the root of a layer's inputs."""
    import torch

    with torch.no_grad():
        for layer in network.children():
            for values in layer.parameters():
                bound = next(layer.parameters())[0].numel() ** -0.5
                values.uniform_(-bound, bound, generator=random)
    return network


class _Learner:
    """Teaches encoder and decoder to give each picture back: mean squared error, Adam.

    The learning rate rises, stays for as long as pictures may come, and falls along half a cosine when all are there:
    on the plateau it does not matter how many steps are still to come (Hu et al., "MiniCPM", 2024).
    """

    def __init__(self, seed: int, progress: Callable[[int], None]) -> None:
        import torch

        # One of its own: from the common one, other threads take numbers meanwhile.
        self._random = torch.Generator().manual_seed(seed)
        halves = (_begun(half, self._random) for half in (_encoder(), _decoder()))
        self.encoder, self._decoder = (half.to(memory_format=torch.channels_last) for half in halves)
        weights = [*self.encoder.parameters(), *self._decoder.parameters()]
        self._optimiser = torch.optim.Adam(weights, lr=_RATE, fused=True)
        self._progress = progress
        self._done = 0

    def learn(self, data: "torch.Tensor", steps: int) -> None:
        """From these pictures, until so many steps are done in all."""
        while self._done < steps:
            self._step(data, _RATE)

    def finish(self, data: "torch.Tensor", steps: int) -> None:
        """The same, to the end."""
        left = steps - self._done
        for step in range(left):
            self._step(data, _RATE * (1 + math.cos(math.pi * step / left)) / 2)

    def _step(self, data: "torch.Tensor", rate: float) -> None:
        import torch

        self._done += 1
        for group in self._optimiser.param_groups:
            group["lr"] = rate * min(1.0, self._done / _RISE)
        batch = _normalised(data[torch.randint(len(data), (_BATCH,), generator=self._random)])
        batch[::2] = batch[::2].flip(3)
        batch = batch.contiguous(memory_format=torch.channels_last)
        loss = torch.nn.functional.mse_loss(self._decoder(self.encoder(batch)), batch)
        self._optimiser.zero_grad()
        torch.autograd.backward(loss)
        self._optimiser.step()
        self._progress(1)
