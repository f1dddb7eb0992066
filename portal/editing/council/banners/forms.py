"""The form of a banner: languages and localities in; what was typed in, a banner or messages in words out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from werkzeug.datastructures import MultiDict
from wtforms import DateField, Form, RadioField, SelectField, ValidationError

from portal import clock
from portal.council.banners import LONGEST, Banner, Tone
from portal.editing.council.fields import DayField, not_empty, sentence_field, url_field, version_field, words_field
from portal.editing.council.wording import TONES
from portal.i18n.languages import LANGUAGES, SOURCE
from portal.i18n.text import gettext
from portal.i18n.text import lazy_gettext as _
from portal.localities.collection import Locality
from portal.ui.choices import SelectChoice

LONGEST_WORDS: Final = 240
LONGEST_LINK: Final = 60


class BannerForm(Form):
    """What a banner says, when and where. Words in each language are fields of their own: see `banner_form`."""

    languages: tuple[str, ...]
    places: frozenset[str]
    version = version_field()
    tone = RadioField(
        _("How should it speak?"),
        choices=[SelectChoice(tone.value, label) for tone, label in TONES.items()],
        default=Tone.INFO.value,
        validate_choice=False,
    )
    starts_on = DayField(_("First day"), description=_("It shows from the morning of this day."))
    ends_on = DayField(_("Last day"), description=_("It shows to the end of this day. 60 days at most."))
    place = SelectField(_("Where should it show?"), validate_choice=False)
    url = url_field(_("Web page to read more (optional)"))

    def validate_tone(self, field: RadioField) -> None:
        """One that is offered. Raises `ValidationError` in words."""
        if field.data not in set(Tone):
            raise ValidationError(gettext("Choose how it should speak."))

    def validate_starts_on(self, field: DateField) -> None:
        """There must be one. Raises `ValidationError` in words."""
        if field.data is None:
            raise ValidationError(gettext("Write the first day."))

    def validate_ends_on(self, field: DateField) -> None:
        """After the first, not too far, not over. Raises `ValidationError` in words."""
        if field.data is None:
            raise ValidationError(gettext("Write the last day. Every notice ends."))
        if field.data < clock.today():
            raise ValidationError(gettext("This day has passed. Write a later one."))
        if self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(gettext("The last day comes before the first. Change one of them."))
        if self.starts_on.data and field.data - self.starts_on.data > LONGEST:
            raise ValidationError(gettext("A notice shows for 60 days at most. Choose an earlier last day."))

    def validate_place(self, field: SelectField) -> None:
        """One that is offered. Raises `ValidationError` in words."""
        if field.data and field.data not in self.places:
            raise ValidationError(gettext("Choose where it should show."))

    def validate_link_en(self, field: Any) -> None:
        """Words where there is an address, and an address where there are words. Raises `ValidationError` in words."""
        if self.url.data and not field.data:
            raise ValidationError(gettext("Say in a few words where the link leads."))
        if field.data and not self.url.data:
            raise ValidationError(gettext("Write the web address, or empty these words."))

    @property
    def banner(self) -> Banner:
        """The banner of a valid form."""
        return Banner(
            words=self._by_language("words"),
            starts_on=self.starts_on.data or clock.today(),
            ends_on=self.ends_on.data or clock.today(),
            tone=Tone(self.tone.data),
            place=self.place.data or "",
            url=self.url.data or "",
            link_words=self._by_language("link") if self.url.data else {},
        )

    def _by_language(self, part: str) -> dict[str, str]:
        return {code: self[f"{part}_{code}"].data for code in self.languages if self[f"{part}_{code}"].data}


def banner_form(
    languages: Sequence[str],
    localities: Mapping[str, Locality],
    posted: MultiDict[str, str] | None = None,
    banner: Banner | None = None,
) -> BannerForm:
    """The form, filled from what was posted, else from a banner."""
    codes = (SOURCE, *(code for code in languages if code != SOURCE))
    fields: dict[str, Any] = {"languages": codes, "places": frozenset(localities)}
    for code in codes:
        must = [not_empty(_("Write the words in English."))] if code == SOURCE else []
        fields[f"words_{code}"] = sentence_field(_("Words in %(language)s", language=LANGUAGES[code].name), LONGEST_WORDS, *must)
        fields[f"link_{code}"] = words_field(_("Words of the link in %(language)s", language=LANGUAGES[code].name), LONGEST_LINK)
    made: type[BannerForm] = type("BannerForm", (BannerForm,), fields)
    form = made(posted, data=_values(banner) if banner else None)
    form.place.choices = [("", gettext("On every page")), *((place.slug, place.name) for place in localities.values())]
    return form


def _values(banner: Banner) -> dict[str, Any]:
    values = {"tone": banner.tone.value, "starts_on": banner.starts_on, "ends_on": banner.ends_on, "place": banner.place, "url": banner.url}
    words = {f"words_{code}": text for code, text in banner.words.items()}
    return {**values, **words, **{f"link_{code}": text for code, text in banner.link_words.items()}}
