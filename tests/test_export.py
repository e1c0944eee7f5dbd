"""The whole result as a file."""

import csv
import json
import threading
from io import StringIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app import create_app
from app.config import Settings
from app.export import COLUMNS, harmless
from indexes.artwork import Artwork
from indexes.catalogue import Catalogue
from indexes.recommend import Recommender
from tests.collection import HOSTILE
from tests.small_release import release_of, titled


def table(client: FlaskClient, address: str) -> list[dict[str, str]]:
    """The rows of a CSV file, by column."""
    answer = client.get(address)
    assert answer.content_type == "text/csv; charset=utf-8"
    return list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig"))))


def test_csv_has_every_result_in_its_order_whatever_the_page(client: FlaskClient) -> None:
    rows = table(client, "/search?sort=title&format=csv&page=2&size=3")
    pages = client.get("/search?sort=title&size=100").get_json()["results"]
    assert [row["id"] for row in rows] == [hit["id"] for hit in pages]
    assert tuple(rows[0]) == COLUMNS
    assert [row["place"] for row in rows] == [str(place) for place in range(1, 25)]


def test_csv_has_the_record_and_addresses_that_work_from_a_file(client: FlaskClient) -> None:
    (row,) = table(client, "/search?accession=1900.7&format=csv")
    picture = row.pop("image")
    assert picture.startswith("http://localhost/images/blue-vase?v=")
    assert {name: value for name, value in row.items() if value} == {
        "place": "1",
        "id": "blue-vase",
        "title": "Blue Vase",
        "artist": "Ion Petrescu",
        "date": "1807",
        "medium": "Glazed clay",
        "genre": "vase",
        "collection": "Ceramics",
        "accession": "1900.7",
        "description": "A vase, mostly blue, against a pale ground.",
        "image_name": "Photo 07.jpg",
        "museum_page": "https://museum.example/blue-vase",
        "page": "http://localhost/artworks/blue-vase",
    }


def test_json_has_the_question_the_total_and_every_result(client: FlaskClient) -> None:
    answer = client.get("/search?q=vase&genre=vase&genre=tile&format=json")
    body = json.loads(answer.data)
    shown = client.get("/search?q=vase&genre=vase&genre=tile&size=100").get_json()
    assert body["total"] == shown["total"] == len(body["results"])
    assert [(hit["id"], hit["score"]) for hit in body["results"]] == [
        (hit["id"], hit["score"]) for hit in shown["results"]
    ]
    assert body["query"]["genre"] == ["vase", "tile"]
    assert body["results"][0]["period"] is None


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/search?format=csv", "vitrine-all.csv"),
        ("/search?q=Blue+vase&genre=vase&format=json", "vitrine-blue-vase-vase.json"),
        ("/similar?id=blue-vase&method=pixels&format=csv", "vitrine-similar-blue-vase.csv"),
    ],
)
def test_the_file_is_named_for_what_it_holds(client: FlaskClient, address: str, name: str) -> None:
    assert client.get(address).headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_a_name_in_another_script_is_kept(client: FlaskClient) -> None:
    said = client.get("/search?q=王希孟&format=csv").headers["Content-Disposition"]
    assert "filename*=UTF-8''vitrine-%E7%8E%8B%E5%B8%8C%E5%AD%9F.csv" in said


def test_likeness_and_recommendations_are_saved_too(client: FlaskClient) -> None:
    rows = table(client, "/similar?id=blue-vase&method=description&format=csv&size=2")
    assert len(rows) == 17
    assert (rows[0]["id"], rows[0]["score"]) == ("red-vase", "0.64")
    rows = table(client, "/recommend?like=blue-vase&format=csv&size=2")
    assert len(rows) == client.get("/recommend?like=blue-vase").get_json()["total"] > 12


def test_nobody_asks_why_of_a_file(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = client.get("/recommend?like=blue-vase&like=red-tile&order=rare&size=100").get_json()["results"]
    monkeypatch.delattr(Recommender, "nearest_likes")
    rows = table(client, "/recommend?like=blue-vase&like=red-tile&order=rare&format=csv")
    assert [(row["id"], float(row["score"])) for row in rows] == [(hit["id"], hit["score"]) for hit in shown]
    assert table(client, "/recommend?like=unseen&format=csv") == []  # it has nothing to compare


def test_no_value_is_a_formula_to_a_spreadsheet(tmp_path: Path) -> None:
    formulas = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "plain = sign", "")
    assert [harmless(value) for value in formulas] == ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "plain = sign", ""]
    works = [Artwork(id="=2", title='=HYPERLINK("http://x")', keywords=("-1", "b"), extra=(("Size", "+3"),))]
    release_of(tmp_path / "indexes", works)
    client = create_app(
        Settings(indexes=tmp_path / "indexes", database_url=f"sqlite:///{tmp_path / 'l.sqlite'}", secret_key="x")
    ).test_client()
    (row,) = table(client, "/search?format=csv")
    assert (row["id"], row["title"], row["keywords"]) == ("'=2", '\'=HYPERLINK("http://x")', "'-1; b")
    (record,) = json.loads(client.get("/search?format=json").data)["results"]
    assert (record["id"], record["keywords"], record["other"]) == ("=2", ["-1", "b"], {"Size": "+3"})


def test_a_large_result_is_whole_and_sent_in_pieces(tmp_path: Path) -> None:
    release_of(tmp_path / "indexes", titled(*(f"Work {number}" for number in range(1_001))))
    client = create_app(
        Settings(indexes=tmp_path / "indexes", database_url=f"sqlite:///{tmp_path / 'l.sqlite'}", secret_key="x")
    ).test_client()
    answer = client.get("/search?format=csv", buffered=False)
    assert answer.is_streamed
    pieces = list(answer.iter_encoded())
    assert len(pieces) > 10
    assert len(b"".join(pieces).decode().splitlines()) == 1_002


def test_pieces_are_made_one_at_a_time_and_a_slow_reader_holds_up_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release_of(tmp_path / "indexes", titled(*(f"Work {number}" for number in range(201))))
    app = create_app(
        Settings(indexes=tmp_path / "indexes", database_url=f"sqlite:///{tmp_path / 'l.sqlite'}", secret_key="x")
    )
    makers: list[int] = []
    second = threading.Event()
    record = Catalogue.artwork

    def looked_up(catalogue: Catalogue, row: int) -> Artwork:
        """The record; while the first is looked up, another file is asked for."""
        makers.append(threading.get_ident())
        if len(makers) == 1:
            other.start()
            assert not second.wait(0.5)  # it waits for the piece to be made ...
        elif threading.get_ident() != makers[0]:
            second.set()
        return record(catalogue, row)

    monkeypatch.setattr(Catalogue, "artwork", looked_up)
    whole: list[bytes] = []
    other = threading.Thread(target=lambda: whole.append(app.test_client().get("/search?format=csv").data))
    slow = app.test_client().get("/search?format=csv", buffered=False).iter_encoded()
    first = next(slow)
    other.join(60)  # ... and not for its reader
    assert len(whole[0].splitlines()) == 202
    assert first + b"".join(slow) == whole[0]


def test_what_malice_writes_is_quoted(client: FlaskClient) -> None:
    assert HOSTILE in [row["title"] for row in table(client, "/search?format=csv")]


def test_an_unknown_format_is_refused(client: FlaskClient) -> None:
    answer = client.get("/search?format=xls")
    assert answer.status_code == 400
    assert answer.get_json()["error"]["message"] == "format: must be one of page, csv, json"
