"""Tables for terms: other people's vocabularies and what they are attached to, and the needs a service meets. No I/O."""

from __future__ import annotations

import uuid

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base


class Taxonomy(Base):
    """A vocabulary."""

    __tablename__ = "taxonomy"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    uri: Mapped[str | None]
    version: Mapped[str | None]


class TaxonomyTerm(Base):
    """One term of a vocabulary."""

    __tablename__ = "taxonomy_term"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    code: Mapped[str | None]
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    parent_id: Mapped[uuid.UUID | None]
    taxonomy: Mapped[str | None]
    taxonomy_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("taxonomy.id", ondelete="SET NULL"), index=True)
    language: Mapped[str | None]
    term_uri: Mapped[str | None]


class Attribute(Base):
    """A term attached to a record; `link_entity` names the record's table."""

    __tablename__ = "attribute"
    __table_args__ = (Index("ix_attribute_link", "link_entity", "link_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    link_id: Mapped[uuid.UUID]
    link_entity: Mapped[str]
    link_type: Mapped[str | None]
    taxonomy_term_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("taxonomy_term.id", ondelete="CASCADE"), index=True)
    value: Mapped[str | None]
    label: Mapped[str | None]

    taxonomy_term: Mapped[TaxonomyTerm] = relationship()


class ServiceTranslation(Base):
    """A service's name and summary in another language than it is listed in. Ours: the standard has no place for them."""

    __tablename__ = "service_translation"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    language: Mapped[str | None]
    name: Mapped[str | None]
    summary: Mapped[str | None]
    position: Mapped[int] = mapped_column(default=0, server_default="0")  # ours: the order in which people gave them


class ServiceNeed(Base):
    """A need that a service meets, strongest first; inferred by rule until somebody confirms it."""

    __tablename__ = "service_need"

    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), primary_key=True)
    need: Mapped[str] = mapped_column(primary_key=True, index=True)
    position: Mapped[int]
    inferred: Mapped[bool]
