from pathlib import Path

import numpy as np
import pytest

from indexes.columns import Blobs, Groups, Lookup, StringTable, open_array, write_array


def test_arrays_come_back_read_only(tmp_path: Path) -> None:
    write_array(tmp_path / "a", np.arange(6).reshape(2, 3))
    array = open_array(tmp_path / "a")
    assert array.tolist() == [[0, 1, 2], [3, 4, 5]]
    with pytest.raises(ValueError, match="read-only"):
        array[0, 0] = 1


@pytest.mark.parametrize("items", [[], [b""], [b"one", b"", "zwölf".encode()]])
def test_blobs(tmp_path: Path, items: list[bytes]) -> None:
    assert Blobs.write(tmp_path / "b", items) == len(items)
    blobs = Blobs.open(tmp_path / "b")
    assert [blobs[n] for n in range(len(blobs))] == items


def test_string_table_finds_what_it_holds_and_nothing_else(tmp_path: Path) -> None:
    strings = ["Zola", "apple", "äpfel", "apples", "", "花", "apple"]
    numbers = StringTable.write(tmp_path / "s", strings)
    table = StringTable.open(tmp_path / "s")
    assert len(table) == 6
    for string in strings:
        assert table.find(string) == numbers[string]
        assert table[numbers[string]] == string
    for other in ("appl", "apple ", "APPLE", "\ud800", "花花"):
        assert table.find(other) is None


def test_string_table_by_prefix(tmp_path: Path) -> None:
    StringTable.write(tmp_path / "s", ["van dyck", "van gogh", "vango", "vermeer", "花鳥"])
    table = StringTable.open(tmp_path / "s")
    assert [table[n] for n in table.starting_with("van ")] == ["van dyck", "van gogh"]
    assert [table[n] for n in table.starting_with("花")] == ["花鳥"]
    assert list(table.starting_with("w")) == []
    assert len(table.starting_with("")) == 5


def test_groups_keep_rows_ascending(tmp_path: Path) -> None:
    numbers, rows = np.array([2, 0, 2, 2], np.int32), np.array([9, 4, 1, 5], np.int32)
    Groups.write(tmp_path / "g", numbers, rows, 3)
    groups = Groups.open(tmp_path / "g")
    assert [groups[n].tolist() for n in range(3)] == [[4], [], [1, 5, 9]]


def test_lookup(tmp_path: Path) -> None:
    Lookup.write(tmp_path / "l", [["a", "b"], [], ["b", "b"]])
    lookup = Lookup.open(tmp_path / "l")
    assert lookup["b"].tolist() == [0, 2]
    assert lookup["a"].tolist() == [0]
    assert lookup["c"].tolist() == []
