"""Where it happens: how people take part, and the places that they go to, found by postcode.

A place belongs to all services that use it. Another postcode is another place; the same postcode with other words puts right what is
written about the same one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
from wtforms import BooleanField, Field, Form, HiddenField, RadioField, SelectMultipleField, ValidationError

from portal.directory.record import ServiceRecord, SessionEntry, VenueEntry
from portal.editing.writing.fields import line, paragraphs
from portal.editing.writing.page import Offer, Writing
from portal.editing.writing.rows import MOST_ROWS, Posted, next_number, prefixes, without_row
from portal.i18n.text import gettext
from portal.i18n.text import lazy_gettext as _
from portal.localities.answer import Place
from portal.localities.place import place
from portal.localities.spelling import FULL, tidy
from portal.ui.choices import SelectChoice

LONGEST_LINE: Final = 120
LONGEST_TEXT: Final = 300
ANOTHER: Final = "another"
LONGEST_FOUND: Final = 8
HOW_LABELS: Final = {
    "in-person": _("People come to a place"),
    "home": _("We come to people at home"),
    "online": _("Online"),
    "phone": _("By phone"),
}


class HowForm(Form):
    """How people take part."""

    how = SelectMultipleField(
        _("How does it happen?"),
        choices=[SelectChoice(key, label) for key, label in HOW_LABELS.items()],
        validate_choice=False,
    )

    def validate_how(self, field: Field) -> None:
        """Raises `ValidationError` in words for none."""
        if not set(field.data or ()) & set(HOW_LABELS):
            raise ValidationError(gettext("Tick at least one way"))


class VenueForm(Form):
    """One place. `found` are places that we know at its postcode."""

    before: VenueEntry
    offer: Offer
    found: Sequence[VenueEntry] = ()
    id = HiddenField()
    postcode = line(_("Postcode"), LONGEST_LINE)
    known = RadioField(_("Is it one of these places?"), validate_choice=False, default=ANOTHER)
    name = line(_("Name of the place"), LONGEST_LINE, _("Such as “Eastmoor Library”."))
    address = line(_("Street and number"), LONGEST_LINE)
    city = line(_("Town (optional)"), LONGEST_LINE)
    is_confidential = BooleanField(
        _("Keep this address secret"), description=_("We show only that there is a place. Tick it where people could be in danger.")
    )
    directions = paragraphs(
        _("How do people find it? (optional)"), LONGEST_TEXT, _("Such as “Bus 12 stops outside. Use the door in Mill Lane.”")
    )
    note = line(_("Which room or floor? (optional)"), LONGEST_LINE)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written: such a place is left out."""
        written = (self.postcode.data, self.name.data, self.address.data, self.note.data, self.directions.data)
        return not any(written) and not self.is_confidential.data

    @property
    def chosen(self) -> VenueEntry | None:
        """The place that we know and that somebody chose."""
        return next((each for each in self.found if str(each.location_id) == self.known.data), None)

    @property
    def is_same_place(self) -> bool:
        """Whether it is still the place that it was."""
        return bool(self.before.location_id) and compact(self.postcode.data or "") == compact(self.before.postcode)

    def validate_postcode(self, field: Field) -> None:
        """Raises `ValidationError` in words for what is no postcode."""
        if self.is_empty or (self.is_confidential.data and not field.data):
            return
        if not field.data:
            raise ValidationError(gettext("Write the postcode of the place"))
        if field.data != self.before.postcode and not postcode_of(field.data, self.offer):
            raise ValidationError(gettext("We don't know the postcode “%(postcode)s”. Check it.", postcode=field.data))

    def validate_name(self, field: Field) -> None:
        """Raises `ValidationError` in words for a place without a name or an address."""
        if self.is_empty or self.chosen or self.is_confidential.data or field.data or self.address.data:
            return
        raise ValidationError(gettext("Write the name of the place, or its street and number"))

    def entry(self) -> VenueEntry:
        """The place that a valid row means, with its times."""
        own = {"note": self.note.data or ""}
        if self.chosen:
            there = self.before if self.chosen.location_id == self.before.location_id else _moved(self.before)
            chosen = self.chosen
            return msgspec.structs.replace(chosen, id=there.id, sessions=there.sessions, closures=there.closures, **own)
        there = self.before if self.is_same_place or not self.before.location_id else _moved(self.before)
        written = {name: getattr(self, name).data or "" for name in ("name", "address", "city", "directions")}
        same = compact(self.postcode.data or "") == compact(self.before.postcode)
        position = (there.latitude, there.longitude) if same and there.latitude is not None else position_of(self.postcode.data, self.offer)
        return msgspec.structs.replace(
            there,
            postcode=self.before.postcode if same else postcode_of(self.postcode.data or "", self.offer),
            is_confidential=bool(self.is_confidential.data),
            latitude=position[0],
            longitude=position[1],
            **written,
            **own,
        )


