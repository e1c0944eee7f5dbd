"""CLIP: pictures and words in one space (Radford et al., "Learning Transferable Visual Models", 2021), by open_clip."""

import copy
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from indexes.encoders import EncoderError, Vectors, pocket
from indexes.encoders.borders import trimmed
from indexes.encoders.checkpoint import Checkpoint, load

if TYPE_CHECKING:
    import torch

# How far, by cosine, a vector in bfloat16 may be from the same in float32.
_FAITHFUL = 0.999

_LONGEST = 8  # times as long as wide: beyond, preprocessing would make a strip of millions of pixels


def open_encoder(name: str, weights: Path | None = None, device: str | None = None) -> "ClipEncoder":
    """The encoder of a name: `pocket`, open_clip's `MODEL:PRETRAINED`, `hf-hub:OWNER/NAME`, or `MODEL` with weights.

    `weights` is a checkpoint file, for machines without network. Raises EncoderError.
    """
    checkpoint = pocket.load(weights) if name == pocket.NAME else load(name, weights)
    return ClipEncoder(checkpoint, device)


class ClipEncoder:
    """A CLIP model at work, on the GPU where there is one.

    It computes in bfloat16 where the processor does so natively and the vectors stay within 0.001 of float32 by
    cosine. That is a matter of speed (ViT-B/32 on two cores: 64 pictures a second against 17) and no part of the
    identity: vectors of either kind compare.
    """

    def __init__(self, checkpoint: Checkpoint, device: str | None = None) -> None:
        """Raises EncoderError where the weights give no usable vectors."""
        import torch
        from open_clip.transform import PreprocessCfg, image_transform_v2

        self.device = device or _best_device(torch)
        self.identity = f"{checkpoint.name} {checkpoint.digest[:16]}"
        self.trained = checkpoint.trained
        # A build has a thread for each core, which share one model; on a GPU they may not run it at the same time.
        self._turn = nullcontext() if self.device.startswith("cpu") else Lock()
        self._trim = checkpoint.trim
        self._batch = _batch_size(self.device, checkpoint.preprocessing["size"])
        self._prepare = image_transform_v2(PreprocessCfg(**checkpoint.preprocessing), is_train=False)
        self._tokenize = checkpoint.tokenize
        self._model: Any = checkpoint.model.to(self.device).to(memory_format=torch.channels_last)
        exact = self._probe()
        if not np.isfinite(exact).all():
            raise EncoderError(f"encoder {checkpoint.name}: its weights are damaged, for they give vectors of nothing")
        self.dimension = exact.shape[1]
        self.precision = "float32"
        if _has_bfloat16(torch, self.device):
            self._try_bfloat16(exact)

    @property
    def has_words(self) -> bool:
        """Whether words may be compared with pictures: not where the weights are untrained."""
        return self.trained

    def encode_images(self, pictures: Sequence[Image.Image]) -> Vectors:
        """RGB pictures of any size -> float32 (len(pictures), dimension), each row of unit length.

        A row depends on its own picture alone, to the last bit, on one machine and number of threads.
        """
        import torch

        rows = [np.empty((0, self.dimension), dtype=np.float32)] if not pictures else []
        for start in range(0, len(pictures), self._batch):
            ready = [self._ready(picture) for picture in pictures[start : start + self._batch]]
            blank = [torch.zeros_like(ready[0])] * (self._batch - len(ready))
            batch = torch.stack(ready + blank).to(memory_format=torch.channels_last)  # a third faster for convolutions
            rows.append(self._run(self._model.encode_image, batch)[: len(ready)])
        return np.concatenate(rows)

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Texts -> float32 (len(texts), dimension), each row of unit length; a text too long for the model is cut."""
        rows = [self._run(self._model.encode_text, self._tokenize([text])) for text in texts]
        return np.concatenate(rows) if rows else np.empty((0, self.dimension), dtype=np.float32)

    def _ready(self, picture: Image.Image) -> "torch.Tensor":
        tensor: torch.Tensor = self._prepare(_not_too_long(trimmed(picture) if self._trim else picture))
        return tensor

    def _run(self, encode: Any, batch: "torch.Tensor") -> Vectors:
        import torch

        if batch.is_floating_point():
            batch = batch.to(next(self._model.parameters()).dtype)
        with self._turn, torch.inference_mode():
            vectors = torch.nn.functional.normalize(encode(batch.to(self.device)).float(), dim=-1)
        rows: Vectors = vectors.cpu().numpy()
        return rows

    def _probe(self) -> Vectors:
        """The vectors of pictures and texts that show how exact the arithmetic is."""
        texts = ["a portrait of a woman in a red dress", "ships on a stormy sea", "blue and white vase"]
        return np.concatenate([self.encode_images(_probe_pictures()), self.encode_texts(texts)])

    def _try_bfloat16(self, exact: Vectors) -> None:
        import torch

        full = self._model
        self._model = copy.deepcopy(full).to(torch.bfloat16)
        likeness = (self._probe() * exact).sum(axis=1)
        if likeness.min() > _FAITHFUL:  # false for NaN as well
            self.precision = "bfloat16"
        else:
            self._model = full


def _best_device(torch: Any) -> str:
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _has_bfloat16(torch: Any, device: str) -> bool:
    """Whether the processor multiplies bfloat16 natively; where it does not, float32 is faster."""
    if torch.device(device).type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    able = torch.cpu.get_capabilities()
    return torch.device(device).type == "cpu" and any(able.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16"))


def _batch_size(device: str, size: int | tuple[int, int]) -> int:
    """Pictures in one run of the network: always so many, some of them blank if need be.

    With another number, the sums inside would be taken in another order. On a CPU, 4 of 224 x 224 pixels give nine
    tenths of the speed of 16, and a visitor's single picture does not wait for 15 blank ones.
    """
    if not device.startswith("cpu"):
        return 64 if device.startswith("cuda") else 16
    side = size if isinstance(size, int) else max(size)
    return max(1, min(16, 4 * 224**2 // side**2))


def _probe_pictures() -> list[Image.Image]:
    """Four pictures of all frequencies, colours and contrasts, the same everywhere."""
    random = np.random.default_rng(0)
    noise = Image.fromarray(random.integers(0, 256, (256, 256, 3), dtype=np.uint8))
    patches = Image.fromarray(random.integers(0, 256, (6, 6, 3), dtype=np.uint8)).resize((256, 256))
    across, around = Image.linear_gradient("L"), Image.radial_gradient("L")
    gradient = Image.merge("RGB", (across, across.transpose(Image.Transpose.ROTATE_90), around))
    return [noise, patches, gradient, Image.blend(patches, around.convert("RGB"), 0.6)]


def _not_too_long(picture: Image.Image) -> Image.Image:
    """The picture, or the middle of one that is extremely long or tall."""
    width, height = picture.size
    if max(width, height) <= _LONGEST * min(width, height):
        return picture
    cut_width, cut_height = min(width, _LONGEST * height), min(height, _LONGEST * width)
    left, top = (width - cut_width) // 2, (height - cut_height) // 2
    return picture.crop((left, top, left + cut_width, top + cut_height))
