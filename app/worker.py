"""gunicorn's worker, which does not keep more connections than it can serve."""

from gunicorn.workers.gthread import ThreadWorker

from app.config import Settings


class Worker(ThreadWorker):  # type: ignore[misc]
    """Closes connections behind an answer while more requests are here than are worked on at once.

    Connections that stay open stay with the worker that happened to take them. Python runs one thread at a time, so
    one worker may be far behind while another is idle; a client whose connection was closed comes again, and the
    worker that has time takes it. With eight clients and two workers that is a quarter to a half more answers.
    """

    _share = _most = 0

    def init_process(self) -> None:
        """Begin, in the worker's own process."""
        self._share = Settings.from_environment().concurrency
        super().init_process()

    @property
    def max_keepalived(self) -> int:
        """How many idle connections may be kept, as gunicorn asks at each request."""
        busy = self.nr_conns - len(self.keepalived_conns)
        return 0 if busy > self._share else self._most

    @max_keepalived.setter
    def max_keepalived(self, most: int) -> None:
        self._most = most
