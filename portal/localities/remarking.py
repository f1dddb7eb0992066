"""What an officer should look at after a build: membership, ground and the pack before in, remarks out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from portal.errors import ContentError, SourceError
from portal.localities.area_sources import Remarks
from portal.localities.collection import read_collection
from portal.localities.membership import Ground, Membership, name_some
from portal.localities.need import NUMBERS


def remark_gaps(membership: Membership, ground: Ground, remarks: Remarks) -> None:
    """Say what an officer should look at: localities without postcodes, and ground or postcodes that fell between the files."""
    sizes = Counter(membership.slug_of(postcode) for postcode in ground.postcodes)
    for locality in membership.localities:
        if not sizes[locality.slug]:
            remarks.warnings.append(f"{locality.name} has no postcodes: nobody who types one will be found to live there.")
    files = {ground.zones[code].file for code in membership.slugs}
    left = sorted(zone.name for zone in ground.zones.values() if zone.file in files and zone.code not in membership.slugs)
    if left and len(files) == 1:
        remarks.warnings.append(f"{len(left):,} areas of the boundaries are in no locality: {name_some(left)}.")
    if strange := _strange_codes(membership, ground):
        remarks.warnings.append(
            f"{strange.total():,} postcodes are of wards or LSOAs that no boundaries have ({name_some(sorted(strange))}): "
            "the files may be of different years."
        )


def _strange_codes(membership: Membership, ground: Ground) -> Counter[str]:
    """Wards, or LSOAs where localities are made of those, that only postcodes know, and how many of them each has."""
    columns = ([postcode.ward for postcode in ground.postcodes], [postcode.lsoa for postcode in ground.postcodes])
    used = [column for column in columns if not membership.slugs.keys().isdisjoint(column)]
    return Counter(code for column in used for code in column if code and code not in ground.zones)


def remark_changes(out: Path, membership: Membership, remarks: Remarks, *, with_need: bool) -> None:
    """Say which localities go from a folder that is built anew. Raises `SourceError` where its need table would be of other localities."""
    try:
        before = read_collection(out / "localities.geojson").localities
    except ContentError:  # there is none, or it is broken and about to be made anew
        return
    after = {locality.slug for locality in membership.localities}
    if gone := [locality.name for slug, locality in before.items() if slug not in after]:
        remarks.warnings.append(
            f"{name_some(gone)} are no longer there. What was counted for them is told as elsewhere from now on. "
            "Where boundaries change on a day, build with --from and leave these as they are."
        )
    if not with_need and (out / NUMBERS).exists():
        if set(before) != after:
            raise SourceError(f"{out / NUMBERS} is of other localities than these: give the table of need too (--need), or delete it.")
        remarks.warnings.append(f"{NUMBERS} was left as it is. If boundaries changed, give the table of need too (--need).")
