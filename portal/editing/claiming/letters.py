"""Letters about claims: to those who keep the listings, to reviewers, and to whoever claimed. Who sends and what about in, messages out.

Nothing that somebody typed goes to anybody by letter, but the reason of a decision to whom it concerns.
"""

from __future__ import annotations

import uuid

from markupsafe import Markup

from portal.accounts.models import Person
from portal.accounts.people.room import Sender
from portal.editing.claiming.told import Told
from portal.i18n.languages import SOURCE
from portal.i18n.text import gettext as _
from portal.i18n.text import ngettext, speaking
from portal.mail import Message
from portal.mail.letter import Block, Letter, Link, Paragraph, Small, apart


def to_keeper(sender: Sender, person: Person, organization: str, organization_id: uuid.UUID) -> Message:
    """Somebody asks to keep the listings too; who, is on the page."""
    with speaking(sender.language(person.language)):
        name = apart(organization)
        blocks = (
            Paragraph(_("Somebody asks to keep the listings of %(organization)s too. Do you know them?", organization=name)),
            Link(_("See who it is, and say yes or no"), sender.link(person.language, f"/organizations/{organization_id}/claims")),
            Small(_("If nobody answers in 5 working days, the council decides.")),
            _ring(sender),
        )
        return _letter(sender, person.language, _("Somebody asks to help with your listings"), blocks).message(person.email or "")


def waiting(sender: Sender, person: Person, number: int) -> Message:
    """For reviewers: how many claims wait."""
    with speaking(sender.language(person.language)):
        said = ngettext("%(num)s person asks to keep listings.", "%(num)s people ask to keep listings.", number)
        blocks = (Paragraph(said), Link(_("Look at it"), sender.link(person.language, "/claims")))
        return _letter(sender, person.language, _("Somebody asks to keep listings"), blocks).message(person.email or "")


def declined(sender: Sender, told: Told, organization: str, reason: str) -> Message:
    """We said no, and why."""
    with speaking(sender.language(told.language)):
        name = apart(organization)
        blocks = (
            Paragraph(_("You asked to keep the listings of %(organization)s. We could not say yes.", organization=name)),
            Paragraph(_("Why:")),
            Paragraph(reason, SOURCE),
            Paragraph(_("Do you think that we are wrong? Ring us, or ask again and tell us more.")),
            _ring(sender),
        )
        return _letter(sender, told.language, _("About the listings that you asked for"), blocks).message(told.email)


def kept_already(sender: Sender, person: Person, organization: str) -> Message:
    """They keep these listings: they only need to sign in."""
    with speaking(sender.language(person.language)):
        blocks = (
            Paragraph(_("You keep the listings of %(organization)s already. You only need to sign in.", organization=apart(organization))),
            Link(_("Sign in"), sender.link(person.language, "/sign-in")),
            Small(_("Did you not ask for this? Then you need do nothing.")),
        )
        return _letter(sender, person.language, _("You keep these listings already"), blocks).message(person.email or "")


def joined(sender: Sender, person: Person, organization: str, organization_id: uuid.UUID) -> Message:
    """For those who keep listings: the council asked somebody to keep them too."""
    with speaking(sender.language(person.language)):
        said = _("The council has asked one more person to keep the listings of %(organization)s.", organization=apart(organization))
        blocks = (
            Paragraph(said),
            Link(_("See who keeps them"), sender.link(person.language, f"/organizations/{organization_id}/people")),
            Paragraph(_("Is that wrong? Ring us.")),
            _ring(sender),
        )
        return _letter(sender, person.language, _("One more person for your listings"), blocks).message(person.email or "")


def _ring(sender: Sender) -> Block:
    line = sender.pack.front_door
    return Small(_("Questions? Ring %(name)s: %(number)s.", name=apart(line.name), number=apart(line.number)))


def _letter(sender: Sender, language: str, subject: Markup, blocks: tuple[Block, ...]) -> Letter:
    return Letter(subject, _("Hello"), blocks, sender.language(language), sender.pack.site, sender.pack.brand)
