"""The questions of the project's own content, and answers to them that people might give, for tests of the flow and the plan."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from portal.assessment.answers import CONTACT, Answers, kept
from portal.assessment.definition import HELP, MANY, NOT_SURE, Assessment, Question
from portal.assessment.journey import PLACE, QUESTIONS, Step, next_step
from portal.assessment.journey import STRENGTHS as STRENGTHS_PAGE
from portal.assessment.loading import load_assessment
from portal.config import Settings, from_environment
from portal.pack import find_file, load_pack
from portal.taxonomy.terms import Taxonomy, load_taxonomy
from portal.urgent.cards import load_cards

WORDS = ("", "I want to cook my own meals", "Someone to talk to", "<b>100%</b> & “more”", "میں اکیلا ہوں", "My husband hits me")
PLACES = ("", "Eastmoor", "ZZ4 2FA", "Old Town")


@cache
def settings() -> Settings:
    """As a developer's: the demo pack."""
    return from_environment({})


@cache
def taxonomy() -> Taxonomy:
    """The project's own."""
    return load_taxonomy(find_file(settings(), "taxonomy.yaml"))


@cache
def assessment() -> Assessment:
    """The project's own questions."""
    cards = load_cards(find_file(settings(), "urgent.yaml"), load_pack(settings()))
    return load_assessment(find_file(settings(), "assessments"), taxonomy(), cards)


def options_of(question: Question) -> st.SearchStrategy[tuple[str, ...]]:
    """Answers that the form of a question takes: one; or several that do not contradict each other."""
    alone = [option.id for option in question.options if option.is_alone]
    others = [option.id for option in question.options if not option.is_alone]
    if question.choose != MANY:
        return st.sampled_from([option.id for option in question.options]).map(lambda chosen: (chosen,))
    several = st.lists(st.sampled_from(others), min_size=1, unique=True).map(lambda chosen: tuple(id_ for id_ in others if id_ in chosen))
    return st.one_of(several, *([st.sampled_from(alone).map(lambda chosen: (chosen,))] if alone else []))


def topics() -> st.SearchStrategy[tuple[str, ...]]:
    """What somebody chooses of "What would help?"."""
    offered = [*(topic.id for topic in assessment().offered_topics), NOT_SURE]
    return st.lists(st.sampled_from(offered), min_size=1, unique=True).map(tuple)


@st.composite
def replies(draw: st.DrawFn, step: Step, answers: Answers) -> Answers:
    """The answers with a reply to one page."""
    if step.kind == QUESTIONS:
        [question] = step.questions
        return kept(answers.choosing(question.id, draw(options_of(question))), assessment())
    if step.kind == HELP:
        return answers.choosing(HELP, draw(topics()))
    if step.kind == PLACE:
        return answers.doing(PLACE, place=draw(st.sampled_from(PLACES)))
    if step.kind == STRENGTHS_PAGE:
        texts = draw(st.fixed_dictionaries({name: st.sampled_from(WORDS) for name in ("better", "step")}))
        return answers.doing(STRENGTHS_PAGE, texts={name: text for name, text in texts.items() if text})
    ways = tuple(draw(st.lists(st.sampled_from(CONTACT), unique=True)))
    return answers.doing(step.kind, language="en", ways=ways) if step.kind == "contact" else answers.doing(step.kind)


@st.composite
def people(draw: st.DrawFn, *, least: int = 0) -> Answers:
    """What somebody has answered, page by page, who stops after `least` pages or more, or at the plan."""
    answers, most = Answers(), draw(st.integers(least, 20))
    for _ in range(most):
        step = next_step(assessment(), answers)
        if step is None:
            break
        answers = draw(replies(step, answers))
    return answers
