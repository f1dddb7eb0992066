"""Terms, as Open Referral UK 3.0 spells them, and what every record that is given has in common: nothing empty is ever written."""

from __future__ import annotations

import uuid

import msgspec


class Shape(msgspec.Struct, omit_defaults=True, kw_only=True):
    """What is None or an empty list is left out."""


class Taxonomy(Shape, kw_only=True):
    """A vocabulary; its terms only where it is asked for by its id."""

    id: uuid.UUID
    name: str
    description: str
    uri: str | None = None
    version: str | None = None
    taxonomy_terms: list[TaxonomyTerm] = []


class TaxonomyTerm(Shape, kw_only=True):
    """One term."""

    id: uuid.UUID
    code: str | None = None
    name: str
    description: str
    parent_id: uuid.UUID | None = None
    taxonomy: str | None = None
    taxonomy_id: uuid.UUID | None = None
    language: str | None = None
    term_uri: str | None = None
    term: str


class Attribute(Shape, kw_only=True):
    """A term attached to a record."""

    id: uuid.UUID
    link_id: uuid.UUID
    link_entity: str
    taxonomy_term_id: uuid.UUID
    link_type: str | None = None
    value: str | None = None
    label: str | None = None
    taxonomy_term: TaxonomyTerm
