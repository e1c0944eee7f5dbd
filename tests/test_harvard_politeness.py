"""How the Harvard API is asked: with its key, not too often, and not for ever."""

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from pipeline.sources import SourceError
from pipeline.sources.harvard import HarvardSource
from pipeline.sources.harvard_api import HarvardApi, Politeness
from tests.harvard_server import NO_FAULTS, Faults, HarvardServer
from tests.harvard_source import QUICK, gathered, source
from tests.harvard_source import server as server


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
