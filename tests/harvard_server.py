"""A local server that plays the Harvard Art Museums API and its image host, with their habits and faults.

    with HarvardServer() as server:
        HarvardSource(server.base_url, server.key)

or on its own: `python -m tests.harvard_server --port 8123`.
"""

import argparse
import json
import sys
import threading
from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.harvard_collection import BROKEN, image_kind, make_annotations, make_object, object_id, picture

KEY = "0f1e2d3c-aaaa-bbbb-cccc-123456789abc"


@dataclass(frozen=True, slots=True)
class Faults:
    """Which requests fail the first time: every so many, counted over all requests to the API. 0 is never."""

    every_429: int = 5
    every_500: int = 7
    every_garbage: int = 0  # a page of HTML with status 200
    retry_after: str = "0"


NO_FAULTS = Faults(0, 0)


class HarvardServer:
    """The API at `base_url`; everything it holds is made from the numbers 0 to `objects` - 1, always alike."""

    def __init__(
        self,
        objects: int = 250,
        page_limit: int | None = None,
        faults: Faults = Faults(),
        key: str = KEY,
        port: int = 0,
    ) -> None:
        self.key = key
        self.faults = faults
        self.page_limit = page_limit  # `next` stops there, and further pages are refused
        self.always_next = False  # whether `next` is named all the same, on every page
        self.max_size = 100
        self.down: set[str] = set()  # resources that answer with status 500 however often they are asked
        self.counters: Counter[str] = Counter()  # "object", "annotation", "image", "401", "429", "500", ...
        self.asked: list[str] = []  # the requests to the API that were answered well, without the key
        self.moved = False  # whether everything is redirected to an address that repeats the key
        self._lock = threading.Lock()
        self._http = _Http(port, self)
        self.base_url = f"http://127.0.0.1:{self._http.server_address[1]}"
        self.objects = [make_object(number, self.base_url) for number in range(objects)]
        self.annotations = [note for number in range(objects) for note in make_annotations(number)]
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> "HarvardServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    @property
    def expected_ids(self) -> list[str]:
        """Of all works, in the order of their numbers."""
        return [str(object_id(number)) for number in range(len(self.objects))]

    @property
    def image_ids(self) -> list[str]:
        """Of the works whose image has an address and can be opened."""
        return [
            str(object_id(number)) for number in range(len(self.objects))
            if image_kind(number) == "good"
        ]  # fmt: skip

    @property
    def broken(self) -> dict[str, str]:
        """By id: `html`, `truncated`, `missing` or `empty`, of the works whose image has an address but is none."""
        kinds = ((str(object_id(number)), image_kind(number)) for number in range(len(self.objects)))
        return {identity: kind for identity, kind in kinds if kind in BROKEN.values()}

    def count(self, what: str) -> int:
        """Counts one more of these; gives how many there are now."""
        with self._lock:
            self.counters[what] += 1
            return self.counters[what]

    def answer(self, resource: str, asked: dict[str, str]) -> dict[str, Any] | None:
        """A page of records; None behind the limit."""
        records = self.objects if resource == "object" else self.annotations
        found = [record for record in records if matches(record, asked.get("q", "*"))]
        if "image" in asked:
            found = [record for record in found if str(record["imageid"]) == asked["image"]]
        if sort := asked.get("sort"):
            found.sort(key=lambda record: _order(record[sort]), reverse=asked.get("sortorder") == "desc")
        size, page = min(int(asked.get("size", 10)), self.max_size), int(asked.get("page", 1))
        pages = -(-len(found) // size)
        if self.page_limit is not None and page > self.page_limit:
            return None
        info: dict[str, Any] = {"totalrecordsperquery": size, "totalrecords": len(found), "pages": pages, "page": page}
        again = {**asked, "apikey": self.key}
        if self.always_next or page < min(pages, self.page_limit or pages):
            info["next"] = f"{self.base_url}/{resource}?{urlencode({**again, 'page': page + 1})}"
        if page > 1:
            info["prev"] = f"{self.base_url}/{resource}?{urlencode({**again, 'page': page - 1})}"
        return {"info": {**info, "responsetime": "5 ms"}, "records": found[(page - 1) * size : page * size]}


def _order(value: Any) -> tuple[bool, Any]:
    number = str(value).isdecimal()
    return not number, int(value) if number else str(value)


def matches(record: dict[str, Any], query: str) -> bool:
    """Whether a record meets `*`, `field:value`, `field:>number`, and these joined by AND, with or without brackets."""
    depth, start = 0, 0
    for place, sign in enumerate(query):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 0 and query.startswith(" AND ", place):
            return matches(record, query[start:place]) and matches(record, query[place + 5 :])
    query = query.strip()
    if query.startswith("(") and query.endswith(")"):
        return matches(record, query[1:-1])
    if query == "*":
        return True
    name, _, value = query.partition(":")
    if value.startswith(">"):
        return str(record[name]).isdecimal() and int(record[name]) > int(value[1:])
    return str(record.get(name)).casefold() == value.strip('"').casefold()


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Says nothing where a client was killed."""

    def __init__(self, port: int, museum: HarvardServer) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.museum = museum


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and content in one packet: the second of two would wait for the first to be acknowledged
    server: _Http

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        resource, _, rest = address.path.strip("/").partition("/")
        if resource == "image" and rest.isdecimal() and int(rest) < len(self.server.museum.objects):
            self._image(int(rest))
        elif resource in {"object", "annotation"} and not rest:
            self._records(resource, dict(parse_qsl(address.query)))
        else:
            self._send(HTTPStatus.NOT_FOUND, b"{}")

    def _records(self, resource: str, asked: dict[str, str]) -> None:
        museum, faults = self.server.museum, self.server.museum.faults
        if asked.pop("apikey", None) != museum.key:
            self._send(HTTPStatus.UNAUTHORIZED, b'{"error": "Unauthorized"}')
            return
        if museum.moved:
            self._send(HTTPStatus.FOUND, b"", Location=f"{museum.base_url}/{resource}?apikey={museum.key}")
            return
        number = museum.count("api")
        if faults.every_429 and number % faults.every_429 == 0:
            self._send(HTTPStatus.TOO_MANY_REQUESTS, b"slow down", Retry_After=faults.retry_after)
        elif resource in museum.down or (faults.every_500 and number % faults.every_500 == 0):
            self._send(HTTPStatus.INTERNAL_SERVER_ERROR, b"oops")
        elif faults.every_garbage and number % faults.every_garbage == 0:
            self._send(HTTPStatus.OK, b"<html>a proxy's page</html>")
        elif (answer := museum.answer(resource, asked)) is None:
            self._send(HTTPStatus.BAD_REQUEST, b'{"error": "Result window is too large"}')
        else:
            museum.count(resource)
            museum.asked.append(f"{resource}?{urlencode(asked)}")
            self._send(HTTPStatus.OK, json.dumps(answer).encode())

    def _image(self, number: int) -> None:
        museum = self.server.museum
        museum.count("image")
        if number % 20 == 1 and museum.faults.every_429 and museum.count(f"image {number}") == 1:
            self._send(HTTPStatus.TOO_MANY_REQUESTS, b"slow down", Retry_After=museum.faults.retry_after)
            return
        answers = {
            "good": (HTTPStatus.OK, picture(number), "image/jpeg"),
            "truncated": (HTTPStatus.OK, picture(number)[:400], "image/jpeg"),
            "html": (HTTPStatus.OK, b"<html><body>Please sign in</body></html>", "text/html"),
            "empty": (HTTPStatus.OK, b"", "image/jpeg"),
        }
        self._send(*answers.get(image_kind(number), (HTTPStatus.NOT_FOUND, b"not here", "text/plain")))

    def _send(self, status: HTTPStatus, content: bytes, kind: str = "application/json", **headers: str) -> None:
        if status != HTTPStatus.OK:
            self.server.museum.count(str(int(status)))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: an address in a log would show the key."""


def main() -> None:
    """Serves until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8123)
    parser.add_argument("--objects", type=int, default=250)
    parser.add_argument("--page-limit", type=int, default=None)
    options = parser.parse_args()
    with HarvardServer(options.objects, options.page_limit, port=options.port) as server:
        sys.stdout.write(
            f"HARVARD_API_KEY={server.key} python -m pipeline build harvard --base-url {server.base_url}\n"
        )
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
