"""Access and languages: what makes the places easier to use, which languages it is offered in; and its words in other languages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec
from wtforms import Field, Form, HiddenField, SelectField, SelectMultipleField, ValidationError

from portal.directory.record import LanguageEntry, ServiceRecord, TranslationEntry
from portal.editing.writing.fields import line, paragraphs
from portal.editing.writing.page import Offer, Writing
from portal.editing.writing.rows import MOST_ROWS, Posted, next_number, rows_of, without_row
from portal.i18n.languages import LANGUAGES, SOURCE
from portal.i18n.text import gettext
from portal.i18n.text import lazy_gettext as _
from portal.taxonomy.terms import Taxonomy
from portal.taxonomy.words import words
from portal.ui.choices import SelectChoice

LONGEST_ACCESS: Final = 500
LONGEST_INTERPRETATION: Final = 300
LONGEST_NAME: Final = 100
LONGEST_SUMMARY: Final = 300
MOST_LINES: Final = 12


class PlaceAccessForm(Form):
    """What makes one place easier to use."""

    ticks = SelectMultipleField(_("What makes it easier to get in and take part?"), validate_choice=False)
    others = paragraphs(_("Anything else? (optional)"), LONGEST_ACCESS, _("One thing on each line, such as “Ring the bell for the ramp”."))

    def validate_others(self, field: Field) -> None:
        """Raises `ValidationError` in words for too many lines."""
        if len((field.data or "").splitlines()) > MOST_LINES:
            raise ValidationError(gettext("Write %(most)s lines or fewer", most=MOST_LINES))


class LanguagesForm(Form):
    """Languages, and who interprets."""

    spoken = SelectMultipleField(
        _("Which languages can people speak with you? (optional)"), description=_("Tick those of your own people."), validate_choice=False
    )
    interpretation = paragraphs(
        _("Can you get an interpreter? (optional)"), LONGEST_INTERPRETATION, _("Such as “Any language, if you tell us a week before”.")
    )


class AccessPage(Writing):
    """Access of each place, then languages. A confidential place has nothing to tick."""

    def __init__(self, record: ServiceRecord, offer: Offer, posted: Posted | None = None) -> None:
        super().__init__(record, offer, posted)
        shown = [(number, venue) for number, venue in enumerate(record.venues) if not venue.is_confidential]
        self.places = [(venue.name or venue.address, self._place(number, venue.access)) for number, venue in shown]
        values = {"spoken": [each.code for each in record.languages], "interpretation": record.interpretation}
        self.form = LanguagesForm(posted, data=values)
        there = {each.code: each.name or each.code for each in record.languages}
        names = {**there, **offer.language_names}
        self.form.spoken.choices = [SelectChoice(code, name) for code, name in sorted(names.items(), key=lambda one: one[1])]

    def _place(self, number: int, lines: tuple[str, ...]) -> PlaceAccessForm:
        meant = {meaning for each in lines for meaning in _meanings(each, self.offer.taxonomy)}
        others = "\n".join(each for each in lines if not _meanings(each, self.offer.taxonomy))
        form = PlaceAccessForm(self.posted, prefix=f"v{number}-", data={"ticks": sorted(meant), "others": others})
        form.ticks.choices = [SelectChoice(each.id, gettext(each.label)) for each in self.offer.taxonomy.access.values()]
        return form

    @property
    def forms(self) -> tuple[Form, ...]:
        """Each place, then the languages."""
        return (*(form for _name, form in self.places), self.form)

    def result(self) -> ServiceRecord:
        """The record with its access and languages; lines that still hold stay as somebody wrote them."""
        venues = list(self.record.venues)
        for _name, form in self.places:
            number = int(form.ticks.name.partition("-")[0].removeprefix("v"))
            lines = with_access(venues[number].access, form.ticks.data or (), form.others.data.splitlines(), self.offer.taxonomy)
            venues[number] = msgspec.structs.replace(venues[number], access=lines)
        chosen = set(self.form.spoken.data or ())
        kept = tuple(each for each in self.record.languages if each.code in chosen or not each.code)
        offered = self.offer.language_names
        new = tuple(LanguageEntry(code, offered[code]) for code in offered if code in chosen - {each.code for each in kept})
        return msgspec.structs.replace(
            self.record, venues=tuple(venues), languages=(*kept, *new), interpretation=self.form.interpretation.data
        )


def with_access(before: Iterable[str], ticked: Iterable[str], others: Iterable[str], taxonomy: Taxonomy) -> tuple[str, ...]:
    """Lines about a place: those whose meaning is still ticked stay as written, new ticks come in our words, then all else."""
    wanted, before = set(ticked) & set(taxonomy.access), tuple(before)
    kept = [each for each in before if _meanings(each, taxonomy) and _meanings(each, taxonomy) <= wanted]
    said = {meaning for each in kept for meaning in _meanings(each, taxonomy)}
    new = [access.label for access in taxonomy.access.values() if access.id in wanted - said]
    lines = tuple(dict.fromkeys((*kept, *new, *(each for each in others if each))))
    return before if set(lines) == set(before) else lines


def _meanings(written: str, taxonomy: Taxonomy) -> set[str]:
    return {match.meaning for match in taxonomy.access_book.find(words(written))}


class TranslationForm(Form):
    """Its name and what it does, in one other language."""

    before: TranslationEntry
    id = HiddenField()
    language = SelectField(_("Language"), validate_choice=False)
    name = line(_("Its name in this language"), LONGEST_NAME)
    summary = paragraphs(_("What it does, in a sentence or two"), LONGEST_SUMMARY)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written: such a row is left out."""
        return not (self.name.data or self.summary.data)

    def validate_name(self, field: Field) -> None:
        """Raises `ValidationError` in words for a summary without a name."""
        if not field.data and not self.is_empty:
            raise ValidationError(gettext("Write its name in this language too. It may be the same as in English."))

    def validate_language(self, field: SelectField) -> None:
        """Raises `ValidationError` in words where none was chosen."""
        if not self.is_empty and field.data not in [choice[0] for choice in field.iter_choices()]:
            raise ValidationError(gettext("Choose a language"))

    def entry(self) -> TranslationEntry:
        """The words that a valid row means."""
        return msgspec.structs.replace(self.before, language=self.language.data, name=self.name.data or "", summary=self.summary.data or "")


