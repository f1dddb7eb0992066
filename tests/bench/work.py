"""A plausible amount of work in a directory: people with roles, proposals that wait and that were decided, reports, claims, a file.

What takes part in a measurement is made by the acts themselves (`save_draft`, `propose`, `keep`); what only has to be there in numbers
is written as rows.
"""

from __future__ import annotations

import csv
import io
import os
import random
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from accounts import make_person
from bench.corpus import SEED
from feed_waiting import let_wait
from msgspec.structs import replace
from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import Level, Member, Role
from portal.accounts.models import Membership, Person, Recovery
from portal.accounts.queries import get_person, member_of
from portal.council.banners import Banner
from portal.council.content import pack as packed_content
from portal.council.models import CouncilEntry, Kind
from portal.db import reading, writing
from portal.directory.models import Organization, Service
from portal.directory.record import PhoneEntry, ServiceRecord
from portal.directory.records import Recorded, find_records, list_records
from portal.directory.reports import COUNCIL, EDITORS, ListingReport
from portal.editing.claiming.models import Claim
from portal.editing.claiming.models import State as ClaimState
from portal.editing.claiming.queries import key_of
from portal.editing.claiming.told import Told, bound, packed
from portal.editing.freshness.models import Call, Reminder
from portal.editing.links.models import CheckedLink
from portal.editing.proposals.draft import Draft, DraftedService
from portal.editing.proposals.models import Kind as ProposalKind
from portal.editing.proposals.models import Proposal, ProposedService, State
from portal.editing.proposals.operations import propose, save_draft
from portal.editing.spreadsheet.columns import known_headings
from portal.editing.spreadsheet.export import as_csv
from portal.editing.spreadsheet.looking import keep_look, look
from portal.editing.spreadsheet.operations import keep
from portal.editing.spreadsheet.queries import get_upload
from portal.editing.spreadsheet.reading import read_table
from portal.insight.offer.operations import add as promise_to_all
from portal.insight.offer.promises import Condition, Promise
from portal.tally import Tally
from portal.web.holdings import Holdings

EDITORS_IN_ALL: Final = 2_000
WAITING: Final = 1_000
DECIDED: Final = 2_000
REPORTS: Final = 500
CLAIMS: Final = 200
IMPORTED: Final = 500  # services in one proposal
IN_A_FILE: Final = 2_000  # rows
BROKEN_LINKS: Final = 300
PROMISED: Final = 15  # things that every area should have
DAYS: Final = 365
COUNTED: Final = ("search missed", "need found", "plan made")


@dataclass
class Work:
    """Who is there, and ids of what there is, as addresses name them."""

    large: uuid.UUID
    people: dict[str, Person]
    ids: dict[str, Any] = field(default_factory=dict)
    proposals: list[uuid.UUID] = field(default_factory=list)
    imports: list[uuid.UUID] = field(default_factory=list)
    file: bytes = b""

    def member(self, session: Session, who: str) -> Member:
        """Somebody, signed in with a passkey."""
        return member_of(get_person(session, self.people[who].id), Level.PASSKEY, "bench")


def put_work(holdings: Holdings, large: uuid.UUID) -> Work:
    """Fill the desks. `large` is the organization with the most listings, whose keeper is the editor that is measured."""
    chance = random.Random(SEED)  # noqa: S311 - repeatable, not secret
    engine = holdings.engine
    work = Work(large, _people(engine, large, chance))
    with reading(engine) as session:
        services = session.execute(select(Service.id, Service.organization_id).where(Service.organization_id != large)).all()
    some = chance.sample([(it.id, it.organization_id) for it in services], WAITING + DECIDED)
    work.proposals = _propose(engine, some[:WAITING], chance)
    with writing(engine) as session:
        _decide(session, some[WAITING:], work.people["reviewer"].id, chance)
        _report(session, work, [service_id for service_id, _ in some], chance)
        _claim(session, holdings, [organization_id for _, organization_id in some])
        _watch(session, work, chance)
        _count(session, chance)
        _council(session, work)
        _promise(session, work, list(holdings.taxonomy.needs)[:PROMISED])
        work.ids["key"] = let_wait(session, some[0][0])
    work.imports = [_import(engine, work) for _ in range(3)]
    _file(holdings, work)
    _name(engine, work)
    return work


