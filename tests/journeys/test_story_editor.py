"""A volunteer corrects opening times on a phone: two pages from the desk; live when a reviewer says yes, and not before."""

from __future__ import annotations

from editing import approve_all, at_desk, words_on
from flask import Flask


def test_a_volunteer_corrects_opening_times(app: Flask) -> None:
    desk = at_desk(app, "Knit and natter")
    resident, public = app.test_client(), f"/en/services/{desk.service.id}"
    assert "Tuesday: 2pm to 4pm" in words_on(resident.get(public))

    home = desk.phone.get("/en/my-listings")
    assert f'href="{desk.at("times")}"' in home.text
    mistaken = desk.fill("times", v0__0__days=["TU", "TH"], v0__0__opens="harf past two", v0__0__closes="5")
    assert mistaken.status_code == 422
    assert 'value="harf past two"' in mistaken.text

    check = desk.again("times", mistaken, follow=True, v0__0__opens="half past two", do="save")
    assert check.request.path == desk.at("check")
    assert "Was: Every Tuesday, 2pm to 4pm Now: Every Tuesday and Thursday, 2.30pm to 5pm" in words_on(check)
    assert "The next dates would be Tuesday 24 November, 2.30pm to 5pm" in words_on(check)
    sent = desk.phone.post(desk.at("check"), data={"note": "The library lets us stay longer"}, follow_redirects=True)
    assert "Sent for review" in words_on(sent)
    assert "Tuesday: 2pm to 4pm" in words_on(resident.get(public))

    approve_all(app)
    now = words_on(resident.get(public))
    assert "Tuesday and Thursday: 2.30pm to 5pm" in now
    assert "Waiting for review" not in words_on(desk.phone.get("/en/my-listings"))
