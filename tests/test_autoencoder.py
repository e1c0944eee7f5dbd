from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save_file

from indexes.encoders import EncoderError, autoencoder
from indexes.encoders.autoencoder import AutoencoderEncoder, State, save, train, training_steps


def shapes(seed: int, size: tuple[int, int] = (48, 40)) -> Image.Image:
    random = np.random.default_rng(seed)
    patches = Image.fromarray(random.integers(0, 256, (4, 3, 3), dtype=np.uint8))
    return patches.resize(size, Image.Resampling.BICUBIC)


@pytest.fixture(autouse=True)
def few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(autoencoder, "training_steps", lambda _: 5)


@pytest.fixture(scope="module")
def state() -> State:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(autoencoder, "training_steps", lambda _: 40)
        return train([shapes(seed) for seed in range(40)])


def test_vectors_are_float32_rows_of_unit_length(state: State) -> None:
    encoder = AutoencoderEncoder(state)
    vectors = encoder.encode_images([shapes(1), shapes(2, (300, 7)), Image.new("RGB", (1, 1))])
    assert vectors.shape == (3, encoder.dimension) == (3, 64)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    assert encoder.encode_images([]).shape == (0, 64)


def test_a_row_depends_on_its_own_picture_alone(state: State) -> None:
    encoder = AutoencoderEncoder(state)
    pictures = [shapes(seed) for seed in range(33)]
    together = encoder.encode_images(pictures)
    assert encoder.encode_images(pictures[3:8]).tobytes() == together[3:8].tobytes()
    assert encoder.encode_images(pictures[::-1])[::-1].tobytes() == together.tobytes()
    assert encoder.encode_images([pictures[32]]).tobytes() == together[32:].tobytes()


def test_a_picture_is_most_like_itself_resized(state: State) -> None:
    encoder = AutoencoderEncoder(state)
    originals = encoder.encode_images([shapes(seed) for seed in range(20)])
    copies = encoder.encode_images([shapes(seed, (100, 90)) for seed in range(20)])
    assert np.argmax(copies @ originals.T, axis=1).tolist() == list(range(20))


def test_the_latent_vectors_are_centred_on_those_of_training(state: State) -> None:
    likeness = AutoencoderEncoder(state).encode_images([shapes(seed) for seed in range(40)])
    assert abs((likeness @ likeness.T)[~np.eye(40, dtype=bool)].mean()) < 0.1


def test_the_same_pictures_train_the_same_network() -> None:
    pictures = [shapes(seed) for seed in range(10)]
    one, other = train(pictures), train(iter(pictures))
    assert AutoencoderEncoder(one).identity == AutoencoderEncoder(other).identity
    assert {name: values.tobytes() for name, values in one.items()} == {
        name: values.tobytes() for name, values in other.items()
    }


@pytest.mark.parametrize("change", [{"seed": 1}, {"pictures": [shapes(seed) for seed in range(1, 11)]}])
def test_another_seed_or_other_pictures_train_another(change: dict[str, object]) -> None:
    pictures = [shapes(seed) for seed in range(10)]
    one, other = train(pictures), train(**{"pictures": pictures, **change})  # type: ignore[arg-type]
    assert AutoencoderEncoder(one).identity != AutoencoderEncoder(other).identity


def test_every_step_is_told() -> None:
    steps: list[int] = []
    train([shapes(1)], progress=steps.append)
    assert steps == [1] * 5


def test_without_pictures_nothing_can_be_trained() -> None:
    with pytest.raises(ValueError, match="at least one"):
        train([])


def test_a_saved_encoder_gives_the_same_vectors(state: State, tmp_path: Path) -> None:
    save(state, tmp_path / "autoencoder.safetensors")
    opened, made = AutoencoderEncoder.open(tmp_path / "autoencoder.safetensors"), AutoencoderEncoder(state)
    assert opened.identity == made.identity
    assert opened.encode_images([shapes(5)]).tobytes() == made.encode_images([shapes(5)]).tobytes()


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="build again to train it"):
        AutoencoderEncoder.open(tmp_path / "none.safetensors")


def test_a_damaged_file_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "autoencoder.safetensors"
    path.write_bytes(b"no tensors here, whatever the name says")
    with pytest.raises(EncoderError, match=r"autoencoder\.safetensors cannot be read"):
        AutoencoderEncoder.open(path)


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    save_file({"mean": np.zeros(64, np.float32), "0.weight": np.zeros((2, 2), np.float32)}, tmp_path / "a.safetensors")
    with pytest.raises(EncoderError, match="not of its network"):
        AutoencoderEncoder.open(tmp_path / "a.safetensors")


@pytest.mark.parametrize("mean", [None, np.zeros(3, np.float32), np.full(64, np.nan, np.float32)])
def test_weights_without_a_sound_mean_are_refused(state: State, mean: np.ndarray | None) -> None:
    rest = {name: values for name, values in state.items() if name != "mean"}
    with pytest.raises(EncoderError, match="incomplete or damaged"):
        AutoencoderEncoder(rest if mean is None else {**rest, "mean": mean})


def test_it_learns_while_pictures_come() -> None:
    steps: list[int] = []
    before: list[int] = []

    def coming() -> Iterator[Image.Image]:
        for seed in range(70):
            before.append(len(steps))
            yield shapes(seed)

    train(coming(), progress=steps.append)
    assert (before[31], before[32], before[69], len(steps)) == (0, 3, 3, 5)


def test_the_number_of_steps_grows_with_the_pictures_within_bounds() -> None:
    assert [training_steps(count) for count in (1, 20, 100, 783, 5000)] == [5, 100, 400, 978, 5000]
