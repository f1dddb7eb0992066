"""Distances are those of the ground, to half a per cent, and behave as distances do."""

from __future__ import annotations

from math import asin, atan, atan2, cos, radians, sin, sqrt, tan

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from portal.localities.distance import miles, miles_to

LATITUDES = st.floats(49.8, 55.9)
LONGITUDES = st.floats(-6.5, 2.0)
POSITIONS = st.tuples(LATITUDES, LONGITUDES)
METRES = 1609.344


def haversine(one: tuple[float, float], two: tuple[float, float]) -> float:
    (lat1, lon1), (lat2, lon2) = [[radians(degrees) for degrees in position] for position in (one, two)]
    chord = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6_371_008.8 / METRES * asin(sqrt(chord))


def on_the_ellipsoid(one: tuple[float, float], two: tuple[float, float]) -> float:
    """Vincenty's inverse formula on WGS84, in miles."""
    a, f = 6_378_137.0, 1 / 298.257223563
    b, across = a * (1 - f), radians(two[1] - one[1])
    u1, u2 = (atan((1 - f) * tan(radians(position[0]))) for position in (one, two))
    turn = across
    for _ in range(50):
        sigma_sine = sqrt((cos(u2) * sin(turn)) ** 2 + (cos(u1) * sin(u2) - sin(u1) * cos(u2) * cos(turn)) ** 2)
        sigma_cosine = sin(u1) * sin(u2) + cos(u1) * cos(u2) * cos(turn)
        sigma = atan2(sigma_sine, sigma_cosine)
        alpha_sine = cos(u1) * cos(u2) * sin(turn) / sigma_sine
        square = 1 - alpha_sine**2
        middle = sigma_cosine - 2 * sin(u1) * sin(u2) / square
        c = f / 16 * square * (4 + f * (4 - 3 * square))
        turn = across + (1 - c) * f * alpha_sine * (sigma + c * sigma_sine * (middle + c * sigma_cosine * (2 * middle**2 - 1)))
    u = square * (a**2 - b**2) / b**2
    k1 = 1 + u / 16384 * (4096 + u * (-768 + u * (320 - 175 * u)))
    k2 = u / 1024 * (256 + u * (-128 + u * (74 - 47 * u)))
    change = k2 * sigma_sine * (middle + k2 / 4 * sigma_cosine * (2 * middle**2 - 1))
    return b * k1 * (sigma - change) / METRES


@settings(deadline=None)
@given(POSITIONS, st.floats(-1.0, 1.0), st.floats(-1.5, 1.5))
def test_distances_within_a_hundred_miles_are_right_to_half_a_per_cent(one: tuple[float, float], up: float, across: float) -> None:
    two = (one[0] + up, one[1] + across)
    away = miles(*one, *two)
    assume(away > 0.01)
    assert away == pytest.approx(haversine(one, two), rel=0.005)
    assert away == pytest.approx(on_the_ellipsoid(one, two), rel=0.002)


@settings(deadline=None)
@given(POSITIONS, POSITIONS)
def test_there_is_as_far_as_back(one: tuple[float, float], two: tuple[float, float]) -> None:
    assert miles(*one, *two) == pytest.approx(miles(*two, *one), abs=1e-9)
    assert miles(*one, *one) == 0


@settings(deadline=None)
@given(POSITIONS, POSITIONS, POSITIONS)
def test_a_detour_is_never_shorter(one: tuple[float, float], two: tuple[float, float], three: tuple[float, float]) -> None:
    assert miles(*one, *three) <= miles(*one, *two) + miles(*two, *three) + 1e-6


@settings(deadline=None)
@given(POSITIONS, st.lists(POSITIONS, max_size=20))
def test_many_at_once_are_the_same_as_one_by_one(one: tuple[float, float], others: list[tuple[float, float]]) -> None:
    latitudes, longitudes = np.array([other[0] for other in others]), np.array([other[1] for other in others])
    assert miles_to(*one, latitudes, longitudes).tolist() == pytest.approx([miles(*one, *other) for other in others], abs=1e-9)


def test_no_position_is_no_distance() -> None:
    away = miles_to(54.0, 1.0, np.array([np.nan, 54.0]), np.array([np.nan, 1.0]))
    assert np.isnan(away[0])
    assert away[1] == 0
