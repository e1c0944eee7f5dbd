"""The Harvard source against a server that has the real one's habits."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pipeline.build import read_records
from pipeline.progress import Progress
from pipeline.sources import SourceError, harvard_pages
from pipeline.workspace import Workspace
from tests.harvard_collection import descriptions, image_kind
from tests.harvard_server import NO_FAULTS, Faults, HarvardServer
from tests.harvard_source import gathered, source
from tests.harvard_source import server as server

ROOT = Path(__file__).parent.parent


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

    def test_goes_on_where_a_next_page_is_named_but_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(harvard_pages, "_DEPTH", 200)
        with HarvardServer(page_limit=2, faults=NO_FAULTS) as museum:
            museum.always_next = True
            works, _ = gathered(source(museum), tmp_path)
            assert [work.id for work in works] == museum.expected_ids
            assert museum.counters["400"] == 0
        assert [list(work.descriptions) for work in works] == [descriptions(number) for number in range(250)]

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

    def test_what_changed_before_a_harvest_went_on_is_in_the_next(self, tmp_path: Path) -> None:
        def read() -> tuple[list[str | None], str | None]:
            read_records(source(museum), workspace, Progress(quiet=True))
            works = list(workspace.works())
            return [work.title for work in works[5:7]], works[1].descriptions[-1]

        workspace = Workspace(tmp_path)
        with HarvardServer(objects=10, faults=NO_FAULTS) as museum:
            begun = source(museum)
            begun.fingerprint()
            museum.down.add("annotation")
            with pytest.raises(SourceError, match="goes on where it stopped"):
                gathered(begun, workspace.source)
            museum.down.clear()
            titles = [museum.objects[number]["title"] for number in (5, 6)]
            museum.objects[5] |= {"title": "Another title", "lastupdate": "2025-01-01T00:00:00-0500"}
            described = next(note for note in museum.annotations if note["imageid"] == 50_001)
            museum.annotations.append({**described, "id": 999_999, "body": "A late description."})
            assert read()[0] == titles
            assert read() == (["Another title", titles[1]], "A late description.")
            asked = len(museum.asked)
            assert read()[0][0] == "Another title"
            assert len(museum.asked) == asked + 2


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


def test_faults_come_as_planned() -> None:
    """The server really fails: what the other tests survive did happen."""
    with HarvardServer(objects=1, faults=Faults(every_429=4, every_500=5)) as museum:
        for _ in range(3):
            source(museum).fingerprint()
        assert museum.counters["429"] >= 2
        assert museum.counters["500"] >= 1
