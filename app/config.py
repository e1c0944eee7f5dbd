"""Settings: a default for each, replaced by the environment variable named beside it."""

import contextlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parent.parent
_SECRET_LENGTH = 64  # characters


class SettingError(Exception):
    """A setting has no sense; the sentence names its variable and what it may be."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How one service runs."""

    indexes: Path  # VITRINE_INDEXES: where releases are
    database_url: str  # VITRINE_DATABASE_URL: where likes are kept, as SQLAlchemy writes addresses
    secret_key: str  # VITRINE_SECRET_KEY: signs the visitor's cookie
    site_name: str = "Vitrine"  # VITRINE_SITE_NAME: the museum's name for the page
    site_url: str | None = None  # VITRINE_SITE_URL: where the site is, `https://...`, for addresses that leave it
    weights: Path | None = None  # VITRINE_WEIGHTS: a local checkpoint for the release's CLIP model
    max_upload_mb: int = 20  # VITRINE_MAX_UPLOAD_MB: largest picture a visitor may upload, in megabytes
    max_megapixels: int = 50  # VITRINE_MAX_MEGAPIXELS: largest picture decoded, in millions of pixels
    reload_seconds: float = 1.0  # VITRINE_RELOAD_SECONDS: at most how often to look for a newer release
    secure_cookies: bool = False  # VITRINE_SECURE_COOKIES: 1 where the site is served by HTTPS
    hsts_seconds: int = 0  # VITRINE_HSTS_SECONDS: for how long browsers shall come by HTTPS alone; 0 says nothing
    trusted_proxies: int = 0  # VITRINE_TRUSTED_PROXIES: how many web servers in front add to X-Forwarded-For
    rate_read: str = "300/minute"  # VITRINE_RATE_READ: a visitor's searches and pages; `off` for no limit
    rate_write: str = "120/minute"  # VITRINE_RATE_WRITE: a visitor's hearts and other changes
    rate_upload: str = "20/minute"  # VITRINE_RATE_UPLOAD: a visitor's pictures
    rate_store: str = "memory://"  # VITRINE_RATE_STORE: where these are counted, as `limits` writes addresses
    address_visitors: int = 10  # VITRINE_ADDRESS_VISITORS: as many visitors' rates may come from one address
    upload_seconds: int = 60  # VITRINE_UPLOAD_SECONDS: longest time that what is sent may take to arrive
    concurrency: int = 4  # VITRINE_CONCURRENCY: searches worked on at once, in each worker
    patience_seconds: int = 3  # VITRINE_PATIENCE_SECONDS: how long a request waits for its turn before 503
    log_queries: bool = False  # VITRINE_LOG_QUERIES: 1 writes what was asked into the log too

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """The settings that the environment asks for. Raises SettingError."""
        state = ROOT / "var"
        return cls(
            indexes=Path(environment.get("VITRINE_INDEXES") or ROOT / "indexes" / "data"),
            database_url=environment.get("VITRINE_DATABASE_URL") or f"sqlite:///{state / 'likes.sqlite'}",
            secret_key=environment.get("VITRINE_SECRET_KEY") or _kept_secret(state / "secret_key"),
            site_name=environment.get("VITRINE_SITE_NAME") or cls.site_name,
            site_url=environment.get("VITRINE_SITE_URL", "").rstrip("/") or None,
            weights=Path(environment["VITRINE_WEIGHTS"]) if environment.get("VITRINE_WEIGHTS") else None,
            max_upload_mb=_whole(environment, "VITRINE_MAX_UPLOAD_MB", cls.max_upload_mb),
            max_megapixels=_whole(environment, "VITRINE_MAX_MEGAPIXELS", cls.max_megapixels),
            reload_seconds=_whole(environment, "VITRINE_RELOAD_SECONDS", 1),
            secure_cookies=_whole(environment, "VITRINE_SECURE_COOKIES", 0, least=0) > 0,
            hsts_seconds=_whole(environment, "VITRINE_HSTS_SECONDS", cls.hsts_seconds, least=0),
            trusted_proxies=_whole(environment, "VITRINE_TRUSTED_PROXIES", cls.trusted_proxies, least=0),
            rate_read=environment.get("VITRINE_RATE_READ") or cls.rate_read,
            rate_write=environment.get("VITRINE_RATE_WRITE") or cls.rate_write,
            rate_upload=environment.get("VITRINE_RATE_UPLOAD") or cls.rate_upload,
            rate_store=environment.get("VITRINE_RATE_STORE") or cls.rate_store,
            address_visitors=_whole(environment, "VITRINE_ADDRESS_VISITORS", cls.address_visitors),
            upload_seconds=_whole(environment, "VITRINE_UPLOAD_SECONDS", cls.upload_seconds),
            concurrency=_whole(environment, "VITRINE_CONCURRENCY", cls.concurrency),
            patience_seconds=_whole(environment, "VITRINE_PATIENCE_SECONDS", cls.patience_seconds),
            log_queries=_whole(environment, "VITRINE_LOG_QUERIES", 0, least=0) > 0,
        )


def _whole(environment: Mapping[str, str], name: str, default: int, least: int = 1) -> int:
    text = environment.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or int(text) < least:
        raise SettingError(f"{name}: must be a whole number, {least} or more (it is {text!r})")
    return int(text)


def _kept_secret(path: Path) -> str:
    """A secret made at the first start and kept in a file that only its owner reads: cookies outlive restarts.

    Raises SettingError where it cannot be kept: a service with a secret that anybody can guess shall not start.
    """
    try:
        secret = _made_once(path)
    except OSError as error:
        raise SettingError(f"VITRINE_SECRET_KEY: must be given, for none can be kept in {path} ({error})") from None
    if len(secret) < _SECRET_LENGTH:
        raise SettingError(f"VITRINE_SECRET_KEY: {path} is damaged; remove it, and visitors get new cookies")
    return secret


def _made_once(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_hex(_SECRET_LENGTH // 2))
        with contextlib.suppress(FileExistsError):  # another worker was first: its secret counts
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text()
