"""`/healthz`, `/readyz`, `/metrics`, `/openapi.json` and `/api`."""

from flask import Response
from prometheus_client import CONTENT_TYPE_LATEST

from app.answer import as_json, respond
from app.metrics import scrape
from app.openapi import description
from app.resources.base import ServiceResource


class HealthResource(ServiceResource):
    """Alive."""

    def get(self) -> Response:
        """200 for as long as the process answers."""
        return as_json({"status": "alive"})


class ReadyResource(ServiceResource):
    """Ready to answer questions."""

    def get(self) -> Response:
        """200 with the release that is served, and why a newer one is not; 503 where none can be."""
        manifest = self.service.loader.current().manifest
        return as_json(
            {
                "status": "ready",
                "release": manifest.name,
                "works": manifest.works,
                "pictures": manifest.pictures,
                "refused": self.service.loader.refused,
            }
        )


class MetricsResource(ServiceResource):
    """What the service did, for Prometheus."""

    def get(self) -> Response:
        """The metrics of all workers, as Prometheus's text format."""
        return Response(scrape(self.service.loader), mimetype=CONTENT_TYPE_LATEST)


class OpenApiResource(ServiceResource):
    """The description of this API."""

    def get(self) -> Response:
        """OpenAPI 3.1."""
        return as_json(description(self.service.settings.site_name))


class ApiResource(ServiceResource):
    """The description of this API, for people."""

    def get(self) -> Response:
        """A page with every address, its parameters and answers; as JSON, OpenAPI 3.1."""
        return respond("api.html", description(self.service.settings.site_name))
