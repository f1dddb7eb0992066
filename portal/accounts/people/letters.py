"""E-mails about who does what: who sends and what about in, messages out. They open nothing: whoever reads one still has to sign in.

No name that was typed for somebody else goes into a letter, so that an invitation cannot be made to carry other people's words.
"""

from __future__ import annotations

from markupsafe import Markup

from portal.accounts.audiences import Role
from portal.accounts.people.offers import LASTS, Asker, Invitee
from portal.accounts.people.room import Sender
from portal.accounts.people.wording import ROLES, WORK
from portal.i18n.text import gettext as _
from portal.i18n.text import ngettext, speaking
from portal.mail import Message
from portal.mail.letter import Block, Letter, Link, Paragraph, Small, apart

SIGN_IN = "/sign-in"
RECOVERIES = "/people/recoveries"


def invited_to_keep(sender: Sender, invitee: Invitee, asker: Asker, organization: str) -> Message:
    """Would they keep an organization's listings true?"""
    with speaking(sender.language(invitee.language)):
        who, what = apart(asker.name or sender.pack.council), apart(organization)
        asks = (
            _("You asked to keep the listings of %(organization)s true, or somebody with your address did.", organization=what)
            if asker.is_own_wish
            else _("%(who)s asks you to keep the listings of %(organization)s true.", who=who, organization=what)
        )
        work = _("You can put right opening times, prices and phone numbers. It takes about two minutes on a phone.")
        return _invitation(sender, invitee, _("Please help to keep listings true"), (asks, work))


def invited_to_role(sender: Sender, invitee: Invitee, asker: Asker, role: Role) -> Message:
    """Would they take on a role?"""
    with speaking(sender.language(invitee.language)):
        who, site = apart(asker.name or sender.pack.council), apart(sender.pack.site)
        asks = _("%(who)s asks you to work on %(site)s as: %(role)s.", who=who, site=site, role=_(ROLES[role]))
        return _invitation(sender, invitee, _("Please help with our site"), (asks, _(WORK[role])))


def removed(sender: Sender, invitee: Invitee, organization: str) -> Message:
    """They no longer keep an organization's listings."""
    with speaking(sender.language(invitee.language)):
        text = _("You no longer keep the listings of %(organization)s.", organization=apart(organization))
        blocks = (Paragraph(text), Paragraph(_("A colleague has changed this. If it is a mistake, ask them or ring us.")), _ring(sender))
        return _letter(sender, invitee, _("You no longer keep these listings"), blocks)


def handed_over(sender: Sender, invitee: Invitee, organization: str) -> Message:
    """Somebody said yes and keeps the listings in their place."""
    with speaking(sender.language(invitee.language)):
        text = _("Somebody else keeps the listings of %(organization)s now, as you asked.", organization=apart(organization))
        blocks = (Paragraph(text), Paragraph(_("You can no longer change them. Thank you for your help.")), _ring(sender))
        return _letter(sender, invitee, _("You have handed over your listings"), blocks)


def closed(sender: Sender, invitee: Invitee) -> Message:
    """They have closed their account: the last letter to this address, so that nobody closes one unseen."""
    with speaking(sender.language(invitee.language)):
        blocks = (
            Paragraph(_("You closed your account. We have deleted your name, your e-mail address and your passkeys.")),
            Paragraph(_("This is our last e-mail to you. Thank you for your help.")),
            Paragraph(_("Was it not you? Ring us at once.")),
            _ring(sender),
        )
        return _letter(sender, invitee, _("Your account is closed"), blocks)


def recovery_started(sender: Sender, invitee: Invitee) -> Message:
    """A colleague asks to take their passkeys away; theirs to stop if it was not them who wanted it."""
    with speaking(sender.language(invitee.language)):
        blocks = (
            Paragraph(_("A colleague says that you cannot sign in any more, and asks to let you make a new passkey.")),
            Paragraph(_("A second colleague must agree within 24 hours. Then we write to you again.")),
            Paragraph(_("Did you not ask for this? Ring us at once, or tell your colleagues.")),
            _ring(sender),
        )
        return _letter(sender, invitee, _("You cannot sign in?"), blocks)


def recovered(sender: Sender, invitee: Invitee) -> Message:
    """Their passkeys and codes are gone; they can make new ones."""
    with speaking(sender.language(invitee.language)):
        blocks = (
            Paragraph(_("We have taken away your passkeys and codes, and signed you out everywhere.")),
            Paragraph(_("Sign in with a link by e-mail. Then make a new passkey.")),
            Link(_("Sign in"), sender.link(invitee.language, SIGN_IN)),
            Paragraph(_("Did you not ask for this? Ring us at once, or tell your colleagues.")),
            _ring(sender),
        )
        return _letter(sender, invitee, _("You can make a new passkey now"), blocks)


def second_needed(sender: Sender, invitee: Invitee) -> Message:
    """For colleagues: somebody waits for a second person to agree."""
    with speaking(sender.language(invitee.language)):
        blocks = (
            Paragraph(_("A colleague cannot sign in. Somebody has asked to help them, and a second person must agree within 24 hours.")),
            Paragraph(_("Please make sure that it is really them. Ring them on a number that you know.")),
            Link(_("See who it is"), sender.link(invitee.language, RECOVERIES)),
        )
        return _letter(sender, invitee, _("A second person is needed"), blocks)


def _invitation(sender: Sender, invitee: Invitee, subject: Markup, about: tuple[Markup, ...]) -> Message:
    days = ngettext("The offer ends in %(num)s day.", "The offer ends in %(num)s days.", LASTS.days)
    here = _("Sign in with this e-mail address: %(email)s. Then say yes or no. No password is needed.", email=apart(invitee.email))
    blocks = (
        *(Paragraph(text) for text in about),
        Paragraph(here),
        Link(_("Sign in"), sender.link(invitee.language, SIGN_IN)),
        Paragraph(days),
        Small(_("You do not want to, or do not know what this is about? Then you need do nothing.")),
        _ring(sender),
    )
    return _letter(sender, invitee, subject, blocks)


def _ring(sender: Sender) -> Block:
    line = sender.pack.front_door
    return Small(_("Questions? Ring %(name)s: %(number)s.", name=apart(line.name), number=apart(line.number)))


def _letter(sender: Sender, invitee: Invitee, subject: Markup, blocks: tuple[Block, ...]) -> Message:
    pack, language = sender.pack, sender.language(invitee.language)
    return Letter(subject, _("Hello"), blocks, language, pack.site, pack.brand).message(invitee.email)
