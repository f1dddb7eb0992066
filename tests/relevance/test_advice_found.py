"""Search finds advice as well as services: each judged question brings one of its pages, and a question for none brings none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from flask.testing import FlaskClient

JUDGED: dict[str, list[dict[str, Any]]] = yaml.safe_load((Path(__file__).parent / "advice.yaml").read_text("utf-8"))


def offered(reader: FlaskClient, row: dict[str, Any]) -> list[str]:
    response = reader.get(f"/{row['language']}/search", query_string={"q": row["q"]})
    links = response.page.tree.findall(".//section[@aria-labelledby='advice']//a")
    return [str(link.get("href")).rsplit("/", 1)[1] for link in links]


@pytest.mark.parametrize("row", JUDGED["asked"], ids=lambda row: row["q"])
def test_a_question_brings_the_advice_that_answers_it(reader: FlaskClient, row: dict[str, Any]) -> None:
    found = offered(reader, row)
    assert set(found) & set(row["pages"]), found


@pytest.mark.parametrize("row", JUDGED["none"], ids=lambda row: row["q"])
def test_a_question_that_no_page_answers_brings_none(reader: FlaskClient, row: dict[str, Any]) -> None:
    assert offered(reader, row) == []
