"""Who is told about feeds: administrators of one that cannot be read or is not believed, reviewers of what waits. None commits."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import Role
from portal.accounts.models import Person
from portal.accounts.people.room import Sender
from portal.accounts.queries import list_with_role
from portal.directory.feeds.models import Feed, Problem
from portal.directory.feeds.queries import count_waiting
from portal.editing.feeds.wording import PROBLEMS
from portal.editing.telling import may_tell
from portal.i18n.text import gettext as _
from portal.i18n.text import ngettext, speaking
from portal.mail import Message
from portal.mail.letter import Block, Letter, Link, Paragraph, apart

AT_ONCE: Final = frozenset({Problem.EMPTY, Problem.FEWER})
PATIENCE: Final = timedelta(days=2)  # with a feed that cannot be read: servers are mended
AGAIN: Final = timedelta(days=7)
DAILY: Final = timedelta(hours=20)
PAGE: Final = "/feeds"


def tell(session: Session, sender: Sender) -> int:
    """Write to whom it concerns: how many letters."""
    return _tell_administrators(session, sender) + _tell_reviewers(session, sender)


def _tell_administrators(session: Session, sender: Sender) -> int:
    troubled = session.scalars(select(Feed).where(Feed.problem != "", Feed.removed_at.is_(None)).order_by(Feed.name)).all()
    due = [feed for feed in troubled if feed.problem in AT_ONCE or (feed.failing_since or clock.now()) <= clock.now() - PATIENCE]
    told = 0
    for feed in due:
        for person in list_with_role(session, Role.ADMINISTRATOR):
            if person.email and may_tell(session, person.id, f"feed {feed.id} {feed.problem}", AGAIN):
                sender.post(session, trouble(sender, person, feed.name, Problem(feed.problem)))
                told += 1
    return told


def _tell_reviewers(session: Session, sender: Sender) -> int:
    number, told = count_waiting(session), 0
    for person in list_with_role(session, Role.REVIEWER) if number else ():
        if person.email and may_tell(session, person.id, "feeds", DAILY):
            sender.post(session, waiting(sender, person, number))
            told += 1
    return told


def trouble(sender: Sender, person: Person, name: str, problem: Problem) -> Message:
    """A feed cannot be read, or is not believed."""
    with speaking(sender.language(person.language)):
        said = _("We could not keep the listings of %(directory)s in step.", directory=apart(name))
        blocks = (
            Paragraph(said),
            Paragraph(_(PROBLEMS[problem])),
            Paragraph(_("Nothing that is here was taken down. Please ask them, or whoever looks after our server.")),
        )
        return _letter(sender, person, _("Another directory cannot be read"), blocks)


def waiting(sender: Sender, person: Person, number: int) -> Message:
    """For reviewers: how many listings wait."""
    with speaking(sender.language(person.language)):
        said = ngettext("%(num)s listing of another directory waits.", "%(num)s listings of other directories wait.", number)
        blocks = (Paragraph(said), Link(_("Look at it"), sender.link(person.language, PAGE)))
        return _letter(sender, person, _("Listings of other directories to decide"), blocks)


def _letter(sender: Sender, person: Person, subject: Markup, blocks: tuple[Block, ...]) -> Message:
    letter = Letter(subject, _("Hello"), blocks, sender.language(person.language), sender.pack.site, sender.pack.brand)
    return letter.message(person.email or "")
