"""What templates need beside the body: what every page shows, and the addresses of stylesheet and script."""

import hashlib
from typing import Any
from urllib.parse import quote

from flask import Flask, Request, request

from app.config import ROOT
from app.resources.forms import came_from
from app.service import Service
from indexes.methods import METHODS, Method
from indexes.release import ReleaseError

_YEAR = 31_536_000  # seconds
_WIDEST = 9_999  # thousandths: what four digits can say


def register(app: Flask, service: Service) -> None:
    """Give the application's templates what they need."""
    assets = _assets()
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = _YEAR  # the addresses change with the files
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(proportions=proportions, came_from=came_from)
    app.jinja_env.filters["number"] = "{:,}".format  # a template's own strings look for markup in what they format

    @app.context_processor
    def for_every_page() -> dict[str, Any]:
        return {
            "site_name": service.settings.site_name,
            "assets": assets,
            "METHODS": METHODS,
            "upload_methods": _upload_methods(service),
            "liked_count": service.liked(),
            "csrf": service.visitors.form_token(),
            "here": _address(request),
            "root": service.root(),
        }


def proportions(width: int, height: int) -> str:
    """A picture's width by its height as classes of the stylesheet: ones, tenths, hundredths and thousandths.

    A stylesheet cannot be told each picture's proportions, and inline style is not allowed; it adds these up again.
    """
    digits = f"{min(round(1000 * width / height), _WIDEST):04}"
    return " ".join(place + digit for place, digit in zip("uthk", digits, strict=True))


def _assets() -> dict[str, str]:
    """The address of each static file by its name; it changes with the file, so that browsers may keep it."""
    return {
        path.name: f"/static/{path.name}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:8]}"
        for path in (ROOT / "static").iterdir()
    }


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
