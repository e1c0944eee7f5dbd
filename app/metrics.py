"""Counts and times for Prometheus, added up over all workers."""

import os
import time

from flask import Flask, Response, g, request
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from indexes.loader import Loader
from indexes.release import ReleaseError

_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
REQUESTS = Counter("vitrine_requests", "Requests answered.", ("address", "method", "status"))
SECONDS = Histogram("vitrine_request_seconds", "Time to answer.", ("address",), buckets=_BUCKETS)


def register(app: Flask) -> None:
    """Count every request of the application by its address as declared, never as typed."""

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        address = request.url_rule.rule if request.url_rule else "unknown"
        REQUESTS.labels(address, request.method, str(response.status_code)).inc()
        SECONDS.labels(address).observe(time.perf_counter() - g.started)
        return response


def scrape(loader: Loader) -> bytes:
    """The metrics in Prometheus's text format; of all workers where PROMETHEUS_MULTIPROC_DIR is set."""
    registry = CollectorRegistry()
    works = Gauge("vitrine_release_works", "Works in the served release.", registry=registry)
    failures = Gauge("vitrine_build_failures", "Rows in the report of the last build.", ("status",), registry=registry)
    try:
        manifest = loader.current().manifest
        works.set(manifest.works)
        for status, count in manifest.failures.items():
            failures.labels(status).set(count)
    except ReleaseError:
        works.set(0)
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(registry) + generate_latest(REGISTRY)
