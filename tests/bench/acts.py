"""What people send at their desks and wait for, as steps to be timed: an application with work in it, in; (name, steps) out.

Every step does what the one before did to something else, so that none finds its work done already.
"""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Callable, Iterator
from itertools import count
from typing import Final

from accounts import signed_in
from bench.work import Work
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.db import reading
from portal.directory.models import Service
from portal.editing.proposals.queries import get_proposal

Step = Callable[[], tuple[int, int]]
TIMES: Final = 16
ADDRESSES: Final = count(1)


def elsewhere() -> dict[str, str]:
    """Another address for each request, so that no limit is met."""
    number = next(ADDRESSES)
    return {"REMOTE_ADDR": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}


def acts(app: Flask, work: Work) -> Iterator[tuple[str, list[Step]]]:
    """Each act with its steps; what they need is read before, outside of what is timed."""
    reviewer, editor = (signed_in(app, work.people[who]) for who in ("reviewer", "editor"))
    services = _services(app, work)
    yield "approve one", [_approving(app, reviewer, work.proposals[-at - 1]) for at in range(TIMES)]
    yield "save a step of a listing", [_saving(editor, service_id) for service_id in services[:TIMES]]
    yield "still right: one", [_posting(editor, "/en/my-listings/still-right", service=str(each)) for each in services[-TIMES:]]
    yield "the same change of 500 listings: approve", [_approving(app, reviewer, work.imports[0])]  # another would be in its way
    yield "a file of 2,000 rows: send on", [_sending(editor, work)]
    yield "a file of 2,000 rows: send in", [_sending_in(editor, work)] * 4


def _services(app: Flask, work: Work) -> list[uuid.UUID]:
    with reading(app.extensions["desk"].engine) as session:
        mine = select(Service.id).where(Service.organization_id == work.large, Service.status == "active")
        return list(session.scalars(mine.order_by(Service.name)))


def _approving(app: Flask, client: FlaskClient, proposal_id: uuid.UUID) -> Step:
    with reading(app.extensions["reviewing"].engine) as session:
        view = get_proposal(session, proposal_id)
    ticks = [f"{it.id}:{each.field}" for it in view.services for each in it.differences]
    versions = {f"version:{it.id}": str(it.live_version) for it in view.services}
    return _posting(client, f"/en/review/{proposal_id}", lock=str(view.lock), tick=ticks, act="publish", **versions)


def _saving(client: FlaskClient, service_id: uuid.UUID) -> Step:
    return _posting(client, f"/en/my-listings/{service_id}/about", name="A club", description="A warm meal on Tuesdays.", do="save")


def _sending_in(client: FlaskClient, work: Work) -> Step:
    def step() -> tuple[int, int]:
        file = {"file": (io.BytesIO(work.file), "listings.csv")}
        answer = client.post(f"/en/my-listings/{work.large}/import", data=file, environ_overrides=elsewhere())
        if answer.status_code != 303:
            raise RuntimeError(f"{answer.status_code} for a file")
        return answer.status_code, 0

    return step


def _sending(client: FlaskClient, work: Work) -> Step:
    address = f"/en/my-listings/{work.large}/import/{work.ids['upload_id']}"
    mark = re.search(r'name="mark" value="(\w+)"', client.get(address).text)
    return _posting(client, f"{address}/send", mark=mark[1] if mark else "")


def _posting(client: FlaskClient, address: str, **form: str | list[str]) -> Step:
    def step() -> tuple[int, int]:
        answer = client.post(address, data=form, environ_overrides=elsewhere())
        if answer.status_code != 303:
            raise RuntimeError(f"{answer.status_code} for {address.partition('?')[0]}")
        return answer.status_code, 0

    return step
