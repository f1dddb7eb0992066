"""Terms: our own needs as a taxonomy that is the same in every portal, and the vocabularies that listings came with.

A need that is called the same has the same id everywhere, so that what one portal gives another takes in knows again. Where the
directory was loaded from another portal, our own vocabulary lies in its tables as well; it is given once.
"""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Final

import msgspec
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from portal.api.oruk.term_shapes import Attribute, Taxonomy, TaxonomyTerm
from portal.api.oruk.values import uri
from portal.directory import terms
from portal.directory.openreferral.identifiers import child_id, made_id
from portal.directory.openreferral.needs import OURS
from portal.taxonomy.terms import Taxonomy as Needs

NAME: Final = OURS.capitalize()
VERSION: Final = "1"
_TERM: Final = terms.TaxonomyTerm.__table__
TERM_COLUMNS: Final = tuple(_TERM.c[name] for name in (
    "id", "code", "name", "description", "parent_id", "taxonomy", "taxonomy_id", "language", "term_uri",
))  # fmt: skip


class Vocabulary:
    """Our needs and their groups as terms."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs
        self.id = made_id(OURS, "taxonomy", OURS)

    @cached_property
    def taxonomy(self) -> Taxonomy:
        """The vocabulary itself."""
        return Taxonomy(
            id=self.id,
            name=NAME,
            description="What people may need help with, in the words of residents. Top terms are headings; services have the others.",
            version=VERSION,
        )

    @cached_property
    def terms(self) -> tuple[TaxonomyTerm, ...]:
        """Each heading, followed by its needs, in the order of the file."""
        return tuple(self._list())

    @cached_property
    def by_need(self) -> dict[str, TaxonomyTerm]:
        """Need id → its term."""
        return {term.code: term for term in self.terms if term.code and term.parent_id}

    @cached_property
    def mark(self) -> str:
        """Another text where the terms are others."""
        return f"{zlib.crc32(msgspec.json.encode(self.terms)):08x}"

    @cached_property
    def need_of(self) -> dict[uuid.UUID, str]:
        """Term id → the need that it stands for."""
        return {term.id: need for need, term in self.by_need.items()}

    def attribute(self, service_id: uuid.UUID, need: str) -> Attribute:
        """A need as a term attached to a service."""
        term = self.by_need[need]
        return Attribute(
            id=child_id(service_id, f"need {need}"),
            link_id=service_id,
            link_entity="service",
            link_type="need",
            taxonomy_term_id=term.id,
            taxonomy_term=term,
        )

    def _list(self) -> Iterator[TaxonomyTerm]:
        for group in self._needs.groups.values():
            heading = self._term("group", group.id, group.label, group.label)
            yield heading
            for need in self._needs.needs_by_group[group.id]:
                said = f"Services that can help with {need.label}"
                yield self._term("need", need.id, need.label, said, heading.id)

    def _term(self, kind: str, code: str, name: str, description: str, parent_id: uuid.UUID | None = None) -> TaxonomyTerm:
        key = made_id(OURS, f"taxonomy_term {kind}", code)
        given = {"taxonomy": NAME, "taxonomy_id": self.id, "parent_id": parent_id}
        return TaxonomyTerm(id=key, code=code, name=name, term=name, description=description, **given)  # type: ignore[arg-type]


def list_taxonomies(session: Session, own: Vocabulary) -> list[Taxonomy]:
    """Ours first, then those that listings came with, by id."""
    table = terms.Taxonomy.__table__
    rows = session.execute(select(table).where(table.c.id != own.id).order_by(table.c.id))
    found = [
        Taxonomy(id=row.id, name=row.name, description=row.description or row.name, uri=uri(row.uri), version=row.version or None)
        for row in rows
        if not is_ours(row.name)
    ]
    return [own.taxonomy, *found]


def list_terms(session: Session, own: Vocabulary) -> list[TaxonomyTerm]:
    """Ours first, in their order, then those that listings came with, by id."""
    rows = session.execute(select(*TERM_COLUMNS).order_by(_TERM.c.id)).all()
    return [*own.terms, *(term_of(row) for row in rows if not is_ours(row.taxonomy))]


def term_of(row: Row[Any] | Any) -> TaxonomyTerm:
    """A row of `TERM_COLUMNS` as it is given."""
    return TaxonomyTerm(
        id=row.id,
        code=row.code or None,
        name=row.name,
        description=row.description or row.name,
        parent_id=row.parent_id,
        taxonomy=row.taxonomy or None,
        taxonomy_id=row.taxonomy_id,
        language=row.language or None,
        term_uri=uri(row.term_uri),
        term=row.name,
    )


def is_ours(name: str | None) -> bool:
    """Whether a vocabulary of this name is our own, come back from another portal."""
    return (name or "").casefold() == OURS


def named(texts: Sequence[str | None], words: Sequence[str]) -> bool:
    """Whether each of `words` (lower case) begins a word in one of `texts`."""
    return all(any(_begins(text, word) for text in texts if text) for word in words)


def _begins(text: str, word: str) -> bool:
    folded = text.lower()
    at = folded.find(word)
    while at > 0 and folded[at - 1].isalnum():
        at = folded.find(word, at + 1)
    return at >= 0
