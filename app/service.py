"""All that the resources share, opened once per process."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from flask import request

from app.config import Settings
from app.database import connect
from app.likes import Likes
from app.present import Presenter
from app.recommend import Spaces
from app.shown import Shown
from app.uploads import Uploads
from app.visitor import Visitors
from indexes.loader import Encoders, Loader, Release

_THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Service:
    """The parts of one running service."""

    settings: Settings
    loader: Loader
    encoders: Encoders
    spaces: Spaces
    likes: Likes
    shown: Shown
    uploads: Uploads
    visitors: Visitors
    writing: threading.Lock  # held while a piece of a file of results is made

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Open the parts. The release is opened at the first request, and the encoders where one is needed."""
        engine = connect(settings.database_url)
        return cls(
            settings,
            Loader(settings.indexes, settings.reload_seconds),
            Encoders(settings.weights),
            Spaces(),
            Likes(engine),
            Shown(engine),
            Uploads(engine),
            Visitors(settings.secret_key, settings.secure_cookies),
            threading.Lock(),
        )

    def said(self, works: Sequence[str]) -> Mapping[str, str]:
        """What the visitor of the present request said of these works, by id; nothing where that cannot be read."""
        visitor = self.visitors.known()
        return self.likes.glance(visitor, works) if visitor and works else {}

    def liked(self) -> int:
        """How many works the visitor of the present request likes; 0 where that cannot be read."""
        visitor = self.visitors.known()
        return self.likes.count(visitor) if visitor else 0

    def root(self) -> str:
        """Where this site is, for addresses that leave it; "" where that is not known.

        Anybody can send any name as Host, and a cache would keep it, so only a setting is believed, or this machine.
        """
        here = request.host.rpartition(":")[0] or request.host
        return self.settings.site_url or (request.url_root.rstrip("/") if here in _THIS_MACHINE else "")

    def presenter(self, release: Release) -> Presenter:
        """Writes results for the visitor of the present request."""
        return Presenter(release, self.said)
