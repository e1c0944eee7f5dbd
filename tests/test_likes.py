import logging
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

from app.database import connect
from app.errors import Problem
from app.likes import Judgement, Judgements, Likes

pytest_plugins = ("tests.postgres",)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = connect(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def likes(engine: Engine) -> Likes:
    times = count()
    return Likes(engine, lambda: float(next(times)))


def test_a_new_visitor_likes_nothing(likes: Likes) -> None:
    assert likes.of("ann") == Judgements()


def test_the_latest_comes_first_and_the_last_word_counts(likes: Likes) -> None:
    for work, value in [("1", "like"), ("2", "like"), ("3", "dislike"), ("1", "like"), ("2", "dislike")]:
        likes.put("ann", work, value)
    assert likes.of("ann") == Judgements(liked=("1",), disliked=("2", "3"))


def test_liking_once_more_changes_nothing(likes: Likes) -> None:
    likes.put("ann", "1", "like", "Waiting")
    before = likes.all("ann")
    likes.put("ann", "1", "like", "Another title")
    assert likes.all("ann") == before == (Judgement(work="1", value="like", at=0.0, title="Waiting"),)


def test_visitors_do_not_see_each_other(likes: Likes) -> None:
    likes.put("ann", "1", "like")
    likes.put("bob", "2", "like")
    likes.take_back("ann")
    assert likes.of("ann") == Judgements()
    assert likes.of("bob") == Judgements(liked=("2",))


def test_taking_back_one_or_all_and_once_more(likes: Likes) -> None:
    for work in "123":
        likes.put("ann", work, "like")
    likes.take_back("ann", "2")
    likes.take_back("ann", "2")
    assert likes.of("ann").liked == ("3", "1")
    likes.take_back("ann")
    assert likes.of("ann") == Judgements()


def test_many_are_noted_together_with_their_own_times(likes: Likes) -> None:
    said = (
        Judgement(work="ü", value="like", at=1795285343.401652, title="x" * 300),
        Judgement(work="b", value="dislike", at=2.0),
    )
    likes.put_all("ann", said)
    likes.put_all("ann", ())
    assert likes.all("ann") == said


def test_a_page_learns_of_its_own_works_and_how_many_are_liked(likes: Likes) -> None:
    likes.put_all("ann", [Judgement(work=work, value="like", at=0.0) for work in "123"])
    likes.put("ann", "4", "dislike")
    likes.put("bob", "5", "like")
    assert likes.glance("ann", ["5", "4", "2", "none such"]) == {"2": "like", "4": "dislike"}
    assert (likes.count("ann"), likes.count("bob"), likes.count("eve")) == (3, 1, 0)


def test_more_than_can_be_kept_is_refused_and_changes_nothing(likes: Likes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.likes.MOST", 3)
    for work in "123":
        likes.put("ann", work, "like")
    before = likes.all("ann")
    for works in ("4", "34"):
        with pytest.raises(Problem, match="at most 3 works") as caught:
            likes.put_all("ann", [Judgement(work=work, value="dislike", at=9.0) for work in works])
        assert (caught.value.status, likes.all("ann")) == (409, before)
    likes.put("ann", "3", "dislike")  # another opinion is no other work
    likes.put("bob", "4", "like")
    likes.take_back("ann", "1")
    likes.put("ann", "4", "like")
    assert likes.of("ann") == Judgements(liked=("4", "2"), disliked=("3",))


def test_tabs_that_send_at_once_keep_no_more_than_one_does(
    likes: Likes, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.likes.MOST", 3)
    together = Barrier(2)

    @event.listens_for(engine, "commit")
    def wait_for_the_other(_: Connection) -> None:
        with suppress(BrokenBarrierError):  # the other does not come as far, for it waits for this one
            together.wait(0.5)

    def send(tab: str) -> bool:
        with suppress(Problem):
            likes.put_all("ann", [Judgement(work=f"{tab}{number}", value="like", at=0.0) for number in range(2)])
            return True
        return False

    with ThreadPoolExecutor(2) as tabs:
        assert sorted(tabs.map(send, "ab")) == [False, True]
    assert likes.count("ann") == 2


def test_likes_outlive_the_service(database_url: str) -> None:
    for put in (True, False):
        engine = connect(database_url)
        if put:
            Likes(engine).put("ann", "1", "like")
        else:
            assert Likes(engine).of("ann").liked == ("1",)
        engine.dispose()


def _tabs(url: str, number: int) -> None:
    engine = connect(url)
    likes = Likes(engine)
    for turn in range(40):
        likes.put("ann", f"{number}-{turn % 5}", "like")
        likes.put("ann", "shared", ("like", "dislike")[turn % 2])
        if turn % 2:
            likes.take_back("ann", f"{number}-{turn % 5}")
    engine.dispose()


def test_processes_that_start_and_write_together_lose_nothing(database_url: str) -> None:
    processes = [get_context("spawn").Process(target=_tabs, args=(database_url, number)) for number in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    engine = connect(database_url)
    said = Likes(engine).of("ann")
    engine.dispose()
    # The last ten turns of each: works 0 to 4, of which the even turns stay (35 to 39: 36 and 38, so works 1 and 3).
    assert set(said.liked) - {"shared"} == {f"{number}-{work}" for number in range(3) for work in (1, 3)}
    assert set(said.liked + said.disliked) - set(said.liked) <= {"shared"}


def test_a_glance_at_a_locked_database_answers_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.database._BUSY", 0.05)
    file = tmp_path / "likes.sqlite"
    engine = connect(f"sqlite:///{file}")
    likes = Likes(engine)
    lock = sqlite3.connect(file, isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    with caplog.at_level(logging.WARNING):
        assert likes.glance("ann", ["1"]) == {}
        assert likes.count("ann") == 0
    assert caplog.text.count("answering without hearts") == 1  # the second did not even ask
    with pytest.raises(OperationalError):
        likes.put("ann", "1", "like")
    assert "'ann'" not in caplog.text  # who likes what is for no log
    lock.execute("ROLLBACK")
    lock.close()
    likes.put("ann", "1", "like")
    assert likes.of("ann").liked == ("1",)
    engine.dispose()
