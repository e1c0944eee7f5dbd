"""Counts and times for Prometheus, added up over all workers."""

import os
import time
from datetime import datetime

from flask import Flask, Response, request
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from app.log import route, seconds
from indexes.loader import Loader
from indexes.release import Manifest, ReleaseError

_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
REQUESTS = Counter("vitrine_requests", "Requests answered.", ("address", "method", "status"))
SECONDS = Histogram("vitrine_request_seconds", "Time to answer.", ("address",), buckets=_BUCKETS)
SEARCHES = Counter("vitrine_searches", "Searches, by the mode that was really used.", ("mode",))
EMPTY = Counter("vitrine_searches_without_result", "Searches that found nothing.", ("mode",))
REFUSED = Counter("vitrine_refused", "Requests sent away for now.", ("reason",))  # `rate` or `busy`
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
    try:
        _describe(loader.current().manifest, registry)
    except ReleaseError:
        Gauge("vitrine_release_works", "Works in the served release.", registry=registry).set(0)
    refused = Gauge("vitrine_release_refused", "1 where a newer release cannot be opened.", registry=registry)
    refused.set(loader.refused is not None)
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(registry) + generate_latest(REGISTRY)


def _describe(manifest: Manifest, registry: CollectorRegistry) -> None:
    """What the served release holds, when it was made, and what failed in its build."""
    Gauge("vitrine_release_works", "Works in the served release.", registry=registry).set(manifest.works)
    age = Gauge("vitrine_release_age_seconds", "Since the served release was built.", registry=registry)
    age.set(max(0.0, time.time() - datetime.fromisoformat(manifest.created).timestamp()))
    failures = Gauge("vitrine_build_failures", "Rows in the report of the last build.", ("status",), registry=registry)
    for status, count in manifest.failures.items():
        failures.labels(status).set(count)
