"""E-mails about a request, without a name, an answer or anything else that somebody shared: who sends and what about in, messages out.

Those to recipients are in English; the one to the resident is in their language, as far as it is translated.
"""

from __future__ import annotations

import uuid
from typing import Final

from babel import Locale

from portal.directory.days import last_day
from portal.i18n.languages import SOURCE
from portal.i18n.text import gettext as _
from portal.i18n.text import marked, speaking
from portal.mail import Message
from portal.mail.letter import Block, Letter, Link, Paragraph, Small
from portal.sharing.asking.models import ContactRequest
from portal.sharing.asking.room import Sender
from portal.ui.filters import long_date, short_date

ASKS: Final = marked("Somebody asks you to get in touch. They have chosen what you may see.")
PASSED_ON: Final = marked(
    "Somebody asks you to get in touch. They asked an organisation first and had no answer. They have chosen what you may see."
)
STILL_ASKS: Final = marked("Somebody asked you to get in touch and has had no answer yet. They have chosen what you may see.")


def reference(request_id: uuid.UUID) -> str:
    """What both sides call a request on the telephone; it says nothing of anybody."""
    digits = request_id.hex[:8].upper()
    return f"{digits[:4]}-{digits[4:]}"


def asking(sender: Sender, to: str, request: ContactRequest, token: str, opening: str) -> Message:
    """The link to what was shared. `opening` is one of the sentences above."""
    with speaking(SOURCE) as english:
        blocks = (
            Paragraph(_(opening)),
            Link(_("Read what they shared, and answer"), f"{sender.base_url}/{SOURCE}/answer/{token}"),
            Paragraph(_by_when(request, english)),
            Paragraph(_("Anyone who has the link can read it, so please do not send it on. It opens until %(day)s.", day=_until(request))),
            _ring(sender),
            _reference(request.id),
        )
        return _letter(sender, _("Somebody asks you to get in touch"), blocks).message(to)


def withdrawn(sender: Sender, to: str, request_id: uuid.UUID) -> Message:
    """A request was taken back: nothing opens any more."""
    with speaking(SOURCE):
        blocks = (
            Paragraph(_("Somebody asked you to get in touch and has taken it back. The link that we sent you opens nothing now.")),
            Paragraph(_("Please do not get in touch, and delete what you noted about it.")),
            _ring(sender),
            _reference(request_id),
        )
        return _letter(sender, _("A request was taken back"), blocks).message(to)


def answered(sender: Sender, to: str, language: str) -> Message:
    """There is an answer, for the resident; whoever else reads their mail learns no more, not even where it comes from."""
    code = language if language in sender.pack.languages else SOURCE
    with speaking(code):
        text = Paragraph(_("There is an answer. Open your plan with your code:"))
        link = Link(_("Open my plan"), f"{sender.base_url}/{code}/plan/open")
        return Letter(_("There is an answer"), "", (text, link), code).message(to)


def _letter(sender: Sender, subject: str, blocks: tuple[Block, ...]) -> Letter:
    return Letter(subject, "", blocks, SOURCE, sender.pack.site, sender.pack.brand)


def _by_when(request: ContactRequest, locale: Locale) -> str:
    if request.answer_by >= request.shared_until:
        return _("Please answer as soon as you can.")
    return _("Please answer by %(day)s.", day=long_date(locale, last_day(request.answer_by)))


def _ring(sender: Sender) -> Paragraph:
    line = sender.pack.front_door
    return Paragraph(_("Questions? Ring %(name)s: %(number)s. %(hours)s.", name=line.name, number=line.number, hours=line.hours))


def _reference(request_id: uuid.UUID) -> Small:
    return Small(_("Reference: %(reference)s", reference=reference(request_id)))


def _until(request: ContactRequest) -> str:
    return short_date(Locale.parse(SOURCE), last_day(request.shared_until))
