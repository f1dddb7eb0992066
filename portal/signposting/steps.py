"""Small steps and self-help: `content/steps.yaml` in, those that fit the needs of somebody out, in their order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from portal.errors import ContentError
from portal.pack import read_yaml
from portal.taxonomy.terms import Taxonomy


@dataclass(frozen=True)
class SmallStep:
    """One thing that somebody can do this week; `page` is the advice that says how, empty where none is needed."""

    id: str
    label: str
    needs: tuple[str, ...]
    page: str = ""


def load_steps(path: Path, taxonomy: Taxonomy, pages: Iterable[str]) -> tuple[SmallStep, ...]:
    """Read the file. Raises `ContentError` for a need or a page that is not there, or an id that is there twice."""
    try:
        steps = tuple(SmallStep(row["id"], row["label"], tuple(row["needs"]), row.get("page", "")) for row in read_yaml(path)["steps"])
    except (KeyError, TypeError) as error:
        raise ContentError(f"{path}: {error}") from error
    if len({step.id for step in steps}) != len(steps):
        raise ContentError(f"{path}: a step is there twice.")
    known = {"", *pages}
    for step in steps:
        if step.page not in known or not set(step.needs) <= set(taxonomy.needs):
            raise ContentError(f"{path}: {step.id} names a need or an advice page that is not there.")
    return steps


def fitting(steps: Sequence[SmallStep], needs: Iterable[str]) -> list[SmallStep]:
    """Steps for these needs: one for each need in their order, then further ones for each."""
    by_need = [[step for step in steps if need in step.needs] for need in needs]
    deepest = max(map(len, by_need), default=0)
    return list(dict.fromkeys(found[depth] for depth in range(deepest) for found in by_need if depth < len(found)))
