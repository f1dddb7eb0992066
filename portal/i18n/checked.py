"""What native speakers have read through: `translations/checked.toml` in, who checked which part of a language out.

Until a part stands there, all of it is a draft, and pages say so.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from portal.errors import ContentError
from portal.i18n.languages import LANGUAGES, SOURCE

FILE: Final = "checked.toml"
MESSAGES: Final = "messages"  # the words of pages, forms and errors
URGENT: Final = "urgent"  # the cards of urgent help
SEARCH: Final = "search"  # the words that search and urgent help listen for
PARTS: Final = (MESSAGES, URGENT, SEARCH)


@dataclass(frozen=True)
class Check:
    """Who read a part of a language through, and on which day."""

    by: str
    on: date


@dataclass(frozen=True)
class Checked:
    """Checks by (language, part)."""

    checks: Mapping[tuple[str, str], Check]

    def is_draft(self, language: str, part: str) -> bool:
        """Whether nobody has checked `part` of `language` yet. English is nobody's draft."""
        return language != SOURCE and (language, part) not in self.checks


def load_checked(translations: Path) -> Checked:
    """Read `checked.toml` in the folder of translations; without it nothing is checked.

    Raises `ContentError` for a language or part that is not ours.
    """
    path = translations / FILE
    try:
        table = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
        rows = {(code, part): Check(row["by"], row["on"]) for code, parts in table.items() for part, row in parts.items()}
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise ContentError(f'{path}: each [language.part] needs by = "name" and on = a date ({error}).') from error
    for (code, part), check in rows.items():
        if code not in LANGUAGES or part not in PARTS or type(check.on) is not date or not check.by:
            raise ContentError(f"{path}: [{code}.{part}] must name a language, one of {', '.join(PARTS)}, by whom and on which day.")
    return Checked(rows)
