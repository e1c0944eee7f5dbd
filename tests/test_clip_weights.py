"""Where the weights of CLIP come from: a file, the hub's cache, and in a sentence why not."""

import copy
import json
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch
from huggingface_hub import constants
from open_clip.model import CLIP

from indexes.encoders import EncoderError, pocket
from indexes.encoders.checkpoint import load
from indexes.encoders.clip import open_encoder
from tests.untrained import noise
from tests.untrained import untrained as untrained


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, untrained: None) -> dict[str, Path]:
    """Checkpoints of the pocket model, as `--weights` takes them."""
    folder = tmp_path_factory.mktemp("weights")
    model = pocket.load().model
    paths = {suffix: folder / f"pocket.{suffix}" for suffix in ("safetensors", "pt")}
    for path in paths.values():
        pocket.save_weights(model, path)
    return paths


@pytest.mark.parametrize("suffix", ["safetensors", "pt"])
def test_weights_come_from_a_file(files: dict[str, Path], suffix: str) -> None:
    opened = open_encoder("pocket", files[suffix])
    assert opened.trained
    assert opened.has_words
    assert opened.encode_images([noise(1)]).tobytes() == open_encoder("pocket").encode_images([noise(1)]).tobytes()


def test_the_identity_tells_weights_apart_but_not_files(files: dict[str, Path], tmp_path: Path) -> None:
    other = pocket.load().model
    with torch.no_grad():
        next(other.parameters()).add_(1e-3)
    pocket.save_weights(other, tmp_path / "other.safetensors")
    identities = [open_encoder("pocket", file).identity for file in (*files.values(), tmp_path / "other.safetensors")]
    assert identities[0] == identities[1] != identities[2]


def test_trained_weights_and_their_configuration_take_the_place_of_the_bundled_ones(
    files: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pocket, "FOLDER", tmp_path)
    assert not open_encoder("pocket").trained
    before = open_encoder("pocket", files["pt"])
    shutil.copy(files["safetensors"], tmp_path / "pocket.safetensors")
    config = {**pocket.CONFIG, "preprocess_cfg": {"size": 64, "resize_mode": "squash", "mean": [0.5, 0.5, 0.5]}}
    (tmp_path / "config.json").write_text(json.dumps(config))
    opened = open_encoder("pocket")
    assert opened.trained
    assert opened.identity != before.identity
    assert opened.encode_images([noise(1)]).tobytes() != before.encode_images([noise(1)]).tobytes()


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"weights: there is no file .*none\.pt"):
        open_encoder("pocket", tmp_path / "none.pt")


@pytest.mark.parametrize("name", ["weights.pt", "weights.safetensors", "weights.bin"])
def test_a_damaged_file_is_a_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"no weights at all" * 100)
    with pytest.raises(EncoderError, match=rf"weights: .*{name} is damaged or made for another model"):
        open_encoder("pocket", tmp_path / name)


def test_a_file_cut_short_is_a_sentence(files: dict[str, Path], tmp_path: Path) -> None:
    for suffix, path in files.items():
        data = path.read_bytes()
        (tmp_path / f"cut.{suffix}").write_bytes(data[: len(data) // 2])
        with pytest.raises(EncoderError, match="is damaged"):
            open_encoder("pocket", tmp_path / f"cut.{suffix}")


def test_a_file_of_another_kind_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "weights.npz").write_bytes(b"")
    with pytest.raises(EncoderError, match=r"must be one of \.safetensors, \.pt, \.pth, \.bin"):
        open_encoder("pocket", tmp_path / "weights.npz")


def test_a_file_that_would_run_code_is_refused(tmp_path: Path) -> None:
    class Harmful:
        def __reduce__(self) -> tuple[object, tuple[object, ...]]:
            return Path.touch, (tmp_path / "harm",)

    torch.save({"visual.conv1.weight": Harmful()}, tmp_path / "weights.pt")
    with pytest.raises(EncoderError, match="is damaged or made for another model"):
        open_encoder("pocket", tmp_path / "weights.pt")
    assert not (tmp_path / "harm").exists()


def test_weights_that_give_no_numbers_are_refused(tmp_path: Path) -> None:
    model = pocket.load().model
    with torch.no_grad():
        next(model.visual.parameters()).fill_(torch.nan)  # type: ignore[union-attr]
    pocket.save_weights(model, tmp_path / "nan.safetensors")
    with pytest.raises(EncoderError, match="its weights are damaged"):
        open_encoder("pocket", tmp_path / "nan.safetensors")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ViT-B32:openai", r"no model ViT-B32 \(did you mean ViT-B-32 "),
        ("", "no model "),
        ("ViT-B-32:nonsense", "ViT-B-32 has no weights nonsense; open_clip knows openai, "),
        ("ViT-B-32", r"write ViT-B-32:PRETRAINED \(one of openai, .*--weights FILE.*--encoder pocket"),
    ],
)
def test_an_unknown_name_is_a_sentence(name: str, message: str) -> None:
    with pytest.raises(EncoderError, match=message):
        open_encoder(name)


