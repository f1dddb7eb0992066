"""Questions that found nothing are counted, not kept: no words before enough days have brought them, no place finer than a locality."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.localities.answer import Ambiguous, Place, Unknown
from portal.search.misses import ENOUGH_DAYS, ENOUGH_TIMES, KIND, KIND_TEXT, LONGEST_KEPT, MissedText, count_miss
from portal.search.query import SearchQuery
from portal.search.results import SearchResults
from portal.search.understanding import Question
from portal.tally import Tally
from portal.taxonomy.words import words

EASTMOOR = Place("postcode", "ZZ6 1AA", 54.0, 1.3, "eastmoor")
START = datetime(2026, 11, 24, 12, tzinfo=UTC)


def missed(text: str, *needs: str, place: Place | Ambiguous | Unknown | None = None, left: str | None = None) -> SearchResults:
    """A question that found nothing; `left` is its text without the place that it named."""
    return SearchResults(SearchQuery(text=text), place, Question(words=words(text if left is None else left), needs=needs))


def ask(session: Session, results: SearchResults, *, days: int = 1, times: int = 1, key: str = "one") -> None:
    for day in range(days):
        with clock.stopped_at(START + timedelta(days=day)):
            for _ in range(times):
                count_miss(session, results, key)
    session.flush()


def kept(session: Session) -> list[str]:
    return list(session.scalars(select(MissedText.text)))


def counted(session: Session, kind: str = KIND) -> dict[tuple[str, str], int]:
    return {(row.key, row.locality): row.count for row in session.scalars(select(Tally).where(Tally.kind == kind))}


def everything(session: Session) -> str:
    """All that was written, as one text."""
    session.expire_all()
    tallies = [(row.counted_on, row.kind, row.key, row.locality, row.count) for row in session.scalars(select(Tally))]
    return repr([tallies, kept(session)])


@pytest.mark.parametrize(("days", "times"), [(1, 1), (1, 50), (2, 20), (ENOUGH_DAYS, 1), (ENOUGH_TIMES - 1, 1)])
def test_no_words_are_kept_before_enough_days_and_times(session: Session, days: int, times: int) -> None:
    is_enough = days >= ENOUGH_DAYS and days * times >= ENOUGH_TIMES
    ask(session, missed("my husband Jo hits me"), days=days, times=times)
    assert not is_enough
    assert kept(session) == []
    assert "husband" not in everything(session)


@pytest.mark.parametrize(("days", "times"), [(ENOUGH_DAYS, 2), (ENOUGH_TIMES, 1), (10, 1)])
def test_words_that_enough_days_and_times_have_brought_are_kept_once(session: Session, days: int, times: int) -> None:
    ask(session, missed("Wheelchair Rugby!"), days=days, times=times)
    assert kept(session) == ["wheelchair rugby"]


def test_the_same_words_in_other_spellings_are_the_same_question(session: Session) -> None:
    for text in ("wheelchair rugby", "Wheelchair  RUGBY", "wheelchair, rugby?"):
        ask(session, missed(text), days=ENOUGH_DAYS)
    assert kept(session) == ["wheelchair rugby"]


def test_different_words_are_different_questions(session: Session) -> None:
    for number in range(ENOUGH_TIMES):
        ask(session, missed(f"rugby {number}"), days=ENOUGH_DAYS - 1)
    assert kept(session) == []


def test_a_digest_says_nothing_without_the_secret(session: Session) -> None:
    ask(session, missed("rugby"), key="one")
    ask(session, missed("rugby"), key="two")
    assert len(counted(session, KIND_TEXT)) == 2


def test_needs_are_counted_by_locality_and_by_nothing_finer(session: Session) -> None:
    ask(session, missed("rugby near me", "getting-active", "social-groups", place=EASTMOOR), times=2)
    assert counted(session) == {("getting-active", "eastmoor"): 2, ("social-groups", "eastmoor"): 2}
    assert not {"zz6", "1aa", "54.0"} & set(everything(session).casefold().split())
    assert "ZZ6" not in everything(session)


def test_a_question_without_a_need_is_counted_as_one(session: Session) -> None:
    ask(session, missed("rugby"))
    assert counted(session) == {("", ""): 1}


@pytest.mark.parametrize(
    "place", [None, Unknown("12 Acacia Avenue"), Ambiguous("Mill Lane", (EASTMOOR,)), Place("place", "Village", 54.2, 1.0)]
)
def test_a_place_that_is_in_no_locality_is_not_counted(session: Session, place: Place | Ambiguous | Unknown | None) -> None:
    ask(session, missed("rugby", "getting-active", place=place), days=ENOUGH_DAYS, times=2)
    assert {locality for _, locality in counted(session)} == {""}
    assert not any(name in everything(session) for name in ("Acacia", "Mill", "Village"))


@pytest.mark.parametrize("text", ["wheelchair rugby ZZ6 1AA", "wheelchair rugby zz61aa", "ZZ6 1AA wheelchair rugby"])
def test_a_postcode_among_the_words_is_never_kept(session: Session, text: str) -> None:
    ask(session, missed(text, place=EASTMOOR), days=ENOUGH_DAYS, times=2)
    assert kept(session) == ["wheelchair rugby"]


def test_the_place_that_a_sentence_names_is_never_kept(session: Session) -> None:
    ask(session, missed("rugby in Eastmoor", place=EASTMOOR, left="rugby"), days=ENOUGH_DAYS, times=2)
    assert kept(session) == ["rugby"]


def test_long_words_are_cut(session: Session) -> None:
    ask(session, missed("word " * 100), days=ENOUGH_DAYS, times=2)
    (text,) = kept(session)
    assert len(text) <= LONGEST_KEPT


@pytest.mark.parametrize("text", ["", "!?", "ZZ6 1AA"])
def test_a_question_without_words_is_only_counted(session: Session, text: str) -> None:
    ask(session, missed(text, place=EASTMOOR))
    assert counted(session) == {("", "eastmoor"): 1}
    assert counted(session, KIND_TEXT) == {}


def test_counting_commits_nothing(session: Session) -> None:
    ask(session, missed("rugby"))
    session.rollback()
    assert counted(session) == {}
