"""The form of a locality's words in one language: the words there are and what was typed in, words or messages out.

English has everything: what the place is like, and up to six who help there. Another language has its own words for the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from wtforms import Form

from portal.council.content import LONGEST_ABOUT, MOST_HELPERS, Helper, PlaceWords
from portal.editing.council.fields import number_field, text_field, url_field, version_field, words_field
from portal.i18n.languages import SOURCE
from portal.i18n.text import gettext
from portal.i18n.text import lazy_gettext as _

LONGEST_NAME: Final = 80
LONGEST_WHAT: Final = 120


class PlaceForm(Form):
    """Words about a place. Fields of helpers are numbered: see `place_form`."""

    language: str
    before: PlaceWords
    version = version_field()
    about = text_field(_("About this place"), LONGEST_ABOUT)

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether all of it can be kept. A helper needs a name and a way to reach them."""
        is_right = super().validate(extra_validators)
        return all([is_right, *(self._is_whole(number) for number in self.numbers if self.language == SOURCE)])

    @property
    def numbers(self) -> range:
        """Numbers of the helpers that the form has fields for."""
        return range(1, (MOST_HELPERS if self.language == SOURCE else len(self.before.helpers)) + 1)

    def _is_whole(self, number: int) -> bool:
        name, what, phone, url = (self[f"{part}_{number}"] for part in ("name", "what", "phone", "url"))
        if not name.data and (what.data or phone.data or url.data):
            name.errors = [*name.errors, gettext("Write who it is, or empty the whole of this part.")]
            return False
        if name.data and not (phone.data or url.data):
            phone.errors = [*phone.errors, gettext("Write a phone number or a web page, so that people can reach them.")]
            return False
        return True

    @property
    def words(self) -> PlaceWords:
        """The words of a valid form, with those of the other languages as they were."""
        about = {**self.before.about, self.language: self.about.data or ""}
        helpers = self._english_helpers() if self.language == SOURCE else self._translated_helpers()
        return PlaceWords({code: text for code, text in about.items() if text}, tuple(helpers))

    def _english_helpers(self) -> list[Helper]:
        known = {helper.name: helper for helper in self.before.helpers}
        found = []
        for number in self.numbers:
            name, what, phone, url = (self[f"{part}_{number}"].data or "" for part in ("name", "what", "phone", "url"))
            if name:
                others = known[name].what if name in known else {}
                said = {code: text for code, text in {**others, SOURCE: what}.items() if text}
                found.append(Helper(name, said, phone, url))
        return found

    def _translated_helpers(self) -> list[Helper]:
        pairs = zip(self.before.helpers, (self[f"what_{number}"].data or "" for number in self.numbers), strict=True)
        said = ((helper, {**helper.what, self.language: what}) for helper, what in pairs)
        return [replace(helper, what={code: text for code, text in words.items() if text}) for helper, words in said]


def place_form(language: str, before: PlaceWords, posted: Any = None) -> PlaceForm:
    """The form in one language, filled from what was posted, else from the words there are."""
    fields: dict[str, Any] = {"language": language, "before": before}
    values: dict[str, Any] = {"about": before.about.get(language, "")}
    for number in range(1, MOST_HELPERS + 1):
        helper = before.helpers[number - 1] if number <= len(before.helpers) else Helper("")
        values |= {f"what_{number}": helper.what.get(language, ""), f"name_{number}": helper.name}
        values |= {f"phone_{number}": helper.phone, f"url_{number}": helper.url}
        if language == SOURCE:
            fields[f"name_{number}"] = words_field(_("Who"), LONGEST_NAME)
            fields[f"phone_{number}"] = number_field(_("Phone number"))
            fields[f"url_{number}"] = url_field(_("Web page"))
        if language == SOURCE or number <= len(before.helpers):
            fields[f"what_{number}"] = words_field(_("What they do"), LONGEST_WHAT)
    made: type[PlaceForm] = type("PlaceForm", (PlaceForm,), fields)
    return made(posted, data=values)
