import threading

from pipeline.in_order import InOrder


def test_pictures_come_in_the_order_of_the_works_each_once() -> None:
    pictures = InOrder({"1": None, "2": "b", "3": None, "4": None, "5": "b"})
    assert len(pictures) == 5
    pictures.settled("4", "d")
    pictures.settled("3", None)
    pictures.settled("1", "a")
    pictures.settled("unknown", "e")
    pictures.settled("2", "other")  # was there before
    assert list(pictures) == ["a", "b", "d"]
    assert list(pictures) == ["a", "b", "d"]


def test_whoever_asks_waits_for_those_that_may_still_arrive() -> None:
    pictures = InOrder({"1": "a", "2": None, "3": "c"})
    given: list[str] = []
    first = threading.Event()

    def ask() -> None:
        for digest in pictures:
            given.append(digest)
            first.set()

    asking = threading.Thread(target=ask)
    asking.start()
    assert first.wait(60)
    assert given == ["a"]
    pictures.settled("2", "b")
    asking.join(60)
    assert given == ["a", "b", "c"]


def test_when_nothing_more_arrives_nobody_waits() -> None:
    pictures = InOrder({"1": None, "2": "b"})
    pictures.close()
    assert list(pictures) == ["b"]
