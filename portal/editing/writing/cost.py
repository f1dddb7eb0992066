"""What it costs: in words, and as prices, one row each."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import msgspec
from wtforms import Field, Form, HiddenField, StringField, ValidationError

from portal.directory.record import CostEntry, ServiceRecord
from portal.editing.writing.fields import line, one_line_of, paragraphs
from portal.editing.writing.page import Offer, Writing
from portal.editing.writing.rows import MOST_ROWS, Posted, next_number, rows_of, without_row
from portal.i18n.text import gettext
from portal.i18n.text import lazy_gettext as _

LONGEST_FEES: Final = 300
LONGEST_OPTION: Final = 100
DEAREST: Final = 100_000
_POUNDS: Final = re.compile(r"£?(\d{1,6}(?:\.\d{1,2})?)", re.ASCII)
_PENCE: Final = re.compile(r"(\d{1,3})p", re.ASCII)


class FeesForm(Form):
    """What it costs, in words."""

    fees = paragraphs(
        _("What does it cost?"),
        LONGEST_FEES,
        _("Such as “Free”, or “£2 for lunch, and tea is free”. People ask this more than anything else. Up to 300 letters."),
    )


class CostForm(Form):
    """One price."""

    before: CostEntry
    id = HiddenField()
    amount = StringField(_("Price"), description=_("Such as £2.50, 50p or free."), filters=[one_line_of])
    option = line(_("What for?"), LONGEST_OPTION, _("Such as “Lunch” or “Each hour”."))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written: such a price is left out."""
        return not (self.amount.data or self.option.data or self.before.description)

    def validate_amount(self, field: Field) -> None:
        """Raises `ValidationError` in words for what is no price."""
        if field.data and amount_of(field.data) is None:
            raise ValidationError(gettext("Write a price like £2.50, 50p or free"))

    def entry(self) -> CostEntry:
        """The price that a valid row means."""
        return msgspec.structs.replace(self.before, amount=amount_of(self.amount.data or ""), option=self.option.data or "")


class CostPage(Writing):
    """What it costs."""

    def __init__(self, record: ServiceRecord, offer: Offer, posted: Posted | None = None) -> None:
        super().__init__(record, offer, posted)
        self.form = FeesForm(posted, data={"fees": record.fees})
        self.rows = rows_of(record.costs, CostEntry(), "cost", _cost, posted)

    @property
    def forms(self) -> tuple[Form, ...]:
        """The words, then each price."""
        return (self.form, *self.rows)

    def do(self, act: str) -> None:
        """Add a price, or take one away."""
        what, _dash, number = act.partition("-")
        if what == "add" and len(self.rows) < MOST_ROWS:
            self.rows.append(_cost(CostEntry(), f"cost-{next_number(self.rows)}-"))
        if what == "remove":
            self.rows = without_row(self.rows, number)

    def result(self) -> ServiceRecord:
        """The record with its costs."""
        costs = tuple(row.entry() for row in self.rows if not row.is_empty)
        return msgspec.structs.replace(self.record, fees=self.form.fees.data, costs=costs)


def _cost(before: CostEntry, prefix: str, posted: Posted | None = None) -> CostForm:
    values = {"id": str(before.id or ""), "amount": shown_amount(before.amount), "option": before.option}
    form = CostForm(posted, prefix=prefix, data=values)
    form.before = before
    return form


def amount_of(typed: str) -> float | None:
    """Pounds, of what was typed: "£2.50", "50p", "free", "nothing"; None for what is no price."""
    plain = unicodedata.normalize("NFKC", typed).casefold().replace(" ", "").replace(",", "")
    if plain in ("free", "nothing", "nocharge", "nocost"):
        return 0.0
    if found := _PENCE.fullmatch(plain):
        return int(found[1]) / 100
    found = _POUNDS.fullmatch(plain)
    return float(found[1]) if found and float(found[1]) <= DEAREST else None


def shown_amount(amount: float | None) -> str:
    """A price as it stands in its box."""
    if amount is None:
        return ""
    return f"£{amount:.0f}" if amount == int(amount) else f"£{amount:.2f}"
