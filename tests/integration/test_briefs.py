"""Briefs on paper: exactly two pages of the borough and of every locality, in every language, tagged; what they say is what is counted."""

from __future__ import annotations

import re
import zlib

import pytest
from accounts import make_person, signed_in
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.accounts.audiences import Role
from portal.errors import IndexUnavailable
from portal.insight.briefs.document import Interval, to_pdf
from portal.insight.briefs.views import BriefsRoom
from portal.insight.gap import Verdict
from portal.insight.matrix import Matrix

PAGE = "/en/insight/brief"


@pytest.fixture
def commissioner(app: Flask) -> FlaskClient:
    return signed_in(app, make_person(app, "plans@example.org", roles=[Role.COMMISSIONER]))


def room_of(app: Flask) -> BriefsRoom:
    room: BriefsRoom = app.extensions["briefs"]
    return room


def inflated(file: bytes) -> bytes:
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", file, re.DOTALL)
    return file + b"\n".join(zlib.decompress(stream) for stream in streams if stream[:1] == b"\x78")


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
    here, (gaps,) = matrix.by_locality["eastmoor"], brief.pages[1]
    assert f"{here.people:,} people live here." == brief.lead
    there_is = {row[0]: row[1] for row in brief.pages[0][1].rows}
    assert there_is["Services that people here can use"] == f"{here.provision.covers:,}"
    assert there_is["Free services"] == f"{here.provision.free:,}"
    assert there_is["Hours open a week"] == f"{here.provision.hours:,.1f}".removesuffix(".0")
    cells = matrix.of_locality("eastmoor")
    lacking = [cell for cell in cells if cell.gap.verdict in (Verdict.FEWER, Verdict.NONE_HERE)]
    assert gaps.lead.startswith(str(len(lacking)))
    labels = {cell.need: room_of(app).taxonomy.needs[cell.need].label for cell in cells}
    by_name = {labels[cell.need].casefold(): cell for cell in cells}
    assert len(gaps.rows) == min(16, len([cell for cell in cells if cell in lacking or cell.gap.verdict is Verdict.ABOUT]))
    for need, services, _expected, ratio, drawn, _said in gaps.rows:
        cell = by_name[need.casefold()]
        assert services == str(cell.provision.local)
        if cell.gap.ratio is not None:
            assert float(ratio) == pytest.approx(cell.gap.ratio, rel=0.05, abs=0.005)
            assert isinstance(drawn, Interval)
    assert {labels[cell.need].casefold() for cell in lacking[:16]} <= {row[0].casefold() for row in gaps.rows} or len(lacking) > 16


def test_the_brief_of_the_borough_adds_up(app: Flask, monkeypatch: pytest.MonkeyPatch, commissioner: FlaskClient) -> None:
    written = []
    monkeypatch.setattr("portal.insight.briefs.views.to_pdf", lambda brief: written.append(brief) or to_pdf(brief))
    commissioner.get(f"{PAGE}/borough.pdf")
    brief, matrix = written[0], matrix_of(app)
    areas = brief.pages[0][0]
    assert len(areas.rows) == len(matrix.localities)
    assert sum(int(row[1].replace(",", "")) for row in areas.rows) == sum(it.people or 0 for it in matrix.by_locality.values())
    assert [row[2] for row in areas.rows] == [str(it.provision.local) for it in matrix.by_locality.values()]


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