class TranslationsPage(Writing):
    """Its words in other languages."""

    def __init__(self, record: ServiceRecord, offer: Offer, posted: Posted | None = None) -> None:
        super().__init__(record, offer, posted)
        self.rows = rows_of(record.translations, TranslationEntry("", ""), "words", self._row, posted)

    def _row(self, before: TranslationEntry, prefix: str, posted: Posted | None) -> TranslationForm:
        values = {"id": str(before.id or ""), "language": before.language, "name": before.name, "summary": before.summary}
        form = TranslationForm(posted, prefix=prefix, data=values)
        form.before = before
        codes = [code for code in self.offer.pack.languages if code != SOURCE]
        form.language.choices = [SelectChoice(code, LANGUAGES[code].name) for code in codes]
        if before.language and before.language not in codes:
            form.language.choices.append(SelectChoice(before.language, before.language))
        return form

    @property
    def forms(self) -> tuple[Form, ...]:
        """Each language."""
        return tuple(self.rows)

    def validate(self) -> bool:
        """As every page, and each language once."""
        is_sound = super().validate()
        seen: set[str] = set()
        for row in (row for row in self.rows if not row.is_empty):
            if row.language.data in seen:
                row.language.errors = [gettext("This language is here twice. Choose another, or take one away.")]
                self.errors.append((row.language.id, row.language.errors[0]))
                is_sound = False
            seen.add(row.language.data)
        return is_sound

    def do(self, act: str) -> None:
        """Add a language, or take one away."""
        what, _dash, number = act.partition("-")
        if what == "add" and len(self.rows) < MOST_ROWS:
            self.rows.append(self._row(TranslationEntry("", ""), f"words-{next_number(self.rows)}-", None))
        if what == "remove":
            self.rows = without_row(self.rows, number)

    def result(self) -> ServiceRecord:
        """The record with its words in other languages."""
        return msgspec.structs.replace(self.record, translations=tuple(row.entry() for row in self.rows if not row.is_empty))
