"""How far: two positions in degrees (WGS84) in, miles as the crow flies out.

The great-circle formula on a sphere whose radius fits England's latitudes: within 0.2% of the ellipsoid from Scilly to Berwick,
where a globe's mean radius would be 0.3% short from west to east. One function for a pair, one for many positions at once.
"""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

RADIUS: Final = 3967.0  # miles (6,384 km): between the ellipsoid's radii north-south and east-west at 53°N

Floats = NDArray[np.float64]


def miles(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Miles between two positions in degrees."""
    rise = sin(radians(lat2 - lat1) / 2) ** 2
    across = sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * RADIUS * asin(min(1.0, sqrt(rise + cos(radians(lat1)) * cos(radians(lat2)) * across)))


def miles_to(lat: float, lon: float, lats: Floats, lons: Floats) -> Floats:
    """Miles from one position to each of n: `lats` and `lons` of shape (n,) in degrees, the answer of shape (n,). NaN stays NaN."""
    rise = np.sin(np.radians(lats - lat) / 2) ** 2
    across = np.sin(np.radians(lons - lon) / 2) ** 2
    chord = np.sqrt(rise + cos(radians(lat)) * np.cos(np.radians(lats)) * across)
    away: Floats = 2 * RADIUS * np.arcsin(np.minimum(1.0, chord))
    return away
