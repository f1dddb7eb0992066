"""Which needs a menu is made for: `content/assessments/menu.yaml` and the kinds of help that a caller asks about in, needs out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

from portal.errors import ContentError
from portal.pack import read_yaml
from portal.taxonomy.terms import Taxonomy


def load_commonest(path: Path, taxonomy: Taxonomy) -> tuple[str, ...]:
    """What callers ask about most, in order. Raises `ContentError` for a need that is not there, or is there twice, or none at all."""
    try:
        needs = tuple(str(need) for need in read_yaml(path)["needs"])
    except (KeyError, TypeError) as error:
        raise ContentError(f"{path}: needs: [ids of taxonomy.yaml] is missing.") from error
    if unknown := [need for need in needs if need not in taxonomy.needs]:
        raise ContentError(f"{path}: needs {', '.join(unknown)} are not in the taxonomy.")
    if not needs or len(set(needs)) != len(needs):
        raise ContentError(f"{path}: needs must name at least one need, and each once.")
    return needs


def list_needs(groups: Sequence[str], commonest: Sequence[str], taxonomy: Taxonomy) -> tuple[str, ...]:
    """The needs of these groups, the commonest of each first, the first of every group before the second of any.

    Without groups, the commonest of all.
    """
    if not groups:
        return tuple(commonest)
    place = {need: number for number, need in enumerate(commonest)}
    of_groups = [
        sorted((need.id for need in taxonomy.needs_by_group[group]), key=lambda need: place.get(need, len(place))) for group in groups
    ]
    return tuple(need for layer in zip_longest(*of_groups) for need in layer if need)
