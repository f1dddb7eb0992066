"""One address of every kind of page, without its language: what tests of all pages go through."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Engine, Select, func, select

from portal.db import reading
from portal.directory.models import Organization, Service, Status
from portal.directory.places import Location, ServiceAtLocation
from portal.directory.times import Schedule
from portal.sharing.link import write_ids

STEADY = {
    "home": "/",
    "results": "/search?q=my+mum+keeps+falling&place=Eastmoor",
    "results narrowed": "/search?need=food&when=day&when=evening&cost=free&how=in-person&place=ZZ6&within=3",
    "results, urgent": "/search?q=I+want+to+die",
    "results, none": "/search?q=falls&place=Eastmoor&when=evening&access=bsl&within=1",
    "results, nothing known": "/search?q=zzxqvv",
    "results, place not known": "/search?q=fooood&place=XX1+9ZZ",
    "results, place unclear": "/search?place=Mill&page=2",
    "results, everything": "/search",
    "results, in another script": "/search?q=আমার+মা+পড়ে+যান",
    "borough": "/localities",
    "locality": "/localities/eastmoor",
    "embed": "/embed?near=Eastmoor&need=falls",
    "embed, hushed": "/embed?near=Eastmoor&need=domestic-abuse",
    "embed, to make": "/embed/make?near=Eastmoor&need=falls",
    "urgent": "/urgent",
    "exit": "/exit",
    "advice": "/advice",
    "advice page": "/advice/staying-steady",
    "advice page, sensitive": "/advice/abuse-and-neglect",
    "results, sensitive": "/search?need=domestic-abuse&place=Eastmoor",
    "advice page, in English only": "/advice/leaving-hospital",
    "easy reads": "/easy-read",
    "easy read": "/easy-read/help-for-carers",
    "using this site": "/using-this-site",
    "about": "/about",
    "privacy": "/privacy",
    "accessibility": "/accessibility",
    "contact": "/contact",
    "languages": "/languages?here=/search?q=food",
    "languages, how far": "/languages/state",
    "open data": "/open-data",
    "my list, empty": "/list",
    "on this phone": "/on-this-phone",
    "my list, to be kept": "/on-this-phone/list",
    "organization, missing": "/add-organisation",
    "organization, told of": "/add-organisation/sent",
    "shared list, broken": "/list/shared?s=abc",
    "not found": "/nowhere",
}


def page_types(engine: Engine) -> dict[str, str]:
    """Name → address, for the demo borough in this database; every page here is fetched with GET."""
    busiest = select(Service.id).join(ServiceAtLocation).group_by(Service.id).order_by(func.count().desc(), Service.id)
    hidden = select(ServiceAtLocation.service_id).join(Location).where(Location.is_confidential).order_by(ServiceAtLocation.service_id)
    timed = select(Schedule.service_id).where(Schedule.service_id.is_not(None))
    found = {
        "service": _first(engine, busiest.where(Service.status == Status.ACTIVE)),
        "service, address hidden": _first(engine, hidden),
        "service, no hours": _first(engine, _services().where(~Service.service_at_locations.any(), Service.id.not_in(timed))),
        "service, by phone with hours": _first(engine, _services().where(~Service.service_at_locations.any(), Service.id.in_(timed))),
        "service, never checked": _first(engine, _services().where(Service.assured_date.is_(None))),
        "service, closed for now": _first(engine, select(Service.id).where(Service.status == "temporarily closed")),
        "service, closed": _first(engine, select(Service.id).where(Service.status == "defunct")),
    }
    service = found["service"]
    organization = _first(
        engine, select(Organization.id).join(Service).group_by(Organization.id).order_by(func.count().desc(), Organization.id)
    )
    return {
        **STEADY,
        **{name: f"/services/{service_id}" for name, service_id in found.items()},
        "report": f"/services/{service}/report",
        "organization": f"/organizations/{organization}",
        "organization, claimed": f"/claim/{organization}",
        "shared list": f"/list/shared?s={write_ids(found.values())}",
    }


def _services() -> Select[Any]:
    return select(Service.id).where(Service.status == Status.ACTIVE).order_by(Service.name)


def _first(engine: Engine, statement: Select[Any]) -> uuid.UUID:
    with reading(engine) as session:
        found: uuid.UUID = session.scalars(statement.limit(1)).one()
    return found
