"""Every method of likeness over one collection: filters, pages, recognised works, and what is no picture at all."""

from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from numpy.typing import NDArray
from PIL import Image

from app import create_app
from app.config import Settings
from indexes.loader import Encoders, Loader, Release
from indexes.methods import METHODS
from indexes.pictures import decode
from pipeline.training.photos import photograph
from tests.generated_collection import COUNT, NARROW, generated_collection, scenes

UPLOADABLE = [method.name for method in METHODS.values() if method.uploads]


@pytest.fixture(scope="module")
def indexes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generated_collection(tmp_path_factory.mktemp("generated"))


@pytest.fixture(scope="module")
def release(indexes: Path) -> Release:
    return Loader(indexes).current()


@pytest.fixture(scope="module")
def client(indexes: Path, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    database = f"sqlite:///{tmp_path_factory.mktemp('state') / 'l'}"
    return create_app(Settings(indexes=indexes, database_url=database, secret_key="of the tests")).test_client()


def jpeg(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=92)
    return out.getvalue()


def post(client: FlaskClient, data: bytes, **fields: str) -> Any:
    answer = client.post("/similar", data={"image": (BytesIO(data), "photo.jpg"), **fields})
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def ids(body: Any) -> list[str]:
    return [hit["id"] for hit in body["results"]]


def picture_of(release: Release, row: int) -> Image.Image:
    stored = release.catalogue.picture(row)
    assert stored
    return decode(release.pictures.read(stored.digest))


def is_exact(release: Release, method: str, found: list[str], vector: NDArray[np.float32], without: str = "") -> bool:
    """Whether these are the works of the cabinet by their likeness to the vector, worked out without any index."""
    index, works = release.vectors[method], [release.catalogue.artwork(row) for row in range(COUNT)]
    likeness = {
        work.id: float(index.vectors(np.array([row], np.int32))[0].astype(np.float64) @ vector)
        for row, work in enumerate(works)
        if work.collection == "Cabinet" and work.id != without
    }
    in_order = all(likeness[one] >= likeness[after] - 1e-6 for one, after in pairwise(found))  # float32 has no more
    return sorted(found) == sorted(likeness) and in_order


@pytest.mark.parametrize("method", METHODS)
def test_a_narrow_filter_gives_exactly_the_works_that_pass_in_order(
    release: Release, client: FlaskClient, method: str
) -> None:
    row = release.catalogue.row("w1")
    assert row is not None
    vector = release.vectors[method].vectors(np.array([row], np.int32))[0]
    body = client.get(f"/similar?id=w1&method={method}&collection=Cabinet").get_json()
    assert body["total"] == NARROW
    assert is_exact(release, method, ids(body), vector)
    one_by_one = [ids(client.get(f"/similar?id=w1&method={method}&collection=Cabinet&size=1&page={page}").get_json())
                  for page in range(1, NARROW + 1)]  # fmt: skip
    assert [work for page in one_by_one for work in page] == ids(body)
    row = release.catalogue.row("w0")
    assert row is not None
    vector = release.vectors[method].vectors(np.array([row], np.int32))[0]
    inside = client.get(f"/similar?id=w0&method={method}&collection=Cabinet").get_json()
    assert is_exact(release, method, ids(inside), vector, without="w0")


@pytest.mark.parametrize("method", UPLOADABLE)
def test_so_it_does_for_an_upload(release: Release, client: FlaskClient, method: str) -> None:
    (_, stranger) = next(scenes(range(500, 501)))
    data = jpeg(stranger)
    vector = Encoders().of(release, method).encode_images([decode(data, side=800)])[0]
    body = post(client, data, method=method, collection="Cabinet")
    assert body["total"] == NARROW
    assert is_exact(release, method, ids(body), vector)
    assert not any(hit["same_work"] for hit in body["results"])


@pytest.fixture(scope="module")
def known(release: Release) -> tuple[str, bytes]:
    """A work with much to see in it, and a photo of it."""
    marked = [len(marks) for row in range(COUNT) if (marks := release.landmarks and release.landmarks.of(row))]
    row = int(np.argmax(marked))
    return release.catalogue.artwork(row).id, jpeg(photograph(picture_of(release, row), 3))


@pytest.mark.parametrize("method", UPLOADABLE)
def test_the_work_itself_comes_first_by_every_method_and_on_every_page(
    release: Release, client: FlaskClient, known: tuple[str, bytes], method: str
) -> None:
    work, photo = known
    body = post(client, photo, method=method, size="12")
    assert [hit["same_work"] for hit in body["results"]] == [True] + [False] * 11
    assert ids(body)[0] == work
    seen = ids(body)
    while body["next"]:
        body = client.get(body["next"]).get_json()
        seen += ids(body)
        assert not any(hit["same_work"] for hit in body["results"])
    assert len(seen) == len(set(seen)) == body["total"] == COUNT
    again = client.get(body["prev"].replace(f"method={method}", "method=clip")).get_json()
    first = client.get(f"/similar?picture={again['query']['picture']}&method=clip").get_json()
    assert (ids(first)[0], first["results"][0]["same_work"]) == (work, True)


def test_a_filter_that_excludes_the_work_itself_excludes_it(
    release: Release, client: FlaskClient, known: tuple[str, bytes]
) -> None:
    work, photo = known
    row = release.catalogue.row(work)
    assert row is not None
    own = release.catalogue.artwork(row).collection
    other = {"Cabinet": "Hall", "Hall": "Cabinet"}[own or ""]
    body = post(client, photo, collection=other, size="100")
    assert work not in ids(body)
    assert not any(hit["same_work"] for hit in body["results"])
    picture = body["query"]["picture"]
    assert ids(client.get(f"/similar?picture={picture}&collection={own}").get_json())[0] == work


def test_likeness_to_a_work_of_the_collection_recognises_nothing(client: FlaskClient) -> None:
    body = client.get("/similar?id=w1&size=100").get_json()
    assert not any(hit["same_work"] for hit in body["results"])


def test_the_page_says_it_in_words(client: FlaskClient, known: tuple[str, bytes]) -> None:
    picture = post(client, known[1])["query"]["picture"]
    page = client.get(f"/similar?picture={picture}", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert page.count("This looks like the work itself") == 1


@pytest.mark.parametrize("size", [(8, 8), (9, 900), (640, 480)])
def test_a_plain_picture_is_of_no_work(client: FlaskClient, size: tuple[int, int]) -> None:
    body = post(client, jpeg(Image.new("RGB", size, "#887766")))
    assert (body["total"], [hit for hit in body["results"] if hit["same_work"]]) == (COUNT, [])
