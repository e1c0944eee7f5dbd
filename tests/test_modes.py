"""Words and pictures together: what is used, what is said of it, and how the two are fused."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.query import SearchQuery
from app.search import search
from indexes import loader
from indexes.artwork import Artwork
from indexes.encoders import EncoderError, Vectors
from indexes.loader import Encoders, Release
from indexes.ranking import Ranking
from indexes.search import MODES, Mode, answer
from indexes.search.visual import TEMPLATES, fuse, place
from tests.small_release import release_of, titled

TITLES = ["Storm at Sea", "Calm", "Boats", "Evening", "A Lonely Man"]
# Of three properties of pictures - sea, person, boat - how much each picture has.
PICTURES = np.array([(1, 0, 0.2), (1, 0, 0), (0.6, 0, 1), (0.5, 0.4, 0), (0, 1, 0)], np.float32)
WORDS = {"sea": 0, "storm": 0, "man": 1, "person": 1, "boat": 2, "boats": 2}


class SmallEncoder:
    """Knows the six words of `WORDS`."""

    identity = "small-1"
    dimension = 3

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode_images(self, pictures: Sequence[Image.Image]) -> Vectors:
        raise AssertionError(f"{len(pictures)} pictures, though none is asked about")

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        vectors = np.full((len(texts), 3), 1e-3, np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                if word in WORDS:
                    vectors[row, WORDS[word]] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class WithEncoder(Encoders):
    """Gives the small encoder; without one, it cannot be opened."""

    def __init__(self, encoder: SmallEncoder | None) -> None:
        super().__init__()
        self.encoder = encoder

    def of(self, release: Release, method: str, wait: bool = True) -> SmallEncoder:  # noqa: ARG002
        if self.encoder is None:
            raise EncoderError(f"method {method}: its weights are missing in {release.manifest.name}")
        return self.encoder


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    pictures = PICTURES / np.linalg.norm(PICTURES, axis=1, keepdims=True)
    return release_of(tmp_path_factory.mktemp("modes"), titled(*TITLES), pictures=pictures)


def ranked(release: Release, query: str, mode: Mode) -> list[int]:
    result = answer(release, WithEncoder(SmallEncoder()), query, mode)
    return Ranking.of(result.rows, result.scores).rows.tolist()


def test_visual_ranks_every_picture(release: Release) -> None:
    order = ranked(release, "person", "visual")
    assert (order[:2], sorted(order)) == ([4, 3], [0, 1, 2, 3, 4])
    assert answer(release, WithEncoder(SmallEncoder()), "person", "visual").used == "visual"


def test_hybrid_adds_what_only_the_pictures_show(release: Release) -> None:
    order = ranked(release, "boat", "hybrid")
    assert order[0] == 2  # by word and by picture
    assert set(order) == set(range(5))
    assert ranked(release, "boat", "keyword") == [2]


def test_works_with_all_the_words_stay_first(release: Release) -> None:
    assert ranked(release, "calm", "hybrid")[0] == 1
    assert ranked(release, "storm sea", "hybrid")[0] == 0


def test_what_is_asked_for_by_its_name_stays_first_whatever_pictures_show(tmp_path: Path) -> None:
    pictures = np.array([(0, 1, 0), (1, 0, 0), (1, 0, 0)], np.float32)
    release = release_of(tmp_path, titled("The Sea", "Sea Piece", "Sea and Sky"), pictures=pictures)
    assert ranked(release, "the sea", "hybrid")[0] == 0
    assert answer(release, Encoders(), "the sea").named == 1
    assert ranked(release, "storm", "hybrid")[0] == 1


def test_an_image_name_is_asked_for_by_its_name_too(tmp_path: Path) -> None:
    works = [*titled("Sea", "Storm"), Artwork(id="asked", title="Man", image_name="sea_17.jpg")]
    pictures = np.array([(1, 0, 0), (1, 0, 0.1), (0, 1, 0)], np.float32)
    release = release_of(tmp_path, works, pictures=pictures / np.linalg.norm(pictures, axis=1, keepdims=True))
    assert ranked(release, "sea_17.jpg", "hybrid") == [2, 0, 1]
    said = search(release, WithEncoder(SmallEncoder()), SearchQuery(q="sea_17.jpg"))
    assert (said.used, said.corrected) == ("hybrid", None)
    assert (
        said.note == "Works with this number or image name come first; after them come works with some of these words."
    )


def test_pictures_are_asked_for_the_words_that_were_meant(release: Release) -> None:
    encoder = SmallEncoder()
    result = answer(release, WithEncoder(encoder), "Lonley Man -boats", "hybrid")
    assert [correction.meant for correction in result.corrections] == ["lonely"]
    assert "a painting of lonely Man" in encoder.asked
    answer(release, WithEncoder(encoder), "Lonley Man -boats", "hybrid", as_typed=True)
    assert encoder.asked[-1].endswith("Lonley Man")


def test_pictures_decide_where_no_record_has_the_words(release: Release) -> None:
    assert ranked(release, "person", "keyword") == []
    assert ranked(release, "person", "hybrid")[:2] == [4, 3]


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ("person", "No record has “person”; shown are works whose pictures are the most like the words."),
        ("storm -sea", "No record matches; shown are works whose pictures are the most like the words."),
        ("boats person", "No work has “person”; shown are works with the other words."),
    ],
)
def test_the_note_says_whether_records_or_pictures_match(release: Release, query: str, note: str) -> None:
    assert search(release, WithEncoder(SmallEncoder()), SearchQuery(q=query)).note == note


def test_pictures_bring_back_nothing_that_was_left_out(release: Release) -> None:
    encoder = SmallEncoder()
    for mode in MODES:
        result = answer(release, WithEncoder(encoder), 'boats -storm -"lonely man"', mode)
        assert result.used == mode
        assert set(result.rows.tolist()) == ({2} if mode == "keyword" else {1, 2, 3})
    assert {text.rpartition(" of ")[2] for text in encoder.asked} >= {"boats"}
    assert not any("storm" in text or "man" in text for text in encoder.asked)
    for mode in MODES:
        for nothing in ("-storm", "*", "\N{GRINNING FACE}", '""'):
            assert answer(release, WithEncoder(encoder), nothing, mode).used == "keyword"  # pictures of what?


def test_pictures_have_no_words_side_by_side(release: Release) -> None:
    assert ranked(release, '"sea storm" boats', "hybrid") == []
    assert ranked(release, '"at sea" boats', "hybrid") == [0]
    assert set(ranked(release, '"sea storm" boats', "visual")) == set(range(5))


@pytest.mark.parametrize(("mode", "noted"), [("hybrid", True), ("visual", True), ("keyword", False)])
def test_without_pictures_the_records_are_searched_and_it_is_said(tmp_path: Path, mode: Mode, noted: bool) -> None:
    result = answer(release_of(tmp_path, titled(*TITLES)), Encoders(), "boats", mode)
    assert (result.rows.tolist(), result.used) == ([2], "keyword")
    assert (result.used_note is not None) is noted


def test_an_encoder_that_cannot_be_opened_is_no_empty_answer(release: Release) -> None:
    result = answer(release, WithEncoder(None), "boats", "hybrid")
    assert (result.rows.tolist(), result.used) == ([2], "keyword")
    assert "cannot be matched" in (result.used_note or "")
    with pytest.raises(EncoderError):
        answer(release, WithEncoder(None), "boats", "visual")


def test_the_bundled_encoder_speaks_where_the_records_are_silent_of_what_it_has_learnt(tmp_path: Path) -> None:
    pictures = PICTURES / np.linalg.norm(PICTURES, axis=1, keepdims=True)
    release = release_of(tmp_path, titled(*TITLES), pictures=pictures)
    bundled = replace(release.manifest.methods["clip"], encoder="pocket")
    release.manifest = replace(release.manifest, methods={"clip": bundled})
    encoders = WithEncoder(SmallEncoder())
    boats = answer(release, encoders, "boats", "hybrid")
    assert (boats.rows.tolist(), boats.used) == ([2], "keyword")
    assert "too few words" in (boats.used_note or "")
    assert answer(release, encoders, "blue seascape", "hybrid").used == "hybrid"
    for query in ("zebra", "blue zebra"):  # of which it has learnt nothing
        silent = answer(release, encoders, query, "hybrid")
        assert (silent.rows.tolist(), silent.used) == ([], "keyword")
    assert answer(release, encoders, "boats", "visual").used == "visual"
    encoders.weights = tmp_path / "own.safetensors"  # trained by the museum, of whose words nothing is said ...
    assert answer(release, encoders, "zebra", "hybrid").used == "hybrid"
    encoders.weights = tmp_path / "other.safetensors"  # ... and by others, who say it
    encoders.weights.with_suffix(".words.txt").write_text("zebras\n")
    assert answer(release, encoders, "zebra", "hybrid").used == "hybrid"
    assert answer(release, encoders, "seascape", "hybrid").used == "keyword"


def test_a_search_waits_for_no_encoder_that_another_opens(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    opening, opened = threading.Event(), threading.Event()
    encoder = SmallEncoder()
    encoder.identity = release.manifest.methods["clip"].identity

    def slowly(*_: object) -> SmallEncoder:
        opening.set()
        assert opened.wait(60)
        return encoder

    monkeypatch.setattr(loader, "open_encoder", slowly)
    encoders = Encoders()
    with ThreadPoolExecutor(1) as beside:
        first = beside.submit(answer, release, encoders, "boats", "hybrid")
        assert opening.wait(60)
        meanwhile = answer(release, encoders, "boats", "hybrid")
        opened.set()
        assert first.result().used == "hybrid"
    assert (meanwhile.rows.tolist(), meanwhile.used) == ([2], "keyword")
    assert "being opened" in (meanwhile.used_note or "")
    assert answer(release, encoders, "boats", "hybrid").used == "hybrid"


def test_an_encoder_that_could_not_be_opened_is_left_alone_for_a_minute(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, own = SmallEncoder(), SmallEncoder()
    other.identity = "small-2"  # of other weights than the release was made with
    tried = iter([other, own])
    monkeypatch.setattr(loader, "open_encoder", lambda *_: next(tried))
    encoders = Encoders()
    for _ in range(3):
        assert answer(release, encoders, "boats", "hybrid").used == "keyword"
        with pytest.raises(EncoderError, match="their vectors do not compare"):
            answer(release, encoders, "boats", "visual")
    later = time.monotonic() + 60
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert answer(release, encoders, "boats", "hybrid").used == "hybrid"


def test_the_same_words_are_placed_once(release: Release) -> None:
    encoder = SmallEncoder()
    encoders = WithEncoder(encoder)
    before = answer(release, encoders, "person", "visual")
    encoder.asked.clear()
    assert answer(release, encoders, "person", "visual").scores.tolist() == before.scores.tolist()
    assert encoder.asked == []


def test_short_queries_are_put_into_sentences() -> None:
    encoder = SmallEncoder()
    vector = place(encoder, "boat")
    assert encoder.asked == [template.format("boat") for template in TEMPLATES]
    assert np.linalg.norm(vector) == pytest.approx(1)
    encoder.asked.clear()
    place(encoder, "a lonely man on a boat {}")
    assert encoder.asked == ["a lonely man on a boat {}"]


def test_fusion_is_by_reciprocal_ranks() -> None:
    one = Ranking(np.array([3, 1], np.int32), np.array([0.9, 0.1], np.float32))
    other = Ranking(np.array([3, 2], np.int32), np.array([9, 8], np.float32))
    fused = fuse(60, one, other)
    assert fused.rows.tolist() == [3, 1, 2]
    np.testing.assert_allclose(fused.scores, [1, 61 / 62 / 2, 61 / 62 / 2], rtol=1e-6)


def test_encoders_are_used_in_one_thread_whoever_asks() -> None:
    encoders = Encoders()
    with ThreadPoolExecutor(8) as visitors:
        asked = [visitors.submit(encoders.use, threading.get_ident) for _ in range(40)]
        assert len({one.result() for one in asked}) == 1
    with pytest.raises(EncoderError, match="no such"):
        encoders.use(_fails, "no such")


def _fails(reason: str) -> None:
    raise EncoderError(reason)
