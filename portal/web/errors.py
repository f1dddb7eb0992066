"""Error pages: whatever went wrong in, a page in the reader's language out that says what to do next and whom to ring.

The last page is plain text in the code, so that even a broken template leaves the numbers standing.
"""

from __future__ import annotations

from http import HTTPStatus

import structlog
from flask import Flask, Response, current_app, make_response, render_template, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, SecurityError

from portal.errors import Conflict, NotFound, Refused
from portal.web.resuming import unkept_page

LAST_RESORT = """<!doctype html><html lang="en" dir="ltr"><meta charset="utf-8"><title>Something went wrong</title>
<h1>Something went wrong</h1><p>If someone is in danger, call <a href="tel:999">999</a>.
For health help, call <a href="tel:111">111</a>.</p><p>Please try again in a few minutes.</p></html>"""
log = structlog.get_logger(__name__)


def install(app: Flask) -> None:
    """Answer every error of `app` with a page."""
    app.register_error_handler(NotFound, lambda _error: _page(HTTPStatus.NOT_FOUND))
    for quicker in (Conflict, Refused):  # a page that can say more catches it itself
        app.register_error_handler(quicker, lambda _error: _page(HTTPStatus.CONFLICT))
    app.register_error_handler(HTTPException, _of_http)
    for failure in (DBAPIError, PoolTimeout):
        app.register_error_handler(failure, _of_database)
    app.register_error_handler(Exception, _unexpected)


def _of_http(error: HTTPException) -> Response:
    if error.code is not None and 300 <= error.code < 400:
        return make_response(error.get_response())
    if isinstance(error, SecurityError):  # an address under a name that is not ours: no page of ours has links there
        return _answer(LAST_RESORT, HTTPStatus.BAD_REQUEST)
    page = _page(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    for name, value in error.get_headers():  # such as which methods an address allows
        page.headers.setdefault(name, value)
    return page


def _of_database(error: Exception) -> Response:
    log.error("database failed", exc_info=error)
    if request.method != "POST" or request.path.startswith("/api/"):
        return _page(HTTPStatus.SERVICE_UNAVAILABLE)
    try:
        body = unkept_page()  # a form: what was typed is not lost
    except Exception:
        log.exception("the page of what is not kept failed")
        body = LAST_RESORT
    return _answer(body, HTTPStatus.SERVICE_UNAVAILABLE)


def _unexpected(error: Exception) -> Response:
    log.error("unexpected error", exc_info=error)
    return _page(HTTPStatus.INTERNAL_SERVER_ERROR)


def _page(status: int) -> Response:
    if request.path.startswith("/api/"):  # whoever asks there is a program
        problem: Response = current_app.extensions["problems"](int(status))
        return problem
    try:
        body = render_template("web/error.html", status=int(status))
    except Exception:
        log.exception("the error page failed")
        body = LAST_RESORT
    return _answer(body, status)


def _answer(body: str, status: int) -> Response:
    response = make_response(body, int(status))
    response.headers["Cache-Control"] = "no-store"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "60"
    return response
