"""`train-pocket` on a handful of tiny works: what it does, not how good it gets."""

import csv
import gzip
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from numpy.typing import NDArray
from PIL import Image
from safetensors.torch import load_file

from indexes.encoders import pocket
from indexes.encoders.clip import open_encoder
from pipeline.painting import compose
from pipeline.training.command import train_pocket
from pipeline.training.corpus import SIDE, Corpus, Lesson, generated, is_held_out, of_table
from pipeline.training.course import Course, Progress, rate, read_progress
from pipeline.training.distillation import Teacher
from pipeline.training.lessons import Lessons
from pipeline.training.train import Training, photo_loss, word_loss
from pipeline.training.views import Views
from pipeline.training.vocabulary import write_vocabulary
from pipeline.training.wordings import Wording, of_scene

SHORT = Course(steps=4, pairs=8, generations=2, span=3, every=2)


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of eight small pictures, and `works.csv` with their records."""
    folder = tmp_path_factory.mktemp("works")
    rows = [
        {"id": f"w{n}", "Title": f"Work {n}", "Genre": ("portrait", "still life")[n % 2], "file_id": f"{n}.png"}
        for n in range(8)
    ]
    for number, row in enumerate(rows):
        pixels = np.random.default_rng(number).integers(0, 256, (5, 4, 3), dtype=np.uint8)
        Image.fromarray(pixels).resize((80, 100)).save(folder / row["file_id"])
    with (folder / "works.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return folder


@pytest.fixture(scope="module")
def corpus(works: Path) -> Corpus:
    return of_table(works / "works.csv", works)


def state(training: Training) -> dict[str, bytes]:
    return {key: tensor.numpy().tobytes() for key, tensor in training.model.state_dict().items()}


def test_the_command_writes_weights_that_open_as_a_trained_model(works: Path, tmp_path: Path) -> None:
    arguments = ["--images", works, "--table", works / "works.csv", "--generated", 0, "--steps", 3, "--pairs", 8]
    arguments += ["--generations", 1, "--span", 2, "--reading", 2]
    arguments += ["--workspace", tmp_path, "--output", tmp_path / "new" / "pocket.safetensors"]
    arguments += ["--curve", tmp_path / "curve.png"]
    result = CliRunner().invoke(train_pocket, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "new" / "pocket.safetensors").stat().st_size < 12_000_000
    assert [p.step for p in read_progress(tmp_path / "progress.jsonl")] == [1, 2, 3, 4, 5]
    with Image.open(tmp_path / "curve.png") as curve:
        assert curve.size == (640, 240)
    assert open_encoder("pocket", tmp_path / "new" / "pocket.safetensors").has_words
    assert (tmp_path / "new" / "pocket.words.txt").exists()


def test_a_word_is_learnt_from_many_pictures() -> None:
    def lesson(*said: str) -> Lesson:
        return Lesson("", 1.0, frozenset(), tuple(map(Wording, said)))

    lessons = [lesson("A Café", "the café at night")] * 19 + [lesson("night"), lesson("Night", "a dog")]
    assert Corpus(np.empty((0, SIDE, SIDE, 3), np.uint8), tuple(lessons)).words() == ["night"]
    assert Corpus(np.empty((0, SIDE, SIDE, 3), np.uint8), (*lessons, lesson("cafe"))).words() == ["cafe", "night"]


@pytest.fixture(scope="module")
def whole(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Training:
    """Trained through without a break."""
    training = Training(corpus, SHORT, tmp_path_factory.mktemp("whole"))
    training.run()
    return training


def test_a_teacher_is_listened_to(
    whole: Training, corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.training.train.likeness_loss", lambda *_: torch.zeros(()))
    deaf = Training(corpus, SHORT, tmp_path)
    deaf.run()
    assert state(deaf) != state(whole)


def test_the_last_teacher_asks_around_and_is_met_halfway(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, met = [], []

    class Watched(Teacher):
        def __init__(self, model: Any, around: NDArray[np.uint8] | None = None) -> None:
            asked.append(around)
            super().__init__(model, around)

        def meet(self, model: Any) -> None:
            met.append({name: weights.clone() for name, weights in model.state_dict().items()})
            super().meet(model)

    monkeypatch.setattr("pipeline.training.train.Teacher", Watched)
    training = Training(corpus, SHORT, tmp_path)
    training.run()
    training.run()
    assert asked[0] is None
    assert asked[1] is corpus.pictures
    (pupil,) = met
    kept = load_file(tmp_path / "checkpoint.safetensors")
    for name, weights in training.model.state_dict().items():
        if weights.is_floating_point():
            halfway = (pupil[name] + kept[f"teacher.{name}"]) / 2
            assert torch.allclose(weights, halfway, atol=1e-6)
            assert torch.equal(weights, kept[f"model.{name}"])


@pytest.mark.parametrize(("last", "kept"), [(1, 0), (3, 2), (5, 4), (7, 6), (9, 8)])
def test_a_run_that_was_cut_off_ends_in_the_same_weights(
    last: int, kept: int, whole: Training, corpus: Corpus, tmp_path: Path
) -> None:
    def cut(progress: Progress) -> None:
        if progress.step == last:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Training(corpus, SHORT, tmp_path).run(cut)
    resumed = Training(corpus, SHORT, tmp_path)
    assert resumed.step == kept
    resumed.run()
    assert state(resumed) == state(whole)
    assert [p.step for p in read_progress(tmp_path / "progress.jsonl")] == [*range(1, 11)]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [(["--generated", "0"], "nothing to learn from"), (["--images", "."], "--images and --table go together")],
)
def test_what_cannot_be_trained_on_is_refused(arguments: list[str], sentence: str, tmp_path: Path) -> None:
    places = ["--workspace", str(tmp_path), "--output", str(tmp_path / "x.safetensors")]
    result = CliRunner().invoke(train_pocket, [*arguments, *places])
    assert result.exit_code == 2
    assert sentence in result.output


def test_the_held_out_half_and_the_other_make_the_whole(works: Path, corpus: Corpus) -> None:
    halves = [of_table(works / "works.csv", works, held_out) for held_out in (True, False)]
    assert [len(half) for half in halves] == [
        sum(is_held_out(f"w{n}") == side for n in range(8)) for side in (True, False)
    ]
    assert sum(map(len, halves)) == len(corpus) == 8


def test_generated_works_are_kept_for_the_next_run(tmp_path: Path) -> None:
    first = generated(2, 9, tmp_path, workers=1)
    (file,) = tmp_path.glob("*.npy")
    kept = file.stat().st_mtime_ns
    second = generated(2, 9, tmp_path, workers=1)
    assert file.stat().st_mtime_ns == kept
    assert first.pictures.tobytes() == second.pictures.tobytes()
    assert first.lessons == second.lessons


def test_a_wording_is_true_of_every_picture_with_its_facts(corpus: Corpus) -> None:
    _, tokenize = pocket.untrained()
    batch = Lessons(corpus, tokenize, seed=1).batch(0, 8)
    assert batch.true.diagonal().all()
    named = [lesson for lesson in corpus.lessons if any(w.text == "portrait" for w in lesson.wordings)]
    assert len(named) == 4
    assert batch.true.shape == (8, 8)
    assert batch.pictures.shape == (8, 3, 96, 96)


def test_a_question_is_held_against_every_picture(corpus: Corpus) -> None:
    _, tokenize = pocket.untrained()
    tokens, true = Lessons(corpus, tokenize, seed=1).questions(8, np.random.default_rng(1))
    assert true.shape == (len(tokens), 8)
    assert true.sum(dim=1).min() >= 1
    portraits = torch.tensor(["genre: portrait" in lesson.facts for lesson in corpus.lessons]).float()
    asked = [row for row, line in zip(true, tokens, strict=True) if torch.equal(line, tokenize(["portrait"])[0])]
    assert all(torch.equal(row, portraits) for row in asked)


def test_reading_moves_the_words_and_leaves_the_pictures(corpus: Corpus, tmp_path: Path) -> None:
    training = Training(corpus, Course(steps=1, pairs=4, generations=0, reading=3), tmp_path)
    before = {key: tensor.clone() for key, tensor in training.model.state_dict().items()}
    training.read()
    moved = {key for key, tensor in training.model.state_dict().items() if not torch.equal(tensor, before[key])}
    assert "token_embedding.weight" in moved
    assert not [key for key in moved if key.startswith("visual.")]


def test_batches_depend_on_seed_and_step_alone(corpus: Corpus) -> None:
    _, tokenize = pocket.untrained()
    one, same = (Lessons(corpus, tokenize, seed=1) for _ in range(2))
    one.batch(0, 4)
    assert torch.equal(one.batch(1, 4).pictures, same.batch(1, 4).pictures)
    assert not torch.equal(one.batch(2, 4).pictures, same.batch(1, 4).pictures)


def test_every_fact_of_a_wording_is_known_of_its_scene() -> None:
    for index in range(46):
        facts, wordings = of_scene(compose(5, index))
        assert all(wording.facts <= facts for wording in wordings)
        assert len({wording.text for wording in wordings}) >= 8


def test_views_differ_from_each_other_but_not_between_runs() -> None:
    pictures, shapes = torch.rand(6, 3, 96, 96, generator=torch.Generator().manual_seed(1)), torch.ones(6)
    one, same = (Views(64, 3).draw(pictures, shapes, calm=0.5) for _ in range(2))
    assert one.shape == (6, 3, 64, 64)
    assert torch.equal(one, same)
    assert not torch.equal(one, Views(64, 4).draw(pictures, shapes, calm=0.5))
    assert one.isfinite().all()


def test_pictures_taken_anew_are_whole_mirrored_or_cut_out() -> None:
    line = torch.linspace(0, 1, 96)
    pictures = line.expand(60, 3, 96, 96)  # dark at the left, light at the right
    anew = Views(64, 3).anew(pictures)
    assert anew.shape == pictures.shape
    rising = anew[:, 0, 48, -1] > anew[:, 0, 48, 0]
    width = (anew[:, 0, 48, -1] - anew[:, 0, 48, 0]).abs()
    assert 15 < rising.sum() < 45
    assert 5 < (width < 0.95).sum() < 40
    assert width.min() > 0.5
    assert torch.allclose(anew[width > 0.98][rising[width > 0.98]], line, atol=1e-4)


def test_the_rate_rises_stays_and_falls_to_nothing() -> None:
    course = Course(steps=2000, rate=1.0)
    rates = [rate(course, step) for step in range(2000)]
    assert rates[0] < 0.05
    assert rates[100:1300] == [1.0] * 1200
    assert rates[-1] < 1e-4
    assert rate(Course(steps=4000, rate=1.0), 700) == rates[700]


def test_a_generation_has_a_rise_and_a_fall_of_its_own() -> None:
    course = Course(steps=200, rate=1.0, generations=2, span=400)
    assert course.all_steps == 1000
    assert [step for step in range(1001) if course.begins_generation(step)] == [200, 600]
    first, second = ([rate(course, step) for step in range(start, start + 400)] for start in (200, 600))
    assert first == second
    assert first[0] < 0.05
    assert 0.5 < max(first) < 0.6
    assert first[-1] < 1e-4
    assert [step for step in range(1000) if course.is_last_generation(step)] == [*range(600, 1000)]
    assert not Course(steps=5, generations=0).is_last_generation(5)


def test_losses_are_least_where_all_is_told_apart() -> None:
    vectors = torch.eye(4)
    loss, share = photo_loss(torch.cat([vectors, vectors]), torch.tensor(50.0))
    assert loss < 1e-6
    assert share == 1.0
    right = torch.eye(4, dtype=torch.bool)
    told, _ = word_loss(torch.cat([vectors, vectors]), vectors, right, torch.tensor(50.0))
    assert told.item() == pytest.approx(math.log(2) / 2)  # for every text finds two views
    confused, named = word_loss(torch.cat([vectors, vectors]), vectors.roll(1, 0), right, torch.tensor(50.0))
    assert confused > 10
    assert named == 0.0


def test_two_right_wordings_share_what_one_would_have() -> None:
    vectors = torch.tensor([[1.0, 0.0], [1.0, 0.0]])
    everything = torch.ones(2, 2, dtype=torch.bool)
    loss, named = word_loss(torch.cat([vectors, vectors]), vectors, everything, torch.tensor(10.0))
    assert named == 1.0
    assert loss.item() == pytest.approx((math.log(2) + math.log(4)) / 2, rel=1e-5)


def test_a_log_cut_short_is_read_to_its_last_whole_line(tmp_path: Path) -> None:
    line = {"step": 1, "photos": 1.0, "words": 1.0, "recognised": 0.5, "named": 0.5, "seconds": 1.0}
    (tmp_path / "progress.jsonl").write_text(json.dumps(line) + "\n" + json.dumps(line)[:20])
    assert [p.step for p in read_progress(tmp_path / "progress.jsonl")] == [1]


def test_the_bundled_vocabulary_is_the_beginning_of_open_clip_s(tmp_path: Path) -> None:
    assert write_vocabulary(tmp_path / "merges.txt.gz") == pocket.CONFIG["model_cfg"]["text_cfg"]["vocab_size"]
    written, bundled = (folder / "merges.txt.gz" for folder in (tmp_path, pocket.FOLDER))
    assert gzip.decompress(written.read_bytes()) == gzip.decompress(bundled.read_bytes())
