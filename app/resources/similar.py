"""`/similar`."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO

import numpy as np
from flask import Response, redirect, request
from numpy.typing import NDArray
from PIL import Image

from app.answer import respond, wants_page
from app.errors import Problem
from app.query import SimilarQuery
from app.resources.base import ServiceResource, row_of
from app.similar import Compared, like_picture, like_work, looked_at, methods_of
from indexes.encoders import EncoderError
from indexes.loader import Release
from indexes.methods import METHODS
from indexes.pictures import PictureError, decode
from indexes.release import MethodEntry

_log = logging.getLogger(__name__)

_SIDE = 800  # pixels of a picture's longer side that every method is content with


class SimilarResource(ServiceResource):
    """Works like a work of the collection, or like a picture of the visitor's own."""

    def get(self) -> Response:
        """The works most like the work `id`, or like the picture uploaded before under the key `picture`."""
        release = self.service.loader.current()
        query = SimilarQuery.read(request.args).spelt(release.catalogue.facets)
        if query.id is not None:
            return self._of_work(release, query, row_of(release, query.id))
        if query.picture is None:
            raise Problem(400, "id: name a work, or upload a picture by POST as `image`", "id")
        _refuse_words(query)
        return self._of_picture(release, query, query.picture)

    def post(self) -> Response:
        """The works most like the uploaded picture `image`. A browser is sent on to an address it can go back to."""
        release = self.service.loader.current()
        query = SimilarQuery.read(request.values).spelt(release.catalogue.facets)
        _refuse_words(query)
        key = self._keep(release, query.method, self._decode())
        query = replace(query, id=None, picture=key)
        if wants_page():
            return redirect(query.url(), 303)  # type: ignore[return-value]
        return self._of_picture(release, query, key)

    def _of_work(self, release: Release, query: SimilarQuery, row: int) -> Response:
        methods = methods_of(release, row)
        query = _with_method(query, methods)
        if query.format != "page":
            return self.file(release, query, like_work(release, query.whole(len(release.catalogue)), row))
        presenter = self.service.presenter(release)
        body = presenter.page(query, like_work(release, query, row), methods)
        return respond("similar.html", body | {"like": presenter.hit(row)})

    def _of_picture(self, release: Release, query: SimilarQuery, key: str) -> Response:
        entries, kept = _entries(release), self.service.uploads.vectors(key)
        vectors = {name: kept[entry.identity] for name, entry in entries.items() if entry.identity in kept}
        if entries and not vectors:
            raise Problem(404, "picture: it is no longer known; please choose the picture once more", "picture")
        query = _with_method(query, list(vectors))
        if query.method in entries and query.method not in vectors:  # its encoder could not be opened
            able = f"this picture can be compared by {', '.join(vectors)}"
            raise Problem(400, f"method: {query.method} is not available just now; {able}", "method")
        asked = query if query.format == "page" else query.whole(len(release.catalogue))
        matches = like_picture(release, asked, self._compared(release, key, vectors.get(query.method)))
        if query.format != "page":
            return self.file(release, query, matches)
        body = self.service.presenter(release).page(query, matches, vectors)
        return respond("similar.html", body | {"like": None})

    def _decode(self) -> Image.Image:
        upload = request.files.get("image")
        if upload is None:
            raise Problem(400, "image: choose a picture to upload", "image")
        buffer = BytesIO()
        upload.save(buffer)
        try:
            return decode(buffer.getvalue(), self.service.settings.max_megapixels * 1_000_000, _SIDE)
        except PictureError as error:
            status = 413 if error.status == "too many pixels" else 415
            raise Problem(status, f"image: {error}", "image") from None

    def _keep(self, release: Release, asked: str, picture: Image.Image) -> str:
        """Keep what is to be known of the picture under a new key, for every method, so that it can be changed."""
        entries = _entries(release)
        encoders = {}
        for name in entries:
            try:
                encoders[name] = self.service.encoders.of(release, name)
            except EncoderError as error:  # one that cannot be opened takes no other method along
                if name == asked:
                    raise
                _log.warning("a picture is not compared by %s: %s", name, error)
        vectors, row = self.service.encoders.use(looked_at, release, encoders, picture)
        work = None if row is None else release.catalogue.artwork(row).id
        return self.service.uploads.put({entries[name].identity: vector for name, vector in vectors.items()}, work)

    def _compared(self, release: Release, key: str, vector: NDArray[np.float32] | None) -> Compared:
        work = self.service.uploads.work(key)
        row = None if work is None else release.catalogue.row(work)  # of the release that is served by now
        return Compared(np.zeros(0, np.float32) if vector is None else vector, row)


def _entries(release: Release) -> dict[str, MethodEntry]:
    """The methods by which the release can compare a visitor's own picture, with what made its vectors."""
    held = release.manifest.methods
    return {name: held[name] for name, method in METHODS.items() if method.uploads and name in held}


def _refuse_words(query: SimilarQuery) -> None:
    """Raises Problem (400) for a method that cannot compare a visitor's own picture."""
    if not METHODS[query.method].uploads:
        able = ", ".join(method.name for method in METHODS.values() if method.uploads)
        raise Problem(400, f"method: a picture can be compared by {able}", "method")


def _with_method(query: SimilarQuery, methods: Sequence[str]) -> SimilarQuery:
    """The question by the first of the methods there are, where it names none and its own is not among them."""
    if "method" in request.values or query.method in methods or not methods:
        return query
    return replace(query, method=methods[0])
