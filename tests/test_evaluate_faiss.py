import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from pipeline.evaluate.faiss import faiss
from pipeline.evaluate.synthetic import Collection
from tests.small_release import release_of, titled


def test_synthetic_works_are_spread_as_those_of_a_museum() -> None:
    collection = Collection.like(2000, 64)
    works, fresh = collection.draw(2000), collection.draw(100, stream=1)
    assert np.linalg.norm(works, axis=1) == pytest.approx(np.ones(2000), abs=1e-5)
    assert np.array_equal(Collection.like(2000, 64).draw(2000), works)
    likeness = fresh @ works.T
    assert not np.any(likeness > 0.9999)
    assert likeness.max(axis=1).mean() > 0.7 > 0.4 > likeness.mean() > 0.1


def test_all_indexes_are_compared(tmp_path: Path) -> None:
    arguments = ["--vectors", "1000", "--dimension", "16", "--queries", "10", "--output", str(tmp_path / "out")]
    done = CliRunner().invoke(faiss, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    lines = {line["index"]: line for line in json.loads((tmp_path / "out" / "faiss.json").read_text())}
    assert [name.split()[0].strip(",:") for name in lines] == [
        "Flat",
        "SQfp16",
        "HNSW32",
        "LSH",
        "IVF100,PQ32",
        "Vitrine",
    ]
    for name in ("Flat", "Vitrine: Flat"):
        assert (lines[name]["recall_12"], lines[name]["recall_100"]) == (1, 1)
    assert lines["LSH, 512 bits"]["recall_12"] < 1
    assert lines["SQfp16"]["megabytes"] < lines["Flat"]["megabytes"]
    assert (tmp_path / "out" / "faiss.png").read_bytes().startswith(b"\x89PNG")


def test_a_release_is_compared_by_its_own_vectors(tmp_path: Path) -> None:
    release_of(tmp_path, titled(*map(str, range(300))), pictures=Collection.like(300, 8).draw(300))
    done = CliRunner().invoke(faiss, ["--indexes", str(tmp_path), "--queries", "10"], catch_exceptions=False)
    assert done.output.startswith("300 vectors of 8 columns, 10 searches, one thread")
    assert "Vitrine: Flat " in done.output
    refused = CliRunner().invoke(faiss, ["--indexes", str(tmp_path), "--method", "palette"])
    assert "Invalid value for --method: the release has fewer than 256 vectors by it" in refused.output
