"""What programs look for by themselves, held to what their standards ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

import pytest

from portal.pack import Line, Pack
from portal.web.well_known import search_description, security_text

BASE = "https://help.example.org"
TODAY = date(2026, 11, 24)
DOOR = Line("front_door", "Front door", "01632 960 001", "Day and night", email="care@example.org")
PACK = Pack("Help & Hope", "Council", "Calderwick", (), "#0b5c55", ("en", "ur"), {"front_door": DOOR}, "", "", is_demo=True)
NAMESPACE = "{http://a9.com/-/spec/opensearch/1.1/}"


def fields(pack: Pack) -> dict[str, str]:
    lines = security_text(pack, BASE, TODAY).splitlines()
    assert len(lines) == len({line.split(": ")[0] for line in lines})
    return dict(line.split(": ", 1) for line in lines)


def test_whoever_finds_a_hole_reads_where_to_write_and_until_when_that_holds() -> None:
    told = fields(PACK)
    assert told["Contact"] == "mailto:care@example.org"
    assert told["Canonical"] == "https://help.example.org/.well-known/security.txt"
    expires = datetime.strptime(told["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert 150 < (expires.date() - TODAY).days < 365, "the standard wants less than a year"


@pytest.mark.parametrize(
    ("pack", "contact"),
    [
        (replace(PACK, security="holes@example.org"), "mailto:holes@example.org"),
        (replace(PACK, security="https://example.org/holes"), "https://example.org/holes"),
        (replace(PACK, lines={"front_door": replace(DOOR, email="")}), "https://help.example.org/en/contact"),
    ],
)
def test_the_contact_is_the_packs_own_or_whoever_else_answers(pack: Pack, contact: str) -> None:
    assert fields(pack)["Contact"] == contact


@pytest.mark.parametrize(("site", "short"), [("Doorstep Calderwick", "Doorstep"), ("Help & Hope", "Help & Hope"), ("Q" * 40, "Q" * 16)])
def test_a_search_description_keeps_to_the_lengths_that_browsers_take(site: str, short: str) -> None:
    tree = ET.fromstring(search_description(replace(PACK, site=site), f"{BASE}/ur/search", "ur"))  # noqa: S314 - our own
    told = {element.tag.removeprefix(NAMESPACE): element for element in tree}
    assert told["ShortName"].text == short
    assert told["LongName"].text == site[:48]
    assert told["Language"].text == "ur"
    assert told["Url"].attrib == {"type": "text/html", "rel": "results", "template": f"{BASE}/ur/search?q={{searchTerms}}"}
