"""What stands in a locality: columns in, services and organizations with a place of their own there out. Pure.

A place that is kept secret stands nowhere, and one beyond the border in no locality.
"""

from __future__ import annotations

import uuid

import numpy as np

from portal.search.columns import Array, Columns


def based_in(columns: Columns, locality: int) -> Array:
    """Rows of services with a place in the locality of this number, as booleans."""
    rows = np.zeros(len(columns.live), dtype=bool)
    rows[columns.sites[columns.sites[:, 4] == locality, 0].astype(int)] = True
    return rows


def count_based(columns: Columns, shown: Array, localities: int) -> list[int]:
    """How many of the services `shown` have a place in each of so many localities, by number."""
    return [int((based_in(columns, number) & shown).sum()) for number in range(localities)]


def list_organizations_based_in(columns: Columns, shown: Array, locality: int) -> list[uuid.UUID]:
    """Organizations at home in a locality: all places of their services that are `shown` stand there. By id."""
    rows = columns.sites[:, 0].astype(int)
    counting = shown[rows]
    owners = columns.organizations[rows[counting]]
    is_here = columns.sites[counting, 4] == locality
    here = {owner.tobytes() for owner in owners[is_here]}
    elsewhere = {owner.tobytes() for owner in owners[~is_here]}
    return sorted(uuid.UUID(bytes=owner) for owner in here - elsewhere)
