"""Leaving at once: "Exit this page" in, an end to all that the site holds about this browser, and a harmless page elsewhere.

With script a page blanks itself, posts to `/exit` and puts the page elsewhere in its own place. Without script it takes two hops:
`/exit`, a page that says nothing, and `/exit/away`, which makes the browser forget this site. (A page that is left by one hop
comes back whole from the back-forward cache, whatever its headers say.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import structlog
from flask import Blueprint, Flask, Response, make_response, redirect, render_template, request

from portal.ui.caching import never

FORGET: Final = '"cache", "cookies", "storage"'
FORGET_BUT_LEFT: Final = '"cache", "cookies"'  # script keeps in the tab's storage that it was left: see frontend/js/exit.js
log = structlog.get_logger(__name__)


def install(app: Flask, of_language: str, end: Callable[[Response], None], away: str) -> None:
    """Serve `/exit` and `/exit/away`, which leads to `away`. `end` ends the browser's session and says so on the response."""
    views = Blueprint("leaving", __name__)

    @views.route("/exit", methods=["GET", "POST"])
    def leave() -> Response:
        if request.method == "POST":
            return _forgetting(Response(status=204), end, FORGET_BUT_LEFT)
        return _forgetting(make_response(render_template("web/leaving.html")), end)

    @views.get("/exit/away")
    def leave_for_good() -> Response:
        return _forgetting(make_response(redirect(away, 303)), end, FORGET)

    app.register_blueprint(views, url_prefix=of_language)


def _forgetting(response: Response, end: Callable[[Response], None], forget: str = "") -> Response:
    """`response` with the session ended and every cookie taken back; another site's page can cause neither."""
    never(response)
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return response
    for name in request.cookies:
        response.delete_cookie(name, secure=request.is_secure, httponly=True, samesite="Lax")
    try:
        end(response)
    except Exception:  # whoever leaves must get away, whatever else is broken
        log.exception("a session could not be ended")
    if forget:
        response.headers["Clear-Site-Data"] = forget
    return response
