"""Settings: a default for each, replaced by the environment variable named beside it."""

import contextlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parent.parent


class SettingError(Exception):
    """A setting has no sense; the sentence names its variable and what it may be."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How one service runs."""

    indexes: Path  # VITRINE_INDEXES: where releases are
    database_url: str  # VITRINE_DATABASE_URL: where likes are kept, as SQLAlchemy writes addresses
    secret_key: str  # VITRINE_SECRET_KEY: signs the visitor's cookie
    site_name: str = "Vitrine"  # VITRINE_SITE_NAME: the museum's name for the page
    weights: Path | None = None  # VITRINE_WEIGHTS: a local checkpoint for the release's CLIP model
    max_upload_mb: int = 20  # VITRINE_MAX_UPLOAD_MB: largest picture a visitor may upload, in megabytes
    max_megapixels: int = 50  # VITRINE_MAX_MEGAPIXELS: largest picture decoded, in millions of pixels
    reload_seconds: float = 1.0  # VITRINE_RELOAD_SECONDS: at most how often to look for a newer release
    secure_cookies: bool = False  # VITRINE_SECURE_COOKIES: 1 where the site is served by HTTPS

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """The settings that the environment asks for. Raises SettingError."""
        state = ROOT / "var"
        return cls(
            indexes=Path(environment.get("VITRINE_INDEXES") or ROOT / "indexes" / "data"),
            database_url=environment.get("VITRINE_DATABASE_URL") or f"sqlite:///{state / 'likes.sqlite'}",
            secret_key=environment.get("VITRINE_SECRET_KEY") or _kept_secret(state / "secret_key"),
            site_name=environment.get("VITRINE_SITE_NAME") or cls.site_name,
            weights=Path(environment["VITRINE_WEIGHTS"]) if environment.get("VITRINE_WEIGHTS") else None,
            max_upload_mb=_whole(environment, "VITRINE_MAX_UPLOAD_MB", cls.max_upload_mb),
            max_megapixels=_whole(environment, "VITRINE_MAX_MEGAPIXELS", cls.max_megapixels),
            reload_seconds=_whole(environment, "VITRINE_RELOAD_SECONDS", 1),
            secure_cookies=_whole(environment, "VITRINE_SECURE_COOKIES", 0, least=0) > 0,
        )


def _whole(environment: Mapping[str, str], name: str, default: int, least: int = 1) -> int:
    text = environment.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or int(text) < least:
        raise SettingError(f"{name}: must be a whole number, {least} or more (it is {text!r})")
    return int(text)


def _kept_secret(path: Path) -> str:
    """A secret made at the first start and kept in a file that only its owner reads: cookies outlive restarts."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        with contextlib.suppress(FileExistsError):  # another worker was first: its secret counts
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text()
