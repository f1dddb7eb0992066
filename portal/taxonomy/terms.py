"""What people need and how services are named: `content/taxonomy.yaml` in, a frozen `Taxonomy` out.

Labels are in English here; templates pass them through gettext. Ids never change once published.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from portal.errors import ContentError
from portal.pack import read_yaml
from portal.taxonomy.phrases import PhraseBook

DELIVERIES: Final = ("in-person", "home", "online", "phone")


@dataclass(frozen=True)
class Group:
    """A heading for needs, with the name of an icon."""

    id: str
    label: str
    icon: str


@dataclass(frozen=True)
class Outcome:
    """A Care Act outcome and whom it counts for: `adult`, `carer` or both."""

    id: str
    label: str
    counts_for: tuple[str, ...]


@dataclass(frozen=True)
class Need:
    """What somebody may need; `label` ends the sentence "services that can help with …".

    `is_sensitive`: to be seen reading of it may be dangerous, so that pages about it offer "Exit this page".
    """

    id: str
    group: str
    label: str
    outcomes: tuple[str, ...]
    is_sensitive: bool = False


@dataclass(frozen=True)
class Audience:
    """Whom a service is for, as residents would say it."""

    id: str
    label: str


@dataclass(frozen=True)
class Access:
    """Something that makes a place easier to use; `words` are phrases that listings say it with."""

    id: str
    label: str
    words: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Taxonomy:
    """All terms, each in the order of the file."""

    groups: Mapping[str, Group]
    outcomes: Mapping[str, Outcome]
    needs: Mapping[str, Need]
    audiences: Mapping[str, Audience]
    access: Mapping[str, Access]

    @cached_property
    def needs_by_group(self) -> Mapping[str, tuple[Need, ...]]:
        """Group id → its needs."""
        return {group: tuple(need for need in self.needs.values() if need.group == group) for group in self.groups}

    def is_sensitive(self, need_ids: Iterable[str]) -> bool:
        """Whether any of these needs is sensitive; ids that are not known are not."""
        return any(self.needs[need].is_sensitive for need in need_ids if need in self.needs)

    @cached_property
    def access_book(self) -> PhraseBook:
        """Finds access ids in the words of a listing."""
        return PhraseBook({access.id: access.words for access in self.access.values()})


def load_taxonomy(path: Path) -> Taxonomy:
    """Read the file. Raises `ContentError` for a missing key, a repeated id, or a need of an unknown group or outcome."""
    raw = read_yaml(path)
    try:
        taxonomy = Taxonomy(
            groups=_by_id(path, [Group(**row) for row in raw["groups"]]),
            outcomes=_by_id(path, [Outcome(row["id"], row["label"], tuple(row["for"])) for row in raw["outcomes"]]),
            needs=_by_id(path, [_need(row) for row in raw["needs"]]),
            audiences=_by_id(path, [Audience(**row) for row in raw["audiences"]]),
            access=_by_id(path, [Access(row["id"], row["label"], tuple(row["words"])) for row in raw["access"]]),
        )
    except (KeyError, TypeError) as error:
        raise ContentError(f"{path}: {error}") from error
    for need in taxonomy.needs.values():
        if need.group not in taxonomy.groups or not set(need.outcomes) <= set(taxonomy.outcomes):
            raise ContentError(f"{path}: need {need.id} names a group or an outcome that is not there.")
    return taxonomy


def _need(row: dict[str, Any]) -> Need:
    return Need(row["id"], row["group"], row["label"], tuple(row["outcomes"]), bool(row.get("sensitive")))


def _by_id(path: Path, rows: list[Any]) -> Mapping[str, Any]:
    found = {row.id: row for row in rows}
    if len(found) != len(rows):
        raise ContentError(f"{path}: an id is there twice.")
    return found
