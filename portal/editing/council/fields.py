"""Fields that the council's forms share: what was typed in, plain text, web addresses and numbers that work out, or words on what to do.

Marks that turn text around are refused, not quietly taken out: whoever typed them sees the words again without them, and decides.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

import phonenumbers
import regex
from wtforms import DateField, Field, Form, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from portal.editing.checks.shapes import is_number
from portal.i18n.text import gettext
from portal.i18n.text import lazy_gettext as _
from portal.typed import lines, one_line, whole_number
from portal.ui.filters import dialable

TURNING: Final = regex.compile(r"[\u202a-\u202e\u2066-\u2069]")
LONGEST_URL: Final = 300
LONGEST_NUMBER: Final = 40
LONGEST_DAY: Final = 40
ROOM: Final = 4  # times as much as fits is given back to whoever typed too much, so that nothing is lost
_PLAIN_URL: Final = regex.compile(r"[!-~]+")  # ASCII without spaces: letters of other scripts can pass for others


def not_turning(_form: Form, field: Field) -> None:
    """Refuse marks that turn text around. Raises `ValidationError` in words."""
    if any(isinstance(raw, str) and TURNING.search(raw) for raw in field.raw_data or ()):
        raise ValidationError(gettext("There were hidden marks in it that turn text around. We took them out: read it again, then save."))


def not_empty(message: Any) -> Any:
    """A validator that wants some words."""

    def check(_form: Form, field: Field) -> None:
        if not field.data:
            raise ValidationError(str(message))

    return check


def words_field(label: Any, longest: int, *extra: Any) -> StringField:
    """Words on one line."""
    return StringField(label, **_bounded(longest, extra, one_line))


def sentence_field(label: Any, longest: int, *extra: Any) -> TextAreaField:
    """A sentence or two: one line, in a box that shows all of it."""
    return TextAreaField(label, **_bounded(longest, extra, one_line))


def text_field(label: Any, longest: int, *extra: Any) -> TextAreaField:
    """Words on some lines."""
    return TextAreaField(label, **_bounded(longest, extra, lines))


def _bounded(longest: int, extra: tuple[Any, ...], tidied: Callable[[str, int], str]) -> dict[str, Any]:
    return {
        "description": _("Up to %(most)s letters.", most=longest),
        "filters": [lambda typed: tidied(typed or "", ROOM * longest)],
        "validators": [not_turning, *extra, Length(max=longest, message=_("Use %(most)s letters or fewer.", most=longest))],
    }


def url_field(label: Any, *extra: Any, hint: Any = "") -> StringField:
    """A web address, or nothing."""
    return StringField(
        label,
        description=hint or _("Begins with https://"),
        filters=[_completed],
        validators=[not_turning, *extra, _is_address],
    )


def number_field(label: Any, *extra: Any, hint: Any = "") -> StringField:
    """A telephone number, or nothing."""
    return StringField(
        label,
        description=hint,
        filters=[lambda typed: one_line(typed or "", ROOM * LONGEST_NUMBER)],
        validators=[not_turning, *extra, _can_be_rung],
    )


def version_field() -> HiddenField:
    """Which version somebody changes; see `version_of`."""
    return HiddenField(default="0", filters=[lambda sent: str(number_in(str(sent or "")))])


def version_of(field: Field) -> int:
    """The number in a version field."""
    return number_in(str(field.data))


def number_in(sent: str) -> int:
    """A number as one of our forms sends it, and 0 for what is none."""
    return whole_number(sent) or 0


class DayField(DateField):
    """A day, from a browser's calendar or typed as people in Britain do; none where nothing is typed."""

    def __init__(self, label: Any, description: Any = "", **options: Any) -> None:
        super().__init__(label, description=description, **options, format=["%Y-%m-%d", "%d/%m/%Y"])

    def process_formdata(self, valuelist: list[str]) -> None:
        """A date, or none. Raises `ValueError`, which WTForms makes a message, in words."""
        typed = one_line(valuelist[0], LONGEST_DAY) if valuelist else ""
        self.raw_data = [typed]
        self.data = None
        if typed:
            try:
                super().process_formdata([typed])
            except ValueError as error:
                raise ValueError(gettext("Write the day like 24/11/2026.")) from error


def _completed(typed: str | None) -> str:
    address = one_line(typed or "", ROOM * LONGEST_URL)
    return f"https://{address}" if address and "://" not in address and "." in address and " " not in address else address


def _is_address(_form: Form, field: Field) -> None:
    address = field.data or ""
    if address and (len(address) > LONGEST_URL or not _leads_somewhere(address)):
        raise ValidationError(gettext("Write a web address like https://www.gov.uk/carers-allowance. It must begin with https://"))


def _leads_somewhere(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        is_whole = parts.scheme == "https" and "." in host.strip(".") and "@" not in parts.netloc and parts.port in (None, 443)
    except ValueError:
        return False
    return is_whole and bool(_PLAIN_URL.fullmatch(address)) and "xn--" not in host


def _can_be_rung(_form: Form, field: Field) -> None:
    number = field.data or ""
    if number and (len(number) > LONGEST_NUMBER or not is_number(number) or not regex.fullmatch(r"[\d\s()+.–-]+", number)):
        raise ValidationError(gettext("Write a phone number like 01632 960001, with all its digits."))
    if number and is_dear(number):
        raise ValidationError(gettext("Calls to this number cost a lot. Write one that costs no more than others."))


def is_dear(number: str) -> bool:
    """Whether a number is one of those that cost more than others."""
    try:
        parsed = phonenumbers.parse(dialable(number), "GB")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.PREMIUM_RATE
