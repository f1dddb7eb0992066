"""How well listings answer: exact beats stemmed beats mended; needs first; a loose answer only where no other is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import little_borough
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from little_borough import NEEDS, listing

from portal.search.areas import Extents
from portal.search.generation import Generation
from portal.search.matching import ENOUGH, LEAST, Fit, Measured, fit, measure
from portal.search.understanding import Question, Term

NUMBERS = {need: number for number, need in enumerate(NEEDS)}
LISTINGS = {
    "gardening": listing("Thyme", words="gardening"),
    "gardens": listing("Sage", words="gardens"),
    "garlands": listing("Rue", words="garlands"),
    "named": listing("Gardening friends"),
    "organized": listing("Mint", organization="Gardening society"),
    "two words": listing("Basil", words="blue badge"),
    "badge": listing("Dill", words="badge"),
    "first need": listing("Anise", needs=("loneliness", "food")),
    "second need": listing("Borage", needs=("food", "loneliness")),
    "both needs": listing("Cress", needs=("loneliness", "falls")),
    "other": listing("Foundry", needs=("work",), words="die casting"),
    "urdu": listing("Fennel", languages=("ur",), words="talk"),
    "talk": listing("Garlic", words="talk"),
    "rare": listing("Leek", words="quilting talk"),
}
NAMES = list(LISTINGS)
ROW = {name: row for row, name in enumerate(NAMES)}


@pytest.fixture(scope="module")
def generation(known: Extents, tmp_path_factory: pytest.TempPathFactory) -> Generation:
    return little_borough.written(tmp_path_factory.mktemp("index"), known, LISTINGS.values())


def asked(*terms: Term | str, needs: Sequence[str] = (), hints: Sequence[str] = (), speaks: Sequence[str] = ()) -> Question:
    made = tuple(Term(term) if isinstance(term, str) else term for term in terms)
    return Question(tuple(term.word for term in made), made, tuple(needs), tuple(hints), tuple(speaks))


class Answers:
    """What a generation makes of a question."""

    def __init__(self, generation: Generation, question: Question) -> None:
        self.measured = measure(generation, question, NUMBERS)
        self.fit = fit(self.measured, generation.columns.live[self.measured.rows])

    @property
    def counted(self) -> set[str]:
        return {NAMES[row] for row in self.measured.rows[self.fit.counts]}

    def score(self, name: str) -> float:
        """0 for a row that holds and meets nothing, and so is not measured."""
        return dict(zip(self.measured.rows.tolist(), self.measured.score.tolist(), strict=True)).get(ROW[name], 0.0)

    def ranked(self, *names: str) -> bool:
        """Whether each of these scores more than the next."""
        scores = [self.score(name) for name in names]
        return all(one > two for one, two in pairwise(scores))


def test_a_row_of_the_index_is_a_row_of_the_columns(generation: Generation) -> None:
    assert [generation.inverted.listing(row).name for row in ROW.values()] == [each.name for each in LISTINGS.values()]
    assert generation.row_ids(ROW.values()) == [each.id for each in LISTINGS.values()]


def test_a_name_beats_an_organization_beats_a_body_and_exact_beats_stemmed(generation: Generation) -> None:
    answers = Answers(generation, asked("gardening"))
    assert answers.counted == {"gardening", "gardens", "named", "organized"}
    assert answers.ranked("named", "organized", "gardening", "gardens")


def test_the_word_itself_beats_its_english_beats_a_guess(generation: Generation) -> None:
    answers = Answers(generation, asked(Term("gardens", bridged=("blue badge",), alternatives=("garlands",))))
    assert answers.ranked("gardens", "two words", "garlands")
    assert "garlands" in answers.counted


def test_all_words_of_an_alternative_must_be_there(generation: Generation) -> None:
    assert Answers(generation, asked(Term("bluebadge", alternatives=("blue badge",)))).counted == {"two words"}


def test_a_rare_word_weighs_more_than_a_common_one(generation: Generation) -> None:
    answers = Answers(generation, asked("talk", "quilting"))
    assert answers.counted == {"rare"}
    assert answers.ranked("rare", "talk", "garlands")


def test_a_need_is_met_best_by_what_it_is_for(generation: Generation) -> None:
    answers = Answers(generation, asked(needs=["loneliness"]))
    assert answers.counted == {"first need", "second need", "both needs"}
    assert answers.ranked("first need", "second need")


def test_meeting_two_needs_beats_meeting_one(generation: Generation) -> None:
    assert Answers(generation, asked(needs=["loneliness", "falls"])).ranked("both needs", "first need", "second need", "other")


def test_a_need_hinted_at_counts_only_where_none_is_spoken_of(generation: Generation) -> None:
    assert Answers(generation, asked(hints=["work"])).counted == {"other"}
    both = Answers(generation, asked(needs=["falls"], hints=["work"]))
    assert both.counted == {"both needs"}


def test_a_word_that_a_need_has_said_adds_little_elsewhere(generation: Generation) -> None:
    said = Answers(generation, asked(Term("die", speaks_of_need=True), needs=["loneliness"]))
    unsaid = Answers(generation, asked("die", needs=["loneliness"]))
    assert said.ranked("first need", "other")
    assert unsaid.ranked("other", "first need")


def test_a_word_that_a_need_has_said_counts_fully_where_nothing_meets_the_need(generation: Generation) -> None:
    said, unsaid = (Answers(generation, asked(Term("die", speaks_of_need=marked), needs=["swimming"])) for marked in (True, False))
    assert said.measured.score.tolist() == unsaid.measured.score.tolist()


def test_a_language_that_was_named_comes_first(generation: Generation) -> None:
    assert Answers(generation, asked("talk", speaks=["ur"])).ranked("urdu", "talk")
    twice, once = (Answers(generation, asked("talk", speaks=codes)).score("urdu") for codes in (["ur", "ur"], ["ur"]))
    assert twice == pytest.approx(once)


def test_a_name_that_holds_every_word_comes_first(generation: Generation) -> None:
    answers = Answers(generation, asked("gardening", "friends"))
    assert answers.ranked("named", "gardening")
    assert answers.score("named") > 2


def test_an_empty_question_finds_everything_alike(generation: Generation) -> None:
    answers = Answers(generation, Question())
    assert answers.counted == set(LISTINGS)
    assert len(set(answers.measured.score.tolist())) == 1


def test_words_that_nothing_holds_find_nothing(generation: Generation) -> None:
    answers = Answers(generation, asked("zzz", "yyy"))
    assert answers.counted == set()
    assert answers.measured.share.tolist() == []


def test_some_of_the_words_are_a_loose_answer_where_no_listing_holds_enough(generation: Generation) -> None:
    answers = Answers(generation, asked("quilting", "zzz", "yyy", "xxx", "www"))
    assert (answers.counted, answers.fit.is_loose) == ({"rare"}, True)
    assert not Answers(generation, asked("quilting")).fit.is_loose


SHARES = st.lists(st.floats(0, 1), min_size=4, max_size=4).map(np.array)
MEETS = st.lists(st.sampled_from([0.0, 0.0, 0.8]), min_size=4, max_size=4).map(np.array)
WITHIN = st.lists(st.booleans(), min_size=4, max_size=4).map(np.array)


def fitted(spoken: np.ndarray, hinted: np.ndarray, share: np.ndarray, within: np.ndarray) -> Fit:
    return fit(Measured(np.arange(len(share)), spoken, hinted, share, spoken + share), within)


@settings(deadline=None)
@given(MEETS, MEETS, SHARES, WITHIN)
def test_what_counts_lies_within_reach_and_meets_a_need_or_holds_enough(
    spoken: np.ndarray, hinted: np.ndarray, share: np.ndarray, within: np.ndarray
) -> None:
    found = fitted(spoken, hinted, share, within)
    assert not (found.counts & ~within).any()
    assert found.counts[within & (spoken > 0)].all()
    assert found.counts[within & (share >= ENOUGH)].all()
    speaks = (within & (spoken > 0)).any()
    meets = spoken > 0 if speaks else hinted > 0
    assert not (found.counts & ~meets & (share < LEAST)).any()
    if (within & meets).any():
        assert not found.is_loose
        assert not (found.counts & ~meets & (share < ENOUGH)).any()


@settings(deadline=None)
@given(MEETS, MEETS, SHARES, WITHIN)
def test_what_lies_out_of_reach_changes_nothing(spoken: np.ndarray, hinted: np.ndarray, share: np.ndarray, within: np.ndarray) -> None:
    found = fitted(spoken, hinted, share, within)
    alone = fitted(np.where(within, spoken, 0), np.where(within, hinted, 0), np.where(within, share, 0), within)
    assert found.counts.tolist() == alone.counts.tolist()
    assert found.is_loose == alone.is_loose
