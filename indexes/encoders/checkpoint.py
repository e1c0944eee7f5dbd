"""CLIP models by name: network, tokenizer and preprocessing, with weights from a file or the Hugging Face Hub.

The hub is asked only for what is not in its cache on this machine already.
"""

import json
import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import httpx

from indexes.encoders import EncoderError

if TYPE_CHECKING:
    import torch

T = TypeVar("T")

HUB_PREFIX = "hf-hub:"
SUFFIXES = (".safetensors", ".pt", ".pth", ".bin")

_INSTEAD = "Give a checkpoint with --weights FILE, or use the small bundled model with --encoder pocket."
_PATIENCE = 5.0  # seconds for the hub to answer at all


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A model with its weights, ready to be used: on the CPU, in float32."""

    name: str  # of the architecture
    model: "torch.nn.Module"  # with open_clip's encode_image and encode_text
    tokenize: "Callable[[list[str]], torch.Tensor]"
    preprocessing: dict[str, Any]  # the fields of open_clip's PreprocessCfg
    digest: str  # SHA-256 of all that decides about a vector
    trained: bool = True
    trim: bool = False  # whether plain borders are cut off before all else


def load(name: str, weights: Path | None = None) -> Checkpoint:
    """The model of an open_clip name `MODEL:PRETRAINED`, or `hf-hub:OWNER/NAME`; or `MODEL` with the weights of a file.

    A file's weights take the place of those named; the name then decides about the architecture and, with its
    PRETRAINED, about the preprocessing. Raises EncoderError.
    """
    if name.startswith(HUB_PREFIX):
        if weights:
            raise EncoderError(f"encoder {name}: brings weights of its own, so --weights must be left out")
        return _load_from_hub(name)
    model_name, _, tag = name.partition(":")
    options = _options(model_name, tag, weights)
    with _quiet():
        import open_clip

        tokenize = _tokenizer(model_name)
        file = weights or _fetch(name, lambda: Path(open_clip.download_pretrained(options)))
        model = from_file(
            file,
            lambda path: open_clip.create_model(
                model_name,
                pretrained=path,
                force_quick_gelu=options.get("quick_gelu", False),
                force_preprocess_cfg=options,
            ),
        )
    return of_model(model_name, model, tokenize, quick_gelu=options.get("quick_gelu", False))


def of_model(name: str, model: Any, tokenize: Any, **decisive: Any) -> Checkpoint:
    """The checkpoint of an open_clip model; `decisive` is what decides about its vectors besides weights and pixels."""
    preprocessing = dict(model.visual.preprocess_cfg)
    digest = sha256(json.dumps([name, preprocessing, decisive], sort_keys=True).encode())
    for key, tensor in sorted(model.state_dict().items()):
        digest.update(f"{key} {tuple(tensor.shape)}".encode())
        digest.update(tensor.float().contiguous().numpy())
    return Checkpoint(name, model.eval(), tokenize, preprocessing, digest.hexdigest())


def from_file(file: Path, read: Callable[[str], T]) -> T:
    """What `read` makes of a checkpoint file. Raises EncoderError where it is missing, damaged or of another model."""
    if not file.is_file():
        raise EncoderError(f"weights: there is no file {file}")
    if file.suffix not in SUFFIXES:
        raise EncoderError(f"weights: {file} must be one of {', '.join(SUFFIXES)}")
    try:
        return read(str(file.resolve()))
    # Damaged and foreign files make the readers of torch and safetensors raise nearly anything.
    except Exception as error:
        raise EncoderError(f"weights: {file} is damaged or made for another model ({_first_line(error)})") from error


def _load_from_hub(name: str) -> Checkpoint:
    with _quiet():
        import open_clip

        tokenize = _tokenizer(name)
        model = _fetch(name, lambda: open_clip.create_model_from_pretrained(name, return_transform=False))
    return of_model(name, model, tokenize)


def _options(model_name: str, tag: str, weights: Path | None) -> dict[str, Any]:
    """How the weights of this tag want to be used: open_clip's pretrained configuration.

    Without a tag, that which all tags of the model agree on. Raises EncoderError for an unknown name.
    """
    from open_clip import list_models
    from open_clip.pretrained import get_pretrained_cfg, list_pretrained_tags_by_model

    if model_name not in list_models():
        near = " or ".join(get_close_matches(model_name, list_models()))
        hint = f" (did you mean {near}?)" if near else ""
        raise EncoderError(f"encoder: open_clip has no model {model_name}{hint}. Use --encoder pocket, or one it has.")
    tags = list_pretrained_tags_by_model(model_name)
    if tag:
        options = get_pretrained_cfg(model_name, tag)
        if not options:
            known = ", ".join(tags) or "none"
            raise EncoderError(f"encoder: {model_name} has no weights {tag}; open_clip knows {known}. {_INSTEAD}")
        return dict(options)
    if not weights:
        known = f" (one of {', '.join(tags)})" if tags else ""
        raise EncoderError(f"encoder: write {model_name}:PRETRAINED{known} to say which weights. {_INSTEAD}")
    every = [get_pretrained_cfg(model_name, one) for one in tags]
    return {key: value for key, value in (every[0] if every else {}).items() if all(o.get(key) == value for o in every)}


def _tokenizer(name: str) -> "Callable[[list[str]], torch.Tensor]":
    import open_clip

    try:
        tokenizer: Callable[[list[str]], torch.Tensor] = _fetch(name, lambda: open_clip.get_tokenizer(name))
    except ImportError as error:
        raise EncoderError(
            f"encoder {name}: its tokenizer needs the Python package {error.name}: install it, or use --encoder pocket."
        ) from error
    return tokenizer


def _fetch(name: str, find: Callable[[], T]) -> T:
    """What `find` finds in the hub's cache on this machine, or else on the hub. Raises EncoderError, ImportError."""
    from huggingface_hub import constants

    before = constants.HF_HUB_OFFLINE
    try:
        constants.HF_HUB_OFFLINE = True
        return find()
    except ImportError:
        raise
    except Exception as error:  # open_clip wraps what happened in one of several types
        reason = error
    finally:
        constants.HF_HUB_OFFLINE = before
    if before:
        raise EncoderError(f"encoder {name}: its files are not on this machine ({_first_line(reason)}). {_INSTEAD}")
    try:
        # The hub's client tries for three quarters of a minute before it says that there is no network.
        httpx.head(constants.ENDPOINT, timeout=_PATIENCE)
        return find()
    except httpx.TransportError:
        message = f"encoder {name}: its files are not on this machine, and {constants.ENDPOINT} cannot be reached."
        raise EncoderError(f"{message} {_INSTEAD}") from None
    except Exception as error:
        raise EncoderError(f"encoder {name}: cannot be fetched ({_first_line(error)}). {_INSTEAD}") from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps what open_clip and the hub say to themselves off the terminal.

    open_clip logs with the root logger's functions, which would also set up logging for the whole process.
    """
    root, hub, handler = logging.getLogger(), logging.getLogger("huggingface_hub"), logging.NullHandler()
    level = hub.level
    root.addHandler(handler)
    root.addFilter(_not_open_clip)
    hub.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        hub.setLevel(level)
        root.removeFilter(_not_open_clip)
        root.removeHandler(handler)


def _not_open_clip(record: logging.LogRecord) -> bool:
    return "open_clip" not in Path(record.pathname).parts


def _first_line(error: BaseException) -> str:
    lines: Sequence[str] = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:200].rstrip(".:")
