"""What was asked: request arguments in, a frozen `SearchQuery` out, and its shortest arguments back for links.

Everything is bounded here: length of text, number of choices, page number. Values that are not offered are left out, so
that an old or mistyped link still answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from werkzeug.datastructures import MultiDict

from portal.taxonomy.terms import DELIVERIES, Taxonomy
from portal.taxonomy.words import LONGEST_TEXT
from portal.typed import one_line, whole_number

LONGEST_PLACE: Final = 80
LAST_PAGE: Final = 500
WHEN: Final = ("now", "day", "evening", "weekend")
AGES: Final[Mapping[str, tuple[int, int]]] = {"0-15": (0, 15), "16-25": (16, 25), "26-64": (26, 64), "65": (65, 130)}
MILES: Final = ("1", "3", "5", "10")


@dataclass(frozen=True)
class SearchQuery:
    """A question and what narrows it down. Within a group any value, across groups all. `within` in miles, "" for our own reach."""

    text: str = ""
    place: str = ""
    need: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    age: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    cost: tuple[str, ...] = ()
    how: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    speaks: tuple[str, ...] = ()
    within: str = ""
    page: int = 1

    @classmethod
    def from_args(cls, args: MultiDict[str, str], taxonomy: Taxonomy) -> SearchQuery:
        """Read a request's arguments, whatever they hold."""
        offered = choices(taxonomy)
        within = args.get("within", "")
        return cls(
            text=one_line(args.get("q", ""), LONGEST_TEXT),
            place=one_line(args.get("place", ""), LONGEST_PLACE),
            **{group: _chosen(args.getlist(group), allowed) for group, allowed in offered.items()},
            speaks=tuple(dict.fromkeys(code for code in args.getlist("speaks")[:20] if code.isalpha() and len(code) <= 3)),
            within=within if within in MILES else "",
            page=min(whole_number(args.get("page", "1")) or 1, LAST_PAGE),
        )

    def to_args(self) -> dict[str, object]:
        """The shortest arguments that give this query back."""
        groups = {group: list(getattr(self, group)) for group in GROUPS}
        args: dict[str, object] = {"q": self.text, "place": self.place, **groups, "within": self.within}
        if self.page > 1:
            args["page"] = self.page
        return {key: value for key, value in args.items() if value}

    def without(self, group: str, value: str = "") -> SearchQuery:
        """The query without a group (`place` and `within` are groups too), or without one of its values; back on page 1."""
        if group in ("text", "place", "within"):
            return replace(self, **{group: "", "page": 1})  # type: ignore[arg-type]  # the names are fields that hold text
        left = tuple(kept for kept in getattr(self, group) if value and kept != value)
        return replace(self, **{group: left, "page": 1})  # type: ignore[arg-type]  # the names are fields that hold tuples

    def turned(self, pages: int) -> SearchQuery:
        """The query some pages on, or back."""
        return replace(self, page=self.page + pages)

    def at(self, place: str) -> SearchQuery:
        """The query at another place, on page 1."""
        return replace(self, place=place, page=1)

    @property
    def narrowed(self) -> tuple[tuple[str, str], ...]:
        """Each (group, value) that narrows the question."""
        chosen = [(group, value) for group in GROUPS for value in getattr(self, group)]
        return (*chosen, ("within", self.within)) if self.within else tuple(chosen)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was asked."""
        return not (self.text or self.place or self.narrowed)


GROUPS: Final = ("need", "who", "age", "when", "cost", "how", "access", "speaks")


def choices(taxonomy: Taxonomy) -> dict[str, tuple[str, ...]]:
    """Group → the values that it offers; languages spoken come from the listings."""
    return {
        "need": tuple(taxonomy.needs),
        "who": tuple(taxonomy.audiences),
        "age": tuple(AGES),
        "when": WHEN,
        "cost": ("free",),
        "how": DELIVERIES,
        "access": tuple(taxonomy.access),
    }


def _chosen(values: Iterable[str], allowed: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value for value in allowed if value in set(values))
