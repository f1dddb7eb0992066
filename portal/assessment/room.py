"""What the pages of the questions, the plan and all that is done with it share: this phone's sitting, read and kept.

One request reads its sitting once. A page that changes it gives the change back through `keep`, which commits and sets the
cookie; `end` forgets it here and on the phone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, current_app, request
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.assessment.cookie import give_token, read_token, take_token
from portal.assessment.definition import Assessment
from portal.assessment.keeping import Sitting, end_sitting, find_sitting, save_sitting
from portal.db import reading, writing
from portal.localities.gazetteer import Gazetteer
from portal.sealing import new_token
from portal.taxonomy.terms import Taxonomy
from portal.urgent.views import UrgentRoom


@dataclass(frozen=True)
class AssessmentRoom:
    """What these pages are given. `follow` lets a plan that is kept under a code follow each change, in the same transaction."""

    engine: Engine
    assessment: Assessment
    taxonomy: Taxonomy
    urgent: UrgentRoom
    gazetteer: Gazetteer
    is_secure: bool
    has_advisers: bool
    follow: Callable[[Session, Sitting], None]


def assessment_room() -> AssessmentRoom:
    """What `install` was given."""
    room: AssessmentRoom = current_app.extensions["assessment"]
    return room


def this_sitting() -> Sitting | None:
    """The sitting of the phone that asks; nothing when none has begun, or it has ended."""
    room = assessment_room()
    token = read_token(request, is_secure=room.is_secure)
    if not token:
        return None
    with reading(room.engine) as session:
        return find_sitting(session, token)


def keep(response: Response, sitting: Sitting) -> Response:
    """Keep the sitting under the phone's token, or under a new one where it has none that still opens anything."""
    room = assessment_room()
    token = read_token(request, is_secure=room.is_secure) if this_sitting() else ""
    given = token or new_token()
    with writing(room.engine) as session:
        save_sitting(session, given, sitting)
        room.follow(session, sitting)
    if not token:
        give_token(response, given, is_secure=room.is_secure)
    return response


def end(response: Response) -> None:
    """Forget the sitting, here and on the phone."""
    room = assessment_room()
    token = read_token(request, is_secure=room.is_secure)
    if token:
        with writing(room.engine) as session:
            end_sitting(session, token)
        take_token(response, is_secure=room.is_secure)
