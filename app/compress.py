"""Answers made small for the way: pages, JSON, stylesheet and script as gzip, for clients that take it.

A visitor's form token stands beside what the visitor typed, so lengths could tell of it (the BREACH attack, 2013). It
would be of no use: no other site can have pages asked for with the visitor's cookie, which is `SameSite=Lax`, nor send
forms, which `Sec-Fetch-Site` gives away.
"""

import gzip

from flask import Flask, Response, request

_KINDS = ("text/html", "text/css", "text/javascript", "application/json", "image/svg+xml")
_LEAST = 1_000  # bytes: below, nothing is gained
_LEVEL = 5  # a page is 1 % larger than at 9, in two thirds of the time


def register(app: Flask) -> None:
    """Let the application's answers be compressed."""
    app.after_request(compressed)


def compressed(response: Response) -> Response:
    """The answer as gzip, where it is whole, long enough text and the client takes it. Files that stream go as is."""
    streams = response.is_streamed and not response.direct_passthrough
    if response.status_code != 200 or response.mimetype not in _KINDS or streams or response.content_encoding:
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"]:
        return response
    response.direct_passthrough = False
    data = response.get_data()
    if len(data) >= _LEAST:
        response.set_data(gzip.compress(data, _LEVEL, mtime=0))
        response.content_encoding = "gzip"
        if (etag := response.get_etag()[0]) is not None:
            response.set_etag(etag, weak=True)  # the same in another form
    return response
