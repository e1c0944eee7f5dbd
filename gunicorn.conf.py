"""How gunicorn serves Vitrine. Every line can be replaced on gunicorn's command line."""

import os
import shutil
import tempfile
from typing import Any

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
timeout = 60
graceful_timeout = 30
accesslog = None
control_socket_disable = True  # nothing outside steers the server while it runs

# Threads of torch that spin while they wait for a busy core would take it from the other workers.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# All workers write their metrics here, so that any of them can add them up.
_metrics = tempfile.mkdtemp(prefix="vitrine-metrics-")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = _metrics


def child_exit(_server: Any, worker: Any) -> None:
    """A worker that ended counts no more as alive."""
    # Not above: prometheus_client decides at its first import where it keeps its counts.
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(_server: Any) -> None:
    """Leave nothing behind."""
    shutil.rmtree(_metrics, ignore_errors=True)
