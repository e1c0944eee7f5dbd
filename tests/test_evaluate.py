"""`python -m pipeline evaluate text`: measures, queries by rule, and the command."""

import json
import math
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from indexes.artwork import Artwork
from indexes.loader import Encoders
from indexes.ranking import Ranking
from indexes.search import answer
from pipeline.evaluate import engines, grid, judged, rules
from pipeline.evaluate.fusion import CONSTANTS, compare, facts, forgetful, fusion
from pipeline.evaluate.judged import Judged, JudgedError
from pipeline.evaluate.measures import judge
from pipeline.evaluate.text import text
from tests.small_release import release_of, titled
from tests.test_modes import SmallEncoder, WithEncoder

SUBJECTS = ["boat, sailing", "tree", "harbour"]
WORKS = [
    Artwork(
        id=f"w{n}",
        title=f"{['Northern', 'Southern', 'Eastern', 'Western'][n % 4]} Harbour Number{n} at Dawn",
        artist=f"Ann {['Roe', 'Doe'][n % 2]}",
        extra=(("subjects", "; ".join(SUBJECTS[: 1 + n % 3])),),
    )
    for n in range(40)
]


def test_measures_of_a_ranking() -> None:
    figures = judge(["x", "a", "b"], {"a": 1, "b": 2})
    assert (figures.success, figures.reciprocal_rank, figures.recall, figures.pure) == (1, 0.5, 1, 0.5)
    gained, best = 1 / math.log2(3) + 2 / math.log2(4), 2 + 1 / math.log2(3)
    assert figures.ndcg == pytest.approx(gained / best)


def test_measures_of_nothing_found() -> None:
    figures = judge([], {"a": 1})
    assert (figures.success, figures.ndcg, figures.reciprocal_rank, figures.recall, figures.pure) == (0, 0, 0, 0, 0)


def test_a_page_is_all_that_success_looks_at() -> None:
    assert judge(["x"] * 12 + ["a"], {"a": 1}).success == 0
    assert judge(["x"] * 11 + ["a"], {"a": 1}).success == 1


def test_known_items_by_rule() -> None:
    queries = list(rules.known_items(WORKS, 5))
    kinds = {query.kind for query in queries}
    assert {"title", "title words", "title words, one typing error", "artist and title word"} <= kinds
    titles = {work.id: work.title for work in WORKS}
    for query in queries:
        if query.kind == "title":
            assert [titles[key] for key in query.relevant] == [query.query]
        if query.kind == "artist and title word":
            surname, word = query.query.split()
            held = {
                work.id for work in WORKS if surname in f"{work.artist}".lower() and word in f"{work.title}".lower()
            }
            assert query.relevant.keys() == held
    assert queries == list(rules.known_items(WORKS, 5))
    assert queries != list(rules.known_items(WORKS, 5, seed=2))


def test_titles_that_two_works_bear_are_not_asked_for() -> None:
    asked = rules.known_items([WORKS[0], replace(WORKS[0], id="copy")], 5)
    assert {query.kind for query in asked} == {"words of any title", "words of any title, one typing error"}


def test_the_ceiling_is_what_the_words_of_all_titles_leave_to_chance() -> None:
    alike = [Artwork(id=str(number), title="Study of a Tree") for number in range(16)]
    longer = Artwork(id="longer", title="Study of a Tree in Winter")
    asked = list(rules.known_items([*alike, longer], 100))
    of_any = [query for query in asked if query.kind == "words of any title"]
    ceilings = {query.query: query.ceiling for query in of_any}
    assert ceilings == {"study tree": 12 / 16, "study tree winter": 1}


@pytest.mark.parametrize("seed", range(8))
def test_a_page_of_shorter_titles_with_the_words_leaves_no_hope(seed: int) -> None:
    shorter = [Artwork(id=str(number), title="Oak, Elm and Ash") for number in range(12)]
    asked = rules.known_items([*shorter, Artwork(id="longer", title="Oak, Elm, Ash, Lime")], 1, seed)
    (query,) = [query for query in asked if query.kind == "three title words"]
    assert query.ceiling == float("lime" in query.query)


def test_subjects_by_rule() -> None:
    queries = {query.query: query for query in rules.subjects(WORKS, "subjects", 3)}
    assert queries["sailing boat"].kind == "subject, two words"
    assert len(queries["sailing boat"].relevant) == 40
    pairs = [query for query in queries.values() if query.kind == "two subjects"]
    assert pairs
    assert all(set(query.relevant.values()) <= {1, 2} and 2 in query.relevant.values() for query in pairs)


def test_judged_queries_are_written_and_read(tmp_path: Path) -> None:
    queries = [Judged("blue vase", "words", {"1": 2}, ceiling=0.5), Judged("日本", "words", {"2": 1})]
    judged.write(tmp_path / "queries.jsonl", queries)
    assert judged.read(tmp_path / "queries.jsonl") == queries


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        "[]",
        '{"query": "x"}',
        '{"query": "x", "relevant": {"1": 0}}',
        '{"query": "x", "relevant": {}, "ceiling": 2}',
    ],
)
def test_what_is_no_judged_query_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "queries.jsonl").write_text("\n" + line)
    with pytest.raises(JudgedError, match="line 2 must be like"):
        judged.read(tmp_path / "queries.jsonl")


