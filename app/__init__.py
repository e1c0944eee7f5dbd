"""The service: a Flask application whose resources answer as JSON and as pages."""

from flask import Flask, Response
from flask_restful import Api
from werkzeug.middleware.proxy_fix import ProxyFix

from app import compress, errors, guard, headers, log, metrics, page
from app.config import ROOT, Settings
from app.resources.artworks import ArtworkResource, ImageResource
from app.resources.home import HomeResource
from app.resources.likes import LikesFileResource, LikesResource
from app.resources.operation import ApiResource, HealthResource, MetricsResource, OpenApiResource, ReadyResource
from app.resources.recommend import RecommendResource
from app.resources.search import SearchResource
from app.resources.shown import ForgetResource, ShownResource
from app.resources.similar import SimilarResource
from app.resources.suggest import SuggestResource
from app.service import Service

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
    "/api": ApiResource,
}


class _Api(Api):  # type: ignore[misc]
    def handle_error(self, e: Exception) -> Response:
        """Flask-RESTful's own answer differs between testing and production; ours is the same everywhere."""
        return errors.answer_for(e)


def create_app(settings: Settings | None = None) -> Flask:
    """The application with these settings, or with those of the environment. Raises SettingError."""
    settings = settings or Settings.from_environment()
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.url_map.merge_slashes = False  # a redirect would be to the host that the request names
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    service = Service.open(settings)
    log.register(app, settings)
    metrics.register(app)
    headers.register(app, settings)
    guard.register(app, settings, service.visitors)
    errors.register(app)
    page.register(app, service)
    compress.register(app)
    api = _Api(app)
    for address, resource in RESOURCES.items():
        api.add_resource(resource, address, resource_class_kwargs={"service": service})

    return app
