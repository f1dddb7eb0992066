"""Cookies of signing in: random tokens and nothing else, for this host only, gone when the browser closes.

Three: who is signed in, which browser asked for a link, which browser a passkey's challenge was given to.
"""

from __future__ import annotations

from enum import StrEnum

from werkzeug.wrappers import Request, Response

from portal.sealing import is_token


class Cookie(StrEnum):
    """Names, without the prefix that they get over https: browsers then refuse one that another host has set."""

    SIGN_IN = "desk"
    ASKED = "asked"
    CEREMONY = "ceremony"


def read(request: Request, cookie: Cookie, *, is_secure: bool) -> str:
    """The token that a request carries; empty for none, or for what we never gave."""
    value = request.cookies.get(_name(cookie, is_secure=is_secure), "")
    return value if is_token(value) else ""


def give(response: Response, cookie: Cookie, token: str, *, is_secure: bool) -> None:
    """Give a token, for as long as the browser is open."""
    response.set_cookie(_name(cookie, is_secure=is_secure), token, secure=is_secure, httponly=True, samesite="Lax")


def take(response: Response, cookie: Cookie, *, is_secure: bool) -> None:
    """Take it away."""
    response.delete_cookie(_name(cookie, is_secure=is_secure), secure=is_secure, httponly=True, samesite="Lax")


def _name(cookie: Cookie, *, is_secure: bool) -> str:
    return f"__Host-{cookie}" if is_secure else cookie.value