def test_plain_tf_idf_finds_by_cosine() -> None:
    search = engines.tf_idf(["blue vase", "blue vase table", "red chair", "red chair"])
    assert search("vase in blue") == [0, 1]
    assert search("nothing") == []


def test_bm25_finds_by_its_scores() -> None:
    pytest.importorskip("bm25s")
    search = engines.bm25(["blue vase", "blue table", "red chair"])
    assert search("vase")[:1] == [0]
    assert search("nothing") == []


def test_grid_has_a_point_for_each_choice(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    texts = [engines.searched_text(work) for work in WORKS]
    points = grid.measure(texts, [work.id for work in WORKS], [Judged("number7", "words", {"w7": 1})])
    assert len(points) == len(grid.NGRAMS) * len(grid.MIN_DF) * len(grid.MAX_FEATURES)
    assert {point.ndcg for point in points if point.min_df == 1} == {1.0}
    assert {point.ndcg for point in points if point.min_df == 2} == {0.0}
    grid.draw(points, tmp_path / "grid.png")
    assert (tmp_path / "grid.png").read_bytes().startswith(b"\x89PNG")


def test_the_command_measures_a_release(tmp_path: Path) -> None:
    release_of(tmp_path / "indexes", WORKS)
    arguments = ["--indexes", str(tmp_path / "indexes"), "--subjects", "subjects", "--count", "4", "--no-baselines"]
    result = CliRunner().invoke(text, [*arguments, "--output", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert "vitrine keyword" in result.output
    lines = json.loads((tmp_path / "out" / "figures.json").read_text())["lines"]
    figures = {line["kind"]: line["figures"] for line in lines}
    assert figures["title"]["success"] == 1
    assert len(judged.read(tmp_path / "out" / "queries.jsonl")) >= sum(line["queries"] for line in lines)

    again = CliRunner().invoke(
        text, [*arguments[:2], "--no-baselines", "--queries", str(tmp_path / "out/queries.jsonl")]
    )
    assert again.exit_code == 0, again.output


def test_the_command_says_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    release_of(tmp_path / "indexes", WORKS)
    (tmp_path / "bad.jsonl").write_text("{}")
    result = CliRunner().invoke(
        text, ["--indexes", str(tmp_path / "indexes"), "--queries", str(tmp_path / "bad.jsonl")]
    )
    assert result.exit_code == 1
    assert "bad.jsonl: line 1 must be like" in result.output


def test_what_records_forgot_is_asked_for() -> None:
    work = replace(WORKS[0], genre="marina", medium="Oil", keywords=("boat",), descriptions=("A boat",))
    assert forgetful(work, 0, random.Random(0)) == work
    bare = forgetful(work, 1, random.Random(0))
    assert bare == replace(work, title=None, genre=None, medium=None, keywords=(), descriptions=())
    works = [replace(work, id=str(n), keywords=("boat",) if n < 12 else ()) for n in range(60)]
    (query,) = facts(works, 5, 1)  # every work is a marina: that tells nothing apart
    assert (query.query, query.kind) == ("boat", "one fact")
    assert query.relevant == {str(n): 1 for n in range(12)}


def test_the_fusion_is_judged_only_where_pictures_know_words(tmp_path: Path) -> None:
    release_of(tmp_path, WORKS)
    result = CliRunner().invoke(fusion, ["--indexes", str(tmp_path), "--count", "3"])
    assert result.exit_code == 1
    assert "no pictures to match words with" in result.output


def test_pictures_are_worth_what_they_add_to_the_records(tmp_path: Path) -> None:
    pictures = np.eye(5, 3, dtype=np.float32) + np.float32(1e-3)
    pictures /= np.linalg.norm(pictures, axis=1, keepdims=True)
    release = release_of(tmp_path, titled("Storm", "Calm", "Evening", "Boats", "Dawn"), pictures=pictures)
    told = compare(release, WithEncoder(SmallEncoder()), [Judged("person", "one fact", {"1": 1})])
    success = {line.split()[3]: float(line.split()[4]) for line in told.splitlines() if line.startswith("one fact")}
    assert success == {"keyword": 0, "visual": 1, "hybrid": 1}
    grid_rows = told.splitlines()[-len(CONSTANTS) :]
    assert [int(row.split()[0]) for row in grid_rows] == list(CONSTANTS)
    assert all("1.000, 1.000" in row for row in grid_rows)


def test_an_engine_ranks_as_the_service_does(tmp_path: Path) -> None:
    release = release_of(tmp_path, WORKS)
    found = answer(release, Encoders(), "northern harbour")
    expected = Ranking.of(found.rows, found.scores).rows.tolist()
    assert engines.vitrine(release, Encoders(), "keyword")("northern harbour") == expected
    assert np.all(np.diff(found.rows) > 0)
