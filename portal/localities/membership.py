"""Which wards or LSOAs make up which locality: the council's list, or none, in; localities with slugs, names and authorities out. Pure.

Without a list each ward is a locality. A place can be in one locality only, so a list that says otherwise is refused in words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from portal.errors import SourceError
from portal.localities.area_sources import Member, Postcode
from portal.localities.collection import Locality
from portal.localities.zones import Zone

MOST_NAMED: Final = 5
OVERLAP: Final = 0.5  # share of an LSOA's postcodes in a ward of another locality from which both cannot be meant


@dataclass(frozen=True)
class Ground:
    """What localities are made of: postcodes, wards and LSOAs by code, and authorities' names by their code."""

    postcodes: tuple[Postcode, ...]
    zones: Mapping[str, Zone]
    lads: Mapping[str, str]

    def authority(self, code: str) -> str:
        """The name of the authority that a ward or LSOA lies in; its code where no name is known, empty where it has none."""
        lad = self.zones[code].lad
        return self.lads.get(lad, lad)


@dataclass(frozen=True)
class Membership:
    """Localities in order, and the slug of each ward or LSOA that belongs to one."""

    localities: tuple[Locality, ...]
    slugs: Mapping[str, str]

    def slug_of(self, postcode: Postcode) -> str:
        """The locality of a postcode, by its LSOA or else its ward; empty for one outside all localities."""
        return self.slugs.get(postcode.lsoa) or self.slugs.get(postcode.ward, "")


def from_wards(ground: Ground) -> Membership:
    """Each ward by itself, by name. Raises `SourceError` when no boundaries are those of the postcodes' wards."""
    known = {postcode.ward for postcode in ground.postcodes}
    files = {zone.file for zone in ground.zones.values() if zone.code in known}
    wards = sorted((zone for zone in ground.zones.values() if zone.file in files), key=lambda zone: (zone.name, zone.code))
    if not wards:
        raise SourceError("None of the boundaries are wards of the postcodes file. Give the file of its wards, or a list of localities.")
    return _membership({name: (ward.code,) for name, ward in zip(_distinct(wards, ground), wards, strict=True)}, ground)


def from_list(members: Sequence[Member], ground: Ground) -> Membership:
    """The council's own localities, in its order. Raises `SourceError` for codes and names that contradict each other or the files."""
    _check_codes(members, ground)
    codes: dict[str, set[str]] = defaultdict(set)
    for member in members:
        codes[member.locality].add(member.code)
    membership = _membership({name: tuple(sorted(those)) for name, those in codes.items()}, ground)
    _check_overlap(membership, ground)
    return membership


def slugify(name: str) -> str:
    """A name as it stands in an address: "Hoxton East & Shoreditch" → "hoxton-east-and-shoreditch"."""
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold().replace("'", "")).strip("-") or "locality"


def _distinct(wards: Sequence[Zone], ground: Ground) -> list[str]:
    """Names that tell wards apart: "Park (Pendle)" where two authorities have a Park, and the code where one has two."""
    names = [ward.name for ward in wards]
    for suffixes in ([ground.authority(ward.code) for ward in wards], [ward.code for ward in wards]):
        often = Counter(names)
        names = [f"{name} ({suffix})" if often[name] > 1 and suffix else name for name, suffix in zip(names, suffixes, strict=True)]
    return names


def _membership(codes: Mapping[str, tuple[str, ...]], ground: Ground) -> Membership:
    localities = []
    names: dict[str, str] = {}
    for name, those in codes.items():
        slug = slugify(name)
        if slug in names:
            raise SourceError(f"{name!r} and {names[slug]!r} would have one address, {slug!r}: spell them alike, or more apart.")
        names[slug] = name
        lads = {authority for code in those if (authority := ground.authority(code))}
        localities.append(Locality(slug, name, those, tuple(sorted(lads))))
    return Membership(tuple(localities), {code: locality.slug for locality in localities for code in locality.codes})


def _check_codes(members: Sequence[Member], ground: Ground) -> None:
    unknown = [f"{member.code} (line {member.line})" for member in members if member.code not in ground.zones]
    if unknown:
        raise SourceError(f"The list of localities names codes that are in no boundaries: {name_some(unknown)}.")
    used = {code for postcode in ground.postcodes for code in (postcode.ward, postcode.lsoa)}
    files = {ground.zones[code].file for code in used if code in ground.zones}
    other = [f"{member.code} (line {member.line})" for member in members if ground.zones[member.code].file not in files]
    if other:
        raise SourceError(f"The list of localities names codes that are neither wards nor LSOAs of the postcodes: {name_some(other)}.")
    first: dict[str, Member] = {}
    for member in members:
        before = first.setdefault(member.code, member)
        if before.locality != member.locality:
            raise SourceError(
                f"The list of localities puts {member.code} in both {before.locality!r} (line {before.line}) and "
                f"{member.locality!r} (line {member.line}): it can be in one only."
            )


def _check_overlap(membership: Membership, ground: Ground) -> None:
    """Refuse an LSOA in one locality that lies within a ward of another. Few postcodes across are the edges of two kinds of area."""
    sizes: Counter[str] = Counter(postcode.lsoa for postcode in ground.postcodes)
    across: Counter[tuple[str, str]] = Counter()
    for postcode in ground.postcodes:
        by_lsoa, by_ward = membership.slugs.get(postcode.lsoa), membership.slugs.get(postcode.ward)
        if by_lsoa and by_ward and by_lsoa != by_ward:
            across[postcode.lsoa, postcode.ward] += 1
    for (lsoa, ward), number in sorted(across.items()):
        if number > OVERLAP * sizes[lsoa]:
            raise SourceError(
                f"The list of localities puts {lsoa} in {membership.slugs[lsoa]!r} and the ward {ward}, in which it lies, in "
                f"{membership.slugs[ward]!r}: a place can be in one only."
            )


def name_some(texts: Iterable[str]) -> str:
    """The first few of `texts` in one phrase, and how many more there are."""
    every = list(texts)
    more = f" and {len(every) - MOST_NAMED:,} more" if len(every) > MOST_NAMED else ""
    return ", ".join(every[:MOST_NAMED]) + more
