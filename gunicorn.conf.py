"""How gunicorn serves Vitrine. Every line can be replaced on gunicorn's command line."""

import contextlib
import ctypes
import os
import shutil
import socket
import struct
import tempfile
from typing import Any

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "app.worker.Worker"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# Most of them wait: for their turn (app.guard lets few work at once), or for a slow visitor's picture to arrive.
threads = 128
worker_connections = 1000
timeout = 60
graceful_timeout = 30
keepalive = 15
accesslog = None  # app.log writes a line a request
control_socket_disable = True  # nothing outside steers the server while it runs

# Everything in one form, JSON, on standard error: requests, errors, and what the server itself says.
logconfig_dict = {
    "formatters": {"json": {"()": "app.log.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"level": "INFO", "handlers": ["stderr"]},
    "loggers": {"gunicorn.error": {"handlers": [], "propagate": True}},
}

# Threads of torch that spin while they wait for a busy core would take it from the other workers.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
# And more threads than cores help nobody: PyTorch, FAISS and NumPy would each take all cores in every worker.
# How many workers there are is known here from WEB_CONCURRENCY alone, not from `-w`.
os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // workers)))

# All workers write their metrics here, so that any of them can add them up.
_metrics = tempfile.mkdtemp(prefix="vitrine-metrics-")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = _metrics


_M_ARENA_MAX = -8  # of glibc's malloc.h


def post_fork(_server: Any, _worker: Any) -> None:
    """Few arenas for many threads: in each, glibc would keep as much as the largest picture there ever took."""
    with contextlib.suppress(AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)


_SILENCE = 20  # seconds that a connection may neither send what it began to send nor take what it is sent


def when_ready(server: Any) -> None:
    """Let no silent connection keep a thread; those that are accepted inherit this."""
    for listener in server.LISTENERS:
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            listener.sock.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", _SILENCE, 0))


def on_exit(_server: Any) -> None:
    """Leave nothing behind."""
    shutil.rmtree(_metrics, ignore_errors=True)
