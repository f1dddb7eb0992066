"""What is done with requests: asked, withdrawn, looked at, answered, passed on, purged. One function, one act; none commits.

Every act that must happen once takes its row for itself first, so that a second tap and a second worker find it done.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, time
from typing import Final

from sqlalchemy import delete, func, literal, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.clock import LONDON
from portal.db import UtcDateTime, inserting
from portal.directory.days import end_of, months_after, working_day_after
from portal.mail import post
from portal.sealing import key_of_token, new_token
from portal.sharing.asking import letters
from portal.sharing.asking.counting import Result, count_result, result_of_answer, sealed_locality
from portal.sharing.asking.draft import Draft, once
from portal.sharing.asking.models import ContactRequest, RequestLink, RequestLook, State
from portal.sharing.asking.queries import LINK, OPEN, OVER, Closed, Opened, bound_reply, find_opened
from portal.sharing.asking.recipients import Recipient, address_of, front_door
from portal.sharing.asking.reply import Reply
from portal.sharing.asking.room import Sender

ANSWERED_WITHIN: Final = 5  # working days
KEPT_AFTER: Final = 6  # months after a request is closed
ORGANIZATION: Final = "organization"  # roles of links, and of those who look
FRONT_DOOR: Final = "front door"


def ask(session: Session, sender: Sender, draft: Draft, token: str) -> tuple[uuid.UUID, ...]:
    """Send a request to each recipient; ids of those that are new. `token` is the one of the page on which "Send" stood."""
    return tuple(sent for one in draft.recipients if (sent := _ask_one(session, sender, draft, (token, one))))


def _ask_one(session: Session, sender: Sender, draft: Draft, to: tuple[str, Recipient]) -> uuid.UUID | None:
    """The id of the request; nothing when it was sent before."""
    token, recipient = to
    request_id = uuid.uuid4()
    values = {
        "id": request_id,
        "organization_id": recipient.organization_id,
        "once": once(token, recipient.key),
        "sealed": sender.key.seal(draft.shared.packed(), str(request_id)),
        "locality": sealed_locality(sender, request_id, draft.locality),
        "asked_at": clock.now(),
        "answer_by": _answer_by(),
        "shared_until": end_of(draft.until),
    }
    put = inserting(session, ContactRequest).values(**values).on_conflict_do_nothing(index_elements=["once"])
    if session.scalar(put.returning(ContactRequest.id)) is None:
        return None
    request = session.get_one(ContactRequest, request_id)
    role = FRONT_DOOR if recipient.is_front_door else ORGANIZATION
    _send_link(session, sender, request, (recipient.email, role, letters.ASKS))
    return request_id


def withdraw(session: Session, sender: Sender, request_id: uuid.UUID) -> None:
    """Take a request back: what was shared is deleted now, and those who had it are told. Nothing when it is over already."""
    request = session.get(ContactRequest, request_id, with_for_update=True)
    if request is None or request.state in OVER:
        return
    count_result(session, sender, Result.WITHDRAWN, [request])
    told = {request.organization_id, *([None] if request.passed_on_at else [])}
    request.state, request.sealed, request.reply, request.closed_at = State.WITHDRAWN, b"", b"", clock.now()
    for organization_id in told:
        if to := address_of(session, sender.pack, organization_id):
            post(session, sender.secret, letters.withdrawn(sender, to, request_id))


def look(session: Session, sender: Sender, token: str) -> Opened | Closed:
    """What a link opens; the look is written down."""
    opened = find_opened(session, sender, token)
    if isinstance(opened, Opened):
        session.add(RequestLook(request_id=opened.request_id, role=opened.role, looked_at=clock.now()))
    return opened


def reply(session: Session, sender: Sender, token: str, said: Reply) -> Closed | None:
    """Answer; the newest answer counts. Whoever asked is told that there is one, once. Why not, where the link opens nothing."""
    opened = find_opened(session, sender, token, is_to_change=True)
    if isinstance(opened, Closed):
        return opened
    given = replace(said, role=opened.role, replied_at=clock.now())
    if given.says_the_same(opened.reply):
        return None
    request = session.get_one(ContactRequest, opened.request_id)
    count_result(session, sender, result_of_answer(request), [request])
    request.reply = sender.key.seal(given.packed(), bound_reply(request.id))
    request.state, request.closed_at = State.ANSWERED, clock.now()
    reach = opened.shared.reach
    if reach.email:
        post(session, sender.secret, letters.answered(sender, reach.email, reach.language))
    return None


def pass_on(session: Session, sender: Sender) -> int:
    """Bring what nobody has answered in time to the front door, and remind the front door of what it has; each once. How many.

    A request that an organization leaves is passed on, with time to answer anew; after a reminder nothing more happens, which
    `answer_by` says by being the end of sharing.
    """
    to = front_door(sender.pack)
    if to is None:
        return 0
    now = clock.now()
    is_due = (ContactRequest.state.in_(OPEN), ContactRequest.answer_by <= now, ContactRequest.shared_until > now)
    due = session.scalars(select(ContactRequest).where(*is_due).with_for_update(skip_locked=True)).all()
    left = {request for request in due if request.organization_id is not None and request.state == State.ASKED}
    count_result(session, sender, Result.PASSED_ON, left)
    for request in due:
        if request in left:
            request.state, request.passed_on_at, request.answer_by = State.PASSED_ON, now, min(_answer_by(), request.shared_until)
            _send_link(session, sender, request, (to.email, FRONT_DOOR, letters.PASSED_ON))
        else:
            request.answer_by = request.shared_until
            _send_link(session, sender, request, (to.email, FRONT_DOOR, letters.STILL_ASKS))
    return len(due)


def purge(session: Session, sender: Sender) -> None:
    """Delete what was shared when its time is over, counting what nobody answered; and six months after it was closed all that is left."""
    now = clock.now()
    is_over = (ContactRequest.shared_until <= now, ContactRequest.state.not_in(OVER))
    unanswered = select(ContactRequest).where(*is_over, ContactRequest.locality != b"").with_for_update(skip_locked=True)
    count_result(session, sender, Result.ENDED, session.scalars(unanswered))
    session.flush()
    closed_at = func.coalesce(ContactRequest.closed_at, literal(now, UtcDateTime()))
    session.execute(update(ContactRequest).where(*is_over).values(state=State.ENDED, sealed=b"", closed_at=closed_at))
    long_ago = datetime.combine(months_after(clock.today(), -KEPT_AFTER), time(), LONDON)
    session.execute(delete(ContactRequest).where(ContactRequest.closed_at <= long_ago, ContactRequest.state.in_(OVER)))


def tend(session: Session, sender: Sender) -> None:
    """What time brings: to be called every few minutes, by any number of workers."""
    pass_on(session, sender)
    purge(session, sender)


def _answer_by() -> datetime:
    return end_of(working_day_after(clock.today(), ANSWERED_WITHIN))


def _send_link(session: Session, sender: Sender, request: ContactRequest, about: tuple[str, str, str]) -> None:
    """Give a recipient a link of its own: `about` is whom, the role for which it opens, and the sentence that the letter opens with."""
    to, role, opening = about
    token = new_token()
    session.add(RequestLink(id=key_of_token(token, LINK).id, request_id=request.id, role=role))
    post(session, sender.secret, letters.asking(sender, to, request, token, opening))
