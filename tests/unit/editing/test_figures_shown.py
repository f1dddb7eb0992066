"""What a count becomes before anybody sees it: none and few look the same, and the rest is rounded."""

from __future__ import annotations

import pytest

from portal.editing.figures.queries import Figure, figure_of


@pytest.mark.parametrize("few", range(10))
def test_none_cannot_be_told_from_a_few(few: int) -> None:
    assert figure_of(few, few) == figure_of(0, 0) == Figure(None, None)


@pytest.mark.parametrize(("count", "shown"), [(10, 10), (12, 10), (13, 15), (17, 15), (18, 20), (1_001, 1_000)])
def test_the_rest_is_rounded_to_five(count: int, shown: int) -> None:
    assert figure_of(count, count) == Figure(shown, shown)
