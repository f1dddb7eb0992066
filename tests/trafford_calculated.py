"""Need beside provision of Trafford, calculated in a way of our own, which imports nothing of what it is held against.

It reads the rows of the database, the pack's files and the raw outlines, and works another way: sets of services instead of sums of
arrays, sets of minutes instead of lengths, calendar rules by dateutil, distances as angles between vectors, limits in decimals.
"""

from __future__ import annotations

import csv
import json
import math
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, getcontext
from functools import cache
from pathlib import Path
from typing import Any

import shapely
import yaml
from dateutil.rrule import rrulestr
from shapely.geometry import shape

LANGUAGES = ("en", "ur", "pl", "ar")
MONTHS_SHOWN, DAYS_A_MONTH = 15, 30.44
NEAR, EARTH = 1.0, 3967.0  # miles; the radius that suits the latitude
FIGURES = ("covers", "local", "based", "places", "free", "step_free", "evening", "weekend", "remote", "in_languages")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def close(number: float | Decimal | None) -> float | None:
    """A number as far as two ways of working it out agree."""
    return None if number is None else round(float(number), 6)


@dataclass(frozen=True)
class Files:
    """What is read: the database, the pack's folder of localities, the area's raw files, and which measure counts whom; ids of needs."""

    database: Path
    pack: Path
    area: Path
    need_measures: Path
    needs: tuple[str, ...]


