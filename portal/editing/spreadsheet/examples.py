"""Three services that never were, to show how rows are filled in. Telephone numbers are kept for drama; nobody answers them."""

from __future__ import annotations

from datetime import date, time
from typing import Final

from portal.directory.record import CostEntry, LanguageEntry, PhoneEntry, ServiceRecord, SessionEntry, VenueEntry

EXAMPLES: Final = (
    ServiceRecord(
        "Tuesday lunch club",
        "A hot lunch and company. Somebody meets you at the door the first time.",
        needs=("loneliness", "cooking-eating"),
        minimum_age=60,
        how=("in-person",),
        venues=(
            VenueEntry(
                "Station Hall",
                "5 Station Road",
                "Calderwick",
                "ZZ2 1AB",
                access=("Step-free entrance", "Hearing loop"),
                sessions=(SessionEntry(byday="TU", opens=time(12), closes=time(14)),),
            ),
        ),
        phones=(PhoneEntry("01632 960010", "Booking, weekdays 9am to 12 noon"),),
        application_process="Ring us by Monday at 12 noon.",
        costs=(CostEntry(4.5, "Lunch and tea"),),
    ),
    ServiceRecord(
        "Talking café",
        "Tea and a chat in English and Turkish.",
        needs=("social-groups",),
        how=("in-person",),
        venues=(
            VenueEntry(
                "Central Library",
                "1 Guildhall Street",
                "Calderwick",
                "ZZ1 1EN",
                sessions=(SessionEntry("MONTHLY", byday="2TH", opens=time(10, 30), closes=time(12)),),
            ),
            VenueEntry(
                "Harbour Hall",
                "2 Quay Street",
                "Calderwick",
                "ZZ3 2CD",
                sessions=(SessionEntry(interval=2, byday="FR", opens=time(14), closes=time(16), start=date(2026, 11, 27)),),
            ),
        ),
        email="hello@example.org",
        fees="Free",
        languages=(LanguageEntry("tr", "Turkish"),),
    ),
    ServiceRecord(
        "Evening advice line",
        "Free advice on benefits and bills, by phone.",
        needs=("benefits", "energy"),
        how=("phone",),
        sessions=(SessionEntry(byday="MO,TU,WE,TH", opens=time(18), closes=time(21)),),
        phones=(PhoneEntry("0808 157 0100", "Free to ring"),),
        url="https://www.example.org/advice",
        fees="Free",
        documents=("Your last bill",),
    ),
)
