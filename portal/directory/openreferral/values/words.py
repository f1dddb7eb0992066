"""Values from a closed list: states, kinds of place, countries, languages, postcodes, rules of recurrence, our own ids."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from babel import Locale

from portal.directory.openreferral.rows import Action, Cleaned, Remark, mended, refused
from portal.directory.openreferral.values.plain_text import EMPTY, as_text, clean_line

_STATUSES: Final = {
    **dict.fromkeys(("active", "open", "live", "published", "current", "approved", "true"), "active"),
    **dict.fromkeys(("inactive", "draft", "archived", "suspended", "unpublished", "hidden", "pending", "false"), "inactive"),
    **dict.fromkeys(("defunct", "closed", "ceased", "deleted", "withdrawn", "permanently closed"), "defunct"),
    **dict.fromkeys(("temporarily closed", "temporarilyclosed", "temporary closed", "paused", "closed temporarily"), "temporarily closed"),
}
_PLACE_TYPES: Final = {
    **dict.fromkeys(("physical", "building", "venue", "place"), "physical"),
    **dict.fromkeys(("postal", "mailing", "correspondence"), "postal"),
    **dict.fromkeys(("virtual", "online", "web", "phone", "telephone"), "virtual"),
}
_COUNTRIES: Final = {
    **dict.fromkeys(("gb", "gbr", "uk", "united kingdom", "great britain", "england", "scotland", "wales", "northern ireland"), "GB"),
}
_POSTCODE: Final = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})")
_UNSPACED: Final = re.compile(r"[^A-Z0-9]")


def clean_status(raw: object) -> Cleaned:
    """One of Open Referral's four states."""
    return _from_list(raw, _STATUSES, "This is none of the four states a listing can have.")


def clean_place_type(raw: object) -> Cleaned:
    """`physical`, `postal` or `virtual`."""
    return _from_list(raw, _PLACE_TYPES, "This is no kind of place.")


def clean_country(raw: object) -> Cleaned:
    """Two letters where we know them, else as written."""
    found = clean_line(raw)
    key = str(found.value or "").casefold().replace("-", " ")
    return Cleaned(_COUNTRIES[key]) if key in _COUNTRIES else found


def clean_language(raw: object) -> Cleaned:
    """A language's code (`tr`, `bfi`), lower case; its English name is turned into the code."""
    text = str(clean_line(raw).value or "").strip().casefold().replace("_", "-")
    if not text or text in EMPTY:
        return Cleaned(None)
    if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", text):
        return Cleaned(text)
    code = code_of_language(text)
    return (
        mended(code, "The language's name was turned into its code.")
        if code
        else refused("This is not a language's code, so it was left out.")
    )


def code_of_language(name: str) -> str | None:
    """The code of a language by its English name; None for one that we do not know."""
    return _codes().get(name.casefold())


@cache
def _codes() -> dict[str, str]:
    names = Locale("en").languages
    codes = {name.casefold(): code for code, name in names.items() if re.fullmatch("[a-z]{2,3}", code)}
    return codes | {"panjabi": "pa", "british sign language": "bfi", "bsl": "bfi", "farsi": "fa", "sylheti": "syl", "mandarin": "zh"}


def clean_postcode(raw: object) -> Cleaned:
    """A postcode in capitals with its one space; what is not shaped like one of ours is kept as written."""
    found = clean_line(raw)
    if not isinstance(found.value, str):
        return found
    written = found.value
    match = _POSTCODE.fullmatch(_UNSPACED.sub("", written.upper()))
    if match is None:
        return Cleaned(written[:12], (*found.remarks, Remark(Action.NOTED, "This is not shaped like a postcode; it was kept as written.")))
    postcode = f"{match[1]} {match[2]}"
    return Cleaned(postcode) if postcode == written else mended(postcode, "The postcode was written in capitals with one space.")


def clean_ids(raw: object) -> Cleaned:
    """Our own ids as a list, each once, in the order given; whether they exist is for `needs` to check."""
    parts = raw if isinstance(raw, list) else str(as_text(raw) or "").split(",")
    ids = [part.strip() for part in parts if isinstance(part, str) and part.strip()]
    return Cleaned(list(dict.fromkeys(ids[:20])) or None)


def _from_list(raw: object, known: dict[str, str], words: str) -> Cleaned:
    text = re.sub(r"[\s_-]+", " ", (as_text(raw) or "").strip().casefold())
    if not text and as_text(raw) is not None:
        return Cleaned(None)
    value = known.get(text)
    if value is None:
        return refused(words)
    return Cleaned(value) if value == raw else mended(value, "This was written in another way.")
