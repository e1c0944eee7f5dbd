from pathlib import Path

import pytest

from app.config import SettingError, Settings, _kept_secret


def test_a_secret_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret_key"
    secret = _kept_secret(path)
    assert len(secret) == 64
    assert path.stat().st_mode & 0o777 == 0o600
    assert _kept_secret(path) == secret
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("held", ["", "short", "x" * 63])
def test_a_damaged_secret_is_not_used(tmp_path: Path, held: str) -> None:
    (tmp_path / "secret_key").write_text(held)
    with pytest.raises(SettingError, match="secret_key is damaged"):
        _kept_secret(tmp_path / "secret_key")


def test_without_a_place_for_a_secret_one_must_be_given(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where the folder should be")
    with pytest.raises(SettingError, match="VITRINE_SECRET_KEY: must be given"):
        _kept_secret(tmp_path / "var" / "secret_key")


def test_settings_come_from_the_environment() -> None:
    environment = {"VITRINE_SECRET_KEY": "s", "VITRINE_RATE_READ": "9/second", "VITRINE_TRUSTED_PROXIES": "2"}
    settings = Settings.from_environment(
        environment | {"VITRINE_LOG_QUERIES": "1", "VITRINE_SITE_URL": "https://a.org/"}
    )
    assert (settings.rate_read, settings.trusted_proxies, settings.log_queries) == ("9/second", 2, True)
    assert settings.site_url == "https://a.org"


@pytest.mark.parametrize("value", ["-1", "two", "1.5", "٣"])
def test_a_number_that_is_none_names_its_variable(value: str) -> None:
    with pytest.raises(SettingError, match="VITRINE_CONCURRENCY: must be a whole number, 1 or more"):
        Settings.from_environment({"VITRINE_SECRET_KEY": "s", "VITRINE_CONCURRENCY": value})