def _people(engine: Engine, large: uuid.UUID, chance: random.Random) -> dict[str, Person]:
    """One of each role, a second reviewer, the keeper of the large organization, and editors of all kinds."""
    with writing(engine) as session:
        named = {role.value: make_person(session, f"{role}@example.org", roles=[role], name=f"Somebody {role}") for role in Role}
        named["second reviewer"] = make_person(session, "second@example.org", roles=[Role.REVIEWER], name="Somebody second")
        named["editor"] = make_person(session, "keeper@example.org", organizations=[large], name="Somebody keeper")
        places = session.scalars(select(Organization.id).order_by(Organization.id)).all()
        now = clock.now()
        given = {"invited_by": "bench", "invited_at": now, "accepted_at": now, "instead_of": None}
        ids = [uuid.UUID(int=chance.getrandbits(128), version=4) for _ in range(EDITORS_IN_ALL)]
        rows = [{"id": key, "email": f"p{at}@example.org", "name": f"Person {at}", "language": "en"} for at, key in enumerate(ids)]
        session.execute(insert(Person), [{**row, "added_at": now, "left_at": None} for row in rows])
        kept = {(key, place) for key in ids for place in chance.sample(places, chance.choice((1, 1, 1, 2, 5)))}
        session.execute(insert(Membership), [{"person_id": key, "organization_id": place, **given} for key, place in sorted(kept)])
    return named


def _propose(engine: Engine, services: Sequence[tuple[uuid.UUID, uuid.UUID]], chance: random.Random) -> list[uuid.UUID]:
    """A proposal for each, from an editor of its own, as the desk makes them."""
    made: list[uuid.UUID] = []
    for start in range(0, len(services), 100):
        with writing(engine) as session:
            some = services[start : start + 100]
            live = find_records(session, [service_id for service_id, _ in some])
            for service_id, organization_id in some:
                person = make_person(session, f"w{len(made)}@example.org", organizations=[organization_id], name=f"Writer {len(made)}")
                member = member_of(get_person(session, person.id), Level.PASSKEY, "bench")
                record = live[service_id].record
                changed = replace(
                    record, description=f"{record.description} Ask for Ngozi.", fees=f"{record.fees} About {len(made)} pounds."
                )
                draft = save_draft(session, member, Draft(organization_id, ProposalKind.CHANGE, (DraftedService(service_id, changed),)))
                propose(session, member, draft.id)
                draft.proposed_at = clock.now() - timedelta(hours=chance.randrange(1, 200))
                made.append(draft.id)
    return made


def _decide(session: Session, services: Sequence[tuple[uuid.UUID, uuid.UUID]], reviewer: uuid.UUID, chance: random.Random) -> None:
    """Proposals of the last year that were approved."""
    writers = session.scalars(select(Person.id).where(Person.email.like("p%"))).all()
    proposals, rows = [], []
    for service_id, organization_id in services:
        sent = clock.now() - timedelta(days=chance.randrange(3, 365))
        key = uuid.UUID(int=chance.getrandbits(128), version=4)
        at = {"saved_at": sent, "proposed_at": sent, "decided_at": sent + timedelta(hours=chance.randrange(1, 70))}
        who = {"proposed_by": chance.choice(writers), "decided_by": reviewer}
        state = {"kind": ProposalKind.CHANGE.value, "state": State.APPROVED.value, "lock": 3}
        proposals.append({"id": key, "organization_id": organization_id, **state, **who, **at})
        changed = {"name": "A listing", "fields": ["description"], "approved": ["description"], "record": '{"name":"A listing"}'}
        rows.append({"id": uuid.uuid4(), "proposal_id": key, "service_id": service_id, **changed})
    session.execute(insert(Proposal), proposals)
    session.execute(insert(ProposedService), rows)


