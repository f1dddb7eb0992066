"""What the records that are given are made of: a class of `shapes.py` in, its fields with their kinds out.

Tables and the description of the interface are made from this, so that they cannot say anything else than what is served.
"""

from __future__ import annotations

import types
from dataclasses import dataclass
from functools import cache
from typing import Any, Union, get_args, get_origin

import msgspec


@dataclass(frozen=True)
class Member:
    """A field: the kinds of its value, or of each value where it is a list. What is not required is left out where it is not known."""

    name: str
    kinds: tuple[type, ...]
    is_list: bool
    is_required: bool

    @property
    def shapes(self) -> tuple[type[msgspec.Struct], ...]:
        """The kinds that are records themselves."""
        return tuple(kind for kind in self.kinds if issubclass(kind, msgspec.Struct))


@cache
def members(shape: type[msgspec.Struct]) -> tuple[Member, ...]:
    """The fields of a record, in their order."""
    return tuple(_member(field) for field in msgspec.structs.fields(shape))


def _member(field: msgspec.structs.FieldInfo) -> Member:
    kinds = _alternatives(field.type)
    is_list = any(get_origin(kind) is list for kind in kinds)
    if is_list:
        kinds = _alternatives(get_args(kinds[0])[0])
    return Member(field.encode_name, kinds, is_list, field.required)


def _alternatives(kind: Any) -> tuple[Any, ...]:
    every = get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,)
    return tuple(each for each in every if each is not type(None))
