"""`/api/oruk/v3/`: Open Referral UK 3.0, open to everybody without a key.

A request is read, answered "as before" where nothing was written since, or else answered from the database. How new an answer is
says the head of the change log, which every write to the directory moves: nothing needs to be read to know it.
"""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Final

import msgspec
from flask import Blueprint, Flask, Response, request

from portal.api.oruk.envelope import Details, License
from portal.api.oruk.parameter import LISTS, ROOT, Answer
from portal.api.oruk.reading import Asked, read
from portal.api.oruk.room import OrukRoom, tag_of
from portal.api.problems import Unanswerable
from portal.api.views import answer_problem, open_to_all
from portal.standby import reading_copy
from portal.typed import uuid_in

PROFILE: Final = "https://docs.openreferraluk.org/en/latest/"
STANDARD: Final = "HSDS-UK-3.0"
SECONDS: Final = 60  # for which a copy is good without asking again
TOO_MANY: Final = "You have asked too often. Please wait as long as Retry-After says, and ask for larger pages or format=ndjson."


def install(app: Flask, room: OrukRoom) -> None:
    """Put the addresses into `app`."""
    pages = Blueprint("oruk", __name__, url_prefix=ROOT)
    pages.add_url_rule("/", "details", lambda: _details(room), strict_slashes=False)
    for answer in LISTS:
        name = answer.removeprefix("/")
        pages.add_url_rule(answer, name, lambda answer=answer: _list(room, answer), strict_slashes=False)
        one = Answer(f"{answer}/{{id}}")
        pages.add_url_rule(f"{answer}/<key>", f"{name}_one", lambda key, one=one: _one(room, one, key), strict_slashes=False)
    pages.add_url_rule("/<path:rest>", "nothing", lambda rest: _nothing())
    open_to_programs(pages, room)
    app.register_blueprint(pages)


def open_to_programs(pages: Blueprint, room: OrukRoom) -> None:
    """What all of open data has in common: limits, problems, its licence, and that a script of any site may read it."""
    pages.before_request(lambda: _refuse_too_many(room))
    pages.after_request(lambda response: _told(open_to_all(response), room))
    pages.register_error_handler(Unanswerable, answer_problem)


def kept_for_a_minute(response: Response, tag: str, *, is_weak: bool = True) -> Response:
    """A response that whoever has it may use again for a minute, and then ask whether it still holds."""
    response.set_etag(tag, weak=is_weak)
    response.headers["Cache-Control"] = f"public, max-age={SECONDS}"
    return response


def _details(room: OrukRoom) -> Response:
    _asked(Answer.DETAILS)
    licence = License(name=room.pack.licence.name, url=room.pack.licence.url, attribution=room.pack.council)
    return _json(
        Details(
            version=STANDARD, profile=PROFILE, openapi_url=f"{room.base_url}/api/openapi.json", publisher=room.pack.council, license=licence
        )
    )


def _list(room: OrukRoom, answer: Answer) -> Response:
    asked = _asked(answer)
    with reading_copy(room.engine) as session:
        tag = tag_of(session, room, request.full_path)
        if request.if_none_match.contains_weak(tag):
            return kept_for_a_minute(Response(status=HTTPStatus.NOT_MODIFIED), tag)
        if asked.is_stream:
            lines = room.records.stream(room.engine, session, asked)
            return kept_for_a_minute(Response(lines, mimetype="application/x-ndjson"), tag)
        return kept_for_a_minute(_json(room.records.page(session, asked)), tag)


def _one(room: OrukRoom, answer: Answer, text: str) -> Response:
    asked, key = _asked(answer), uuid_in(text)
    with reading_copy(room.engine) as session:
        tag = tag_of(session, room, request.full_path)
        found = room.records.one(session, answer, key or uuid.UUID(int=0), asked)
        is_known = request.if_none_match.contains_weak(tag)
        return kept_for_a_minute(Response(status=HTTPStatus.NOT_MODIFIED) if is_known else _json(found), tag)


def _nothing() -> Response:
    raise Unanswerable(HTTPStatus.NOT_FOUND, "There is nothing at this address.", allowed=tuple(f"{ROOT}{answer}" for answer in Answer))


def _asked(answer: Answer) -> Asked:
    return read(answer, request.args.items(multi=True))


def _json(given: msgspec.Struct) -> Response:
    return Response(msgspec.json.encode(given), mimetype="application/json")


def _told(response: Response, room: OrukRoom) -> Response:
    response.headers["Link"] = f'<{room.pack.licence.url}>; rel="license", <{room.base_url}/api/openapi.json>; rel="service-desc"'
    return response


def _refuse_too_many(room: OrukRoom) -> Response | None:
    wait = 0 if request.method == "OPTIONS" else room.spend()
    return answer_problem(Unanswerable(HTTPStatus.TOO_MANY_REQUESTS, TOO_MANY), wait) if wait else None
