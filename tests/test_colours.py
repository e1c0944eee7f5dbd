from pathlib import Path

import numpy as np
import pytest

from indexes.colours import TERMS, Colours, colour_of
from indexes.encoders.palette import PROTOTYPES


def test_shares_come_back_by_row(tmp_path: Path) -> None:
    blue = dict.fromkeys(TERMS, 0.0) | {"blue": 0.6, "white": 0.4}
    Colours.write(tmp_path / "colours", [blue, None])
    colours = Colours(tmp_path / "colours")
    assert colours.shares("blue").tolist() == [153, 0]
    assert colours.shares("white").tolist() == [102, 0]
    assert colours.measured().tolist() == [True, False]


def test_no_works(tmp_path: Path) -> None:
    Colours.write(tmp_path / "colours", [])
    assert Colours(tmp_path / "colours").shares("red").dtype == np.uint8
    assert len(Colours(tmp_path / "colours").measured()) == 0


def test_the_terms_are_those_that_pictures_are_measured_by() -> None:
    assert set(TERMS) == set(PROTOTYPES)


@pytest.mark.parametrize(("word", "term"), [("blue", "blue"), ("gray", "grey"), ("crimson", "red"), ("gold", None)])
def test_words_for_colours(word: str, term: str | None) -> None:
    assert colour_of(word) == term
