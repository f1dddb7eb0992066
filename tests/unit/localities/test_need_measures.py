"""Which people have a need: every need of the taxonomy has a measure, by name or else everybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.config import CHECKOUT
from portal.errors import ContentError
from portal.localities.need import Measure, NeedTable, Source
from portal.localities.needing import load_need_measures, people_with
from portal.taxonomy.terms import load_taxonomy

NEEDS = ("falls", "debt", "pets")


def written(folder: Path, text: str) -> Path:
    path = folder / "need_measures.yaml"
    path.write_text(text, "utf-8")
    return path


def test_every_need_has_a_measure_and_those_not_named_are_everybodys(tmp_path: Path) -> None:
    measures = load_need_measures(written(tmp_path, "aged-65: [falls]\ndeprived: [debt]"), NEEDS)
    assert measures == {"falls": Measure.AGED_65, "debt": Measure.DEPRIVED, "pets": Measure.RESIDENTS}
    assert list(measures) == list(NEEDS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("aged-65: [fals]", "'fals' is no need of the taxonomy"),
        ("aged-65: [falls]\naged-75: [falls]", "'falls' is there twice"),
        ("over-65: [falls]", "'over-65' is none of the measures residents"),
        ("aged-65: falls", "a list of needs"),
        ("- falls", "a list of needs"),
        ("", "a list of needs"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ContentError, match=said):
        load_need_measures(written(tmp_path, text), NEEDS)


def test_where_a_pack_does_not_count_those_people_the_need_is_held_against_everybody() -> None:
    measures = {"falls": Measure.AGED_65, "debt": Measure.DEPRIVED}
    table = NeedTable({Measure.AGED_65: Source("Census 2021", "2021")}, {})
    assert people_with("falls", measures, table) is Measure.AGED_65
    assert people_with("debt", measures, table) is Measure.RESIDENTS


def test_our_own_file_fits_our_taxonomy() -> None:
    taxonomy = load_taxonomy(CHECKOUT / "content" / "taxonomy.yaml")
    measures = load_need_measures(CHECKOUT / "content" / "need_measures.yaml", taxonomy.needs)
    assert measures["falls"] is Measure.AGED_65
    assert measures["carer-break"] is Measure.CARERS
    assert measures["young-carers"] is Measure.RESIDENTS
    assert measures["loneliness"] is Measure.LIVING_ALONE
