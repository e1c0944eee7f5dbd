"""What every answer tells a browser: whom to trust, and what not to do with the page."""

from flask import Flask, Response

from app.config import Settings

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
_UNUSED = ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "microphone", "payment", "usb")
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that know no frame-ancestors
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _UNUSED),
    "Cross-Origin-Opener-Policy": "same-origin",
}
# A page, and all that a visitor's cookie changes, is for this site alone; pictures may be shown by the museum's others.
_RESOURCE = "Cross-Origin-Resource-Policy"


def register(app: Flask, settings: Settings) -> None:
    """Let every answer of the application carry `HEADERS`."""
    always = HEADERS | (
        {"Strict-Transport-Security": f"max-age={settings.hsts_seconds}"} if settings.hsts_seconds else {}
    )

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers.extend(always)  # nothing else sets these, and to look for them first takes longer
        picture = (response.mimetype or "").startswith("image/")
        response.headers.add(_RESOURCE, "same-site" if picture else "same-origin")
        return response
