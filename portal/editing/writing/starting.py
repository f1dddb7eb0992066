"""How people start: numbers, e-mail, website, what to do, how long it takes, what to bring."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

import msgspec
from wtforms import Field, Form, HiddenField, StringField, ValidationError
from wtforms.validators import Email, Optional

from portal.directory.record import PhoneEntry, ServiceRecord
from portal.editing.writing.fields import Written, line, one_line_of, paragraphs
from portal.editing.writing.page import Offer, Writing
from portal.editing.writing.rows import MOST_ROWS, Posted, next_number, rows_of, without_row
from portal.i18n.text import gettext
from portal.i18n.text import lazy_gettext as _

LONGEST_LINE: Final = 120
LONGEST_ADDRESS: Final = 300  # of a web page
LONGEST_TEXT: Final = 600
MOST_DOCUMENTS: Final = 10
_DIGITS: Final = re.compile(r"\d")
_NUMBER: Final = re.compile(r"[+\d][\d\s().–-]*", re.ASCII)
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


class StartForm(Form):
    """How to be reached, but for telephone numbers."""

    email = StringField(
        _("E-mail (optional)"),
        description=_("Residents see it. One that several of you read is best."),
        filters=[one_line_of],
        validators=[Optional(), Written(LONGEST_LINE), Email(_("Write an e-mail address like name@example.com, or leave it empty"))],
    )
    url = line(_("Web page (optional)"), LONGEST_ADDRESS, _("Such as www.example.org/lunch-club."))
    application_process = paragraphs(
        _("What should people do first? (optional)"),
        LONGEST_TEXT,
        _("Such as “Just come along” or “Ring us, and we visit you at home”. Up to 600 letters."),
    )
    wait_time = line(_("How long do people wait? (optional)"), LONGEST_LINE, _("Such as “No wait” or “About 3 weeks”."))
    documents = paragraphs(
        _("What should people bring? (optional)"), LONGEST_TEXT, _("One thing on each line, such as “A letter about your benefits”.")
    )

    def validate_url(self, field: Field) -> None:
        """Raises `ValidationError` in words for what is no address of a web page."""
        if field.data and not link_of(field.data):
            raise ValidationError(gettext("Write a web address like www.example.org, or leave it empty"))

    def validate_documents(self, field: Field) -> None:
        """Raises `ValidationError` in words for too many lines."""
        if len((field.data or "").splitlines()) > MOST_DOCUMENTS:
            raise ValidationError(gettext("Write %(most)s lines or fewer", most=MOST_DOCUMENTS))


class PhoneForm(Form):
    """One number."""

    before: PhoneEntry
    id = HiddenField()
    number = line(_("Phone number"), LONGEST_LINE)
    description = line(_("What is it for, and when? (optional)"), LONGEST_LINE, _("Such as “Weekdays 9am to 5pm. Ask for Joan”."))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written: such a number is left out."""
        return not (self.number.data or self.description.data)

    def validate_number(self, field: Field) -> None:
        """Raises `ValidationError` in words for what nobody can dial."""
        if self.is_empty:
            return
        if not _NUMBER.match(field.data or "") or len(_DIGITS.findall(field.data)) < len("111"):
            raise ValidationError(gettext("Write a phone number like 01632 960001"))

    def entry(self) -> PhoneEntry:
        """The number that a valid row means."""
        return msgspec.structs.replace(self.before, number=self.number.data or "", description=self.description.data or "")


class StartPage(Writing):
    """How to start."""

    def __init__(self, record: ServiceRecord, offer: Offer, posted: Posted | None = None) -> None:
        super().__init__(record, offer, posted)
        plain = {name: getattr(record, name) for name in ("email", "url", "application_process", "wait_time")}
        self.form = StartForm(posted, data={**plain, "documents": "\n".join(record.documents)})
        self.rows = rows_of(record.phones, PhoneEntry(""), "phone", _phone, posted)
        if posted is None and not self.rows:
            self.rows = [_phone(PhoneEntry(""), "phone-0-", None)]

    @property
    def forms(self) -> tuple[Form, ...]:
        """Each number, then the rest."""
        return (*self.rows, self.form)

    def do(self, act: str) -> None:
        """Add a number, or take one away."""
        what, _dash, number = act.partition("-")
        if what == "add" and len(self.rows) < MOST_ROWS:
            self.rows.append(_phone(PhoneEntry(""), f"phone-{next_number(self.rows)}-", None))
        if what == "remove":
            self.rows = without_row(self.rows, number)

    def result(self) -> ServiceRecord:
        """The record with how to start."""
        form = self.form
        return msgspec.structs.replace(
            self.record,
            phones=tuple(row.entry() for row in self.rows if not row.is_empty),
            email=form.email.data or "",
            url=self.record.url if form.url.data == self.record.url else link_of(form.url.data or ""),
            application_process=form.application_process.data,
            wait_time=form.wait_time.data,
            documents=tuple(each for each in form.documents.data.splitlines() if each),
        )


def link_of(typed: str) -> str:
    """The whole address of a web page; empty for what is none. "https://" is added where it was left out."""
    if not typed or " " in typed:
        return ""
    whole = typed if _SCHEME.match(typed) and not typed.partition(":")[2][:1].isdigit() else f"https://{typed}"
    try:
        parts = urlsplit(whole)
        host = parts.hostname or ""
        is_there = parts.scheme in ("http", "https") and "." in host.strip(".") and (parts.port is None or parts.port > 0)
    except ValueError:
        return ""
    return whole if is_there else ""


def _phone(before: PhoneEntry, prefix: str, posted: Posted | None) -> PhoneForm:
    values = {"id": str(before.id or ""), "number": before.number, "description": before.description}
    form = PhoneForm(posted, prefix=prefix, data=values)
    form.before = before
    return form
