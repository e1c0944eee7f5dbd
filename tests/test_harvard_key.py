"""The key to the Harvard API is shown nowhere."""

import gzip
import logging
from pathlib import Path
from urllib.parse import quote

import pytest

from pipeline.sources import SourceError
from pipeline.sources.harvard import HarvardSource
from pipeline.sources.harvard_api import HarvardApi, redactor
from tests.harvard_server import NO_FAULTS, HarvardServer
from tests.harvard_source import QUICK, gathered, source
from tests.harvard_source import server as server


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
