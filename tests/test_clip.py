"""CLIP as an encoder, on the pocket model: its vectors, its precisions, and what it says of itself."""

import subprocess
import sys

import numpy as np
import pytest
import torch
from PIL import Image

from indexes.encoders import ImageEncoder, TextEncoder, pocket
from indexes.encoders.clip import ClipEncoder, open_encoder
from tests.untrained import noise
from tests.untrained import untrained as untrained

BUNDLED = pocket.FOLDER


@pytest.fixture(scope="module", params=["float32", "bfloat16"])
def encoder(request: pytest.FixtureRequest, untrained: None) -> ClipEncoder:
    with pytest.MonkeyPatch.context() as patch:
        able = {"avx512_bf16": request.param == "bfloat16"}
        patch.setattr(torch.cpu, "get_capabilities", lambda: able)
        opened = open_encoder("pocket", device="cpu")
    assert opened.precision == request.param
    return opened


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


def test_importing_the_other_encoders_leaves_torch_alone() -> None:
    script = (
        "import sys\n"
        "import indexes.encoders.clip, indexes.encoders.pocket, indexes.encoders.checkpoint\n"
        "import indexes.encoders.pixels, indexes.encoders.palette, indexes.encoders.autoencoder, pipeline.embed\n"
        "assert not {'torch', 'open_clip', 'torchvision'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