def _report(session: Session, work: Work, services: Sequence[uuid.UUID], chance: random.Random) -> None:
    """Reports that nobody has dealt with: half with the council, half with editors, some of them of the large organization."""
    mine = session.scalars(select(Service.id).where(Service.organization_id == work.large)).all()
    for number, service_id in enumerate([*mine[:50], *services[: REPORTS - 50]]):
        holder = COUNCIL if number > REPORTS // 2 else EDITORS
        told = clock.now() - timedelta(hours=chance.randrange(1, 300))
        kind = chance.choice(ListingReport.KINDS)
        session.add(ListingReport(service_id=service_id, kind=kind, message="The door was shut.", holder=holder, reported_at=told))
    session.flush()
    newest = select(ListingReport.id).order_by(ListingReport.id)
    work.ids["report_id", "reports.answer"] = session.scalars(newest.where(ListingReport.service_id.in_(mine))).first()
    work.ids["report_id"] = session.scalars(newest.where(ListingReport.holder == COUNCIL)).first()


def _claim(session: Session, holdings: Holdings, organizations: Sequence[uuid.UUID]) -> None:
    key = key_of(holdings.claiming_room.sender)
    for number, organization_id in enumerate(dict.fromkeys(organizations[: CLAIMS * 2])):
        if number == CLAIMS:
            return
        claim_id = uuid.uuid4()
        told = Told(email=f"c{number}@example.org", name=f"Claimant {number}", role="Manager", phone="01632 960001", proof="Ring us.")
        sealed = key.seal(packed(told), bound(claim_id))
        at = clock.now() - timedelta(hours=number)
        session.add(Claim(id=claim_id, organization_id=organization_id, state=ClaimState.WAITING.value, sealed=sealed, claimed_at=at))


def _watch(session: Session, work: Work, chance: random.Random) -> None:
    """What was asked of whom, whom the council could not reach, and links that are broken."""
    now = clock.now()
    due = session.scalars(select(Service).order_by(Service.assured_date, Service.id).limit(3_000)).all()
    editors = session.execute(select(Membership.organization_id, Membership.person_id)).all()
    of = {it.organization_id: it.person_id for it in editors}
    asked = [it for it in due if it.organization_id in of and it.assured_date]
    rows = [{"person_id": of[it.organization_id], "service_id": it.id, "stage": "due", "since": it.assured_date} for it in asked]
    session.execute(insert(Reminder), [{**row, "reminded_at": now - timedelta(days=20)} for row in rows])
    reviewer = work.people["reviewer"].id
    session.execute(insert(Call), [{"service_id": it.id, "called_by": reviewer, "called_at": now, "note": "No answer"} for it in due[:200]])
    links = [{"id": uuid.uuid4().hex, "url": f"https://n{at}.example.org/", "next_at": now} for at in range(10_000)]
    broken = {"failures": 3, "broken_since": clock.today(), "reason": "404"}
    session.execute(insert(CheckedLink), [{**row, **broken} for row in links[:BROKEN_LINKS]])
    session.execute(insert(CheckedLink), links[BROKEN_LINKS:])
    colleague = chance.choice(session.scalars(select(Person.id).where(Person.email.like("p%")).limit(50)).all())
    ends: datetime = now + timedelta(hours=20)
    waits = Recovery(person_id=colleague, reason="lost, voice", started_by=reviewer, started_at=now, ends_at=ends)
    session.add(waits)
    session.flush()
    work.ids["recovery_id"] = waits.id


def _count(session: Session, chance: random.Random) -> None:
    """A year of counts."""
    needs, places = [f"need-{number}" for number in range(40)], ["", "eastmoor", "northgate", "old-town"]
    for day in range(DAYS):
        at = clock.today() - timedelta(days=day)
        rows = [{"counted_on": at, "kind": kind, "key": key, "locality": place} for kind in COUNTED for key in needs for place in places]
        session.execute(insert(Tally), [{**row, "count": chance.randrange(1, 9)} for row in rows])


