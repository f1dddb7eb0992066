"""A text message to a caller: services and a number in, one sealed message in the outbox out, however often its button is pressed.

The number is nowhere else: not in a sitting, not in an address, not in a log.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat
from sqlalchemy.orm import Session

from portal import clock
from portal.db import inserting
from portal.directory.listing import Listing
from portal.mail import Message, Outgoing, post
from portal.pack import Pack
from portal.sealing import key_of_token

MOST_SERVICES: Final = 6
REGION: Final = "GB"


def mobile_number(typed: str) -> str:
    """A British mobile number as +44…, however it is written; empty for what is none. Numbers kept for drama count.

    Not 070…, which costs as much as a premium line, nor a number with an extension.
    """
    try:
        number = phonenumbers.parse(typed, REGION)
    except NumberParseException:
        return ""
    is_british = number.country_code == phonenumbers.country_code_for_region(REGION) and not number.extension
    within = str(number.national_number)
    is_mobile = is_british and phonenumbers.is_possible_number(number) and within.startswith("7") and not within.startswith("70")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if is_mobile else ""


def list_callable(listings: Iterable[Listing]) -> tuple[Listing, ...]:
    """The first services that can be rung: a name alone is no help in a text."""
    return tuple([listing for listing in listings if listing.phone][:MOST_SERVICES])


def short_text(listings: Iterable[Listing], pack: Pack, address: str) -> str:
    """Names and numbers, the front door's last, and the site's address. Names are those by which people ask on the telephone."""
    door = pack.front_door
    named = [(listing.name, listing.phone) for listing in list_callable(listings)]
    return "\n".join([pack.site, *(f"{name}: {number}" for name, number in (*named, (door.name, door.number))), address])


def post_once(session: Session, secret: str, message: Message, form: str) -> None:
    """Post the message, unless this form (a random token of its own) has posted the same before. Never commits.

    What tells is a row of the outbox that was never to be sent: it holds nothing, its id leads back to nothing, it goes in a day.
    """
    mark = uuid.UUID(key_of_token(f"{form} {message.to} {message.body}", "text to a caller").id)
    now = clock.now()
    row = {"id": mark, "channel": message.channel, "sealed": b"", "posted_at": now, "attempts": 0, "next_at": now, "sent_at": now}
    first = inserting(session, Outgoing).values(**row).on_conflict_do_nothing(index_elements=["id"]).returning(Outgoing.id)
    if session.scalars(first).one_or_none() is not None:
        post(session, secret, message)
