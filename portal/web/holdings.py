"""What one process holds, made once from the settings: the database engine, the pack and its content, places and the index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial

from sqlalchemy import Engine

from portal import clock
from portal.accounts.people.room import PeopleRoom
from portal.accounts.people.room import Sender as PeopleSender
from portal.accounts.signing.room import SigningRoom
from portal.advice.current import CurrentLibrary
from portal.advice.money import load_money
from portal.advice.pages import Library
from portal.advice.views import AdviceRoom
from portal.assessment.loading import load_assessment
from portal.assessment.views import AssessmentRoom
from portal.config import Settings
from portal.council.standing import Standing
from portal.db import open_engine
from portal.directory.counting import Counts
from portal.directory.views import DirectoryRoom
from portal.editing.checks.findable import load_questions
from portal.editing.claiming.room import ClaimingRoom
from portal.editing.council.room import CouncilRoom
from portal.editing.desk.room import DeskRoom
from portal.editing.freshness.views import FreshnessRoom
from portal.editing.quality.placing import Ground
from portal.editing.quality.room import QualityRoom
from portal.editing.reports.views import ReportsRoom
from portal.editing.reviewing.views import ReviewingRoom
from portal.editing.spreadsheet.room import SpreadsheetRoom
from portal.editing.spreadsheet.room import open_room as open_spreadsheets
from portal.i18n.languages import choose
from portal.insight.facts import Terms
from portal.insight.figures import Figures
from portal.insight.figures import Ground as Counted
from portal.localities.former import former_names
from portal.localities.need import Measure
from portal.localities.needing import load_need_measures
from portal.localities.versions import AreaVersion, Versions, load_versions
from portal.mail import carriers_from
from portal.pack import Pack, find_file, load_pack
from portal.search.advice import AdviceFinder
from portal.search.areas import Extents
from portal.search.find import Searcher
from portal.search.generation import Origin
from portal.search.index import Index
from portal.search.laywords import load_laywords
from portal.search.views import SearchRoom, services_beside
from portal.sharing.asking.room import AskingRoom, Sender
from portal.sharing.plans.operations import add_requests, follow, list_requests
from portal.sharing.plans.views import PlansRoom
from portal.sharing.views import SharingRoom
from portal.signposting.advising.commonest import load_commonest
from portal.signposting.advising.views import AdvisingRoom
from portal.signposting.making import Signposts
from portal.signposting.steps import load_steps
from portal.standby import add_standby
from portal.taxonomy.terms import Taxonomy, load_taxonomy
from portal.urgent.cards import load_cards
from portal.urgent.listening import load_urgent_words
from portal.urgent.views import UrgentRoom


@dataclass(frozen=True)
class Holdings:
    """Everything that views share, and the part that each room is given.

    `versions` are the localities of each day and `areas` those that this process works with; `need_measures` says whom a need befalls.
    """

    pack: Pack
    engine: Engine
    taxonomy: Taxonomy
    index: Index
    counts: Counts
    versions: Versions
    areas: AreaVersion
    need_measures: Mapping[str, Measure]
    search_room: SearchRoom
    directory_room: DirectoryRoom
    urgent_room: UrgentRoom
    advice_room: AdviceRoom
    sharing_room: SharingRoom
    assessment_room: AssessmentRoom
    signposts: Signposts
    plans_room: PlansRoom
    asking_room: AskingRoom
    advising_room: AdvisingRoom
    signing_room: SigningRoom
    people_room: PeopleRoom
    claiming_room: ClaimingRoom
    freshness_room: FreshnessRoom
    reports_room: ReportsRoom
    spreadsheet_room: SpreadsheetRoom
    desk_room: DeskRoom
    reviewing_room: ReviewingRoom
    quality_room: QualityRoom
    standing: Standing
    council_room: CouncilRoom

    @cached_property
    def figures(self) -> Figures:
        """What pages of insight read, and what is remembered of each month."""
        terms = Terms(tuple(self.taxonomy.needs), self.pack.languages)
        counted = Counted(self.versions, self.areas, self.search_room.searcher.extents, self.need_measures, terms)
        return Figures(self.index, self.engine, counted)


def hold(settings: Settings) -> Holdings:
    """Read the content and open the database. Raises `ConfigError` or `ContentError`."""
    pack = load_pack(settings)
    choose(pack.languages)
    engine = open_engine(settings.database_url)
    if settings.database_read_url:
        add_standby(engine, settings.database_read_url)
    taxonomy = load_taxonomy(find_file(settings, "taxonomy.yaml"))
    cards = load_cards(find_file(settings, "urgent.yaml"), pack)
    index = open_index(settings, engine, pack, taxonomy)
    urgent = UrgentRoom(cards, load_urgent_words(settings.lexicon / "urgent", list(cards)), pack, settings.instance / "urgent")
    standing = Standing(engine, pack)
    library = CurrentLibrary(Library(settings, pack), standing)
    library.on(clock.today())  # so that a page that is wrong stops the start
    counts = Counts()
    search = SearchRoom(
        index.searcher, index.index, engine, urgent, AdviceFinder(library), index.areas.boundaries, counts, settings.secret_key
    )
    assessment = load_assessment(find_file(settings, "assessments"), taxonomy, cards)
    steps = load_steps(find_file(settings, "steps.yaml"), taxonomy, library.on(clock.today()).advice_slugs)
    commonest = load_commonest(find_file(settings, "assessments/menu.yaml"), taxonomy)
    gazetteer = index.areas.gazetteer
    carriers = carriers_from(settings)
    is_secure = settings.base_url.startswith("https://")
    sender = Sender(pack, settings.base_url, settings.secret_key)
    to_people = PeopleSender(pack, settings.base_url, settings.secret_key)
    areas = {slug: locality.name for slug, locality in gazetteer.localities.items()}
    return Holdings(
        pack=pack,
        engine=engine,
        taxonomy=taxonomy,
        index=index.index,
        counts=counts,
        versions=index.versions,
        areas=index.areas,
        need_measures=load_need_measures(find_file(settings, "need_measures.yaml"), taxonomy.needs),
        search_room=search,
        directory_room=DirectoryRoom(engine, taxonomy, pack, settings.base_url, counts, settings.secret_key),
        urgent_room=urgent,
        advice_room=AdviceRoom(library, partial(services_beside, search)),
        sharing_room=SharingRoom(engine, taxonomy, settings.secret_key, settings.base_url),
        assessment_room=AssessmentRoom(engine, assessment, taxonomy, urgent, gazetteer, is_secure, follow),
        signposts=Signposts(engine, assessment, index.searcher, index.index, library, cards, urgent.listening, steps),
        plans_room=PlansRoom(engine, pack, settings.base_url, settings.secret_key, carriers),
        asking_room=AskingRoom(engine, sender, carriers, partial(add_requests, secret=settings.secret_key), list_requests),
        advising_room=AdvisingRoom(commonest, pack, settings.base_url, settings.secret_key, carriers),
        signing_room=SigningRoom(engine, settings.base_url, settings.secret_key, is_secure, pack, carriers),
        freshness_room=FreshnessRoom(engine, sender, taxonomy, areas, bool(settings.sms_url)),
        reports_room=ReportsRoom(engine, sender),
        people_room=PeopleRoom(engine, to_people),
        claiming_room=ClaimingRoom(engine, to_people),
        desk_room=DeskRoom(engine, pack, taxonomy, gazetteer, index.searcher.laywords, index.index, load_questions(settings.lexicon)),
        reviewing_room=ReviewingRoom(engine, taxonomy),
        spreadsheet_room=open_spreadsheets(engine, taxonomy, pack, gazetteer),
        quality_room=QualityRoom(engine, Ground(index.searcher.extents)),
        standing=standing,
        council_room=CouncilRoom(engine, standing, library, load_money(find_file(settings, "money.yaml")), pack, gazetteer.localities),
    )


@dataclass(frozen=True)
class OpenIndex:
    """The index and what asks it; the localities of each day, and those that it was opened with, in force since it was."""

    index: Index
    searcher: Searcher
    versions: Versions
    areas: AreaVersion


def open_index(settings: Settings, engine: Engine, pack: Pack, taxonomy: Taxonomy) -> OpenIndex:
    """The index of these settings, which need not exist yet."""
    versions = load_versions(find_file(settings, "localities"))
    areas = versions.on(clock.today())
    areas.need  # noqa: B018 - read now, so that a table that is wrong stops the start
    gazetteer = areas.gazetteer
    authorities = {name for locality in gazetteer.localities.values() for name in locality.lads}
    names = {name.casefold() for name in (*pack.borough_extents, pack.borough, gazetteer.name, *authorities)}
    extents = Extents(gazetteer, frozenset(names), areas.boundaries, former_names(versions, areas))
    laywords = load_laywords(settings.lexicon, taxonomy)
    index = Index(settings.index, engine, Origin(taxonomy, extents), laywords)
    return OpenIndex(index, Searcher(taxonomy, laywords, extents), versions, areas)
