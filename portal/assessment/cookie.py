"""The cookie by which a phone finds its answers again: a random token, and nothing else; gone when the browser closes."""

from __future__ import annotations

from werkzeug.wrappers import Request, Response

from portal.sealing import is_token


def cookie_name(secure: bool) -> str:
    """The cookie's name. The prefix makes browsers refuse one that another host, or a page without https, has set."""
    return "__Host-answers" if secure else "answers"


def read_token(request: Request, *, is_secure: bool) -> str:
    """The token that a request carries; empty for none, or for what we never gave."""
    value = request.cookies.get(cookie_name(is_secure), "")
    return value if is_token(value) else ""


def give_token(response: Response, token: str, *, is_secure: bool) -> None:
    """Give a token, for as long as the browser is open."""
    response.set_cookie(cookie_name(is_secure), token, secure=is_secure, httponly=True, samesite="Lax")


def take_token(response: Response, *, is_secure: bool) -> None:
    """Take it away."""
    response.delete_cookie(cookie_name(is_secure), secure=is_secure, httponly=True, samesite="Lax")
