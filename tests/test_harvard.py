"""The Harvard source against a server that has the real one's habits."""

import gzip
import logging
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from indexes.artwork import Artwork
from pipeline.sources import Failure, SourceError
from pipeline.sources.harvard import HarvardSource
from pipeline.sources.harvard_api import HarvardApi, Page, Politeness, redactor
from pipeline.sources.harvard_pages import PageStore, Position, harvest
from pipeline.sources.harvard_records import to_artwork
from tests.harvard_collection import descriptions, image_kind, make_annotations, make_object
from tests.harvard_server import NO_FAULTS, Faults, HarvardServer

ROOT = Path(__file__).parent.parent
QUICK = Politeness(interval=0, attempts=3, backoff=0.01, timeout=5)


@pytest.fixture(scope="module")
def server() -> Iterator[HarvardServer]:
    """Shared by tests that only read from it."""
    with HarvardServer() as museum:
        yield museum


def source(museum: HarvardServer, **options: Any) -> HarvardSource:
    return HarvardSource(museum.base_url, museum.key, **{"politeness": QUICK, **options})


def gathered(museum: HarvardSource, workspace: Path) -> tuple[list[Artwork], list[Failure]]:
    failures: list[Failure] = []
    return list(museum.records(workspace, failures.append)), failures


class TestHarvest:
    @pytest.mark.parametrize("page_limit", [None, 1, 2])
    def test_finds_every_work_with_its_descriptions(self, tmp_path: Path, page_limit: int | None) -> None:
        with HarvardServer(page_limit=page_limit) as museum:
            works, failures = gathered(source(museum), tmp_path)
            assert [work.id for work in works] == museum.expected_ids
        assert [list(work.descriptions) for work in works] == [descriptions(number) for number in range(250)]
        kinds = [image_kind(number) for number in range(250)]
        assert Counter(failure.status for failure in failures) == {
            "image not permitted": kinds.count("restricted"),
            "no image": kinds.count("none"),
            "no description": sum(not descriptions(number) for number in range(250)),
        }

    def test_limit_and_query(self, server: HarvardServer, tmp_path: Path) -> None:
        works, _ = gathered(source(server, limit=120), tmp_path)
        assert [work.id for work in works] == server.expected_ids[:120]
        works, _ = gathered(source(server, query="classification:Prints AND culture:Dutch"), tmp_path)
        assert [work.id for work in works] == server.expected_ids[1::12]

    def test_query_goes_on_behind_the_last_page(self, tmp_path: Path) -> None:
        with HarvardServer(page_limit=1, faults=NO_FAULTS) as museum:
            museum.max_size = 25
            works, _ = gathered(source(museum, query="classification:Prints"), tmp_path)
            assert [work.id for work in works] == museum.expected_ids[1::4]

    def test_few_images_are_asked_one_by_one(self, tmp_path: Path) -> None:
        with HarvardServer(faults=NO_FAULTS) as museum:
            works, _ = gathered(source(museum, limit=3), tmp_path)
            asked = [request for request in museum.asked if request.startswith("annotation?") and "image=" in request]
        assert [list(work.descriptions) for work in works] == [descriptions(number) for number in range(3)]
        assert [request.split("&")[1] for request in asked] == ["image=50000", "image=50001", "image=50002"]

    def test_collection_without_works(self, tmp_path: Path) -> None:
        with HarvardServer(objects=0, faults=NO_FAULTS) as museum:
            assert gathered(source(museum), tmp_path) == ([], [])

    def test_record_without_an_id_is_reported(self, tmp_path: Path) -> None:
        with HarvardServer(objects=3, faults=NO_FAULTS) as museum:
            del museum.objects[1]["objectid"]
            museum.objects[1]["id"] = "none"
            works, failures = gathered(source(museum), tmp_path)
        assert [work.id for work in works] == ["1000", "1014"]
        harvest_failures = [failure.status for failure in failures if failure.id == "harvest"]
        assert harvest_failures == ["records missing", "bad record"]


