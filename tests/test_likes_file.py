import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Problem
from app.likes import MOST, VALUES, Judgement
from app.likes_file import MOST_BYTES, Reading, records, to_csv, to_json
from indexes.artwork import Artwork

WORKS = {"1": Artwork(id="1", title="Waiting", artist="Aubrey Beardsley", date="1893")}
READING = Reading(WORKS.get, now=2e9)


def test_a_table_as_spreadsheets_open_it() -> None:
    said = [Judgement(work="1", value="like", at=1.5), Judgement(work="2", value="dislike", at=0.0, title="=SUM(A1)")]
    assert to_csv(records(said, WORKS.get)) == (
        "\ufeffid,value,at,title,artist,date\r\n"
        "1,like,1970-01-01T00:00:01.500000+00:00,Waiting,Aubrey Beardsley,1893\r\n"
        "2,dislike,1970-01-01T00:00:00.000000+00:00,'=SUM(A1),,\r\n"
    )


@given(
    st.lists(
        st.builds(
            Judgement,
            work=st.from_regex(r"[a-z0-9;,=\"'ü-]{1,20}[a-z0-9]", fullmatch=True),
            value=st.sampled_from(sorted(VALUES)),
            at=st.integers(0, 10**15).map(lambda micros: micros / 1e6),
        ),
        unique_by=lambda judgement: judgement.work,
        max_size=5,
    )
)
def test_what_was_written_is_read_back(said: list[Judgement]) -> None:
    for written in (to_json, to_csv):
        found = READING.read(written(records(said, lambda _: None)).encode())
        assert [(one.work, one.value) for one in found] == [(one.work, one.value) for one in said]
        assert [one.at for one in found] == pytest.approx([one.at for one in said], abs=1e-6)


def test_plain_lists_are_read_too() -> None:
    assert READING.read(b'["1", "2", "1"]') == [
        Judgement(work="1", value="like", at=2e9, title="Waiting"),
        Judgement(work="2", value="like", at=2e9),
    ]
    assert [one.work for one in READING.read(b"Title,ID\nx,1\n")] == ["1"]
    assert READING.read(b"id\n") == []
    future = READING.read(b'[{"id": "1", "at": "2999-01-01"}]')
    assert future[0].at == 2e9
    assert [one.value for one in READING.read(b"id,value\n1, dislike\n2, \n")] == ["dislike", "like"]


def test_a_time_before_there_was_one_is_written_again() -> None:
    said = READING.read(b'[{"id": "1", "at": "0001-01-01T00:00:00+14:00"}]')
    assert records(said, lambda _: None)[0]["at"] == "1970-01-01T00:00:00.000000+00:00"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the first line must name the columns"),
        (b"title\nx\n", "the first line must name the columns"),
        (b"\xff\xfe", "must be text in UTF-8"),
        (b'{"likes": 3}', "must hold a list of ids"),
        (b"[3]", "must hold a list of ids"),
        (b"[" * 100_000, "is not JSON that can be read"),
        (b'["a/b"]', "entry 1: id: must not contain a slash"),
        (b'["ok", ""]', "entry 2: id: must be text"),
        (b'[{"id": "1", "value": "love"}]', "entry 1: value: must be one of like, dislike"),
        (b'[{"id": "1", "value": "none"}]', "entry 1: value: must be one of like, dislike"),
        (b'[{"id": "1", "value": false}]', "entry 1: value: must be one of like, dislike"),
        (b'[{"id": "1", "at": "soon"}]', "entry 1: at: must be a time like"),
        (json.dumps([str(n) for n in range(MOST + 1)]).encode(), "must hold at most 5,000 works"),
        (b" " * (MOST_BYTES + 1), "must be at most 2 MB"),
        (b'id,title\n1,"unclosed', "is not CSV that can be read"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(data: bytes, message: str) -> None:
    with pytest.raises(Problem, match=message) as caught:
        READING.read(data)
    assert caught.value.field == "file"


@given(st.binary(max_size=200))
def test_any_file_is_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(Problem):
        assert isinstance(READING.read(data), list)
