"""Settings: the environment in (prefix `PORTAL_`), one frozen `Settings` out; nothing else reads the environment.

Every path is absolute once read. Production (`PORTAL_ENV=production`) refuses to start with the development secret.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from portal.errors import ConfigError

CHECKOUT: Final = Path(__file__).resolve().parent.parent
DEVELOPMENT_SECRET: Final = "for development only: not a secret"  # noqa: S105 - named for what it is, and refused in production
SHORTEST_SECRET: Final = 32
PORTS: Final = range(1, 65_536)
WORKERS: Final = range(1, 257)
PROXIES: Final = range(11)


@dataclass(frozen=True)
class Settings:
    """Where things are and how this site runs. Paths are absolute; `content` is the pack, `base_content` what it falls back to."""

    content: Path
    base_content: Path
    translations: Path
    lexicon: Path
    instance: Path
    index: Path
    database_url: str
    base_url: str
    secret_key: str
    production: bool
    host: str
    port: int
    workers: int
    trusted_proxies: int

    @property
    def trusted_hosts(self) -> list[str]:
        """Host names that a request may carry; loopback always, for health checks."""
        name = urlsplit(self.base_url).hostname or ""
        return sorted({f"[{name}]" if ":" in name else name, "127.0.0.1", "localhost", "[::1]"})


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings. Raises `ConfigError`, naming the variable and what to write."""
    env = os.environ if environ is None else environ
    state = _path(env, "PORTAL_STATE")
    instance = state / "instance" if state else CHECKOUT / "instance"
    settings = Settings(
        content=_path(env, "PORTAL_CONTENT") or CHECKOUT / "content" / "demo",
        base_content=CHECKOUT / "content",
        translations=CHECKOUT / "translations",
        lexicon=CHECKOUT / "search_index",
        instance=instance,
        index=state / "index" if state else CHECKOUT / "search_index" / "built",
        database_url=_database(env, instance),
        base_url=(env.get("PORTAL_BASE_URL") or f"http://127.0.0.1:{_number(env, 'PORT', 8000, PORTS)}").rstrip("/"),
        secret_key=env.get("PORTAL_SECRET_KEY") or DEVELOPMENT_SECRET,
        production=_is_production(env),
        host=env.get("PORTAL_HOST") or "127.0.0.1",
        port=_number(env, "PORT", 8000, PORTS),
        workers=_number(env, "PORTAL_WORKERS", 2, WORKERS),
        trusted_proxies=_number(env, "PORTAL_TRUSTED_PROXIES", 0, PROXIES),
    )
    _refuse_unsafe(settings)
    return settings


def _path(env: Mapping[str, str], name: str) -> Path | None:
    value = env.get(name)
    return Path(value).expanduser().resolve() if value else None


def _is_production(env: Mapping[str, str]) -> bool:
    value = env.get("PORTAL_ENV") or "development"
    if value not in ("development", "production"):
        raise ConfigError(f"PORTAL_ENV must be development or production, not {value!r}.")
    return value == "production"


def _number(env: Mapping[str, str], name: str, default: int, allowed: range) -> int:
    value = env.get(name, "")
    if not value:
        return default
    if not value.isdecimal() or int(value) not in allowed:
        raise ConfigError(f"{name} must be a whole number from {allowed[0]} to {allowed[-1]}, not {value!r}.")
    return int(value)


def _database(env: Mapping[str, str], instance: Path) -> str:
    url = env.get("PORTAL_DATABASE_URL") or f"sqlite:///{instance / 'portal.sqlite3'}"
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    return url


def _refuse_unsafe(settings: Settings) -> None:
    if not settings.base_url.startswith(("http://", "https://")) or not urlsplit(settings.base_url).hostname:
        raise ConfigError(f"PORTAL_BASE_URL must start with http:// or https://, not {settings.base_url!r}.")
    if not settings.production:
        return
    if settings.secret_key == DEVELOPMENT_SECRET or len(settings.secret_key) < SHORTEST_SECRET:
        raise ConfigError(
            f"PORTAL_SECRET_KEY must be set to at least {SHORTEST_SECRET} random characters in production: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    if not settings.base_url.startswith("https://"):
        raise ConfigError("PORTAL_BASE_URL must be the public https:// address in production.")
