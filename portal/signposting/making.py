"""A plan from answers: what a process holds and the answers in, a `Plan` out. Reads the index and the database, writes nothing.

When services cannot be looked for, for whatever reason, the plan is made without them: steps, advice and somebody to ring remain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from portal import clock
from portal.advice.current import CurrentLibrary
from portal.assessment.answers import Answers
from portal.assessment.definition import Assessment
from portal.assessment.needs import from_answers, list_outcomes, list_urgent
from portal.directory.queries import find_public
from portal.errors import IndexUnavailable
from portal.localities.answer import Place
from portal.localities.place import place as find_place
from portal.search.find import Searcher
from portal.search.index import Index
from portal.search.menu import Diner, Offer, menu
from portal.search.understanding import Lexicon, understand
from portal.signposting.plan import Plan
from portal.signposting.steps import SmallStep, fitting
from portal.signposting.suggest import choose, choose_pages, left_over, unmet
from portal.standby import reading_now
from portal.taxonomy.words import words
from portal.urgent.cards import Card
from portal.urgent.listening import UrgentWords

MOST_STEPS: Final = 3
MOST_SELF_HELP: Final = 4
MOST_HEARD: Final = 2
HELD_BACK: Final = frozenset({"home-care", "care-homes", "personal-care"})  # who dreams of staying at home asks for no care first of all
SPECIAL_GROUPS: Final = ("health", "safety")
FREE: Final = ("cost", "free")
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Signposts:
    """What plans are made from."""

    engine: Engine
    assessment: Assessment
    searcher: Searcher
    index: Index
    library: CurrentLibrary
    cards: Mapping[str, Card]
    listening: UrgentWords
    steps: tuple[SmallStep, ...]

    @property
    def special(self) -> frozenset[str]:
        """Needs that only those who have them look for."""
        needs = self.searcher.taxonomy.needs_by_group
        return frozenset(need.id for group in SPECIAL_GROUPS for need in needs.get(group, ()))


def make_plan(signposts: Signposts, answers: Answers, language: str) -> Plan:
    """The plan for these answers, in a reader's language, today."""
    revealed = from_answers(signposts.assessment, answers, _heard(signposts, answers, language))
    found = find_place(answers.place, signposts.searcher.extents.gazetteer)
    here = found if isinstance(found, Place) else None
    offers = find_offers(signposts, [each.need for each in revealed], here, _preferences(answers, language))
    services = choose(revealed, offers or {}, signposts.special)
    needs = tuple(dict.fromkeys(each.need for each in revealed))
    own = answers.texts.get("step", "")
    steps = fitting(signposts.steps, needs)
    most = MOST_STEPS - bool(own)
    return Plan(
        here=here,
        needs=revealed,
        outcomes=list_outcomes(revealed, signposts.searcher.taxonomy),
        urgent=_urgent(signposts, answers),
        own_step=own,
        steps=tuple(steps[:most]),
        self_help=tuple(steps[most : most + MOST_SELF_HELP]),
        services=services,
        more=left_over(revealed, offers or {}, services),
        unmet=unmet(revealed, offers or {}),
        advice=choose_pages(needs, signposts.library.on(clock.today()), language),
        has_services=offers is not None,
        is_for_carer=any(each.is_for_carer for each in revealed),
    )


def _heard(signposts: Signposts, answers: Answers, language: str) -> tuple[str, ...]:
    """Needs that the words about a better life speak of."""
    text = answers.texts.get("better", "")
    if not text:
        return ()
    laywords = signposts.searcher.laywords
    heard = understand(text, language, laywords, Lexicon((), laywords)).needs
    return tuple(need for need in heard if need not in HELD_BACK)[:MOST_HEARD]


def _urgent(signposts: Signposts, answers: Answers) -> tuple[Card, ...]:
    """Cards that answers or their own words call for, gravest first."""
    heard = [kind for text in answers.texts.values() for kind in signposts.listening.hear(words(text))]
    called = {*heard, *list_urgent(signposts.assessment, answers)}
    return tuple(card for kind, card in signposts.cards.items() if kind in called)


def _preferences(answers: Answers, language: str) -> tuple[tuple[str, str], ...]:
    spoken = answers.language or language
    ways = [("access", way) for way in answers.ways if way in ("bsl", "large-print", "easy-read")]
    return (FREE, *ways, *((("speaks", spoken),) if spoken != "en" else ()))


def find_offers(
    signposts: Signposts, needs: Sequence[str], here: Place | None, prefers: tuple[tuple[str, str], ...] = (FREE,)
) -> Mapping[str, Offer] | None:
    """What there is for each need at a place; None while that cannot be asked."""
    try:
        with reading_now(signposts.engine) as session:
            diner = Diner(here, clock.today(), prefers, lambda ids: find_public(session, ids))
            return menu(signposts.searcher, signposts.index.snapshot().generation, needs, diner)
    except IndexUnavailable:
        signposts.index.distrust()
    except SQLAlchemyError as error:
        log.warning("services cannot be looked for", reason=type(error).__name__)
    return None
