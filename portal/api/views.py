"""What every address for programs answers with when it cannot answer, and the headers that let any site's script read it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

import msgspec
from flask import Flask, Response, request

from portal.api.problems import MEDIA_TYPE, Unanswerable, problem_of

WHY: Final = {
    HTTPStatus.NOT_FOUND: "There is nothing at this address.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address can only be read: use GET, HEAD or OPTIONS.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The directory cannot be read at the moment. Please try again in a minute.",
}
OTHERWISE: Final = "Something went wrong. Please try again in a few minutes."


def install(app: Flask) -> None:
    """Let every error below `/api/` be answered as a problem."""
    app.extensions["problems"] = answer_status


def answer_problem(error: Unanswerable, wait: int = 0) -> Response:
    """The problem as a response; `wait`: seconds after which to ask again."""
    response = Response(msgspec.json.encode(problem_of(error, request.path)), int(error.status), mimetype=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    if wait:
        response.headers["Retry-After"] = str(wait)
    return open_to_all(response)


def answer_status(status: int) -> Response:
    """A problem that nobody can say more of than its number."""
    known = HTTPStatus(status)
    return answer_problem(Unanswerable(known, WHY.get(known, OTHERWISE)), wait=60 if known is HTTPStatus.SERVICE_UNAVAILABLE else 0)


def open_to_all(response: Response) -> Response:
    """Let a script of any site read a response, and ask again by what it was told."""
    headers = response.headers
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After"
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method == "OPTIONS":
        response.status_code = HTTPStatus.NO_CONTENT
        headers.pop("Content-Type", None)
        headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        headers["Access-Control-Allow-Headers"] = "Accept, Content-Type, If-None-Match"
        headers["Access-Control-Max-Age"] = "86400"
    return response
