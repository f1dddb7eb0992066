"""Letters about reports: to those who keep a listing, to the council, and the answer to whoever said that something was wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from portal.accounts.models import Person
from portal.directory.forms import LABELS
from portal.editing.reports.queries import Report
from portal.i18n.languages import SOURCE
from portal.i18n.text import gettext, ngettext, speaking
from portal.mail import Message
from portal.mail.letter import Block, Item, Items, Letter, Link, Paragraph, Small, apart
from portal.sharing.asking.room import Sender

PUT_RIGHT: Final = "put right"
RIGHT: Final = "right as it is"
MOST_NAMED: Final = 20


def waiting(sender: Sender, person: Person, reports: Sequence[Report], path: str) -> Message:
    """That reports wait on the page `path`. What residents wrote is on the page only, not in the e-mail."""
    with speaking(person.language):
        code = person.language if person.language in sender.pack.languages else SOURCE
        said = ngettext(
            "Somebody told us that something is wrong with %(num)s listing.",
            "People told us that something is wrong. %(num)s reports wait.",
            len(reports),
        )
        named = tuple(Item(it.service, lines=(str(LABELS[it.kind]),), language=SOURCE) for it in reports[:MOST_NAMED])
        blocks = (
            Paragraph(said),
            Items(named),
            Paragraph(gettext("Please look, and tell them what you did. Sign in with your e-mail address; you need no password.")),
            Link(gettext("Look and answer"), f"{sender.base_url}/{code}{path}"),
            Small(gettext("What nobody has answered after 5 working days goes to the council.")),
        )
        return _letter(sender, gettext("Is something wrong with a listing?"), blocks, person.language).message(person.email or "")


def answered(sender: Sender, to: str, report: Report, said: tuple[str, str]) -> Message:
    """The answer to a resident, in the language of the page on which they wrote; `said` is what was done, and words beside it."""
    outcome, words = said
    with speaking(report.language):
        code = report.language if report.language in sender.pack.languages else SOURCE
        name = apart(report.service)
        opening = (
            gettext("You told us that something was wrong with %(name)s. It has been put right. Thank you.", name=name)
            if outcome == PUT_RIGHT
            else gettext("You told us that something was wrong with %(name)s. They looked, and it is right as it is.", name=name)
        )
        own = (Paragraph(gettext("They say:")), Paragraph(words, language=SOURCE)) if words else ()
        look = Link(gettext("See the listing"), f"{sender.base_url}/{code}/services/{report.service_id}")
        line = sender.pack.front_door
        door = {"name": line.name, "number": apart(line.number), "hours": line.hours}
        ring = gettext("Is it still wrong? Ring %(name)s: %(number)s. %(hours)s.", **door)
        ending = Small(gettext("We have now deleted your e-mail address."))
        letter = _letter(
            sender, gettext("Thank you for telling us"), (Paragraph(opening), *own, look, Small(ring), ending), report.language
        )
        return letter.message(to)


def _letter(sender: Sender, subject: str, blocks: tuple[Block, ...], language: str) -> Letter:
    return Letter(subject, gettext("Hello"), blocks, language, sender.pack.site, sender.pack.brand)
