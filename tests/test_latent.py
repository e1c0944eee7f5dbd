"""Vectors of what records say."""

import numpy as np
import pytest

from indexes.artwork import Artwork
from pipeline import latent
from pipeline.latent import Said, latent_vectors

WORKS = (
    Artwork(id="sea", title="Storm over the harbour", genre="seascape", artist="Ann Ray", keywords=("ships",)),
    Artwork(id="bay", title="Morning calm", genre="seascape", artist="Bo Lind", keywords=("ships",)),
    Artwork(
        id="girl", title="A girl, calm", genre="portrait", artist="Ann Ray", descriptions=("Calm.", "A calm girl.")
    ),
    Artwork(id="nothing"),
)


def test_a_work_is_compared_by_its_words_and_by_what_its_record_states() -> None:
    said = Said.of(WORKS[2])
    assert said.facts == ("genre: portrait", "artist: Ann Ray")
    assert said.text == "A girl, calm | portrait | Ann Ray | A calm girl."
    assert Said.of(WORKS[0]).facts[-1] == "keyword: ships"


def test_vectors_are_of_length_one_and_works_of_which_nothing_is_said_have_none() -> None:
    rows, vectors = latent_vectors(lambda: map(Said.of, WORKS))
    assert rows.tolist() == [0, 1, 2]
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert vectors.tobytes() == latent_vectors(lambda: map(Said.of, WORKS))[1].tobytes()


def test_a_shared_fact_likens_more_than_one_shared_word_among_many() -> None:
    said = [
        Said("a b c d e f", ("genre: seascape",)),
        Said("g h i j k l", ("genre: seascape",)),
        Said("a m n o p q", ("genre: portrait",)),
        Said("g b h c m i n r d s", ("genre: portrait",)),
    ]
    _, vectors = latent_vectors(lambda: said)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_facts_or_words_alone_are_enough_and_without_either_there_is_no_vector() -> None:
    assert len(latent_vectors(lambda: [Said("", ("genre: portrait",)), Said("", ("genre: portrait",))])[0]) == 2
    assert len(latent_vectors(lambda: [Said("storm"), Said("storm")])[0]) == 2
    assert len(latent_vectors(lambda: [Said("storm"), Said("calm")])[0]) == 0


def test_of_many_works_a_sample_says_which_words_go_together(monkeypatch: pytest.MonkeyPatch) -> None:
    said = [Said(f"harbour ships {number % 3}", ("genre: seascape",)) for number in range(50)]
    said += [Said(f"girl smile {number % 3}", ("genre: portrait",)) for number in range(50)]
    _, whole = latent_vectors(lambda: said)
    monkeypatch.setattr(latent, "_SAMPLE", 10)
    monkeypatch.setattr(latent, "_CHUNK", 7)
    rows, vectors = latent_vectors(lambda: said)
    assert rows.tolist() == list(range(100))
    assert np.allclose(vectors @ vectors.T, whole @ whole.T, atol=0.05)


def test_a_work_that_says_nothing_the_sample_says_has_no_vector(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latent, "_SAMPLE", 2)
    said = [Said("storm"), Said("calm"), Said("storm"), Said("calm"), Said("storm"), Said("calm"), Said("storm")]
    rows, _ = latent_vectors(lambda: said)
    assert rows.tolist() == [0, 2, 4, 6]
