import copy
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import torch
from huggingface_hub import constants
from open_clip.model import CLIP
from PIL import Image

from indexes.encoders import EncoderError, ImageEncoder, TextEncoder, pocket
from indexes.encoders.checkpoint import load
from indexes.encoders.clip import ClipEncoder, open_encoder


def noise(seed: int, size: tuple[int, int] = (90, 60)) -> Image.Image:
    random = np.random.default_rng(seed)
    return Image.fromarray(random.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8))


BUNDLED = pocket.FOLDER


@pytest.fixture(scope="module", autouse=True)
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Whatever weights come with the pocket model, these tests see it without."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pocket, "FOLDER", tmp_path_factory.mktemp("pocket"))
        yield


@pytest.fixture(scope="module", params=["float32", "bfloat16"])
def encoder(request: pytest.FixtureRequest, untrained: None) -> ClipEncoder:
    with pytest.MonkeyPatch.context() as patch:
        able = {"avx512_bf16": request.param == "bfloat16"}
        patch.setattr(torch.cpu, "get_capabilities", lambda: able)
        opened = open_encoder("pocket", device="cpu")
    assert opened.precision == request.param
    return opened


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, untrained: None) -> dict[str, Path]:
    """Checkpoints of the pocket model, as `--weights` takes them."""
    folder = tmp_path_factory.mktemp("weights")
    model = pocket.load().model
    paths = {suffix: folder / f"pocket.{suffix}" for suffix in ("safetensors", "pt")}
    for path in paths.values():
        pocket.save_weights(model, path)
    return paths


def test_it_is_an_encoder_of_pictures_and_of_words(encoder: ClipEncoder) -> None:
    checked: ImageEncoder = encoder
    assert checked.dimension == 256
    assert isinstance(encoder, TextEncoder)


def test_vectors_are_float32_rows_of_unit_length(encoder: ClipEncoder) -> None:
    for vectors in (
        encoder.encode_images([noise(1), noise(2, (7, 300)), noise(3, (1, 1)), noise(4, (300, 10)), noise(5)]),
        encoder.encode_texts(["a red boat", "", "very " * 200 + "long", "ночь", "🚢"]),
    ):
        assert vectors.shape == (5, encoder.dimension)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    assert encoder.encode_images([]).shape == encoder.encode_texts([]).shape == (0, encoder.dimension)


def test_a_row_depends_on_its_own_picture_alone(encoder: ClipEncoder) -> None:
    pictures = [noise(seed) for seed in range(33)]
    together = encoder.encode_images(pictures)
    for start in (0, 1, 2, 3, 32):
        assert encoder.encode_images([pictures[start]]).tobytes() == together[start : start + 1].tobytes()
    assert encoder.encode_images(pictures[6:11]).tobytes() == together[6:11].tobytes()
    assert encoder.encode_images(pictures[::-1])[::-1].tobytes() == together.tobytes()


def test_a_text_depends_on_itself_alone(encoder: ClipEncoder) -> None:
    texts = ["a red boat", "night", "a red boat"]
    vectors = encoder.encode_texts(texts)
    assert vectors[0].tobytes() == vectors[2].tobytes() == encoder.encode_texts(texts[:1]).tobytes()
    assert vectors[0].tobytes() != vectors[1].tobytes()


def test_both_precisions_are_the_same_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    for able in (False, True):
        monkeypatch.setattr(torch.cpu, "get_capabilities", lambda able=able: {"amx_bf16": able})
        opened.append(open_encoder("pocket", device="cpu"))
    assert [one.precision for one in opened] == ["float32", "bfloat16"]
    assert opened[0].identity == opened[1].identity
    exact, quick = (one.encode_images([noise(seed) for seed in range(6)]) for one in opened)
    assert (exact * quick).sum(axis=1).min() > 0.999


def test_where_bfloat16_strays_too_far_float32_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512_bf16": True})
    monkeypatch.setattr("indexes.encoders.clip._FAITHFUL", 0.9999999)
    opened = open_encoder("pocket", device="cpu")
    assert opened.precision == "float32"
    assert {parameter.dtype for parameter in opened._model.parameters()} == {torch.float32}


def test_a_picture_is_most_like_its_own_copy(encoder: ClipEncoder) -> None:
    originals = [noise(seed, (6, 6)).resize((200, 160)) for seed in range(12)]
    copies = [picture.resize((90, 72)).rotate(1) for picture in originals]
    likeness = encoder.encode_images(copies) @ encoder.encode_images(originals).T
    assert np.argmax(likeness, axis=1).tolist() == list(range(12))


def test_a_strip_of_a_picture_is_no_burden(encoder: ClipEncoder) -> None:
    long = Image.new("RGB", (200_000, 8), "navy")
    long.paste("gold", (99_900, 0, 100_100, 8))
    middle = long.crop((99_968, 0, 100_032, 8))
    vectors = encoder.encode_images([long, middle])
    assert vectors[0] @ vectors[1] == pytest.approx(1, abs=1e-5)


def test_the_bundled_model_says_whether_its_words_mean_anything(
    encoder: ClipEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not encoder.has_words
    monkeypatch.setattr(pocket, "FOLDER", BUNDLED)
    bundled = open_encoder("pocket")
    assert bundled.has_words == bundled.trained == (BUNDLED / "pocket.safetensors").exists()


def test_opening_leaves_the_process_s_random_numbers_as_they_were() -> None:
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    pocket.load()
    assert torch.equal(torch.rand(3), expected)


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


def test_importing_the_other_encoders_leaves_torch_alone() -> None:
    script = (
        "import sys\n"
        "import indexes.encoders.clip, indexes.encoders.pocket, indexes.encoders.checkpoint\n"
        "import indexes.encoders.pixels, indexes.encoders.palette, indexes.encoders.autoencoder, pipeline.embed\n"
        "assert not {'torch', 'open_clip', 'torchvision'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
