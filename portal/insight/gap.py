"""The measure of gap: how many services a locality has for a need beside how many its people would have at the borough's rate. Pure.

It is the standardised provision ratio: observed ÷ expected. Observed are the services that are local (`Provision.local`): what comes to
people, or is by phone or online for the whole borough, is alike for everybody and is left out. Expected is what the locality would have
if each of the people who have the need, wherever they live, had as many local services as in the borough as a whole (indirect
standardisation): a service that is local to three localities is there three times, so that all found are as many as all expected.

Its uncertainty are Byar's approximate 95% limits of a count, as public health in England uses them for such ratios: N. E. Breslow and
N. E. Day, "Statistical Methods in Cancer Research", volume II (IARC, 1987), page 69; Public Health England, "Technical Guide:
Confidence Intervals" (2018). With o services observed the limits of the count are o(1 − 1/9o − z/3√o)³ and
(o+1)(1 − 1/9(o+1) + z/3√(o+1))³, z = 1.96, each then divided by the number expected.

A locality has fewer, or more, only where the limits leave 1 out, and where it is at least one whole service: that is asked of whole
numbers, so that no rounding says it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from typing import Final

Z: Final = 1.96  # standard errors of 95%


class Verdict(StrEnum):
    """How a locality stands. `NONE_HERE`: no service covers it. `TOO_FEW`: so few are expected that having none would not tell.

    `UNKNOWN`: nobody knows how many people there have the need, or there is nothing to compare it with.
    """

    FEWER = "fewer"
    ABOUT = "about"
    MORE = "more"
    NONE_HERE = "none-here"
    TOO_FEW = "too-few"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Gap:
    """Services expected, and observed ÷ expected with its limits. None where no people or no services are known to compare."""

    expected: float | None
    ratio: float | None
    low: float | None
    high: float | None
    verdict: Verdict


@dataclass(frozen=True)
class Shares:
    """What a gap is worked out from: local services and people, in the locality and in all localities together."""

    observed: int
    people: int | None
    all_observed: int
    all_people: int | None


def limits(observed: int) -> tuple[float, float]:
    """Byar's approximate 95% limits of a count."""
    above = observed + 1
    low = observed * (1 - 1 / (9 * observed) - Z / (3 * sqrt(observed))) ** 3 if observed else 0.0
    return low, above * (1 - 1 / (9 * above) + Z / (3 * sqrt(above))) ** 3


_NONE_TELLS: Final = limits(0)[1]  # services expected from which having none is fewer


def gap_of(shares: Shares, covers: int) -> Gap:
    """The gap of a locality that `covers` services cover."""
    if not shares.people or not shares.all_people or not shares.all_observed:
        return Gap(None, None, None, None, Verdict.UNKNOWN if covers else Verdict.NONE_HERE)
    expected = shares.all_observed * shares.people / shares.all_people
    low, high = (limit / expected for limit in limits(shares.observed))
    verdict = _verdict(shares, expected) if covers else Verdict.NONE_HERE
    return Gap(expected, shares.observed / expected, low, high, verdict)


def _verdict(shares: Shares, expected: float) -> Verdict:
    low, high = limits(shares.observed)
    whole = shares.all_people or 0
    away = shares.observed * whole - shares.all_observed * (shares.people or 0)  # services too many × people, exactly
    if low > expected and away >= whole:
        return Verdict.MORE
    if high < expected and -away >= whole:
        return Verdict.FEWER
    return Verdict.TOO_FEW if expected <= _NONE_TELLS else Verdict.ABOUT
