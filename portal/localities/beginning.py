"""Where `portal areas build` writes: the pack's folder, the day the localities are to begin, and today in, a folder out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from portal.errors import SourceError
from portal.localities.versions import begins_quarter, folder_of, load_versions


def place_to_build(folder: Path, starts_on: date | None, today: date) -> tuple[Path, tuple[Path, ...]]:
    """Where to write the version that begins on a day to come, or, for None, the one that is in force today; and where those before lie.

    Raises `SourceError` for a day that is no first of a quarter, or not to come: what was counted since is counted under those before.
    """
    versions = load_versions(folder)
    if starts_on is None:
        start = versions.on(today).starts_on
    elif not (folder / "localities.geojson").exists():
        raise SourceError(f"{folder} has no localities yet, which would be those before {starts_on}: build without --from first.")
    elif not begins_quarter(starts_on):
        raise SourceError(f"{starts_on}: localities begin on 1 January, April, July or October, so that no report is of two kinds of them.")
    elif starts_on <= today:
        raise SourceError(f"{starts_on} is not to come: what was counted since then is counted under the localities before.")
    else:
        start = starts_on
    before = (version for version in versions.every if start and (version.starts_on or date.min) < start)
    return folder_of(folder, start), tuple(version.folder for version in before)
