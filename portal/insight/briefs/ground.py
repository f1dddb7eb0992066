"""What briefs are written from, and how they write words and counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from babel import Locale
from markupsafe import Markup

from portal.i18n.text import gettext
from portal.i18n.untranslated import END, START, without_signs
from portal.insight.desk.numbers import Number
from portal.insight.desk.wording import amount
from portal.insight.matrix import Cell, Matrix
from portal.insight.provision import Provision
from portal.localities.collection import Locality
from portal.localities.need import NeedTable
from portal.taxonomy.terms import Taxonomy


@dataclass(frozen=True)
class Ground:
    """What briefs are written from: figures, names, and whom they are for. `whole` is what there is in the borough together."""

    matrix: Matrix
    whole: Provision
    need: NeedTable
    localities: Mapping[str, Locality]
    taxonomy: Taxonomy
    borough: str
    site: str
    locale: Locale
    language: str


def need_of(ground: Ground, cell: Cell) -> str:
    """What a cell's need is called, at the head of a row."""
    need = plain(gettext(ground.taxonomy.needs[cell.need].label))
    first = without_signs(need)[:1]
    return need.replace(first, first.upper(), 1)


def count(ground: Ground, number: int | None) -> str:
    """A whole number as it is read; empty where it is not known."""
    return "" if number is None else amount(ground.locale, number, Number.COVERS)


def english(text: str) -> str:
    """What is English in every language, such as the name of a source."""
    return f"{START}{text}{END}"


def words(*said: object) -> tuple[str, ...]:
    """Each as `plain`."""
    return tuple(map(plain, said))


def plain(said: object) -> str:
    """Words as they are read: what was escaped for a page is not on paper."""
    return said.unescape() if isinstance(said, Markup) else str(said)
