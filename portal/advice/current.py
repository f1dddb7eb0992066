"""The pages as the council keeps them: the files' pages and what the council's words stand at in, pages of today out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from portal import clock
from portal.advice.easy_read import EasyRead
from portal.advice.page import Pages
from portal.advice.pages import Library
from portal.council.standing import Standing


class CurrentLibrary:
    """A `Library` with the facts that the council wrote, as they stand whenever it is asked."""

    def __init__(self, library: Library, standing: Standing) -> None:
        self._library = library
        self._standing = standing

    def on(self, day: date) -> Pages:
        """The pages as they are on `day`."""
        return self._library.on(day, self._standing.facts)

    @property
    def easy_reads(self) -> Mapping[str, EasyRead]:
        """Easy Reads by slug, as they are today."""
        return self._library.easy_reads_on(clock.today(), self._standing.facts)
