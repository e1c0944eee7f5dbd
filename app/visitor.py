"""The visitor: an anonymous, signed cookie that holds a random number and nothing else."""

import secrets

from flask import Response, after_this_request, g, request
from itsdangerous import BadSignature, Signer

COOKIE = "vitrine_visitor"
_LIFETIME = 400 * 86_400  # seconds; browsers keep no cookie longer


class Visitors:
    """Knows visitors again by their cookie. One that was not signed here makes a new visitor, and no error."""

    def __init__(self, secret_key: str, secure: bool) -> None:
        self._signer = Signer(secret_key, salt="visitor")
        self._form_signer = Signer(secret_key, salt="form")
        self._secure = secure

    def known(self) -> str | None:
        """The visitor who sent the present request, or None for one without (true) cookie."""
        try:
            return self._signer.unsign(request.cookies.get(COOKIE, "").encode()).decode()
        except (BadSignature, UnicodeDecodeError):
            return None

    def present(self) -> str:
        """The visitor of the present request; a new one is remembered by the answer's cookie."""
        visitor: str | None = self.known() or g.get("new_visitor")
        if visitor is None:
            visitor = g.new_visitor = secrets.token_urlsafe(18)
            self.remember(visitor)
        return visitor

    def remember(self, visitor: str) -> None:
        """Let the present request's answer carry the visitor's cookie, to last from today."""
        if g.get("remembered"):
            return
        g.remembered = True

        @after_this_request
        def add_cookie(response: Response) -> Response:
            self._set_cookie(response, self._signer.sign(visitor.encode()).decode(), _LIFETIME)
            response.headers["Cache-Control"] = "private, no-cache"  # nobody shall get a cookie from a shared cache
            return response

    def forget(self) -> None:
        """Let the present request's answer take the cookie away."""

        @after_this_request
        def drop_cookie(response: Response) -> Response:
            self._set_cookie(response, "", 0)
            return response

    def form_token(self) -> str:
        """What a form of the present page sends back: it shows that the page was this visitor's own."""
        return self._form_signer.get_signature(self.present()).decode()

    def sent_by(self, token: str) -> bool:
        """Whether a form's token belongs to the visitor who sends it."""
        visitor = self.known()
        return visitor is not None and self._form_signer.verify_signature(visitor, token.encode(errors="replace"))

    def _set_cookie(self, response: Response, value: str, seconds: int) -> None:
        response.set_cookie(COOKIE, value, max_age=seconds, httponly=True, samesite="Lax", secure=self._secure)
