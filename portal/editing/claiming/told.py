"""What somebody tells us when they claim listings, and how it is kept: sealed, so that a copy of the database shows nothing of it. Pure."""

from __future__ import annotations

import uuid

import msgspec


class Founding(msgspec.Struct, frozen=True, kw_only=True):
    """An organization that is not listed yet, as somebody describes it."""

    name: str
    about: str = ""
    website: str = ""
    phone: str = ""
    where: str = ""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """Who they are, how we can check it, and the language to write to them in. `founding` where the organization is not listed yet."""

    email: str
    name: str = ""
    role: str = ""
    phone: str = ""
    proof: str = ""
    language: str = "en"
    founding: Founding | None = None


def packed(told: Told) -> bytes:
    """The bytes that are sealed."""
    return msgspec.json.encode(told)


def unpacked(text: bytes) -> Told:
    """What was packed. Raises `msgspec.DecodeError` for anything else."""
    return msgspec.json.decode(text, type=Told)


def bound(claim_id: uuid.UUID) -> str:
    """What sealed bytes belong to."""
    return f"claim {claim_id}"
