"""A database server that falls silent: its connections are cut, so that who waits for an answer gets an error in time.

The server's own limits (`statement_timeout`) are of no use where the server is frozen or the line is dead, and libpq
waits for ever.
"""

import os
import socket
import threading
from contextlib import suppress
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

LATE = 12.0  # seconds for one transaction; longer than the server's own limits, which say better what is wrong
_KEY = "watch"


class _Watch:
    """Cuts one connection unless it is called off in time."""

    def __init__(self, descriptor: int) -> None:
        self._socket = socket.socket(fileno=os.dup(descriptor))  # ours, so that no other can come to bear its number
        self._timer = threading.Timer(LATE, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def _cut(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def call_off(self) -> None:
        self._timer.cancel()
        self._socket.close()


def watch(engine: Engine) -> None:
    """Watch over every connection of the engine while it is in use; one that went away meanwhile is replaced."""

    @event.listens_for(engine, "checkout")
    def begin(connection: Any, record: Any, _proxy: object) -> None:
        over = _Watch(connection.fileno())
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            over.call_off()
            raise DisconnectionError from error
        record.info[_KEY] = over

    @event.listens_for(engine, "checkin")
    def end(_connection: object, record: Any) -> None:
        if _KEY in record.info:
            record.info.pop(_KEY).call_off()
