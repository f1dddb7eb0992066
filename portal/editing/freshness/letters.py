"""What people who keep listings are sent: what is due in, an e-mail or a text message in their language out."""

from __future__ import annotations

from collections.abc import Sequence

from babel import Locale

from portal.accounts.models import Person
from portal.directory.freshness import Stage
from portal.editing.freshness.queries import Due
from portal.i18n.languages import SOURCE
from portal.i18n.text import gettext, ngettext, speaking
from portal.i18n.untranslated import without_signs
from portal.mail import Message
from portal.mail.letter import Item, Items, Letter, Link, Paragraph, Small, apart
from portal.sharing.asking.room import Sender
from portal.ui.filters import short_date


def still_right(sender: Sender, person: Person, dues: Sequence[Due], token: str) -> Message:
    """ "Is this still right?" for everything that is due of one person."""
    with speaking(person.language) as locale:
        blocks = (
            Paragraph(
                ngettext(
                    "You keep %(num)s listing that nobody has checked for a while. Is it still right?",
                    "You keep %(num)s listings that nobody has checked for a while. Are they still right?",
                    len(dues),
                )
            ),
            Items(tuple(Item(due.name, lines=_lines(locale, due), language=SOURCE) for due in dues)),
            Paragraph(gettext("You need not sign in. Look at what we say, and tell us with one tap if it is right.")),
            Link(gettext("Look and answer"), link(sender, person, token)),
            Small(gettext("This link is yours and opens for 60 days. Please do not send it on. We write once a week at most.")),
            Small(_ring(sender)),
        )
        letter = Letter(gettext("Is this still right?"), gettext("Hello"), blocks, person.language, sender.pack.site, sender.pack.brand)
        return letter.message(person.email or "")


def still_right_text(sender: Sender, person: Person, number: str, token: str) -> Message:
    """The same in a text message."""
    with speaking(person.language):
        words = gettext(
            "%(site)s: is what we say about your services still right? Look and answer here: %(link)s",
            site=sender.pack.site,
            link=link(sender, person, token),
        )
        return Message("sms", number, "", without_signs(words.unescape()))


def link(sender: Sender, person: Person, token: str) -> str:
    """The address that a token opens, in the person's language."""
    code = person.language if person.language in sender.pack.languages else SOURCE
    return f"{sender.base_url}/{code}/still-right/{token}"


def _lines(locale: Locale, due: Due) -> tuple[str, ...]:
    if due.assured_on is None:
        checked = gettext("Nobody has checked it yet.")
    else:
        checked = gettext("Last checked on %(day)s.", day=short_date(locale, due.assured_on))
    told = {
        Stage.MARKED: gettext("It now says that nobody has checked it for over a year."),
        Stage.HIDDEN: gettext("Our search does not show it any more. It is back the moment you say that it is right."),
    }
    return (checked, told[due.stage]) if due.stage in told else (checked,)


def _ring(sender: Sender) -> str:
    line = sender.pack.front_door
    return gettext("Questions? Ring %(name)s: %(number)s. %(hours)s.", name=line.name, number=apart(line.number), hours=line.hours)