class TestAgain:
    def test_nothing_changed_asks_two_questions(self, tmp_path: Path) -> None:
        with HarvardServer(faults=NO_FAULTS) as museum:
            first = source(museum)
            fingerprint = first.fingerprint()
            works, _ = gathered(first, tmp_path)
            asked = len(museum.asked)
            second = source(museum)
            assert second.fingerprint() == fingerprint
            assert gathered(second, tmp_path)[0] == works
            assert len(museum.asked) == asked + 2

    def test_fingerprint_speaks_of_the_question(self, server: HarvardServer) -> None:
        questions: list[dict[str, Any]] = [{}, {"limit": 5}, {"query": "culture:Dutch"}]
        assert len({source(server, **question).fingerprint() for question in questions}) == 3

    def test_changed_object_is_fetched_again(self, tmp_path: Path) -> None:
        with HarvardServer(faults=NO_FAULTS) as museum:
            before = source(museum)
            fingerprint = before.fingerprint()
            gathered(before, tmp_path)
            museum.objects[5] |= {"title": "Another title", "lastupdate": "2025-01-01T00:00:00-0500"}
            annotations = museum.counters["annotation"]
            after = source(museum)
            works, _ = gathered(after, tmp_path)
            assert after.fingerprint() != fingerprint
            assert works[5].title == "Another title"
            assert museum.counters["annotation"] == annotations + 1  # nothing but whether there are new ones

    def test_new_descriptions_alone_are_fetched(self, tmp_path: Path) -> None:
        with HarvardServer(faults=NO_FAULTS) as museum:
            gathered(source(museum), tmp_path)
            asked = len(museum.asked)
            newest = max(museum.annotations, key=lambda note: note["id"])
            described = next(note for note in museum.annotations if note["imageid"] == 50_001)
            museum.annotations.append({**described, "id": newest["id"] + 1, "body": "A late description."})
            works, _ = gathered(source(museum), tmp_path)
            assert len(museum.asked) == asked + 3
        assert list(works[1].descriptions) == [*descriptions(1), "A late description."]

    def test_vanished_descriptions_are_forgotten(self, tmp_path: Path) -> None:
        with HarvardServer(faults=NO_FAULTS) as museum:
            gathered(source(museum), tmp_path)
            museum.annotations = [note for note in museum.annotations if note["imageid"] != 50_001]
            works, _ = gathered(source(museum), tmp_path)
        assert works[1].descriptions == ()
        assert list(works[2].descriptions) == descriptions(2)

    def test_refresh_harvests_anew(self, tmp_path: Path) -> None:
        with HarvardServer(faults=NO_FAULTS) as museum:
            works, _ = gathered(source(museum), tmp_path)
            asked = len(museum.asked)
            again = source(museum, refresh=True)
            assert again.fingerprint() == again.fingerprint() != source(museum).fingerprint()
            assert gathered(again, tmp_path)[0] == works
            assert len(museum.asked) == 2 * asked + 2

    def test_damaged_state_is_a_sentence(self, tmp_path: Path) -> None:
        with HarvardServer(objects=2, faults=NO_FAULTS) as museum:
            gathered(source(museum), tmp_path)
            (state,) = tmp_path.rglob("state.json")
            for content in ("", "[]", '{"remote": {}}'):
                state.write_text(content)
                with pytest.raises(SourceError, match=r"state\.json is damaged"):
                    gathered(source(museum), tmp_path)

    def test_descriptions_that_fail_stop_the_harvest_but_not_for_good(self, tmp_path: Path) -> None:
        with HarvardServer(faults=NO_FAULTS) as museum:
            first = source(museum)
            first.fingerprint()
            museum.down.add("annotation")
            with pytest.raises(SourceError, match="goes on where it stopped"):
                gathered(first, tmp_path)
            museum.down.clear()
            objects = museum.counters["object"]
            works, _ = gathered(source(museum), tmp_path)
            assert museum.counters["object"] == objects + 1
        assert [list(work.descriptions) for work in works] == [descriptions(number) for number in range(250)]


KILLED = """
import sys
from pathlib import Path
from pipeline.sources.harvard import HarvardSource
from pipeline.sources.harvard_api import Politeness
source = HarvardSource(sys.argv[1], sys.argv[2], politeness=Politeness(interval=0.02))
list(source.records(Path(sys.argv[3]), lambda failure: None))
"""


