"""Briefs on paper: exactly two pages of the borough and of every locality, in every language, tagged; what they say is what is counted."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from accounts import make_person, signed_in
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.accounts.audiences import Role
from portal.db import writing
from portal.errors import IndexUnavailable
from portal.insight.briefs.document import Brief, Interval, Name, to_pdf
from portal.insight.briefs.views import BriefsRoom
from portal.insight.gap import Verdict
from portal.insight.matrix import Matrix
from portal.tally import Subject, add

PAGE = "/en/insight/brief"


@pytest.fixture
def commissioner(app: Flask) -> FlaskClient:
    return signed_in(app, make_person(app, "plans@example.org", roles=[Role.COMMISSIONER]))


def room_of(app: Flask) -> BriefsRoom:
    room: BriefsRoom = app.extensions["briefs"]
    return room


def inflated(file: bytes) -> bytes:
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", file, re.DOTALL)
    return file + b"\n".join(zlib.decompressobj().decompress(stream) for stream in streams if stream[:1] == b"\x78")


def pages(file: bytes) -> int:
    return len(re.findall(rb"/Type ?/Page\b", inflated(file)))


def smallest(file: bytes) -> float:
    """The smallest letters that are set, in points, the foot of the page aside."""
    return min(size for each in re.findall(rb"/f\d+ ([\d.]+) Tf", inflated(file)) if (size := float(each)) != 8)


def pdfs(client: FlaskClient, language: str) -> dict[str, bytes]:
    page = client.get(f"/{language}/insight/brief").text
    found = re.findall(rf'href="(/{language}/insight/brief/[a-z/-]+\.pdf)"', page)
    return {address: client.get(address).data for address in found}


@pytest.mark.parametrize("language", ["en", "ur", "bn", "pl"])
def test_the_borough_and_every_area_have_exactly_two_pages(app: Flask, commissioner: FlaskClient, language: str) -> None:
    files = pdfs(commissioner, language)
    assert len(files) == len(room_of(app).figures.ground.areas.localities) + 1
    assert {address: pages(file) for address, file in files.items()} == dict.fromkeys(files, 2)
    for address, file in files.items():
        said = inflated(file)
        assert file.startswith(b"%PDF-"), address
        assert b"pdfuaid:part" in said, address
        assert b"/MarkInfo" in said, address
        assert re.search(rb"/Lang ?\(" + language.encode(), said), address
        assert {b"/TH", b"/TD", b"/H1", b"/H2"} <= set(re.findall(rb"/S ?(/[A-Z0-9]+)", said)), address
        assert smallest(file) >= 6.5, address
        assert len(file) < 300_000, address


def matrix_of(app: Flask) -> Matrix:
    return room_of(app).figures.matrix(clock.today())


def test_what_a_brief_says_is_what_is_counted(app: Flask, monkeypatch: pytest.MonkeyPatch, commissioner: FlaskClient) -> None:
    written = []
    monkeypatch.setattr("portal.insight.briefs.views.to_pdf", lambda brief: written.append(brief) or to_pdf(brief))
    assert commissioner.get(f"{PAGE}/areas/eastmoor.pdf").status_code == 200
    brief, matrix = written[0], matrix_of(app)
    here, (gaps, _) = matrix.by_locality["eastmoor"], brief.pages[1]
    assert brief.lead.startswith(f"{here.people:,} people live here. Most is missing here: ")
    there_is = {row[0]: row[1] for row in brief.pages[0][1].rows}
    assert there_is["Services that people here can use"] == f"{here.provision.covers:,}"
    assert there_is["Free services"] == f"{here.provision.free:,}"
    assert there_is["Hours open a week"] == f"{here.provision.hours:,.1f}".removesuffix(".0")
    cells = matrix.of_locality("eastmoor")
    lacking = [cell for cell in cells if cell.gap.verdict in (Verdict.FEWER, Verdict.NONE_HERE)]
    assert lacking
    needs = f"{len(lacking)} need{'s' * (len(lacking) != 1)}"
    assert gaps.lead == f"For {needs}, Eastmoor has fewer services than we would expect from who lives there, or none."
    labels = {cell.need: room_of(app).taxonomy.needs[cell.need].label for cell in cells}
    by_name = {labels[cell.need].casefold(): cell for cell in cells}
    assert len(gaps.rows) == min(10, len([cell for cell in cells if cell in lacking or cell.gap.verdict is Verdict.ABOUT]))
    for need, services, _expected, ratio, drawn, _said in gaps.rows:
        cell = by_name[need.casefold()]
        assert services == str(cell.provision.local)
        if cell.gap.ratio is not None:
            assert float(ratio) == pytest.approx(cell.gap.ratio, rel=0.05, abs=0.005)
            assert isinstance(drawn, Interval)
    assert {labels[cell.need].casefold() for cell in lacking[:10]} <= {row[0].casefold() for row in gaps.rows} or len(lacking) > 10


def test_the_brief_of_the_borough_adds_up(app: Flask, monkeypatch: pytest.MonkeyPatch, commissioner: FlaskClient) -> None:
    written = []
    monkeypatch.setattr("portal.insight.briefs.views.to_pdf", lambda brief: written.append(brief) or to_pdf(brief))
    commissioner.get(f"{PAGE}/borough.pdf")
    brief, matrix = written[0], matrix_of(app)
    areas = brief.pages[0][0]
    assert len(areas.rows) == len(matrix.localities)
    assert sum(int(row[1].replace(",", "")) for row in areas.rows) == sum(it.people or 0 for it in matrix.by_locality.values())
    lacking = sum(cell.gap.verdict in (Verdict.FEWER, Verdict.NONE_HERE) for cell in matrix.cells.values())
    assert brief.pages[1][0].lead.startswith(f"We found {lacking} gap")
    assert sum(int(row[-1]) for row in areas.rows) == lacking
    first, name = brief.pages[1][0].rows[0][1], brief.pages[1][0].rows[0][0]
    assert f"Most is missing here: {first} ({name.text})" in brief.lead
    assert [row[2] for row in areas.rows] == [str(it.provision.local) for it in matrix.by_locality.values()]


def written_when(app: Flask, monkeypatch: pytest.MonkeyPatch, eastmoor: int, old_town: int) -> list[Brief]:
    """Briefs of an area and the borough when so many searches for help with falls found nothing in each of two areas last quarter."""
    written: list[Brief] = []
    monkeypatch.setattr("portal.insight.briefs.views.to_pdf", lambda brief: written.append(brief) or b"%PDF-")
    day = clock.today().replace(month=7, day=5)
    counts = {Subject(day, "search missed", "falls", slug): count for slug, count in (("eastmoor", eastmoor), ("old-town", old_town))}
    with writing(app.extensions["insight"].engine) as session:
        add(session, {subject: count for subject, count in counts.items() if count})
    client = signed_in(app, make_person(app, "plans@example.org", roles=[Role.COMMISSIONER]))
    for name in ("areas/eastmoor", "areas/old-town", "borough"):
        assert client.get(f"{PAGE}/{name}.pdf").status_code == 200
    return written


def test_who_is_not_reached_and_what_people_asked_for(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    area, _, borough = written_when(app, monkeypatch, 12, 9)
    matrix, needs = matrix_of(app), room_of(app).taxonomy.needs
    by_name = {needs[cell.need].label.casefold(): cell for cell in matrix.of_locality("eastmoor")}
    reached = area.pages[1][1]
    assert reached.title == "Who is not reached"
    assert "from 1 July 2026 to 30 September 2026" in reached.note
    first = by_name[str(reached.rows[0][0]).casefold()]
    assert (first.need, reached.rows[0][-2:]) == ("falls", ("10", "fewer than 10")), "what people asked for comes first"
    assert {row[-2:] for row in reached.rows[1:]} == {("fewer than 10", "fewer than 10")}
    for need, *ways, _missed, _planned in reached.rows:
        has = by_name[str(need).casefold()].provision
        assert ways == [f"{it:,}" for it in (has.free, has.step_free, has.evening, has.weekend, has.remote, has.in_languages)]
    assert all("0" in row[1:-2] for row in reached.rows[1:]), "some way is missing in each"
    silent = [code for code, count in matrix.by_locality["eastmoor"].provision.languages.items() if not count]
    assert reached.lead.count(",") == max(len(silent) - 2, 0)
    assert bool(silent) == reached.lead.startswith("No service here says that it speaks any of these: ")
    assert borough.pages[1][1].rows[0][0] == Name("Eastmoor")


def test_a_brief_shows_people_as_the_rules_allow(make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch) -> None:
    assert written_when(make_app(), monkeypatch, 12, 9) == written_when(make_app(), monkeypatch, 10, 0), "nothing tells 9 from 0"


def test_what_is_not_translated_yet_is_marked_as_english(app: Flask, monkeypatch: pytest.MonkeyPatch, commissioner: FlaskClient) -> None:
    data: list[Any] = []
    monkeypatch.setattr("portal.insight.briefs.document.typeset", lambda _file, given, _own: data.append(given) or b"%PDF-")
    commissioner.get("/ur/insight/brief/areas/eastmoor.pdf")
    pieces = list(pieces_of(data[0]))
    assert {it["language"] for it in pieces} == {"ur", "en"}
    assert [it for it in pieces if "\ue000" in it["text"] or "\ue001" in it["text"]] == []
    assert [
        it for it in pieces if it["language"] == "ur" and re.search("[a-z]{4}", it["text"]) and not re.search("[ا-ی]", it["text"])
    ] == []


def pieces_of(thing: Any) -> Iterator[dict[str, str]]:
    if isinstance(thing, dict) and set(thing) == {"text", "language"}:
        yield thing
        return
    for each in thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list) else ():
        yield from pieces_of(each)


def test_what_is_no_area_has_no_brief(commissioner: FlaskClient) -> None:
    for slug in ("atlantis", "..%2f..%2fetc", "borough"):
        assert commissioner.get(f"{PAGE}/areas/{slug}.pdf").status_code == 404


def test_a_brief_is_for_commissioners(app: Flask) -> None:
    assert app.test_client().get(f"{PAGE}/borough.pdf").status_code == 303
    reviewer = signed_in(app, make_person(app, "rosa@example.org", roles=[Role.REVIEWER]))
    assert reviewer.get(f"{PAGE}/borough.pdf").status_code == 403


def test_while_the_index_is_away_the_page_says_so(app: Flask, commissioner: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> Matrix:
        raise IndexUnavailable("away")

    monkeypatch.setattr(room_of(app).figures, "matrix", away)
    answer = commissioner.get(f"{PAGE}/borough.pdf")
    assert answer.status_code == 503
    assert "Come back in a few minutes" in answer.text