class PlacesPage(Writing):
    """How it happens, and where."""

    def __init__(self, record: ServiceRecord, offer: Offer, posted: Posted | None = None) -> None:
        super().__init__(record, offer, posted)
        how = record.how or (("in-person",) if record.venues else ())
        self.form = HowForm(posted, data={"how": list(how)})
        known = {_key(number, venue): venue for number, venue in enumerate(record.venues)}
        if posted is None:
            self.rows = [self._row(venue, key, f"place-{number}-") for number, (key, venue) in enumerate(known.items())]
        else:
            found = [(posted.get(f"{at}id", ""), at) for at in prefixes(posted, "place")]
            self.rows = [self._row(known.get(key, VenueEntry()), key if key in known else "", at) for key, at in found]

    def _row(self, before: VenueEntry, key: str, prefix: str, *, is_new: bool = False) -> VenueForm:
        names = ("postcode", "name", "address", "city", "is_confidential", "directions", "note")
        values = {"id": key, "known": ANOTHER, **{name: getattr(before, name) for name in names}}
        form = VenueForm(None if is_new else self.posted, prefix=prefix, data=values)
        form.before, form.offer = before, self.offer
        if self.posted is not None and not form.is_same_place and (postcode := postcode_of(form.postcode.data or "", self.offer)):
            form.found = tuple(self.offer.places_at(postcode))[:LONGEST_FOUND]
        places = [SelectChoice(str(each.location_id), _said(each)) for each in form.found]
        form.known.choices = [*places, SelectChoice(ANOTHER, gettext("No, another place"))]
        return form

    @property
    def forms(self) -> tuple[Form, ...]:
        """How, then each place."""
        return (self.form, *self.rows)

    def do(self, act: str) -> None:
        """Add a place, or take one away; looking a postcode up needs no more than showing the page again."""
        what, _dash, number = act.partition("-")
        if what == "add" and len(self.rows) < MOST_ROWS:
            self.rows.append(self._row(VenueEntry(), "", f"place-{next_number(self.rows)}-", is_new=True))
        if what == "remove":
            self.rows = without_row(self.rows, number)

    def result(self) -> ServiceRecord:
        """The record with how and where; as it was, letter by letter, where the ticks say the same."""
        chosen = tuple(key for key in HOW_LABELS if key in (self.form.how.data or ()))
        is_same = set(chosen) == set(self.record.how or (("in-person",) if self.record.venues else ()))
        venues = tuple(row.entry() for row in self.rows if not row.is_empty)
        return msgspec.structs.replace(self.record, how=self.record.how if is_same else chosen, venues=venues)


def postcode_of(typed: str, offer: Offer) -> str:
    """The full postcode that was typed, as it is written; empty for what is none. One outside the pack's area counts too."""
    found = place(typed, offer.gazetteer)
    if isinstance(found, Place) and found.kind == "postcode":
        return found.label
    outside = FULL.fullmatch(typed.strip())
    return tidy("".join(outside.groups()).upper()) if outside else ""


def position_of(typed: str | None, offer: Offer) -> tuple[float | None, float | None]:
    """Where a postcode is, in degrees, if the pack knows."""
    found = place(typed or "", offer.gazetteer)
    return (found.latitude, found.longitude) if isinstance(found, Place) and found.kind == "postcode" else (None, None)


def compact(postcode: str) -> str:
    """A postcode without what people write it differently with."""
    return "".join(postcode.split()).upper()


def _key(number: int, venue: VenueEntry) -> str:
    return str(venue.id) if venue.id else f"new{number}"


def _said(venue: VenueEntry) -> str:
    return ", ".join(part for part in (venue.name, venue.address, venue.city) if part)


def _moved(before: VenueEntry) -> VenueEntry:
    """The times of a place, for another one."""
    sessions: tuple[SessionEntry, ...] = tuple(msgspec.structs.replace(each, id=None) for each in before.sessions)
    return VenueEntry(sessions=sessions, closures=tuple(msgspec.structs.replace(each, id=None) for each in before.closures))
