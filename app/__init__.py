"""The service: a Flask application whose resources answer as JSON and as pages."""

from typing import Any
from urllib.parse import quote

from flask import Flask, Request, Response, request
from flask_restful import Api

from app import errors, metrics
from app.config import ROOT, Settings
from app.resources.artworks import ArtworkResource, ImageResource
from app.resources.home import HomeResource
from app.resources.likes import LikesFileResource, LikesResource
from app.resources.operation import HealthResource, MetricsResource, OpenApiResource, ReadyResource
from app.resources.recommend import RecommendResource
from app.resources.search import SearchResource
from app.resources.shown import ForgetResource, ShownResource
from app.resources.similar import SimilarResource
from app.resources.suggest import SuggestResource
from app.service import Service
from indexes.methods import METHODS, Method
from indexes.release import ReleaseError

RESOURCES = {
    "/": HomeResource,
    "/search": SearchResource,
    "/similar": SimilarResource,
    "/recommend": RecommendResource,
    "/suggest": SuggestResource,
    "/likes": LikesResource,
    "/likes/file": LikesFileResource,
    "/shown": ShownResource,
    "/forget": ForgetResource,
    "/artworks/<work_id>": ArtworkResource,
    "/images/<work_id>": ImageResource,
    "/healthz": HealthResource,
    "/readyz": ReadyResource,
    "/metrics": MetricsResource,
    "/openapi.json": OpenApiResource,
}

# Nothing from another host, no inline script or style.
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


def _address(asked: Request) -> str:
    """The path and query of a request, in the characters that an address may have."""
    query = quote(asked.query_string, safe="=&+%/?:@!$'()*,;~")
    return quote(asked.path) + (f"?{query}" if query else "")


# What goes around every page must not fail where the page itself says what is wrong.
def _upload_methods(service: Service) -> list[Method]:
    """The methods that can compare an uploaded picture with the served release."""
    try:
        held = service.loader.current().manifest.methods
    except ReleaseError:
        return []
    return [method for method in METHODS.values() if method.uploads and method.name in held]


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
        return {
            "site_name": settings.site_name,
            "METHODS": METHODS,
            "upload_methods": _upload_methods(service),
            "liked_count": len(service.judgements().liked),
            "csrf": service.visitors.form_token(),
            "here": _address(request),
        }

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers.extend(_HEADERS)
        return response

    return app