class Own:
    """All figures of a day, from rows, files and outlines."""

    def __init__(self, files: Files, day: date) -> None:
        self.day = day
        self.rows = sqlite3.connect(files.database)
        self.rows.row_factory = sqlite3.Row
        raw = json.loads((files.pack / "localities.geojson").read_bytes())["features"]
        self.slugs = [feature["properties"]["slug"] for feature in raw]
        of_code = {code: feature["properties"]["slug"] for feature in raw for code in feature["properties"]["codes"]}
        self.named = {feature["properties"]["name"]: feature["properties"]["slug"] for feature in raw}
        outlines = json.loads((files.area / "wards.geojson").read_bytes())["features"]
        self.outlines = {of_code[each["properties"]["code"]]: shapely.make_valid(shape(each["geometry"])) for each in outlines}
        self.postcodes = {row["postcode"]: row for row in rows_of(files.area / "postcodes.csv")}
        self.ward = {postcode: of_code[row["ward"]] for postcode, row in self.postcodes.items()}
        places = [row for row in rows_of(files.pack / "places.csv") if row["kind"] == "locality"]
        self.middles = {row["locality"]: (float(row["lat"]), float(row["long"])) for row in places}
        self.need = {row["locality"]: row for row in rows_of(files.pack / "need.csv")}
        counted_by = yaml.safe_load(files.need_measures.read_text("utf-8"))
        self.measure = {need: measure for measure, needs in counted_by.items() for need in needs}
        self.needs = list(files.needs)

    def many(self, table: str, column: str, key: str) -> list[sqlite3.Row]:
        order = "" if table == "address" else " ORDER BY position"
        return self.rows.execute(f"SELECT * FROM {table} WHERE {column} = ?{order}", (key,)).fetchall()  # noqa: S608 - names of ours

    def counted(self) -> Iterator[sqlite3.Row]:
        """Services that are shown on the day and not closed for now."""
        oldest = self.day - timedelta(days=int(MONTHS_SHOWN * DAYS_A_MONTH))
        for service in self.rows.execute("SELECT * FROM service WHERE status = 'active'"):
            since = service["assured_date"] or service["known_on"]
            if since is None or date.fromisoformat(since) >= oldest:
                yield service

    def cells(self) -> dict[tuple[str, str], dict[str, object]]:
        sets: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        amounts: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for service in self.counted():
            needs = {row["need"] for row in self.many("service_need", "service_id", service["id"])}
            for slug, (flags, places, hours) in self.service(service).items():
                for need in needs:
                    for flag in flags:
                        sets[slug, need][flag].add(service["id"])
                    amounts[slug, need]["places"] += places
                    amounts[slug, need]["hours"] += hours
        return {(slug, need): self.cell(slug, need, sets, amounts[slug, need]) for need in self.needs for slug in self.slugs}

    def service(self, service: sqlite3.Row) -> dict[str, tuple[set[str], int, float]]:
        """By locality that it covers, what holds of it there; places and hours."""
        sites = list(self.sites(service["id"]))
        secret = [site for site in sites if site["is_secret"]]
        how = set(json.loads(service["how"])) or ({"in-person"} if sites else set())
        reaches_out = bool(how & {"home", "phone", "online"})
        anywhere = reaches_out or len(secret) == len(sites)
        areas = {row["name"] for row in self.many("service_area", "service_id", service["id"])}
        wide, named = "Trafford" in areas or not areas, {self.named[area] for area in areas if area in self.named}
        own = self.schedules("service_id", service["id"])
        said = self.said(service, sites)
        found = {}
        for slug in self.slugs:
            here = [site for site in sites if site["in"] == slug]
            near = [site for site in sites if site["in"] == slug or self.is_near(site, slug)]
            if not (slug in named or here or (wide and (anywhere or near))):
                continue
            flags = {"covers", *said}
            flags |= {"remote"} if reaches_out else set()
            flags |= {"based"} if here else set()
            flags |= {"local"} if slug in named or ("in-person" in how and (here or (wide and near))) else set()
            timed = [own, *(site["schedules"] for site in ([site for site in sites if site["at"]] if anywhere else near))]
            flags |= {name for name in ("evening", "weekend") if any(self.is_then(name, rows) for rows in timed)}
            visited = here if "in-person" in how else []
            found[slug] = (flags, len(visited), self.hours(service["id"], own, visited))
        return found

    def said(self, service: sqlite3.Row, sites: list[dict[str, Any]]) -> set[str]:
        prices = self.many("cost_option", "service_id", service["id"])
        codes = {row["code"] for row in self.many("language", "service_id", service["id"])} - {"en"}
        ramps = any(self.many("accessibility", "location_id", site["location"]) for site in sites)
        flags = {"free"} if prices and not any(row["amount"] for row in prices) else set()
        flags |= {"step_free"} if ramps else set()
        return flags | ({"in_languages"} if codes else set()) | {f"speaks {code}" for code in codes}

    def sites(self, service_id: str) -> Iterator[dict[str, Any]]:
        for place in self.many("service_at_location", "service_id", service_id):
            location = self.rows.execute("SELECT * FROM location WHERE id = ?", (place["location_id"],)).fetchone()
            postcode = next((row["postal_code"] or "" for row in self.many("address", "location_id", location["id"])), "")
            listed = self.postcodes.get(postcode)
            position = (location["latitude"], location["longitude"])
            if position == (None, None):
                position = (float(listed["lat"]), float(listed["long"])) if listed else None
            secret = bool(location["is_confidential"])
            ward = None if secret or not position else self.ward.get(postcode) or self.standing(position)
            yield {
                "location": location["id"],
                "sal": place["id"],
                "is_secret": secret,
                "at": None if secret else position,
                "in": ward,
                "schedules": [] if secret else self.schedules("service_at_location_id", place["id"]),
            }

    def standing(self, position: tuple[float, float]) -> str | None:
        point = shapely.Point(position[1], position[0])
        return next((slug for slug, outline in self.outlines.items() if outline.covers(point)), None)

    def is_near(self, site: dict[str, Any], slug: str) -> bool:
        if not site["at"]:
            return False
        one, other = (vector(*each) for each in (site["at"], self.middles[slug]))
        return EARTH * math.atan2(math.dist((0, 0, 0), cross(one, other)), sum(a * b for a, b in zip(one, other, strict=True))) <= NEAR

    def schedules(self, column: str, key: str) -> list[sqlite3.Row]:
        return [row for row in self.many("schedule", column, key) if row["byday"] or row["bymonthday"]]

    def is_then(self, name: str, schedules: list[sqlite3.Row]) -> bool:
        return any(self.falls_in(row) and (self.is_late(row) if name == "evening" else self.is_weekend(row)) for row in schedules)

    def falls_in(self, row: sqlite3.Row) -> bool:
        first, last = season(row)
        return (first is None or first < self.day + timedelta(days=28)) and (last is None or last >= self.day)

    def is_late(self, row: sqlite3.Row) -> bool:
        opens, closes = row["opens_at"], row["closes_at"]
        return bool(opens and closes and (closes > "17:30:00.000000" or closes <= opens))

    def is_weekend(self, row: sqlite3.Row) -> bool:
        return bool({part.strip()[-2:] for part in (row["byday"] or "").split(",")} & {"SA", "SU"})

    def hours(self, service_id: str, own: list[sqlite3.Row], visited: list[dict[str, Any]]) -> float:
        sets = [self.minutes(site["schedules"], "service_at_location_id", site["sal"]) for site in visited if site["schedules"]]
        if any(not site["schedules"] for site in visited):
            sets.append(self.minutes(own, "service_id", service_id))
        return sum(map(len, sets)) / 60 / 4

    def minutes(self, schedules: list[sqlite3.Row], column: str, key: str) -> set[datetime]:
        """Every minute in which it is open, of sessions that begin in the four weeks."""
        found: set[datetime] = set()
        exceptions = self.many("holiday_schedule", column, key)
        for number in range(28):
            day = self.day + timedelta(days=number)
            falling = [row for row in schedules if falls_on(row, day, self.day)]
            broken = next((row for row in exceptions if row["start_date"] <= day.isoformat() <= row["end_date"]), None)
            for row in [broken][: len(falling)] if broken else falling:
                if row["opens_at"] and row["closes_at"] and not (row is broken and row["closed"]):
                    start, end = (datetime.combine(day, time.fromisoformat(row[name])) for name in ("opens_at", "closes_at"))
                    end += timedelta(minutes=1) * (end.time() == time(23, 59)) + timedelta(days=1) * (end <= start)
                    found |= {start + timedelta(minutes=minute) for minute in range(int((end - start).total_seconds()) // 60)}
        return found

    def cell(self, slug: str, need: str, sets: Any, amounts: dict[str, float]) -> dict[str, object]:
        mine = sets[slug, need]
        column = self.measure.get(need, "residents")
        column = column if column in self.need[slug] else "residents"
        people, everybody = int(self.need[slug][column]), sum(int(row[column]) for row in self.need.values())
        local, all_local = len(mine["local"]), sum(len(sets[each, need]["local"]) for each in self.slugs)
        figures: dict[str, object] = {name: len(mine[name]) for name in FIGURES} | {"places": int(amounts["places"])}
        figures |= {"languages": {code: len(mine[f"speaks {code}"]) for code in LANGUAGES[1:]}, "hours": round(amounts["hours"], 6)}
        figures |= {"people": people, "per_1000": close(1000 * local / people) if people else None}
        return figures | self.gap(local, len(mine["covers"]), Decimal(people), Decimal(all_local), Decimal(everybody))

    def gap(self, local: int, covers: int, people: Decimal, all_local: Decimal, everybody: Decimal) -> dict[str, object]:
        if not people or not all_local:
            return {"expected": None, "ratio": None, "low": None, "high": None, "verdict": "unknown" if covers else "none-here"}
        expected = all_local * people / everybody
        low, high = byar(local)
        verdict = "too-few" if expected <= byar(0)[1] else "about"
        if high < expected and expected - local >= 1:
            verdict = "fewer"
        elif low > expected and local - expected >= 1:
            verdict = "more"
        numbers = {"expected": expected, "ratio": local / expected, "low": low / expected, "high": high / expected}
        return {**{name: close(number) for name, number in numbers.items()}, "verdict": verdict if covers else "none-here"}


def byar(observed: int) -> tuple[Decimal, Decimal]:
    getcontext().prec = 40
    low, high, z = Decimal(observed), Decimal(observed + 1), Decimal("1.96")
    below = low * (1 - 1 / (9 * low) - z / (3 * low.sqrt())) ** 3 if observed else Decimal(0)
    return below, high * (1 - 1 / (9 * high) + z / (3 * high.sqrt())) ** 3


def vector(latitude: float, longitude: float) -> tuple[float, float, float]:
    across, up = math.radians(longitude), math.radians(latitude)
    return math.cos(up) * math.cos(across), math.cos(up) * math.sin(across), math.sin(up)


def cross(a: tuple[float, float, float], b: tuple[float, float, float]) -> tuple[float, float, float]:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def season(row: sqlite3.Row) -> tuple[date | None, date | None]:
    first = row["valid_from"] or row["dtstart"]
    lasts = [date.fromisoformat(row[name]) for name in ("valid_to", "until") if row[name]]
    return date.fromisoformat(first) if first else None, min(lasts, default=None)


def falls_on(row: sqlite3.Row, day: date, since: date) -> bool:
    """Whether a schedule has a session on this day of the four weeks since another."""
    first, last = season(row)
    if (first and day < first) or (last and day > last):
        return False
    anchor = date.fromisoformat(row["dtstart"] or row["valid_from"] or "2024-01-01")
    start = anchor - timedelta(days=anchor.weekday())  # a week begins on Monday
    if row["freq"] == "MONTHLY":
        start = anchor.replace(day=1)
    rule = f"FREQ={row['freq'] or 'WEEKLY'};INTERVAL={row['interval'] or 1};BYDAY={row['byday'].replace(' ', '')}"
    return day in days_of(rule, start, since)


@cache
def days_of(rule: str, start: date, since: date) -> frozenset[date]:
    """The days of four weeks on which a rule of the calendar falls. (Most listings have one of few rules: each is followed once.)"""
    begin = datetime.combine(since, time.min)
    falls = rrulestr(rule, dtstart=datetime.combine(start, time.min)).between(begin, begin + timedelta(days=27), inc=True)
    return frozenset(moment.date() for moment in falls)
