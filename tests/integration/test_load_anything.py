"""Whatever a source holds, a load ends well or with a `SourceError`, and what is stored is plain text."""

from __future__ import annotations

import copy
import json
import re
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from portal.config import CHECKOUT
from portal.db import Base, open_engine, reading
from portal.directory.openreferral.loading import LoadOptions, load
from portal.directory.openreferral.tables import ALIASES, BARE, LISTS, SINGLES, TABLES, kinds_of, table_of
from portal.taxonomy.rules import load_rules
from portal.taxonomy.terms import load_taxonomy

SCRUFFY = Path(__file__).parents[1] / "fixtures" / "openreferral" / "scruffy.json"
WHOLE = json.loads(SCRUFFY.read_text("utf-8"))["contents"]
OPTIONS = LoadOptions(load_taxonomy(CHECKOUT / "content" / "taxonomy.yaml"), load_rules(CHECKOUT / "content" / "taxonomy_rules.yaml"))
BAD = re.compile("[\0\u202a-\u202e\u2066-\u2069\ud800-\udfff]|<[A-Za-z/!?]")

KEYS = sorted(
    {*LISTS, *SINGLES, *(key.split(".")[1] for key in ALIASES), *(name for table in TABLES for name in kinds_of(table)), "id", "term"}
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=40),
    st.sampled_from(
        [
            "<b>x</b>",
            "&lt;script&gt;",
            "a\0b",
            "\u202eabc",
            "\ud800",
            "9" * 30,
            "2026-13-45",
            "24:60",
            "x" * 30_000,
            "javascript:x",
            "-1",
            "tea-1",
            "friends",
        ]
    ),
)
JUNK = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.one_of(st.sampled_from(KEYS), st.text(max_size=8)), inner, max_size=6)
    ),
    max_leaves=20,
)


def places(thing: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path to every value of a nested thing."""
    inner = thing.items() if isinstance(thing, dict) else enumerate(thing) if isinstance(thing, list) else ()
    return [found for key, value in inner for found in ((*path, key), *places(value, (*path, key)))]


def put(thing: Any, path: tuple[Any, ...], value: Any) -> None:
    """Put `value` at `path`, unless an earlier change has taken the way there."""
    for key in path[:-1]:
        try:
            thing = thing[key]
        except (KeyError, TypeError, IndexError):
            return
    if isinstance(thing, dict) or (isinstance(thing, list) and isinstance(path[-1], int) and path[-1] < len(thing)):
        thing[path[-1]] = value


def stored_text(engine: Engine) -> list[str]:
    with reading(engine) as session:
        rows = [row for table in TABLES for row in session.execute(select(table_of(table)))]
    return [value for row in rows for value in row if isinstance(value, str)]


def load_things(things: Any) -> None:
    """Twice, so that what was stored is compared, too: the second load must change nothing."""
    engine = open_engine("sqlite://")
    Base.metadata.create_all(engine)
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "things.json"
            path.write_text(json.dumps(things), "utf-8")
            report = load(engine, [str(path)], OPTIONS)
            assert not [text for text in stored_text(engine) if BAD.search(text)]
            assert all(finding.words for finding in report.findings)
            assert load(engine, [str(path)], OPTIONS).writes == 0
    finally:
        engine.dispose()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_listing_with_junk_in_any_field_loads_or_is_refused_row_by_row(data: st.DataObject) -> None:
    things = copy.deepcopy(WHOLE)
    for path in data.draw(st.lists(st.sampled_from(places(WHOLE)), min_size=1, max_size=6)):
        put(things, path, data.draw(JUNK))
    load_things([thing for thing in things if isinstance(thing, dict)])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.dictionaries(st.sampled_from(KEYS), JUNK, max_size=12), max_size=4))
def test_objects_of_any_shape_load_or_are_refused_row_by_row(things: list[dict[str, Any]]) -> None:
    load_things(things)


def test_every_bare_word_in_a_list_is_understood() -> None:
    keys = {key: table for key, table in LISTS.items() if table in BARE and key != "addresses"}
    load_things([{"id": "1", "name": "Tea", "status": "active", **{key: ["111"] for key in keys}}])
