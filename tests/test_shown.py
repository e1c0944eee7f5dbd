from collections.abc import Iterator

import pytest

from app.database import connect
from app.shown import VISIT, Shown

pytest_plugins = ("tests.postgres",)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shown(database_url: str, clock: Clock) -> Iterator[Shown]:
    engine = connect(database_url)
    yield Shown(engine, clock)
    engine.dispose()


def test_works_are_kept_in_the_order_shown(shown: Shown, clock: Clock) -> None:
    shown.add("ann", ["b", "c", "b"])
    clock.now = 1
    shown.add("ann", ["a", "c"])
    shown.add("bob", ["z"])
    assert shown.of("ann") == ("b", "c", "a")
    assert shown.of("ann", first=2) == ("b", "c")
    assert shown.of("ann", first=0) == ()


def test_clearing_starts_over(shown: Shown) -> None:
    shown.add("ann", ["a"])
    shown.add("bob", ["a"])
    shown.clear("ann")
    shown.clear("ann")
    assert (shown.of("ann"), shown.of("bob")) == ((), ("a",))


def test_a_visit_ends(shown: Shown, clock: Clock) -> None:
    shown.add("ann", ["a"])
    clock.now = VISIT + 1
    assert shown.of("ann") == ()
    shown.add("bob", [])  # whoever comes next sweeps up
    clock.now = 0
    assert shown.of("ann") == ()
