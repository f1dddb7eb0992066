"""Search against the judgements: success@1, success@5 and MRR may only rise.

`floor.yaml` beside this file holds the figures that have been reached, a line for each language and set. When they have risen,
raise them there. The held-out set is never tuned on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml
from relevance.judging import JUDGEMENTS, Score, Verdict, asking, judge, load_judgements, score

from portal.config import Settings
from portal.i18n.languages import LANGUAGES, SOURCE
from portal.web.holdings import hold

FLOOR: dict[str, dict[str, float]] = yaml.safe_load((Path(__file__).parent / "floor.yaml").read_text("utf-8"))
LEAST_QUESTIONS = 20
SHARE_OF_ENGLISH = 0.9
MOST_EMBARRASSING = 0.02  # share of questions with a judged-bad service among the first five
ROUNDING = 0.0005


@pytest.fixture(scope="module")
def verdicts(demo: Settings) -> list[Verdict]:
    return judge(load_judgements(JUDGEMENTS), asking(hold(demo)))


def of(verdicts: Sequence[Verdict], part: str) -> Score:
    language, chosen = part.split()
    return score([it for it in verdicts if it.judgement.language == language and it.judgement.set == chosen])


def test_there_are_enough_judgements_in_each_language() -> None:
    judgements = load_judgements(JUDGEMENTS)
    asked = Counter(it.language for it in judgements)
    assert asked.keys() == LANGUAGES.keys()
    assert min(asked.values()) >= LEAST_QUESTIONS
    assert len({(it.q, it.place) for it in judgements}) == len(judgements)


@pytest.mark.parametrize("part", FLOOR)
def test_answers_are_as_good_as_they_have_been(verdicts: list[Verdict], part: str, capsys: pytest.CaptureFixture[str]) -> None:
    reached, floor = of(verdicts, part), FLOOR[part]
    with capsys.disabled():
        figures = f"success@1 {reached.success_at_1:.3f}, success@5 {reached.success_at_5:.3f}, MRR {reached.mrr:.3f}"
        print(f"\n  {part}: {reached.questions} questions, {figures}")
    assert reached.success_at_5 >= floor["success_at_5"] - ROUNDING
    assert reached.success_at_1 >= floor["success_at_1"] - ROUNDING
    assert reached.mrr >= floor["mrr"] - ROUNDING


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != SOURCE])
def test_every_language_finds_nearly_as_much_as_english(verdicts: list[Verdict], language: str) -> None:
    def success(code: str) -> float:
        return score([it for it in verdicts if it.judgement.language == code]).success_at_5

    assert success(language) >= SHARE_OF_ENGLISH * success(SOURCE)


def test_what_would_be_embarrassing_hardly_ever_shows(verdicts: list[Verdict]) -> None:
    assert score(verdicts).bad_on_page <= MOST_EMBARRASSING