def test_killed_harvest_goes_on_at_the_next_page(tmp_path: Path) -> None:
    with HarvardServer(faults=NO_FAULTS) as museum:
        museum.max_size = 10
        for resource, stop in (("object", 7), ("object", 15), ("annotation", 12)):
            command = [sys.executable, "-c", KILLED, museum.base_url, museum.key, str(tmp_path)]
            process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
            while museum.counters[resource] < stop and process.poll() is None:
                time.sleep(0.005)
            process.send_signal(signal.SIGKILL)
            assert process.wait() == -signal.SIGKILL
        works, _ = gathered(source(museum), tmp_path)
        assert [work.id for work in works] == museum.expected_ids
        assert [list(work.descriptions) for work in works] == [descriptions(number) for number in range(250)]
        pages = [request for request in museum.asked if "size=100" in request]
        described = sum(note["type"] == "description" for note in museum.annotations)
        assert len(set(pages)) == 250 // 10 + -(-described // 10)
        assert len(pages) <= len(set(pages)) + 3  # of each killed run the one page that it was about to keep


class TestWalk:
    @staticmethod
    def ids(records: list[Any]) -> list[int]:
        return [record["id"] for record in records]

    @staticmethod
    def records(ids: range) -> list[dict[str, int]]:
        return [{"id": identity} for identity in ids]

    def test_goes_beyond_pages_and_counts_that_stop_at_ten_thousand(self, tmp_path: Path) -> None:
        def ask(position: Position) -> Page:
            rest = range((position.after or 0) + 1, 25_001)
            found = rest[(position.number - 1) * 1000 : position.number * 1000]
            return Page(self.records(found), min(len(rest), 10_000), position.number < min(10, -(-len(rest) // 1000)))

        store = PageStore(tmp_path)
        harvest(ask, store)
        assert self.ids(list(store.records())) == list(range(1, 25_001))

    def test_ends_with_a_server_that_repeats_itself_for_ever(self, tmp_path: Path) -> None:
        asked: list[Position] = []

        def ask(position: Position) -> Page:
            asked.append(position)
            return Page(self.records(range(1, 11)), 500, more=True)

        walk = harvest(ask, PageStore(tmp_path))
        assert walk.seen == set(range(1, 11))
        assert walk.announced == 500
        assert asked == [Position(), Position(None, 2), Position(10, 1)]

    def test_ends_with_pages_that_never_end(self, tmp_path: Path) -> None:
        def ask(position: Position) -> Page:
            start = (position.number - 1) * 10
            return Page(self.records(range(start, min(start + 10, 30))), 30, more=True)

        assert harvest(ask, PageStore(tmp_path)).seen == set(range(30))

    def test_refuses_a_server_that_invents_records(self, tmp_path: Path) -> None:
        def ask(position: Position) -> Page:
            return Page(self.records(range(position.number * 1000, position.number * 1000 + 1000)), 50, more=True)

        with pytest.raises(SourceError, match="announced 50 records but does not stop"):
            harvest(ask, PageStore(tmp_path))

    def test_limit(self, tmp_path: Path) -> None:
        def ask(position: Position) -> Page:
            return Page(self.records(range(position.number * 10, position.number * 10 + 10)), 1000, more=True)

        assert len(harvest(ask, PageStore(tmp_path), limit=15).seen) == 20

    def test_half_written_page_is_fetched_again(self, tmp_path: Path) -> None:
        def ask(position: Position) -> Page:
            return Page(self.records(range(position.number * 10, position.number * 10 + 10)), 30, position.number < 3)

        store = PageStore(tmp_path)
        harvest(ask, store)
        whole = store.path(2).read_bytes()
        store.path(2).write_bytes(whole[:20])
        harvest(ask, store)
        assert store.path(2).read_bytes() == whole


class TestPoliteness:
    def test_wrong_key_is_said_once(self) -> None:
        with HarvardServer() as museum:
            with pytest.raises(SourceError, match="HARVARD_API_KEY"):
                HarvardSource(museum.base_url, "wrong-key", politeness=QUICK).fingerprint()
            assert museum.counters == {"401": 1}

    def test_missing_key_asks_nobody(self) -> None:
        with pytest.raises(SourceError, match="HARVARD_API_KEY is not set"):
            HarvardSource("http://127.0.0.1:9", " ").fingerprint()

    @pytest.mark.parametrize(
        "address", ["api.harvardartmuseums.org", "ftp://host", "http://host/?apikey=1", "http://u:p@host"]
    )
    def test_address_must_be_one(self, address: str) -> None:
        with pytest.raises(SourceError, match="--base-url"):
            HarvardSource(address, "key").fingerprint()

    def test_retry_after_in_seconds_is_kept(self) -> None:
        with HarvardServer(objects=1, faults=Faults(every_429=2, every_500=0, retry_after="1")) as museum:
            start = time.monotonic()
            source(museum).fingerprint()
            assert 1 <= time.monotonic() - start < 3

    def test_retry_after_as_a_date_is_kept(self) -> None:
        later = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)  # whole seconds: 1 to 2 from now
        with HarvardServer(objects=1, faults=Faults(every_429=2, every_500=0, retry_after=later)) as museum:
            start = time.monotonic()
            source(museum).fingerprint()
            assert 0.9 <= time.monotonic() - start < 4

    @pytest.mark.parametrize(
        "moment", ["Wed, 21 Oct 2015 07:28:00 GMT", "Wed, 21 Oct 2015 07:28:00", "soon", "-5", "1e999", ""]
    )
    def test_retry_after_that_is_past_or_nonsense_means_no_wait(self, moment: str) -> None:
        with HarvardServer(objects=1, faults=Faults(every_429=2, every_500=0, retry_after=moment)) as museum:
            start = time.monotonic()
            source(museum).fingerprint()
            assert time.monotonic() - start < 1

    def test_retry_after_beyond_patience_ends_the_run(self) -> None:
        with HarvardServer(objects=1, faults=Faults(every_429=1, every_500=0, retry_after="3600")) as museum:
            with pytest.raises(SourceError, match="come back in 3600 seconds"):
                source(museum).fingerprint()
            assert museum.counters["429"] == 1

    def test_attempts_are_bounded(self) -> None:
        with HarvardServer(objects=1, faults=NO_FAULTS) as museum:
            museum.down.add("object")
            with pytest.raises(SourceError, match="in 3 attempts; the last time it answered with status 500"):
                source(museum).fingerprint()
            assert museum.counters["500"] == 3

    def test_page_of_html_is_asked_again(self, tmp_path: Path) -> None:
        with HarvardServer(objects=20, faults=Faults(0, 0, every_garbage=2)) as museum:
            works, _ = gathered(source(museum), tmp_path)
            assert [work.id for work in works] == museum.expected_ids

    def test_wrong_question_is_not_repeated(self) -> None:
        with HarvardServer(objects=1, faults=NO_FAULTS, page_limit=0) as museum:
            with pytest.raises(SourceError, match="status 400; is --base-url or --query wrong"):
                source(museum).fingerprint()
            assert museum.counters["400"] == 1

    def test_requests_keep_their_distance(self, server: HarvardServer) -> None:
        politeness = Politeness(interval=0.1, backoff=0.01)
        with HarvardApi(server.base_url, server.key, politeness) as api:
            start = time.monotonic()
            for _ in range(4):
                api.page("object", size=1)
            assert time.monotonic() - start >= 0.3


class TestKey:
    def test_key_is_in_no_file_log_or_text(self, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        with HarvardServer(page_limit=2) as museum:
            for record in museum.objects[:40]:
                record["labeltext"] = f"see {museum.base_url}/object?apikey={museum.key}&page=2"
                record["provenance"] = f"{quote(museum.key)} {museum.key.upper()}"
            mine = source(museum)
            works, failures = gathered(mine, tmp_path)
            texts = [repr(mine), repr(works), repr(failures), mine.fingerprint(), caplog.text]
            museum.down.add("object")
            errors = [
                self.error(source(museum)),
                self.error(HarvardSource("http://127.0.0.1:9", museum.key, politeness=QUICK)),
            ]
            texts += [*errors, caplog.text]
            assert len(works) == 250
            key = museum.key.encode()
        files = [file for file in tmp_path.rglob("*") if file.is_file()]
        contents = [file.read_bytes() for file in files]
        contents += [gzip.decompress(content) for content in contents if content[:2] == b"\x1f\x8b"]
        assert len(files) > 5
        assert not [content for content in [*contents, *(text.encode() for text in texts)] if key in content.lower()]

    def test_redirect_is_neither_followed_nor_shown(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        with HarvardServer(objects=1, faults=NO_FAULTS) as museum:
            museum.moved = True
            assert "status 302" in self.error(source(museum))
            assert museum.counters == {"302": 1}
        assert museum.key not in caplog.text

    @staticmethod
    def error(museum: HarvardSource) -> str:
        """Every text in the chain of errors."""
        with pytest.raises(SourceError) as caught:
            museum.fingerprint()
        error: BaseException | None = caught.value
        chain = []
        while error:
            chain.append(repr(error))
            error = error.__cause__ or error.__context__
        return " ".join(chain)

    def test_httpx_logs_the_request_without_the_key(
        self, server: HarvardServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        with HarvardApi(server.base_url, server.key, QUICK) as api:
            api.page("object", size=1)
        assert f"{server.base_url}/object?size=1" in caplog.text
        assert "apikey" not in caplog.text

    @pytest.mark.parametrize(
        ("key", "text", "hidden"),
        [
            ("0f1e2d3c-aaaa-bbbb-cccc-123456789abc", "x0f1e2d3c-aaaa-bbbb-cccc-123456789abcx", "x[key]x"),
            ("a/b c+d and a longer part", "?apikey=a%2Fb%20c%2Bd%20and%20a%20longer%20part&page=2", "?[key]&page=2"),
            ("a/b c+d and a longer part", "q=a%2fb+c%2bd+and+a+longer+part", "q=[key]"),
            ("a/b", "apikey%3Da%2Fb%26page", "[key]%26page"),
            ("test", "A test of a tested contest; ?apikey=test&x=1", "A [key] of a tested contest; ?[key]&x=1"),
            ("test", "?apikey=another", "?[key]"),
        ],
    )
    def test_redactor(self, key: str, text: str, hidden: str) -> None:
        assert redactor(key)({"a": [text, 1, None], text: True}) == {"a": [hidden, 1, None], hidden: True}


class TestRecords:
    @staticmethod
    def work(**fields: Any) -> Artwork:
        return to_artwork({"id": 1, **fields}, [])[0]

    def test_the_servers_fifth_record_field_by_field(self) -> None:
        record = make_object(1, "http://host")
        notes = [note["body"] for note in make_annotations(1) if note["type"] == "description"][:1]
        work, lacks = to_artwork(record, notes)
        assert lacks == []
        assert work == Artwork(
            id="1007",
            title="Blue square no. 1",
            artist="Artist 1",
            artist_culture="Dutch",
            date="c. 1801",
            year_from=1796,
            year_to=1806,
            medium="Ink on paper",
            genre="Prints",
            collection="Asian Art",
            culture="Dutch",
            accession="1943.1",
            keywords=("European and American Art", "19th century", "print", "1806"),
            descriptions=("A blue square on a green ground, as claude sees it.",),
            image_url="http://host/image/1",
            image_name="INV000001",
            museum_page="https://www.harvardartmuseums.org/collections/object/1007",
            credit_line="Harvard Art Museums/Fogg Museum, Gift",
            rank=38,
            extra=(
                ("Division", "European and American Art"),
                ("Century", "19th century"),
                ("Accession year", "1951"),
                ("Page views", "1"),
            ),
        )

    def test_department_and_period_are_cleaned_as_the_harvard_recommender_does(self) -> None:
        work = self.work(
            department="Department of Ancient and Byzantine Art & Numismatics",
            period="Ming (1368-1644) to Qing (c. 1644-1911) dynasty",
            division="Asian and Mediterranean Art",
        )
        assert work.collection == "Ancient and Byzantine Art & Numismatics"
        assert work.period == "Ming 1368-1644 to Qing 1644-1911 dynasty"
        assert self.work(division="Asian and Mediterranean Art").collection == "Asian and Mediterranean Art"

    @pytest.mark.parametrize(
        ("fields", "date", "years"),
        [
            ({"dated": "c. 1900", "datebegin": 1895, "dateend": 1905}, "c. 1900", (1895, 1905)),
            ({"dated": "c. 1900", "datebegin": "1895", "dateend": "1905"}, "c. 1900", (1895, 1905)),
            ({"dated": "17th century", "datebegin": 0, "dateend": 0}, "17th century", (1601, 1700)),
            (
                {"dated": "late 5th century BCE", "datebegin": -430, "dateend": -400},
                "late 5th century BCE",
                (-429, -399),
            ),
            ({"dated": None, "datebegin": None, "dateend": 1845}, "1845", (None, 1845)),
            ({"dated": None, "datebegin": 5, "dateend": -1}, None, (None, None)),
            ({"dated": "1850", "datebegin": 1900, "dateend": 1850}, "1850", (1850, 1850)),
            ({"dated": "n.d.", "datebegin": "x", "dateend": 9999}, "n.d.", (None, None)),
            ({}, None, (None, None)),
        ],
    )
    def test_date(self, fields: dict[str, Any], date: str | None, years: tuple[int | None, int | None]) -> None:
        work = self.work(**fields)
        assert (work.date, (work.year_from, work.year_to)) == (date, years)

    def test_end_of_an_approximate_date_is_searched_as_in_the_harvard_recommender(self) -> None:
        assert self.work(dated="c. 1900", dateend=1905).keywords == ("1905",)
        assert self.work(dated="1900-1905", dateend=1905).keywords == ()

    @pytest.mark.parametrize(
        ("people", "artist"),
        [
            ([{"role": "Publisher", "name": "P"}, {"role": "Artist", "name": "A"}], "A"),
            (
                [
                    {"role": "Artist", "name": "B", "displayorder": 2},
                    {"role": "Artist", "name": "A", "displayorder": "1"},
                ],
                "A",
            ),
            ([{"role": "Manufacturer", "name": "M", "displayname": "Made by M"}], "M"),
            ([{"role": "Artist", "name": None, "displayname": "After D"}], "After D"),
            ([], None),
            (None, None),
            ("Rembrandt", None),
            (["Rembrandt", None], None),
        ],
    )
    def test_artist(self, people: object, artist: str | None) -> None:
        assert self.work(people=people).artist == artist

    def test_primary_image_is_the_first_to_be_displayed(self) -> None:
        images = [
            {"imageid": 2, "displayorder": 2, "baseimageurl": "https://host/2", "renditionnumber": "B"},
            {
                "imageid": 1,
                "displayorder": 1,
                "baseimageurl": "https://host/1",
                "renditionnumber": "A",
                "alttext": "A cat.",
            },
        ]
        work = self.work(images=images, primaryimageurl=None)
        assert (work.image_url, work.image_name, work.descriptions) == ("https://host/1", "A", ("A cat.",))
        assert self.work(images=images, primaryimageurl="https://host/0").image_url == "https://host/0"
        assert self.work(images=images, primaryimageurl="javascript:alert(1)").image_url == "https://host/1"

    def test_restricted_image_is_left_out(self) -> None:
        work, lacks = to_artwork(
            {"id": 1, "imagepermissionlevel": "1", "primaryimageurl": "https://host/0"}, ["A dog."]
        )
        assert work.image_url is None
        assert work.rights == "Image restricted by rights"
        assert [(failure.id, failure.status) for failure in lacks] == [("1", "image not permitted")]

    def test_equal_descriptions_count_once(self) -> None:
        work, _ = to_artwork({"id": 1, "description": "A bottle."}, ["A vase.", "A bottle.", "A vase.", " "])
        assert work.descriptions == ("A bottle.", "A vase.")

    def test_record_of_nothing_but_an_id(self) -> None:
        work, lacks = to_artwork({"id": "7"}, [])
        assert work == Artwork(id="7")
        assert [failure.status for failure in lacks] == ["no image", "no description"]

    def test_record_of_wrong_types(self) -> None:
        wrong: list[Any] = [[], {}, "", "nan", -1, 1.5, True, [[]], [{}], {"a": 1}]
        names = sorted(make_object(0, "http://host").keys() - {"id"})
        for value in wrong:
            assert to_artwork({"id": 3, **dict.fromkeys(names, value)}, [])[0].id == "3"


def test_faults_come_as_planned() -> None:
    """The server really fails: what the other tests survive did happen."""
    with HarvardServer(objects=1, faults=Faults(every_429=4, every_500=5)) as museum:
        for _ in range(3):
            source(museum).fingerprint()
        assert museum.counters["429"] >= 2
        assert museum.counters["500"] >= 1
