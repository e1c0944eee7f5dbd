"""Recommendations from the likes in an address, which is there to be shared."""

from flask import Flask
from flask.testing import FlaskClient


def test_a_page_can_be_shared(client: FlaskClient, app: Flask) -> None:
    client.post("/likes/file", json=["blue-vase", "red-tile"])
    mine = client.get("/recommend?strategy=each&seed=7").json
    assert mine is not None
    theirs = app.test_client().get(mine["share"]).json
    assert theirs is not None
    assert [hit["id"] for hit in theirs["results"]] == [hit["id"] for hit in mine["results"]]
    assert theirs["more"] is None
    assert mine["reshuffle"] == "/recommend?strategy=each&seed=8"
    answer = client.get("/recommend?like=none-such")
    assert answer.status_code == 404
    assert answer.json is not None
    assert answer.json["error"]["field"] == "like"


def test_a_link_to_share_names_the_works_that_are_here(client: FlaskClient) -> None:
    client.post("/likes/file", json=["gone", "blue-vase"])
    body = client.get("/recommend").json
    assert body is not None
    assert body["share"] == "/recommend?like=blue-vase"


def test_a_link_outlives_some_of_its_works(client: FlaskClient) -> None:
    whole, left = (client.get(f"/recommend?like={works}").json for works in ("blue-vase", "gone&like=blue-vase"))
    assert whole is not None
    assert left is not None
    assert left["results"] == whole["results"]
    assert left["share"] == "/recommend?like=blue-vase"
    assert client.get("/recommend?like=gone&like=lost").status_code == 404
