"""The visitor: an anonymous, signed cookie that holds a random number and nothing else."""

import secrets

from flask import Response, request
from itsdangerous import BadSignature, Signer

COOKIE = "vitrine_visitor"
_LIFETIME = 400 * 86_400  # seconds; browsers keep no cookie longer


class Visitors:
    """Knows visitors again by their cookie. One that was not signed here makes a new visitor, and no error."""

    def __init__(self, secret_key: str, secure: bool) -> None:
        self._signer = Signer(secret_key, salt="visitor")
        self._secure = secure

    def known(self) -> str | None:
        """The visitor who sent the present request, or None for one without (true) cookie."""
        try:
            return self._signer.unsign(request.cookies.get(COOKIE, "").encode()).decode()
        except (BadSignature, UnicodeDecodeError):
            return None

    def new(self) -> str:
        """A visitor never seen before."""
        return secrets.token_urlsafe(18)

    def remember(self, response: Response, visitor: str) -> None:
        """Let the response carry the visitor's cookie."""
        response.set_cookie(
            COOKIE,
            self._signer.sign(visitor.encode()).decode(),
            max_age=_LIFETIME,
            httponly=True,
            samesite="Lax",
            secure=self._secure,
        )
