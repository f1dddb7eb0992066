"""Whether JSON-LD says only what schema.org's own vocabulary allows: the graph of a page in, what is wrong with it out."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

Node = dict[str, Any]
STANDARDS = Path(__file__).parents[1].parent / "shared" / "standards"


def graph_of(text: str) -> list[Node]:
    """The nodes that stand at the top."""
    return list(json.loads(text)["@graph"])


def nodes(value: Any) -> Iterator[Node]:
    """Every node, however deep."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(inner)


def problems(graph: list[Node]) -> list[str]:
    """Properties that do not belong to their types, what is empty, and references that lead nowhere."""
    known = {it["@id"] for it in nodes(graph) if set(it) > {"@id"} and "@id" in it}
    return [problem for it in nodes(graph) for problem in _problems(it, known)]


def _problems(it: Node, known: set[str]) -> Iterator[str]:
    yield from (f"{name} is empty in {it}" for name, value in it.items() if value in (None, "", [], {}))
    if set(it) == {"@id"}:
        yield from () if it["@id"] in known else (f"{it['@id']} leads nowhere",)
    elif set(it) <= {"@type", "@id"}:
        yield f"nothing but {it}"
    else:
        for name in set(it) - {"@type", "@id"}:
            if it["@type"] not in _types_with(name.removesuffix("-input")):  # a question's own part of a property
                yield f"{name} is no property of {it['@type']}"


@cache
def _types_with(name: str) -> set[str]:
    """The types that may have a property, by their own right or by that of what they are kinds of."""
    allowed = {row["label"]: set(_names(row["domainIncludes"])) for row in _rows("schemaorg-all-https-properties.csv")}
    return {kind for kind in _above() if _kinds(kind) & allowed.get(name, set())}


@cache
def _kinds(name: str) -> frozenset[str]:
    return frozenset({name}.union(*(_kinds(parent) for parent in _above().get(name, ()))))


@cache
def _above() -> dict[str, tuple[str, ...]]:
    return {row["label"]: tuple(_names(row["subTypeOf"])) for row in _rows("schemaorg-all-https-types.csv")}


@cache
def _rows(name: str) -> list[dict[str, str]]:
    if not STANDARDS.is_dir():
        pytest.skip("../shared/standards is not here: it is not part of the repository")
    with (STANDARDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _names(text: str) -> list[str]:
    return [address.rsplit("/", 1)[1] for address in text.split(", ") if address]
