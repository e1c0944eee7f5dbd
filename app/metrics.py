"""Counts and times for Prometheus, added up over all workers."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, Response, request
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from app.log import route, seconds
from indexes.loader import Loader
from indexes.release import Manifest, ReleaseError

_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
REQUESTS = Counter("vitrine_requests", "Requests answered.", ("address", "method", "status"))
SECONDS = Histogram("vitrine_request_seconds", "Time to answer.", ("address",), buckets=_BUCKETS)
SEARCHES = Counter("vitrine_searches", "Searches, by the mode that was really used.", ("mode",))
EMPTY = Counter("vitrine_searches_without_result", "Searches that found nothing.", ("mode",))
REFUSED = Counter("vitrine_refused", "Requests sent away for now.", ("reason",))  # `rate` or `busy`
_WORKS = "Works in the served release."
_KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "DELETE", "OPTIONS", "PUT", "PATCH"})


def register(app: Flask) -> None:
    """Count every request of the application by its address as declared, never as typed."""

    @app.after_request
    def count(response: Response) -> Response:
        method = request.method if request.method in _KNOWN_METHODS else "other"  # a flood of names fills no memory
        REQUESTS.labels(route(), method, str(response.status_code)).inc()
        SECONDS.labels(route()).observe(seconds())
        return response


def count_search(mode: str, total: int) -> None:
    """Note a search that was answered in this mode and found so many works."""
    SEARCHES.labels(mode).inc()
    if not total:
        EMPTY.labels(mode).inc()


def scrape(loader: Loader) -> bytes:
    """The metrics in Prometheus's text format; of all workers where PROMETHEUS_MULTIPROC_DIR is set."""
    registry = CollectorRegistry()
    registry.register(_Served(loader))
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(registry) + generate_latest(REGISTRY)


@dataclass(frozen=True, slots=True)
class _Served(Collector):
    """The served release, looked at for each answer: a `Gauge` would be kept, by each worker in a file of its own."""

    loader: Loader

    def collect(self) -> Iterator[Metric]:
        """What is served, and whether a newer release is refused."""
        try:
            yield from _described(self.loader.current().manifest)
        except ReleaseError:
            yield GaugeMetricFamily("vitrine_release_works", _WORKS, 0)
        refused = self.loader.refused is not None
        yield GaugeMetricFamily("vitrine_release_refused", "1 where a newer release cannot be opened.", refused)


def _described(manifest: Manifest) -> Iterator[Metric]:
    """What a release holds, when it was made, and what failed in its build."""
    yield GaugeMetricFamily("vitrine_release_works", _WORKS, manifest.works)
    age = max(0.0, time.time() - datetime.fromisoformat(manifest.created).timestamp())
    yield GaugeMetricFamily("vitrine_release_age_seconds", "Since the served release was built.", age)
    failures = GaugeMetricFamily("vitrine_build_failures", "Rows in the report of the last build.", labels=("status",))
    for status, count in manifest.failures.items():
        failures.add_metric((status,), count)
    yield failures