def _council(session: Session, work: Work) -> None:
    """Banners of years; the last is a draft."""
    person, day = work.people["council-editor"].id, clock.today()
    for number in range(60):
        begins = day - timedelta(days=number * 20)
        banner = Banner({"en": f"The road is closed, notice {number}."}, begins, begins + timedelta(days=10))
        key = uuid.uuid4()
        values = {"version": 1, "content": packed_content(banner), "changed_by": f"person:{person}", "changed_at": clock.now()}
        session.add(CouncilEntry(id=key, kind=Kind.BANNER.value, name=str(key), **values))
        work.ids["entry_id"] = key


def _promise(session: Session, work: Work, needs: Sequence[str]) -> None:
    """A core offer of as many things as a council would name; the last is the one that is looked at."""
    person, conditions = work.people["commissioner"].id, list(Condition)
    for number, need in enumerate(needs):
        promise = Promise(need, 1 + number % 5, frozenset(conditions[: number % 4]))
        work.ids["promise_id"] = promise_to_all(session, promise, f"person:{person}")


def _import(engine: Engine, work: Work) -> uuid.UUID:
    """A proposal of many services of the large organization at once."""
    with writing(engine) as session:
        member = work.member(session, "editor")
        words = f"We moved on day {os.urandom(3).hex()}."
        live = list_records(session, work.large)[:IMPORTED]
        services = tuple(DraftedService(it.service_id, replace(it.record, description=f"{it.record.description} {words}")) for it in live)
        draft = save_draft(session, member, Draft(work.large, ProposalKind.IMPORT, services))
        propose(session, member, draft.id)
        return draft.id


def _file(holdings: Holdings, work: Work) -> None:
    """A file of ours, as large as is taken: every listing of the large organization changed, the rest of the rows new."""
    room = holdings.spreadsheet_room
    with writing(holdings.engine) as session:
        member, live = work.member(session, "editor"), list_records(session, work.large)
        changed = [Recorded(it.service_id, work.large, it.version, _walked(it.record, number)) for number, it in enumerate(live)]
        begun = [ServiceRecord(f"Walk {number}", "We walk together.") for number in range(len(live), IN_A_FILE)]
        new = {str(uuid.uuid4()): record for record in begun}
        told = as_csv([*changed, *(Recorded(uuid.UUID(key), work.large, 1, record) for key, record in new.items())], room.words)
        work.file = _without_ids(told, new.keys())
        work.ids["upload_id"] = keep(session, member, work.large, "listings.csv", read_table(work.file, known_headings()))
        uploaded = get_upload(session, member, work.large, work.ids["upload_id"])
        keep_look(session, member, (work.large, uploaded.id), look(session, uploaded, room.words, "en"))


def _without_ids(content: bytes, new: Collection[str]) -> bytes:
    """The file as somebody fills it in, to whom the new services are not known by any id."""
    rows = [("", "", *row[2:]) if row[0] in new else row for row in csv.reader(io.StringIO(content.decode("utf-8-sig")))]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _walked(record: ServiceRecord, number: int) -> ServiceRecord:
    return replace(record, description=f"We walk together, {number}.", phones=(*record.phones, PhoneEntry("01632 960001")))


def _name(engine: Engine, work: Work) -> None:
    """Ids as addresses call them."""
    with reading(engine) as session:
        mine = select(Service.id).where(Service.organization_id == work.large).order_by(Service.name)
        work.ids["service_id"] = session.scalars(mine).first()
        work.ids["claim_id"] = session.scalars(select(Claim.id).order_by(Claim.claimed_at)).first()
    named: Mapping[str, Any] = {
        "organization_id": work.large,
        "proposal_id": work.proposals[0],
        "person_id": work.people["adviser"].id,
    }
    work.ids.update(named)
