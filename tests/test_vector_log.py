from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexes.encoders import Vectors
from pipeline.vector_log import VectorLog, VectorLogError

RECORD = 32 + 3 * 4 + 4


def digest(number: int) -> str:
    return sha256(bytes([number])).hexdigest()


def vectors(*numbers: int) -> Vectors:
    return np.array([[number, number / 7, -number] for number in numbers], dtype=np.float32).reshape(-1, 3)


def filled(folder: Path, *numbers: int) -> Path:
    with VectorLog(folder, "clip", 3) as log:
        for number in numbers:
            log.append([digest(number)], vectors(number))
        return log.path


def test_what_was_appended_is_read_in_the_order_asked_for(tmp_path: Path) -> None:
    with VectorLog(tmp_path, "clip", 3) as log:
        log.append([digest(1), digest(2)], vectors(1, 2))
        log.append([digest(3)], vectors(3))
        assert len(log) == 3
        assert log.read([digest(3), digest(1), digest(3)]).tobytes() == vectors(3, 1, 3).tobytes()
        assert digest(2) in log
        assert digest(4) not in log


def test_it_is_all_there_after_reopening(tmp_path: Path) -> None:
    filled(tmp_path, 1, 2)
    with VectorLog(tmp_path, "clip", 3) as log:
        assert len(log) == 2
        found = log.read([digest(2), digest(1)])
        assert found.dtype == np.float32
        assert found.tobytes() == vectors(2, 1).tobytes()


def test_an_empty_log_gives_no_rows(tmp_path: Path) -> None:
    with VectorLog(tmp_path, "clip", 3) as log:
        log.append([], vectors())
        assert len(log) == 0
        assert log.read([]).shape == (0, 3)


def test_an_unknown_digest_is_a_key_error(tmp_path: Path) -> None:
    with VectorLog(tmp_path, "clip", 3) as log, pytest.raises(KeyError):
        log.read([digest(1)])


def test_a_digest_that_ends_in_noughts_is_kept_whole(tmp_path: Path) -> None:
    noughts = "ab" + "00" * 31
    with VectorLog(tmp_path, "clip", 3) as log:
        log.append([noughts], vectors(1))
    with VectorLog(tmp_path, "clip", 3) as log:
        assert noughts in log


def test_of_a_digest_appended_twice_the_later_vector_counts(tmp_path: Path) -> None:
    with VectorLog(tmp_path, "clip", 3) as log:
        log.append([digest(1)], vectors(1))
        log.append([digest(1)], vectors(2))
        assert log.read([digest(1)]).tobytes() == vectors(2).tobytes()
    with VectorLog(tmp_path, "clip", 3) as log:
        assert len(log) == 1
        assert log.read([digest(1)]).tobytes() == vectors(2).tobytes()


def test_each_identity_has_its_own_file_and_finds_it_again(tmp_path: Path) -> None:
    with VectorLog(tmp_path, "ViT-B-32:laion2b", 3) as log:
        log.append([digest(1)], vectors(1))
    with VectorLog(tmp_path, "ViT-B-32:openai", 3) as other:
        assert digest(1) not in other
        assert other.path != log.path
    with VectorLog(tmp_path, "ViT-B-32:laion2b", 3) as again:
        assert digest(1) in again


@settings(max_examples=60, deadline=None)
@given(lost=st.integers(0, 64 + 3 * RECORD))
def test_a_write_cut_off_anywhere_costs_the_torn_record_alone(
    tmp_path_factory: pytest.TempPathFactory, lost: int
) -> None:
    folder = tmp_path_factory.mktemp("log")
    path = filled(folder, 1, 2, 3)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) - lost])
    kept = max(0, 3 - -(-lost // RECORD))
    with VectorLog(folder, "clip", 3) as log:
        assert len(log) == kept
        for number in range(kept + 1, 4):
            log.append([digest(number)], vectors(number))
    assert path.read_bytes() == whole


@pytest.mark.parametrize("at", [0, 31, 32, 43, 44, 47])
def test_a_spoiled_byte_in_the_last_batch_is_cut_off_with_all_after_it(tmp_path: Path, at: int) -> None:
    path = filled(tmp_path, 1, 2, 3)
    data = bytearray(path.read_bytes())
    data[len(data) - 2 * RECORD + at] ^= 1
    path.write_bytes(data)
    with VectorLog(tmp_path, "clip", 3) as log:
        assert len(log) == 1
        assert log.read([digest(1)]).tobytes() == vectors(1).tobytes()


def test_noughts_in_place_of_a_batch_are_cut_off(tmp_path: Path) -> None:
    path = filled(tmp_path, 1)
    with path.open("ab") as file:
        file.write(bytes(5 * RECORD))
    with VectorLog(tmp_path, "clip", 3) as log:
        assert len(log) == 1


def test_a_vector_damaged_while_open_is_noticed(tmp_path: Path) -> None:
    path = filled(tmp_path, 1, 2)
    with VectorLog(tmp_path, "clip", 3) as log:
        data = bytearray(path.read_bytes())
        data[-6] ^= 1
        with path.open("r+b") as file:
            file.write(data)
        assert log.read([digest(1)]).tobytes() == vectors(1).tobytes()
        with pytest.raises(VectorLogError, match=r"clip-.*damaged; delete the file"):
            log.read([digest(2)])


def test_another_file_of_that_name_is_left_alone(tmp_path: Path) -> None:
    path = filled(tmp_path)
    path.write_bytes(b"something else entirely, and longer than any header of a log of vectors would be here")
    with pytest.raises(VectorLogError, match="not the vectors of clip"):
        VectorLog(tmp_path, "clip", 3)
    assert path.read_bytes().startswith(b"something else")


def test_another_dimension_is_refused(tmp_path: Path) -> None:
    filled(tmp_path, 1)
    with pytest.raises(VectorLogError, match="not the vectors of clip"):
        VectorLog(tmp_path, "clip", 4)


@pytest.mark.parametrize("wrong", [vectors(1), np.ones((2, 4), np.float32), np.ones((2,), np.float32)])
def test_shapes_must_agree(tmp_path: Path, wrong: Vectors) -> None:
    with VectorLog(tmp_path, "clip", 3) as log:
        with pytest.raises(ValueError, match="of 3 columns"):
            log.append([digest(1), digest(2)], wrong)
        assert len(log) == 0


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_must_be_finite(tmp_path: Path, value: float) -> None:
    with VectorLog(tmp_path, "clip", 3) as log:
        with pytest.raises(ValueError, match="finite"):
            log.append([digest(1)], np.array([[0, value, 0]], dtype=np.float32))
        assert digest(1) not in log
