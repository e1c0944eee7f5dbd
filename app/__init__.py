"""The service: a Flask application whose resources answer as JSON and as pages."""

from typing import Any

from flask import Flask, Response
from flask_restful import Api

from app import errors, metrics
from app.answer import wants_page
from app.config import ROOT, Settings
from app.resources.artworks import ArtworkResource, ImageResource
from app.resources.home import HomeResource
from app.resources.likes import LikesResource
from app.resources.operation import HealthResource, MetricsResource, OpenApiResource, ReadyResource
from app.resources.recommend import RecommendResource
from app.resources.search import SearchResource
from app.resources.similar import SimilarResource
from app.service import Service
from indexes.methods import METHODS

RESOURCES = {
    "/": HomeResource,
    "/search": SearchResource,
    "/similar": SimilarResource,
    "/recommend": RecommendResource,
    "/likes": LikesResource,
    "/artworks/<work_id>": ArtworkResource,
    "/images/<work_id>": ImageResource,
    "/healthz": HealthResource,
    "/readyz": ReadyResource,
    "/metrics": MetricsResource,
    "/openapi.json": OpenApiResource,
}

# Nothing from another host, no inline script or style. Colours of pictures are set by the page's own script.
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


class _Api(Api):  # type: ignore[misc]
    def handle_error(self, e: Exception) -> Response:
        """Flask-RESTful's own answer differs between testing and production; ours is the same everywhere."""
        return errors.answer_for(e)


def create_app(settings: Settings | None = None) -> Flask:
    """The application with these settings, or with those of the environment."""
    settings = settings or Settings.from_environment()
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config["MAX_CONTENT_LENGTH"] = settings.max_upload_mb * 1_000_000
    app.config["MAX_FORM_MEMORY_SIZE"] = 100_000
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    service = Service.open(settings)
    errors.register(app)
    metrics.register(app)
    api = _Api(app)
    for address, resource in RESOURCES.items():
        api.add_resource(resource, address, resource_class_kwargs={"service": service})

    @app.context_processor
    def for_every_page() -> dict[str, Any]:
        liked = len(service.judgements().liked) if wants_page() else 0
        return {"site_name": settings.site_name, "methods": METHODS, "liked_count": liked}

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers.extend(_HEADERS)
        return response

    return app