def test_what_the_hub_s_cache_holds_is_opened_without_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")  # answers nobody
    model, revision = tmp_path / "models--someone--pocket", "0" * 40
    snapshot = model / "snapshots" / revision
    snapshot.mkdir(parents=True)
    (model / "refs").mkdir()
    (model / "refs" / "main").write_text(revision)
    config = copy.deepcopy(pocket.CONFIG)
    config["model_cfg"]["text_cfg"]["vocab_size"] = 49408  # of the tokenizer that the hub's models share
    network = CLIP(**config["model_cfg"])
    state = pocket.load().model.state_dict()
    network.visual.load_state_dict({key[7:]: state[key] for key in state if key.startswith("visual.")})
    (snapshot / "open_clip_config.json").write_text(json.dumps(config))
    pocket.save_weights(network, snapshot / "open_clip_model.safetensors")
    opened = open_encoder("hf-hub:someone/pocket")
    assert opened.identity.startswith("hf-hub:someone/pocket ")
    assert opened.encode_images([noise(1)]).tobytes() == open_encoder("pocket").encode_images([noise(1)]).tobytes()
    assert not constants.HF_HUB_OFFLINE


@pytest.mark.skipif(find_spec("transformers") is not None, reason="the package is there")
def test_a_package_that_a_tokenizer_needs_is_named() -> None:
    with pytest.raises(EncoderError, match="its tokenizer needs the Python package transformers"):
        open_encoder("ViT-B-16-SigLIP:webli")


def test_a_model_of_the_hub_takes_no_file(files: dict[str, Path]) -> None:
    with pytest.raises(EncoderError, match="--weights must be left out"):
        open_encoder("hf-hub:someone/something", files["pt"])


def test_weights_made_for_another_model_are_refused(files: dict[str, Path]) -> None:
    with pytest.raises(EncoderError, match=r"pocket\.safetensors is damaged or made for another model"):
        load("RN50", files["safetensors"])


def test_without_network_one_sentence_comes_at_once_and_nothing_else(tmp_path: Path) -> None:
    script = (
        "import logging, time\n"
        "from indexes.encoders import EncoderError\n"
        "from indexes.encoders.clip import open_encoder\n"
        "import open_clip\n"
        "start = time.monotonic()\n"
        "for name in ('ViT-B-32:laion2b_s34b_b79k', 'hf-hub:someone/something'):\n"
        "    try: open_encoder(name)\n"
        "    except EncoderError as error: print(error)\n"
        "assert time.monotonic() - start < 10\n"
        "assert not logging.getLogger().handlers and not logging.getLogger().filters\n"
    )
    # Port 9 of this machine answers nobody.
    environment = {**os.environ, "HF_ENDPOINT": "http://127.0.0.1:9", "HF_HOME": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert (ran.stderr, ran.returncode) == ("", 0)
    lines = ran.stdout.splitlines()
    assert len(lines) == 2
    assert re.fullmatch(
        r"encoder ViT-B-32:laion2b_s34b_b79k: its files are not on this machine, and http://127\.0\.0\.1:9 cannot be "
        r"reached\. Give a checkpoint with --weights FILE, .*--encoder pocket\.",
        lines[0],
    )
