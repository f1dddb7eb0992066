"""The columns of our spreadsheets, in their order: the same on the way out and on the way in.

The order matters: places are read before what happens at them. A cell that is as we wrote it is never read (`planning`), so that
nothing which a cell cannot say is lost by sending it out and back. Headings are English, as the listings are.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from portal.editing.spreadsheet import cells, kinds, parts
from portal.editing.spreadsheet.headings import also
from portal.editing.spreadsheet.hints import HINTS
from portal.editing.spreadsheet.kinds import Column, Read, Write
from portal.editing.spreadsheet.places import PARTS
from portal.editing.spreadsheet.table import folded
from portal.editing.spreadsheet.words import read_language, write_language

ID: Final = "id"
ID_HEADING: Final = "Id"
VERSION: Final = "version"
VERSION_HEADING: Final = "Version"
ID_ALSO: Final = ("service id", "uuid", "listing id", "record id")


def _column(key: str, heading: str, kind: tuple[Write, Read], *, is_by_place: bool = False) -> Column:
    write, read = kind
    return Column(key, heading, HINTS[key], write, read, also(key), is_by_place)


COLUMNS: Final = (
    _column("name", "Name", kinds.checked("name", cells.read_name)),
    _column("description", "What it does", kinds.words_in("description")),
    _column("status", "State", (kinds.write_status, kinds.read_status)),
    _column("alert", "Notice", kinds.words_in("alert")),
    _column("needs", "Helps with", kinds.chosen("needs", "needs")),
    _column("who_for", "Who it is for", kinds.chosen("who_for", "who_for")),
    _column("ages", "Ages", (kinds.write_ages, kinds.read_ages)),
    _column("eligibility", "Who can use it", kinds.words_in("eligibility")),
    _column("how", "How it happens", kinds.chosen("how", "ways")),
    _column("venues", "Places", (kinds.write_venues, kinds.read_venues)),
    _column("times", "Times", (kinds.write_times, kinds.read_times), is_by_place=True),
    _column("closures", "Closed days", (kinds.write_closures, kinds.read_closures), is_by_place=True),
    _column("access", "Access", (kinds.write_access, kinds.read_access), is_by_place=True),
    _column("directions", "Getting there", kinds.of_venues("directions"), is_by_place=True),
    _column("place_note", "About the place", kinds.of_venues("note"), is_by_place=True),
    _column(
        "areas",
        "Areas covered",
        kinds.listed("areas", lambda area, words: words.write_area(area), lambda text, words: [words.read_area(text)], "; "),
    ),
    _column(
        "phones",
        "Phone numbers",
        kinds.listed("phones", lambda phone, _words: parts.write_phone(phone), lambda text, _words: parts.read_phones(text)),
    ),
    _column("email", "E-mail", kinds.checked("email", cells.read_email)),
    _column("url", "Web page", kinds.checked("url", cells.read_url)),
    _column("application_process", "How to start", kinds.words_in("application_process")),
    _column("wait_time", "How long people wait", kinds.words_in("wait_time")),
    _column("fees", "Cost in words", kinds.words_in("fees")),
    _column(
        "costs", "Prices", kinds.listed("costs", lambda cost, _words: parts.write_cost(cost), lambda text, _words: [parts.read_cost(text)])
    ),
    _column("documents", "What to bring", (kinds.write_documents, kinds.read_documents)),
    _column(
        "languages",
        "Languages spoken",
        kinds.listed("languages", lambda language, _words: write_language(language), lambda text, _words: [read_language(text)], "; "),
    ),
    _column("interpretation", "Interpreters", kinds.words_in("interpretation")),
    _column(
        "translations",
        "In other languages",
        kinds.listed(
            "translations", lambda each, _words: parts.write_translation(each), lambda text, _words: [parts.read_translation(text)]
        ),
    ),
)
BY_KEY: Final = {column.key: column for column in COLUMNS}


@cache
def known_headings() -> frozenset[str]:
    """All headings that we know, folded."""
    return frozenset(synonyms())


@cache
def synonyms() -> dict[str, str]:
    """Folded headings → the key of our column. Our own headings come before what others call theirs."""
    others = {folded(name): column.key for column in reversed(COLUMNS) for name in column.also}
    others |= {folded(name): part.key for part in PARTS for name in part.also}
    own = {folded(column.heading): column.key for column in (*COLUMNS, *PARTS)}
    ids = {folded(name): ID for name in (ID_HEADING, *ID_ALSO)}
    return others | own | ids | {folded(VERSION_HEADING): VERSION}
