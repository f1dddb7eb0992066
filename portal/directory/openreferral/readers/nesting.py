"""Nested objects in, flat raw rows out: each child learns its parent's id, whether it is nested below it or named by id.

What has no column is counted, once for each field, so that nothing is dropped silently.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from portal.directory.openreferral.identifiers import PACK, Identities, child_id
from portal.directory.openreferral.rows import RawRow, Source
from portal.directory.openreferral.tables import ALIASES, BARE, LISTS, SINGLES, has_column, kinds_of, points_to

DEEPEST: Final = 8  # nouns nest five deep at most; more is a source that contains itself
LONGEST_KEY: Final = 60
_NAMED: Final[Mapping[str, tuple[str, ...]]] = {  # what makes an id for a thing that comes without one, wherever it is nested
    "organization": ("name",),
    "taxonomy": ("name",),
    "taxonomy_term": ("taxonomy", "name", "code"),
}


@dataclass(frozen=True)
class At:
    """Where in a source we are: the row or file, the listing, the outermost object's number, the ids of parents, how deep."""

    where: str
    record: int
    listing: str = ""
    parent: uuid.UUID | None = None
    place: str = ""
    links: tuple[tuple[str, object], ...] = ()
    depth: int = 0


class Flattener:
    """Collects the rows of one source. `name` is the source's; ids are as `identities` has them, or made from `namespace`."""

    def __init__(self, name: str, namespace: str, identities: Identities | None = None) -> None:
        self._name = name
        self._namespace = namespace
        self._identities = identities or Identities(namespace)
        self._rows: list[RawRow] = []
        self._unkept: Counter[str] = Counter()

    def finish(self) -> Source:
        """All that was added."""
        is_own = self._namespace == PACK
        return Source(self._name, self._rows, 0 if is_own else self._identities.made, self._unkept, is_own)

    def leave(self, name: str) -> None:
        """Count a part of the source that has no place here."""
        self._unkept[name] += 1

    def add(self, table: str, thing: Mapping[str, object], at: At) -> uuid.UUID | None:
        """Add `thing` and everything nested in it; its id, or None where there is nothing to make one from."""
        own_id = self._id_of(table, thing, at)
        if table in ("service", "organization"):
            at = replace(at, listing=_text(thing.get("name")))
        inner = At(at.where, at.record, at.listing, own_id, "", (), at.depth + 1)
        values: dict[str, object] = {}
        row = RawRow(table, own_id, values, at.where, at.listing, at.record)
        self._rows.append(row)
        for key, value in _with_term(table, thing).items():
            if key != "id" and value not in (None, "", [], {}):
                self._put(row, key, value, inner)
        for column, parent in at.links:
            if has_column(table, column):
                values[column] = parent
        return own_id

    def _put(self, row: RawRow, key: str, value: object, inner: At) -> None:
        table = row.table
        if key in LISTS and isinstance(value, list | dict):
            self._children(table, key, value, inner)
        elif key in SINGLES and has_column(table, f"{SINGLES[key]}_id"):
            self._single(row, key, value, inner)
        elif key in kinds_of(table):
            row.values[key] = self._reference(row, key, value)
        else:
            self._alias(row, key, value)

    def _reference(self, row: RawRow, column: str, value: object) -> object:
        """References become UUIDs here, since only here it is known how this source makes them."""
        if not column.endswith("_id") or kinds_of(row.table)[column] != "reference":
            return value
        target = _link_table(row, column)
        return self._identities.find(target, value) or value

    def _children(self, table: str, key: str, value: object, inner: At) -> None:
        child = LISTS[key]
        column = "link_id" if child == "attribute" else f"{table}_id"
        things = value if isinstance(value, list) else [value]
        if not has_column(child, column) or inner.depth > DEEPEST:
            self._not_kept(table, key, len(things))
            return
        links: tuple[tuple[str, object], ...] = ((column, inner.parent), ("link_entity", table))
        for number, given in enumerate(things):
            thing = {BARE[child]: given} if isinstance(given, str) and child in BARE else given
            if isinstance(thing, dict):
                self.add(child, thing, replace(inner, place=f"{child}/{number}", links=links))
            else:
                self._not_kept(table, key)

    def _single(self, row: RawRow, key: str, value: object, inner: At) -> None:
        target = SINGLES[key]
        column = f"{target}_id"
        if not isinstance(value, dict):
            row.values[column] = self._identities.find(target, value) or value
        elif set(value) <= {"id"} or inner.depth > DEEPEST:
            row.values.setdefault(column, self._identities.find(target, value.get("id")))
        else:
            found = self.add(target, value, replace(inner, place=target, links=()))
            row.values[column] = found or row.values.get(column)

    def _alias(self, row: RawRow, key: str, value: object) -> None:
        column = ALIASES.get(f"{row.table}.{key}")
        if column is None or row.values.get(column, value) != value:
            self._not_kept(row.table, key)
        else:
            row.values[column] = value

    def _not_kept(self, table: str, key: str, number: int = 1) -> None:
        name = "".join(letter for letter in key if letter.isprintable())[:LONGEST_KEY]  # it goes to a terminal
        self._unkept[f"{table}.{name}"] += number

    def _id_of(self, table: str, thing: Mapping[str, object], at: At) -> uuid.UUID | None:
        found = self._identities.find(table, thing.get("id"))
        if found is not None:
            return found
        if table in _NAMED:
            names = [_text(thing.get(column)) for column in _NAMED[table]]
            return child_id(self._root(table), "\n".join(names)) if any(names) else None
        if at.place and at.parent is not None:
            return child_id(at.parent, at.place)
        return None if at.place else self._id_of_outermost(table, thing)

    def _id_of_outermost(self, table: str, thing: Mapping[str, object]) -> uuid.UUID | None:
        """From the name for what has one; from all that is said of it for a row of a table, whose place may change."""
        if table == "service":
            name, organization = _text(thing.get("name")), thing.get("organization")
            owner = organization.get("name") if isinstance(organization, dict) else thing.get("organization_id")
            return child_id(self._root(table), f"{_text(owner)}\n{name}") if name else None
        said = {key: value for key, value in thing.items() if value}
        return child_id(self._root(table), json.dumps(said, sort_keys=True, default=str)) if said else None

    def _root(self, table: str) -> uuid.UUID:
        return self._identities.root(table)


def _link_table(row: RawRow, column: str) -> str:
    from_row = _text(row.values.get("link_entity"))
    return from_row if column == "link_id" and from_row else points_to(column)


def _with_term(table: str, thing: Mapping[str, object]) -> Mapping[str, object]:
    """An attribute tells first what it is attached to, and carries a term that is only words as the standard does: nested."""
    if table != "attribute":
        return thing
    rest = {"link_entity": thing.get("link_entity"), **thing}
    if isinstance(thing.get("term"), str) and not thing.get("taxonomy_term") and not thing.get("taxonomy_term_id"):
        rest["taxonomy_term"] = {"name": rest.pop("term"), "taxonomy": rest.pop("taxonomy", "")}
    return rest


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
