"""`python -m pipeline evaluate text`: measures, queries by rule, and the command."""

import json
import math
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
from pipeline.evaluate.judged import Judged, JudgedError
from pipeline.evaluate.measures import judge
from pipeline.evaluate.text import text
from tests.small_release import release_of

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
    assert list(rules.known_items([WORKS[0], replace(WORKS[0], id="copy")], 5)) == []


def test_subjects_by_rule() -> None:
    queries = {query.query: query for query in rules.subjects(WORKS, "subjects", 3)}
    assert queries["sailing boat"].kind == "subject, two words"
    assert len(queries["sailing boat"].relevant) == 40
    pairs = [query for query in queries.values() if query.kind == "two subjects"]
    assert pairs
    assert all(set(query.relevant.values()) <= {1, 2} and 2 in query.relevant.values() for query in pairs)


def test_judged_queries_are_written_and_read(tmp_path: Path) -> None:
    queries = [Judged("blue vase", "words", {"1": 2}), Judged("日本", "words", {"2": 1})]
    judged.write(tmp_path / "queries.jsonl", queries)
    assert judged.read(tmp_path / "queries.jsonl") == queries


@pytest.mark.parametrize("line", ["no json", "[]", '{"query": "x"}', '{"query": "x", "relevant": {"1": 0}}'])
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


def test_an_engine_ranks_as_the_service_does(tmp_path: Path) -> None:
    release = release_of(tmp_path, WORKS)
    found = answer(release, Encoders(), "northern harbour")
    expected = Ranking.of(found.rows, found.scores).rows.tolist()
    assert engines.vitrine(release, Encoders(), "keyword")("northern harbour") == expected
    assert np.all(np.diff(found.rows) > 0)
