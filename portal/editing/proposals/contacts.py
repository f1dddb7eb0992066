"""Which changes lead people elsewhere: two records in, the contact fields out that reach somebody else than before. Pure.

Other spaces in a number, another word beside it, `http` made `https` reach the same people, and need no second reviewer.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import phonenumbers

from portal.directory.record import CONTACT_FIELDS, PhoneEntry, ServiceRecord

_REGION: Final = "GB"


def reach_elsewhere(before: ServiceRecord, after: ServiceRecord) -> tuple[str, ...]:
    """The contact fields by which `after` reaches others than `before`."""
    return tuple(name for name in CONTACT_FIELDS if _reach(before, name) != _reach(after, name))


def host_of(url: str) -> str:
    """The host of a web address, as it is typed without its scheme too; empty where there is none."""
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:  # a bracket that nobody closed
        return ""
    return host.rstrip(".").lower().removeprefix("www.")


def dialled(number: str) -> str:
    """A number as the exchange hears it; as it stands where it is none."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(number, _REGION), phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        return number.casefold().strip()


def _reach(record: ServiceRecord, name: str) -> object:
    if name == "phones":
        return frozenset(_line(phone) for phone in record.phones)
    if name == "url":
        return _address(record.url)
    return record.email.strip().casefold()


def _line(phone: PhoneEntry) -> tuple[str, str]:
    return dialled(phone.number), phone.extension.strip()


def _address(url: str) -> tuple[str, ...]:
    try:
        parts = urlsplit(url if "//" in url else f"//{url}")
    except ValueError:
        return (url,)
    return host_of(url), parts.path.rstrip("/"), parts.query, parts.username or "", str(parts.netloc.rpartition(":")[2].isdigit())
