"""How long a page may be kept, in words that views choose from; see `web.headers` for what happens without one."""

from __future__ import annotations

from typing import Final

from flask import Response, make_response, redirect

PUBLIC_SECONDS: Final = 300
OWN_SECONDS: Final = 120


def public(body: str | Response) -> Response:
    """The same for everybody: any cache may keep it a few minutes."""
    return _keep(body, f"public, max-age={PUBLIC_SECONDS}")


def own(body: str | Response) -> Response:
    """Holds what somebody asked: only their browser keeps it, shortly, so that Back costs no data."""
    return _keep(body, f"private, max-age={OWN_SECONDS}")


def never(body: str | Response) -> Response:
    """Personal: nobody keeps it."""
    return _keep(body, "no-store")


def onward(address: str) -> Response:
    """On to another page after a form was sent: Back and a second tap do no harm."""
    return never(make_response(redirect(address, 303)))


def _keep(body: str | Response, control: str) -> Response:
    response = make_response(body)
    response.headers["Cache-Control"] = control
    return response
