"""E-mails about proposals: what was decided to whoever proposed it, changed contacts to the old ones, what waits to reviewers.

Written in the reader's language; to an old contact in English, since nobody knows theirs. What people wrote is in English as listings are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from portal.accounts.models import Person
from portal.directory.record import ServiceRecord
from portal.editing.proposals.seen import ProposalView, ProposedView
from portal.editing.saying import LABELS
from portal.i18n.languages import SOURCE
from portal.i18n.text import gettext, marked, ngettext, speaking
from portal.mail import Message
from portal.mail.letter import Block, Item, Items, Letter, Link, Paragraph, Small, apart
from portal.sharing.asking.room import Sender

_OPENINGS: Final[Mapping[str, tuple[str, str]]] = {  # kind of notice → subject, first sentence
    "approved": (marked("Your changes are live"), marked("Thank you. We have looked at what you sent, and said yes.")),
    "partly": (
        marked("Some of your changes are live"),
        marked("Thank you. We have looked at what you sent, and said yes to some of it. The rest has come back to you."),
    ),
    "returned": (
        marked("Please look at your changes again"),
        marked("Thank you for what you sent. It is not live yet: please look at it again."),
    ),
    "confirmed": (
        marked("Your new contact details are live"),
        marked("A second person has looked at the new contact details, and said yes. They are live now."),
    ),
}


def decided(sender: Sender, person: Person, proposal: ProposalView, kind: str) -> Message:
    """What was decided of a proposal, to whoever proposed it."""
    subject, opening = _OPENINGS[kind]
    code = person.language if person.language in sender.pack.languages else SOURCE
    with speaking(code):
        blocks: list[Block] = [Paragraph(gettext(opening)), Items(tuple(_item(each.name, _fates(each)) for each in proposal.services[:20]))]
        if proposal.reason and kind in ("partly", "returned"):
            blocks += [Paragraph(gettext("Why:")), Paragraph(proposal.reason, SOURCE)]
        if proposal.is_held:
            blocks.append(Paragraph(gettext("A second person looks at changed phone numbers and addresses before they are live.")))
        blocks.append(Link(gettext("See your listings"), f"{sender.base_url}/{code}/my-listings"))
        return _letter(sender, code, gettext(subject), blocks).message(person.email or "")


def contacts_change(sender: Sender, to: str, organization: str, changes: Sequence[tuple[str, ServiceRecord, ServiceRecord]]) -> Message:
    """What is to change, to an address that was published until now: `changes` are (name of the service, before, after)."""
    with speaking(SOURCE):
        line = sender.pack.front_door
        blocks: list[Block] = [
            Paragraph(
                gettext(
                    "Somebody who keeps the listings of %(organization)s on %(site)s wants to change how people reach it:",
                    organization=organization,
                    site=sender.pack.site,
                )
            ),
            Items(tuple(_item(name, _changes(before, after)) for name, before, after in changes[:20])),
            Paragraph(gettext("If this is right, you need do nothing. A second person looks at it before it is live.")),
            Paragraph(
                gettext(
                    "If it is not right, please tell us now: ring %(name)s on %(number)s (%(hours)s).",
                    name=line.name,
                    number=apart(line.number),
                    hours=line.hours,
                )
            ),
        ]
        if line.email:
            blocks.append(Paragraph(gettext("Or write to %(email)s.", email=apart(line.email))))
        return _letter(sender, SOURCE, gettext("Your contact details are about to change"), blocks).message(to)


def waiting(sender: Sender, person: Person, number: int) -> Message:
    """How many proposals wait, to a reviewer."""
    code = person.language if person.language in sender.pack.languages else SOURCE
    with speaking(code):
        blocks: list[Block] = [
            Paragraph(ngettext("%(num)s proposal waits for a reviewer.", "%(num)s proposals wait for a reviewer.", number)),
            Link(gettext("See what waits"), f"{sender.base_url}/{code}/review"),
            Small(gettext("We write once a day at most, and only when something waits.")),
        ]
        return _letter(sender, code, gettext("Changes wait for you"), blocks).message(person.email or "")


def _letter(sender: Sender, code: str, subject: str, blocks: Sequence[Block]) -> Letter:
    return Letter(subject, gettext("Hello"), tuple(blocks), code, sender.pack.site, sender.pack.brand)


def _item(name: str, lines: Sequence[str]) -> Item:
    return Item(name, lines=tuple(lines), language=SOURCE)


def _fates(service: ProposedView) -> list[str]:
    """What became of each field of a service, a line for each."""
    lines = []
    if service.approved:
        lines.append(gettext("Live now: %(fields)s", fields=_named(service.approved)))
    if service.held:
        lines.append(gettext("Waiting for a second person: %(fields)s", fields=_named(service.held)))
    if service.left_out:
        lines.append(gettext("Not live yet: %(fields)s", fields=_named(service.left_out)))
    return [str(line) for line in lines]


def _named(fields: Sequence[str]) -> str:
    return ", ".join(str(LABELS[name]) for name in fields)


def _changes(before: ServiceRecord, after: ServiceRecord) -> list[str]:
    """The old and the new value of each contact that changes, a line for each."""
    nothing = gettext("nothing")
    lines = []
    for name in ("phones", "url", "email"):
        was, now = (_contact(record, name) or nothing for record in (before, after))
        if was != now:
            lines.append(gettext("%(field)s: %(old)s becomes %(new)s", field=str(LABELS[name]), old=was, new=now))
    return [str(line) for line in lines]


def _contact(record: ServiceRecord, name: str) -> str:
    value = getattr(record, name)
    return str(value) if isinstance(value, str) else ", ".join(phone.number for phone in value)
