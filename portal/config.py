"""Settings: the environment in (prefix `PORTAL_`), one frozen `Settings` out; nothing else reads the environment.

Every path is absolute once read. Production (`PORTAL_ENV=production`) refuses to start with the development secret.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from portal.errors import ConfigError

CHECKOUT: Final = Path(__file__).resolve().parent.parent
DEVELOPMENT_SECRET: Final = "for development only: not a secret"  # noqa: S105 - named for what it is, and refused in production
SHORTEST_SECRET: Final = 32
SHORTEST_TOKEN: Final = 20
PORTS: Final = range(1, 65_536)
WORKERS: Final = range(1, 257)
PROXIES: Final = range(11)
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})  # what goes there stays on this machine
_ADDRESS: Final = r"[\w.+-]+@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*"
_SENDER: Final = re.compile(rf"(?:[^\x00-\x1f<>@\"]+ <{_ADDRESS}>|{_ADDRESS})", re.ASCII)


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
    database_read_url: str
    base_url: str
    secret_key: str
    production: bool
    host: str
    port: int
    workers: int
    trusted_proxies: int
    smtp_url: str
    mail_from: str
    sms_url: str
    sms_token: str
    check_links: bool
    backups: Path | None
    metrics_token: str = field(repr=False)

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
        database_url=_database(env.get("PORTAL_DATABASE_URL") or f"sqlite:///{instance / 'portal.sqlite3'}"),
        database_read_url=_database(env.get("PORTAL_DATABASE_READ_URL") or ""),
        base_url=(env.get("PORTAL_BASE_URL") or f"http://localhost:{_number(env, 'PORT', 8000, PORTS)}").rstrip("/"),
        secret_key=env.get("PORTAL_SECRET_KEY") or DEVELOPMENT_SECRET,
        production=_is_production(env),
        host=env.get("PORTAL_HOST") or "127.0.0.1",
        port=_number(env, "PORT", 8000, PORTS),
        workers=_number(env, "PORTAL_WORKERS", 2, WORKERS),
        trusted_proxies=_number(env, "PORTAL_TRUSTED_PROXIES", 0, PROXIES),
        smtp_url=env.get("PORTAL_SMTP_URL") or "",
        mail_from=env.get("PORTAL_MAIL_FROM") or "",
        sms_url=env.get("PORTAL_SMS_URL") or "",
        sms_token=env.get("PORTAL_SMS_TOKEN") or "",
        check_links=_is_on(env, "PORTAL_CHECK_LINKS"),
        backups=_path(env, "PORTAL_BACKUPS"),
        metrics_token=env.get("PORTAL_METRICS_TOKEN") or "",
    )
    _refuse_unsafe(settings)
    _refuse_other_standby(settings)
    _refuse_unsendable_mail(settings)
    _refuse_unsendable_texts(settings)
    return settings


def _path(env: Mapping[str, str], name: str) -> Path | None:
    value = env.get(name)
    return Path(value).expanduser().resolve() if value else None


def _is_production(env: Mapping[str, str]) -> bool:
    value = env.get("PORTAL_ENV") or "development"
    if value not in ("development", "production"):
        raise ConfigError(f"PORTAL_ENV must be development or production, not {value!r}.")
    return value == "production"


def _is_on(env: Mapping[str, str], name: str) -> bool:
    value = env.get(name) or ""
    if value not in ("", "on"):
        raise ConfigError(f"{name} must be on or empty, not {value!r}.")
    return value == "on"


def _number(env: Mapping[str, str], name: str, default: int, allowed: range) -> int:
    value = env.get(name, "")
    if not value:
        return default
    if not value.isdecimal() or int(value) not in allowed:
        raise ConfigError(f"{name} must be a whole number from {allowed[0]} to {allowed[-1]}, not {value!r}.")
    return int(value)


def _database(url: str) -> str:
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    return url


def _refuse_unsafe(settings: Settings) -> None:
    if not settings.base_url.startswith(("http://", "https://")) or not urlsplit(settings.base_url).hostname:
        raise ConfigError(f"PORTAL_BASE_URL must start with http:// or https://, not {settings.base_url!r}.")
    if settings.metrics_token and not re.fullmatch(rf"[!-~]{{{SHORTEST_TOKEN},}}", settings.metrics_token):
        raise ConfigError(f"PORTAL_METRICS_TOKEN must be at least {SHORTEST_TOKEN} ASCII characters without spaces.")
    if not settings.production:
        return
    if settings.secret_key == DEVELOPMENT_SECRET or len(settings.secret_key) < SHORTEST_SECRET:
        raise ConfigError(
            f"PORTAL_SECRET_KEY must be set to at least {SHORTEST_SECRET} random characters in production: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    if not settings.base_url.startswith("https://"):
        raise ConfigError("PORTAL_BASE_URL must be the public https:// address in production.")


def _refuse_other_standby(settings: Settings) -> None:
    """The addresses are never repeated: they may hold passwords."""
    urls = [settings.database_url, settings.database_read_url]
    if settings.database_read_url and not all(url.startswith("postgresql+psycopg://") for url in urls):
        raise ConfigError("PORTAL_DATABASE_READ_URL must be postgresql://…, the address of a standby of PORTAL_DATABASE_URL.")


def _refuse_unsendable_mail(settings: Settings) -> None:
    """The address of the mail server is never repeated: it may hold a password."""
    if settings.mail_from and not _SENDER.fullmatch(settings.mail_from):
        raise ConfigError(f"PORTAL_MAIL_FROM must be name@host or Name <name@host>, not {settings.mail_from!r}.")
    if not settings.smtp_url:
        return
    server = _server(settings.smtp_url)
    if server is None or server.scheme not in ("smtp", "smtps") or server.path.strip("/") or server.query:
        raise ConfigError(
            "PORTAL_SMTP_URL must be smtp://host:port or smtps://host:port, with user:password@ before the host where they are needed; "
            "write what is no letter or digit in them as %40 for @, %2F for / and so on."
        )
    signs_in = [unquote(part or "") for part in (server.username, server.password)]
    if any(signs_in) and not all(part and part.isascii() and part.isprintable() for part in signs_in):
        raise ConfigError("PORTAL_SMTP_URL must have both a user and a password, or neither, and ASCII characters only in them.")
    if not settings.mail_from:
        raise ConfigError("PORTAL_MAIL_FROM must be set with PORTAL_SMTP_URL: the address that e-mails come from.")


def _refuse_unsendable_texts(settings: Settings) -> None:
    if bool(settings.sms_url) != bool(settings.sms_token):
        raise ConfigError("PORTAL_SMS_URL and PORTAL_SMS_TOKEN must be set together, or neither.")
    if not settings.sms_url:
        return
    gateway = _server(settings.sms_url)
    if gateway is None or not (gateway.scheme == "https" or (gateway.scheme == "http" and gateway.hostname in LOOPBACK)):
        raise ConfigError("PORTAL_SMS_URL must be an https:// address (http:// only on this machine).")
    if not re.fullmatch(r"[!-~]+", settings.sms_token):
        raise ConfigError("PORTAL_SMS_TOKEN must be ASCII characters without spaces.")


def _server(url: str) -> SplitResult | None:
    """The parts of a server's address; None where a part cannot be meant."""
    try:
        parts = urlsplit(url)
        is_whole = bool(parts.hostname) and parts.port != 0 and not parts.fragment and url.isprintable() and " " not in url
    except ValueError:  # of a port or an IPv6 address
        return None
    return parts if is_whole else None
