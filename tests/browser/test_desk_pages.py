"""Every page of every desk on a phone, in English and in Urdu: fits, can be tapped, axe finds nothing, nothing on the console.

The pages are those of `routes.txt`, which another test holds to the application: a new one is looked at without a change here,
or this test says which part of its address it cannot fill.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from desks import Site, faults, open_site
from driving import path_of, watched
from feed_waiting import let_wait
from msgspec import structs
from playwright.sync_api import Browser, Page
from serving import Served
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import PUBLIC, Role
from portal.accounts.models import Person, Recovery
from portal.council.banners import Banner
from portal.council.operations import draft as draft_notice
from portal.db import writing
from portal.directory.models import Service
from portal.directory.record import PhoneEntry
from portal.directory.records import get_record
from portal.directory.reports import COUNCIL, ListingReport
from portal.editing.claiming.models import Claim, State
from portal.editing.claiming.told import Told, bound, packed
from portal.editing.freshness.reminding import make_link
from portal.editing.proposals.draft import Decision, Draft, DraftedService
from portal.editing.proposals.models import Kind
from portal.editing.proposals.operations import approve, save_draft
from portal.editing.proposals.queries import get_proposal
from portal.editing.spreadsheet.columns import known_headings
from portal.editing.spreadsheet.models import Upload
from portal.editing.spreadsheet.operations import choose, keep
from portal.editing.spreadsheet.plan import Choices
from portal.editing.spreadsheet.table import table_of
from portal.insight.offer.operations import add as name_for_every_area
from portal.insight.offer.promises import Condition, Promise
from portal.insight.periods import list_quarters
from portal.sealing import key_of_site

pytestmark = pytest.mark.browser
LISTED = Path(__file__).parents[1] / "architecture" / "routes.txt"
PART = re.compile(r"<(?:(\w+)(?:\(([^)]*)\))?:)?(\w+)>")
FILES = (".csv", ".xlsx", ".pdf", ".txt", ".ics")
OTHERS = (  # where a name stands for something else: how the address ends, the name, what to take
    ("/reports/council/<int(max=2147483647):report_id>", "report_id", "passed on"),
    ("/import/<uuid:upload_id>/sent", "upload_id", "sent upload"),
)
LEADS_ON = {  # what shows nothing of its own to whoever comes by a link and is signed in
    "/<lang>/people/find": "/people",
    "/<lang>/sign-in/second": "/my-listings",
}
WHOSE = {  # audience → who looks at its pages here
    "enrolling": "editor",
    "member": "editor",
    "editor": "editor",
    "reviewer": "reviewer",
    "council-editor": "council editor",
    "adviser": "adviser",
    "commissioner": "commissioner",
    "council": "administrator",
    "administrator": "administrator",
}


@dataclass
class Stage:
    """A borough in which something waits on every desk: who is there, and what stands in addresses, by name."""

    site: Site
    people: dict[str, Person]
    ids: dict[str, str]


def desk_pages() -> list[tuple[str, str]]:
    """Address and audience of every page that is not for everybody."""
    lines = [line.split() for line in LISTED.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    public = {audience.value for audience in PUBLIC}
    return [
        (path, whom) for methods, path, whom in lines if "GET" in methods.split(",") and whom not in public and not path.endswith(FILES)
    ]


def filled(path: str, ids: dict[str, str]) -> str:
    """An address of this route. Fails for a part that nobody has thought of here."""

    def value(part: re.Match[str]) -> str:
        kind, choices, name = part.groups()
        if name in ids:
            return ids[name]
        assert kind == "any", f"{path}: say in this test what stands for {name}"
        return choices.split(",")[0]

    ids = {**ids, **{name: ids[other] for ending, name, other in OTHERS if path.endswith(ending)}}
    return PART.sub(value, path)


@pytest.fixture(scope="module")
def stage(served: Served) -> Iterator[Stage]:
    site = open_site(served)
    yield set_up(site)
    site.engine.dispose()


def set_up(site: Site) -> Stage:
    """Something waits on every desk."""
    cafe, walk, online = (site.service(name) for name in ("Carers' cafe", "Blokes' walk", "After Eight online group"))
    people = {
        "editor": site.person(keeps=[cafe.organization_id], name="Kim Adeyemi"),
        "reviewer": site.person(Role.REVIEWER, name="Rosa"),
        "second reviewer": site.person(Role.REVIEWER, name="Sam"),
        "council editor": site.person(Role.COUNCIL_EDITOR),
        "adviser": site.person(Role.ADVISER),
        "commissioner": site.person(Role.COMMISSIONER),
        "administrator": site.person(Role.ADMINISTRATOR, name="Jo"),
    }
    ids = {"organization_id": cafe.organization_id, "service_id": cafe.id, "person_id": people["reviewer"].id}
    ids |= {"number": 1, "slug": "eastmoor", "need": "falls", "code": "ur", "year": 2026, "name": "attendance_allowance_lower"}
    ids["quarter"] = list_quarters(clock.today())[0].name
    stage = Stage(site, people, {name: str(value) for name, value in ids.items()})
    send_for_review(stage, (cafe, walk, online))
    with writing(site.engine) as session:
        wait_elsewhere(stage, session, cafe)
        write_by_halves(stage, session, cafe)
    return stage


def send_for_review(stage: Stage, services: tuple[Service, Service, Service]) -> None:
    """Two versions of the first are there; the second waits, twice; the phone number of the third waits for a second reviewer."""
    site, editor = stage.site, stage.people["editor"]
    for service, fields in zip(
        services, ({"fees": "Two pounds, or what you can"}, {}, {"phones": (PhoneEntry("01632 960123"),)}), strict=True
    ):
        changes = {"description": "Tea, cake and company for people who look after somebody.", **fields}
        stage.ids["proposal_id"] = str(approved(site, site.propose(editor, service, "We moved", **changes), stage.people["reviewer"]))
    stage.ids["held"] = stage.ids["proposal_id"]
    site.propose(site.person(keeps=[services[1].organization_id]), services[1], fees="Free")
    stage.ids["proposal_id"] = str(
        site.propose(editor, services[1], "New prices", fees="One pound", wait_time="None", name="Walk and talk")
    )


def approved(site: Site, proposal_id: uuid.UUID, reviewer: Person) -> uuid.UUID:
    with writing(site.engine) as session:
        approve(session, site.member(reviewer), proposal_id, get_proposal(session, proposal_id).lock, Decision())
    return proposal_id


def wait_elsewhere(stage: Stage, session: Session, service: Service) -> None:
    """A claim, reports for editors and council, a recovery, a notice, a link of a reminder, a listing of a feed."""
    now, secret = clock.now(), stage.site.settings.secret_key
    told = Told(email="kim@gmail.com", name="Kim Oak", role="Chair", phone="01632 960009", proof="Ask at the library", language="ur")
    claim = Claim(id=uuid.uuid4(), organization_id=stage.site.service("Bat and Chat").organization_id, state=State.WAITING, claimed_at=now)
    claim.sealed = key_of_site(secret, "claim").seal(packed(told), bound(claim.id))
    said = {"service_id": service.id, "kind": "times", "message": "It was shut when I came.", "reported_at": now}
    reports = ListingReport(**said), ListingReport(**said, holder=COUNCIL, passed_on_at=now)
    lost = Recovery(person_id=stage.people["second reviewer"].id, reason="lost, met", started_by=stage.people["reviewer"].id)
    lost.started_at, lost.ends_at = now, now + timedelta(hours=24)
    session.add_all([claim, *reports, lost])
    notice = Banner({"en": "The library is shut."}, clock.today(), clock.today())
    entry = draft_notice(session, notice, stage.site.member(stage.people["council editor"]).acted_by)
    promise = Promise("carer-support", 20, frozenset([Condition.FREE]))
    stage.ids["promise_id"] = str(name_for_every_area(session, promise, stage.site.member(stage.people["commissioner"]).acted_by))
    session.flush()
    stage.ids |= {"claim_id": str(claim.id), "report_id": str(reports[0].id), "passed on": str(reports[1].id), "entry_id": str(entry)}
    stage.ids |= {"token": make_link(session, stage.people["editor"].id), "key": str(let_wait(session, service.id))}


def write_by_halves(stage: Stage, session: Session, service: Service) -> None:
    """A draft, a new service that is begun, a file that was sent in."""
    editor, organization_id = stage.site.member(stage.people["editor"]), service.organization_id
    record = get_record(session, service.id).record
    changed = structs.replace(record, fees="Three pounds", description="Somewhere to talk. " * 30)
    begun = structs.replace(record, name="Carers' breakfast")
    save_draft(session, editor, Draft(organization_id, Kind.CHANGE, (DraftedService(service.id, changed),)))
    save_draft(session, editor, Draft(organization_id, Kind.NEW, (DraftedService(None, begun),)))
    rows = [
        ["Name", "What it does", "Times"],
        [record.name, "Tea and cake.", "Tuesday 10:00–12:00"],
        ["Breakfast", "Toast.", "at some time"],
    ]
    table = table_of(rows, "CSV", known_headings())
    sent = keep(session, editor, organization_id, "sent.csv", table)
    session.get_one(Upload, sent).proposal_id = uuid.UUID(stage.ids["proposal_id"])
    upload_id = keep(session, editor, organization_id, "listings.csv", table)
    choose(session, editor, (organization_id, upload_id), Choices(("name", "description", "times")))
    stage.ids |= {"upload_id": str(upload_id), "sent upload": str(sent)}


MORE = (  # what the same address shows at other times, and pages that a link in a letter opens: address, whose
    ("/<lang>/review/<held>", "second reviewer"),
    ("/<lang>/services/<uuid:service_id>/history/<number>", "reviewer"),
    ("/<lang>/still-right/<token>", "editor"),
    ("/<lang>/still-right/<token>/thanks", "editor"),
    ("/<lang>/adviser/menu?place=Eastmoor", "adviser"),
)


def look_at(page: Page, path: str, end: str) -> list[str]:
    """Open a page, or one that leads on to `end`; what is wrong with it."""
    answer = page.goto(path)
    status = answer.status if answer else 0
    if status != 200 or path_of(page) != (end or path.partition("?")[0]):
        return [f"{path}: answers {status} at {path_of(page)}"]
    return [] if end else [f"{path}: {fault}" for fault in faults(page)]


@pytest.mark.parametrize("language", ["en", "ur"])
def test_every_page_of_every_desk_fits_a_phone_and_anybody_can_use_it(
    chromium: Browser, served: Served, stage: Stage, language: str
) -> None:
    pages = sorted([(WHOSE[audience], path) for path, audience in desk_pages()] + [(whom, path) for path, whom in MORE])
    ids, now, problems = {**stage.ids, "lang": language}, "", []
    with watched(chromium, served.url, bypass_csp=True) as page:
        for whom, path in pages:
            if whom != now:
                stage.site.sit_down(page, stage.people[whom])
                now = whom
            end = LEADS_ON.get(path, "")
            problems += look_at(page, filled(path, ids), f"/{language}{end}" if end else "")
        page.watch.problems[:0] = problems  # type: ignore[attr-defined]  # told together, when the page is closed


def test_a_part_of_an_address_that_nobody_thought_of_is_noticed() -> None:
    with pytest.raises(AssertionError, match="say in this test what stands for badge_id"):
        filled("/<lang>/badges/<uuid:badge_id>", {"lang": "en"})
