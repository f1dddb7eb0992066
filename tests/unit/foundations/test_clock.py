"""The one clock: UTC for records, London for people, stopped for tests."""

from __future__ import annotations

import re
import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from portal import clock
from portal.config import CHECKOUT


@pytest.mark.parametrize(
    ("moment", "local"),
    [
        (datetime(2026, 1, 15, 12, tzinfo=UTC), datetime(2026, 1, 15, 12)),
        (datetime(2026, 7, 15, 23, 30, tzinfo=UTC), datetime(2026, 7, 16, 0, 30)),
        (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 3, 29, 2)),
        (datetime(2026, 10, 25, 1, tzinfo=UTC), datetime(2026, 10, 25, 1)),
    ],
)
def test_people_are_told_the_time_in_london(moment: datetime, local: datetime) -> None:
    with clock.stopped_at(moment):
        assert (clock.now(), clock.now().tzinfo) == (moment, UTC)
        assert (clock.local_now(), clock.local_now().tzinfo) == (local, None)
        assert clock.today() == local.date()


def test_a_stopped_clock_goes_on_afterwards_even_after_an_error() -> None:
    def break_off() -> None:
        with clock.stopped_at(datetime(2001, 1, 1, tzinfo=UTC)):
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - our own, just above
        break_off()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_clocks_can_be_stopped_within_one_another_and_other_threads_keep_theirs() -> None:
    seen: list[date] = []
    with clock.stopped_at(datetime(2001, 1, 1, 12, tzinfo=UTC)):
        with clock.stopped_at(datetime(2002, 2, 2, 12, tzinfo=UTC)):
            thread = threading.Thread(target=lambda: seen.append(clock.today()))
            thread.start()
            thread.join()
        assert clock.today() == date(2001, 1, 1)
    assert seen[0].year > 2020


def test_nothing_else_asks_the_machine_what_day_it_is() -> None:
    asking = re.compile(r"datetime\.now\(|date\.today\(|utcnow\(")
    found = {path.name for path in (CHECKOUT / "portal").rglob("*.py") if asking.search(path.read_text("utf-8"))}
    assert found == {"clock.py"}
