"""A raw row in, clean rows and findings out: each value by the kind of its column, then the values of a row together.

One raw row gives one row, none where it cannot be a listing, or several where it holds several telephone numbers.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Final

from portal.directory.openreferral import mending
from portal.directory.openreferral.rows import Action, Cleaned, Finding, RawRow, Remark, Row, Source, Value, finding_of, refused
from portal.directory.openreferral.tables import Kind, kinds_of
from portal.directory.openreferral.values import links, moments, numbers, phone_numbers, plain_text, titles, weekdays, words


def _reference(raw: object) -> Cleaned:
    return Cleaned(raw) if isinstance(raw, uuid.UUID) else refused("This refers to nothing that can be found, so it was left out.")


def _phone(raw: object) -> Cleaned:
    return Cleaned(phone_numbers.as_written(raw) or None)  # mending.mend_phone reads it


CLEANERS: Final[Mapping[Kind, Callable[[object], Cleaned]]] = {
    Kind.TITLE: titles.clean_title,
    Kind.LINE: plain_text.clean_line,
    Kind.PROSE: plain_text.clean_prose,
    Kind.URL: links.clean_url,
    Kind.EMAIL: links.clean_email,
    Kind.AGE: numbers.clean_age,
    Kind.AMOUNT: numbers.clean_amount,
    Kind.COUNT: numbers.clean_count,
    Kind.YEAR: numbers.clean_year,
    Kind.DAY: moments.clean_day,
    Kind.MOMENT: moments.clean_moment,
    Kind.CLOCK: moments.clean_clock,
    Kind.DEGREES: numbers.clean_degrees,
    Kind.POSTCODE: words.clean_postcode,
    Kind.COUNTRY: words.clean_country,
    Kind.LANGUAGE: words.clean_language,
    Kind.FLAG: numbers.clean_flag,
    Kind.STATUS: words.clean_status,
    Kind.PLACE_TYPE: words.clean_place_type,
    Kind.IDS: words.clean_ids,
    Kind.FREQUENCY: weekdays.clean_frequency,
    Kind.WEEKDAYS: weekdays.clean_weekdays,
    Kind.PHONE: _phone,
    Kind.REFERENCE: _reference,
}


_LABELLED: Final = ("organization", "service")  # these tell residents where they come from


def clean(raw: RawRow, source: Source) -> tuple[list[Row], list[Finding]]:
    """The rows that `raw` stands for and what was mended, refused or is worth knowing."""
    if raw.id is None:
        remark = Remark(Action.REFUSED, "It has no id and no name, so there is nothing to call it by. It was left out.")
        return [], [finding_of(raw, source.name, ("", _first_words(raw), None), remark)]
    findings: list[Finding] = []
    values: dict[str, Value] = {}
    kinds = kinds_of(raw.table)
    for column, given in raw.values.items():
        found = CLEANERS[kinds[column]](given) if column in kinds else Cleaned(None)
        if found.value is not None:
            values[column] = found.value
        for remark in found.remarks:
            findings.append(finding_of(raw, source.name, (column, given, found.value), remark))
    if raw.table in _LABELLED:
        values.setdefault("source", "" if source.is_own else source.name)
    if raw.table == "service" and source.is_own:
        values.setdefault("who_for", [])  # everybody, on purpose: no rule is asked
    row = Row(raw.table, raw.id, values, source.name, raw.where, raw.listing, raw.record)
    rows, more = mending.mend(row)
    return rows, findings + more


def _first_words(raw: RawRow) -> str:
    return ", ".join(f"{key}: {value}" for key, value in list(raw.values.items())[:3])
