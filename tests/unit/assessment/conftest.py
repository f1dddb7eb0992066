"""Two small files of questions, to spoil in tests: written anew for each."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from questioning import taxonomy

from portal.assessment.definition import Assessment
from portal.assessment.loading import FIRST, SECOND, load_assessment

URGENT = ("abuse",)


def question(name: str, *options: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A question as a file holds it; without options yes, no and not sure."""
    plain = [{"id": each, "label": each.title()} for each in ("yes", "no", "not-sure")]
    words = {"label": f"{name}?", "short": name.title(), "why": "So.", "choose": "one"}
    return {"id": name, **words, "options": list(options) or plain, **more}


FILES: dict[str, Any] = {
    FIRST: {
        "scale": [{"id": "fine", "label": "Fine"}, {"id": "hurts", "label": "Hurts"}, {"id": "not-sure", "label": "Not sure"}],
        "start": [question("who", {"id": "me", "label": "Me"}, {"id": "helping", "label": "Someone I help"})],
        "topics": [
            {
                "id": "home",
                "group": "home",
                "questions": [
                    {
                        key: value
                        for key, value in question("washing", scale=True, needs={"hurts": ["equipment"]}).items()
                        if key != "options"
                    },
                    question(
                        "harder",
                        {"id": "stairs", "label": "Stairs", "needs": ["adaptations"], "weight": "high", "urgent": "abuse"},
                        {"id": "nothing", "label": "None of these", "alone": True},
                        choose="many",
                        ask="room",
                        show_if={"washing": ["hurts"]},
                    ),
                ],
            },
            {"id": "caring", "group": "caring", "questions": [question("counted-on", show_if={"who": ["me"]})]},
        ],
        "end": [question("last", ask="room")],
    },
    SECOND: {
        "show_if": {"any": [{"who": ["helping"]}, {"counted-on": ["yes"]}]},
        "topics": [{"id": "carer", "group": "caring", "is_for_carer": True, "questions": [question("carer-hard")]}],
    },
}


Load = Callable[[dict[str, Any]], Assessment]


@pytest.fixture
def files() -> dict[str, Any]:
    """Both files, by name, to change."""
    return copy.deepcopy(FILES)


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Writes files and reads them as the site does."""

    def loaded(files: dict[str, Any]) -> Assessment:
        for name, content in files.items():
            (tmp_path / name).write_text(content if isinstance(content, str) else yaml.safe_dump(content), "utf-8")
        return load_assessment(tmp_path, taxonomy(), URGENT)

    return loaded
