"""A reviewer's posted form in, a decision or what is still missing out. Pure but for words.

Names in the form: `tick` holds `<proposed id>:<field>` of each field to publish, `keep` of each conflict where what is live stays,
`text:<proposed id>:<field>` a text as the reviewer wrote it, `version:<proposed id>` the live version they looked at. What was chosen
on the other pages of a large proposal is in `elsewhere`, as `paging` packs it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Final

import msgspec
from werkzeug.datastructures import MultiDict

from portal.directory.record import ServiceRecord
from portal.editing.proposals.draft import Decision, ServiceDecision
from portal.editing.proposals.seen import Difference, ProposalView, ProposedView
from portal.editing.reviewing.paging import Carried, packed, unpacked
from portal.i18n.text import gettext
from portal.typed import lines, whole_number

TEXTS: Final = ("name", "description", "alert", "eligibility", "application_process", "wait_time", "fees", "interpretation")
LONGEST_TEXT: Final = 5_000
LONGEST_REASON: Final = 1_000


@dataclass(frozen=True)
class Posted:
    """What a reviewer posted, to be decided on or to be shown again. `missing` are sentences, each with the id it belongs to."""

    ticked: frozenset[str]
    kept: frozenset[str]
    texts: dict[str, str]
    versions: dict[str, str]
    reason: str
    lock: int
    missing: tuple[tuple[str, str], ...] = ()


def key(proposed: ProposedView, field: str) -> str:
    """How a field of a proposed service is named in the form."""
    return f"{proposed.id}:{field}"


def first_look(view: ProposalView) -> Posted:
    """Before anything is posted: all is ticked but what is flagged or in conflict."""
    ticked = frozenset(key(it, each.field) for it in view.services for each in it.differences if is_sure(it, each))
    return Posted(ticked, frozenset(), {}, {}, "", view.lock)


def is_sure(proposed: ProposedView, difference: Difference) -> bool:
    """Whether nothing speaks against a field."""
    return not difference.is_conflict and not any(flag.field == difference.field and flag.is_grave for flag in proposed.flags)


def read(view: ProposalView, form: MultiDict[str, str]) -> Posted:
    """What was posted, bounded; what is no field of this proposal is left out."""
    known = {key(it, each.field) for it in view.services for each in it.differences}
    texts = {name: lines(form[f"text:{name}"], LONGEST_TEXT) for name in known if f"text:{name}" in form and _is_text(name)}
    lock = form.get("lock", "")
    here = Posted(
        ticked=frozenset(known.intersection(form.getlist("tick"))),
        kept=frozenset(known.intersection(form.getlist("keep"))),
        texts=texts,
        versions={str(it.id): form[f"version:{it.id}"] for it in view.services if f"version:{it.id}" in form},
        reason=lines(form.get("reason", ""), LONGEST_REASON),
        lock=int(lock) if lock.isascii() and lock.isdecimal() and len(lock) < 10 else 0,
    )
    return _with_elsewhere(view, here, form.get("elsewhere", ""))


def _with_elsewhere(view: ProposalView, here: Posted, text: str) -> Posted:
    """The same with what was chosen on other pages."""
    known = {str(it.id): {each.field: key(it, each.field) for each in it.differences} for it in view.services}
    sure = {str(it.id): tuple(each.field for each in it.differences if is_sure(it, each)) for it in view.services}
    there = {each: it for each, it in unpacked(text).items() if each in known and each not in here.versions}
    if not there:
        return here
    chosen = {each: sure[each] if it.ticked is None else it.ticked for each, it in there.items()}
    ticked = {known[each][name] for each, names in chosen.items() for name in names if name in known[each]}
    kept = {known[each][name] for each, it in there.items() for name in it.kept if name in known[each]}
    texts = {
        known[each][name]: lines(said, LONGEST_TEXT)
        for each, it in there.items()
        for name, said in it.texts.items()
        if name in known[each] and name in TEXTS
    }
    versions = {each: it.version for each, it in there.items()}
    return replace(
        here, ticked=here.ticked | ticked, kept=here.kept | kept, texts={**texts, **here.texts}, versions={**versions, **here.versions}
    )


def elsewhere(view: ProposalView, posted: Posted, shown: Collection[ProposedView]) -> str:
    """What is chosen of the services that a page does not show, to be carried along in its form; empty where it shows them all."""
    here = {it.id for it in shown}
    carried = {str(it.id): _carried(it, posted) for it in view.services if it.id not in here}
    unseen = {str(each): Carried(_said(version)) for each, version in view.others}
    return packed({**carried, **unseen}) if carried or unseen else ""


def _said(version: int | None) -> str:
    return "" if version is None else str(version)


def _carried(it: ProposedView, posted: Posted) -> Carried:
    names = {each.field: key(it, each.field) for each in it.differences}
    written = {field: posted.texts[name] for field, name in names.items() if name in posted.texts}
    return Carried(
        posted.versions.get(str(it.id), _said(it.live_version)),
        tuple(field for field, name in names.items() if name in posted.ticked),
        tuple(field for field, name in names.items() if name in posted.kept),
        {field: text for field, text in written.items() if text != getattr(it.record, field)},
    )


def to_see_again(view: ProposalView, posted: Posted) -> set[str]:
    """Proposed services (ids) in whose fields something is missing, or that were changed since the reviewer looked at them."""
    missing = {name.removeprefix("f-").partition(":")[0] for name, _words in posted.missing}
    live = {str(it.id): _said(it.live_version) for it in view.services}
    return missing | {each for each, version in posted.versions.items() if live.get(each) != version}


def check(view: ProposalView, posted: Posted) -> Posted:
    """The same with what is missing before it can be published."""
    return replace(posted, missing=tuple(_missing(view, posted)))


def _missing(view: ProposalView, posted: Posted) -> Iterator[tuple[str, str]]:
    for it in view.services:
        for each in it.differences:
            name = key(it, each.field)
            if each.is_conflict and (name in posted.ticked) == (name in posted.kept):
                yield f"f-{name}", gettext("Two people changed this. Choose which words to show.")
            if name in posted.texts and name in posted.ticked and each.field == "name" and not posted.texts[name]:
                yield f"f-{name}", gettext("Write a name.")
    left = any(key(it, each.field) not in posted.ticked for it in view.services for each in it.differences)
    if left and not posted.reason:
        yield "reason", gettext("Say why you leave something out, so that they know what to do.")


def decision(view: ProposalView, posted: Posted) -> Decision:
    """The decision that a sound form stands for."""
    return Decision(tuple(_of_service(it, posted) for it in view.services), posted.reason)


def _of_service(it: ProposedView, posted: Posted) -> ServiceDecision:
    fields = tuple(each.field for each in it.differences if key(it, each.field) in posted.ticked)
    written = {
        each.field: posted.texts[key(it, each.field)]
        for each in it.differences
        if key(it, each.field) in posted.texts and posted.texts[key(it, each.field)] != getattr(it.record, each.field)
    }
    version = posted.versions.get(str(it.id), "")
    return ServiceDecision(it.id, fields, whole_number(version), _edited(it.record, written))


def _edited(record: ServiceRecord, written: dict[str, str]) -> ServiceRecord | None:
    return msgspec.structs.replace(record, **written) if written else None


def _is_text(name: str) -> bool:
    return name.partition(":")[2] in TEXTS
