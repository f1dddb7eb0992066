"""Settings from an environment: where things go, and what is refused, by name and in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.config import CHECKOUT, DEVELOPMENT_SECRET, Settings, from_environment
from portal.errors import ConfigError

PRODUCTION = {"PORTAL_ENV": "production", "PORTAL_SECRET_KEY": "s" * 32, "PORTAL_BASE_URL": "https://help.example.gov.uk"}


def test_nothing_set_is_a_developer_at_home() -> None:
    settings = from_environment({})
    assert (settings.host, settings.port, settings.workers, settings.trusted_proxies) == ("127.0.0.1", 8000, 2, 0)
    assert settings.base_url == "http://localhost:8000"
    assert settings.secret_key == DEVELOPMENT_SECRET
    assert not settings.production
    assert settings.content == CHECKOUT / "content" / "demo"
    assert settings.instance == CHECKOUT / "instance"
    assert settings.index == CHECKOUT / "search_index" / "built"
    assert settings.database_url == f"sqlite:///{CHECKOUT / 'instance' / 'portal.sqlite3'}"


def test_all_that_changes_lies_below_the_state(tmp_path: Path) -> None:
    settings = from_environment({"PORTAL_STATE": str(tmp_path)})
    assert (settings.instance, settings.index) == (tmp_path / "instance", tmp_path / "index")
    assert settings.database_url == f"sqlite:///{tmp_path / 'instance' / 'portal.sqlite3'}"
    assert settings.content == CHECKOUT / "content" / "demo", "content is no state"


def test_paths_are_absolute_wherever_a_command_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    settings = from_environment({"PORTAL_STATE": "state", "PORTAL_CONTENT": "~/pack"})
    assert settings.instance == tmp_path / "state" / "instance"
    assert settings.content == tmp_path / "home" / "pack"


def test_only_what_is_handed_over_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "1234")
    assert from_environment({}).port == 8000
    assert from_environment().port == 1234


@pytest.mark.parametrize("url", ["postgres://u:p@db/portal", "postgresql://u:p@db/portal", "postgresql+psycopg://u:p@db/portal"])
def test_postgresql_is_spoken_to_by_one_driver(url: str) -> None:
    assert from_environment({"PORTAL_DATABASE_URL": url}).database_url == "postgresql+psycopg://u:p@db/portal"


def test_what_is_set_to_nothing_is_not_set() -> None:
    kept = ("STATE", "CONTENT", "DATABASE_URL", "BASE_URL", "SECRET_KEY", "ENV", "HOST", "WORKERS", "TRUSTED_PROXIES")
    names = ["PORT", *(f"PORTAL_{name}" for name in kept)]
    assert from_environment(dict.fromkeys(names, "")) == from_environment({})


def test_production_starts_when_all_is_safe() -> None:
    settings = from_environment(PRODUCTION)
    assert settings.production
    assert settings.base_url == "https://help.example.gov.uk"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"PORTAL_SECRET_KEY": DEVELOPMENT_SECRET}, "PORTAL_SECRET_KEY"),
        ({"PORTAL_SECRET_KEY": ""}, "PORTAL_SECRET_KEY"),
        ({"PORTAL_SECRET_KEY": "s" * 31}, "PORTAL_SECRET_KEY"),
        ({"PORTAL_BASE_URL": "http://help.example.gov.uk"}, "PORTAL_BASE_URL"),
        ({"PORTAL_BASE_URL": ""}, "PORTAL_BASE_URL"),
    ],
)
def test_production_refuses_what_is_only_for_development(changes: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        from_environment({**PRODUCTION, **changes})


def test_the_development_secret_is_long_enough_to_be_refused_by_name() -> None:
    assert len(DEVELOPMENT_SECRET) >= 32


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "-1"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "8000.5"),
        ("PORT", " 8000"),
        ("PORTAL_WORKERS", "two"),
        ("PORTAL_WORKERS", "0"),
        ("PORTAL_WORKERS", "1e3"),
        ("PORTAL_TRUSTED_PROXIES", "yes"),
        ("PORTAL_TRUSTED_PROXIES", "11"),
        ("PORTAL_ENV", "prod"),
        ("PORTAL_ENV", "Production"),
        ("PORTAL_BASE_URL", "help.example.gov.uk"),
        ("PORTAL_BASE_URL", "ftp://help.example.gov.uk"),
        ("PORTAL_BASE_URL", "https://"),
        ("PORTAL_BASE_URL", "javascript://alert"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        from_environment({name: value})


@pytest.mark.parametrize("name", ["PORTAL_SECRET_KEY", "PORTAL_DATABASE_URL"])
def test_a_refusal_never_repeats_a_secret(name: str) -> None:
    with pytest.raises(ConfigError) as refused:
        from_environment({**PRODUCTION, "PORTAL_DATABASE_URL": "postgresql://u:hush@db/x", "PORTAL_SECRET_KEY": "hush", name: "hush"})
    assert "hush" not in str(refused.value)


def hosts(url: str) -> list[str]:
    settings: Settings = from_environment({"PORTAL_BASE_URL": url})
    return settings.trusted_hosts


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://help.example.gov.uk", "help.example.gov.uk"),
        ("https://help.example.gov.uk/", "help.example.gov.uk"),
        ("https://help.example.gov.uk:8443/start", "help.example.gov.uk"),
        ("https://Help.Example.GOV.UK", "help.example.gov.uk"),
        ("http://[::1]", "[::1]"),
        ("http://[2001:db8::1]:8000", "[2001:db8::1]"),
    ],
)
def test_the_public_name_and_loopback_are_the_hosts_that_are_answered(url: str, name: str) -> None:
    assert set(hosts(url)) == {name, "127.0.0.1", "localhost", "[::1]"}
