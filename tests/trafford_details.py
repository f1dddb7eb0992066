"""What Trafford's real listings do not say, added to some of them, so that every figure is of some services and each rule meets the others.

Prices, languages, steps, closures, secret places, wards named as areas, places that we can only guess: by fixed rules on the order of ids.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Sequence

NINE, NOON, THREE, SEVEN = (f"{hour:02}:00:00.000000" for hour in (9, 12, 15, 19))


def _schedule(position: int, byday: str, opens: str, closes: str | None, **values: object) -> dict[str, object]:
    return {"freq": "WEEKLY", "byday": byday, "opens_at": opens, "closes_at": closes, "position": position, **values}


CLUBS = [
    _schedule(0, "MO", NINE, NOON),
    _schedule(1, "MO,TH", "11:30:00.000000", "13:15:00.000000"),
    _schedule(2, "2TU,-1WE", "18:00:00.000000", "21:00:00.000000", freq="MONTHLY"),
    _schedule(3, "SA", "20:00:00.000000", "02:00:00.000000", interval=2, dtstart="2026-01-03"),
    _schedule(4, "FR", "16:00:00.000000", "20:00:00.000000", valid_from="2026-09-01", valid_to="2026-12-11"),
    _schedule(5, "WE", "10:00:00.000000", None),
]
HOW = ('["phone"]', '["home", "in-person"]', '["online", "in-person"]')
MORE_NEEDS = ("falls", "food", "debt", "loneliness", "transport", "dementia")


def add_details(connection: sqlite3.Connection, wards: Sequence[str]) -> None:
    """`wards` by name."""
    services = [key for (key,) in connection.execute("SELECT id FROM service ORDER BY id")]
    adding = _Adding(connection, services, wards)
    for number, key in enumerate(services):
        adding.say(number, key)
        adding.need(number, key)
        if key in adding.places:
            adding.place(number, key)
        adding.open(number, key)


class _Adding:
    def __init__(self, connection: sqlite3.Connection, services: Sequence[str], wards: Sequence[str]) -> None:
        self.rows, self.services, self.wards = connection, services, wards
        found = connection.execute("SELECT service_id, location_id, id FROM service_at_location").fetchall()
        self.places = {key: location for key, location, _ in found}
        self.at = {key: each for key, _, each in found}

    def insert(self, table: str, **values: object) -> None:
        row = values if table == "service_need" else {"id": uuid.uuid4().hex, "position": 0, **values}
        marks = ", ".join("?" * len(row))
        self.rows.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))  # noqa: S608 - names of ours

    def set(self, table: str, column: str, key: str, **values: object) -> None:
        pairs = ", ".join(f"{name} = ?" for name in values)
        self.rows.execute(f"UPDATE {table} SET {pairs} WHERE {column} = ?", [*values.values(), key])  # noqa: S608 - names of ours

    def say(self, number: int, key: str) -> None:
        if number % 5 == 0:
            self.insert("cost_option", service_id=key, amount=0)
        if number % 3 == 0:
            self.insert("language", service_id=key, code=("ur", "pl", "en", "so")[number // 3 % 4])
        if number % 9 < len(HOW):
            self.set("service", "id", key, how=HOW[number % 9])
        if number % 6 == 0:
            name = "Salford" if number % 36 == 0 else self.wards[number // 6 % len(self.wards)]
            self.set("service_area", "service_id", key, name=name, uri=None, extent=None)
        if number % 13 == 0:
            self.set("service", "id", key, status="temporarily closed")
        if number % 2 == 0:
            self.set("service", "id", key, assured_date="2026-06-01")
        elif number % 10 == 1:
            self.set("service", "id", key, assured_date=None, known_on="2026-01-10")

    def need(self, number: int, key: str) -> None:
        have = {need for (need,) in self.rows.execute("SELECT need FROM service_need WHERE service_id = ?", (key,))}
        more = [need for need in MORE_NEEDS if need not in have] if number % 23 == 0 else []
        for position, need in enumerate(more, start=len(have)):
            self.insert("service_need", service_id=key, need=need, position=position, inferred=0)

    def place(self, number: int, key: str) -> None:
        location = self.places[key]
        if number % 4 == 0:
            self.insert("accessibility", location_id=location, description="There is a ramp")
        if number % 11 == 0:
            self.set("location", "id", location, is_confidential=1)
        if number % 17 == 0:
            self.set("location", "id", location, latitude=53.40 + number / 10_000, longitude=-2.34)
            self.set("address", "location_id", location, postal_code="M33" if number % 2 else None)
        elif number % 19 == 0:
            self.set("location", "id", location, latitude=None, longitude=None)
            self.set("address", "location_id", location, postal_code="M33")
        elif number % 29 == 0:
            self.set("location", "id", location, latitude=53.3781, longitude=-2.33908)  # not where its postcode is
        other = self.places.get(self.services[(number + 40) % len(self.services)])
        if number % 7 == 0 and other and other != location:
            each = uuid.uuid4().hex
            self.insert("service_at_location", id=each, service_id=key, location_id=other, position=1)
            self.insert("schedule", service_at_location_id=each, **CLUBS[1])

    def open(self, number: int, key: str) -> None:
        if number % 5 in (1, 2) and key in self.at:
            for club in CLUBS[number % 3 :: 2]:
                self.insert("schedule", service_at_location_id=self.at[key], **club)
        if number % 5 == 3:
            for club in CLUBS[number % 2 :: 2]:
                self.insert("schedule", service_id=key, **club)
            self.insert("holiday_schedule", service_id=key, closed=1, start_date="2026-03-09", end_date="2026-03-12")
        if number % 10 == 6 and key in self.at:
            of = {"service_at_location_id": self.at[key]}
            days = {"start_date": "2026-03-05", "end_date": "2026-03-16"}
            self.insert("holiday_schedule", **of, **days, closed=0, opens_at=THREE, closes_at=SEVEN)
            self.insert("holiday_schedule", **of, closed=1, start_date="2026-03-16", end_date="2026-03-23", position=1)
