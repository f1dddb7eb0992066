"""What other people call our columns: the key of a column in, the headings that its column has in lists of their own out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_ALSO: Final[Mapping[str, str]] = {
    "name": "service name | title | service | group | activity | group name | listing | listing name | project",
    "description": "description | about | summary | details | information | service description | what we do | about the service",
    "status": "status | open or closed | active",
    "alert": "alert | news | warning | important",
    "needs": "needs | category | categories | topics | type of help | subjects | keywords | tags",
    "who_for": "who for | audience | target group | for whom | client group",
    "ages": "age | age range | age group | age limits | minimum age",
    "eligibility": "eligibility | who can use this | criteria | conditions | requirements | eligibility description",
    "how": "how | delivery | mode | how it is offered | in person or online | service type | attending type",
    "venues": "place | venue | venues | address | location | where | locations | site | full address",
    "times": (
        "opening times | opening hours | hours | when | schedule | days and times | session times | timetable | day and time | "
        "sessions | open"
    ),
    "closures": "closures | holidays | closed | closed dates | holiday closures",
    "access": "accessibility | facilities | disabled access | access information",
    "directions": "directions | transport | travel | how to get there | public transport | parking",
    "place_note": "venue notes | room | place notes",
    "areas": "area | areas | area covered | coverage | catchment | service area | localities | wards",
    "phones": (
        "phone | phone number | phone no | tel | tel no | telephone | telephone number | contact number | mobile | phones | "
        "contact telephone | number"
    ),
    "email": "email | email address | e mail address | contact email | mail",
    "url": "web | website | url | web address | web site | link | homepage | site url | webpage",
    "application_process": (
        "how to apply | application process | how to join | booking | how to book | referral | referrals | how to refer | first step"
    ),
    "wait_time": "wait time | waiting time | waiting list | wait",
    "fees": "cost | costs | fees | price | fee | charge | charges | cost description",
    "costs": "prices | amount | cost options | price list",
    "documents": "documents | required documents | bring | proof needed",
    "languages": "languages | language | spoken languages | community languages",
    "interpretation": "interpretation | interpreting | interpretation services",
    "translations": "translations | translated name",
}


def also(key: str) -> tuple[str, ...]:
    """Other headings of a column."""
    return tuple(heading.strip() for heading in _ALSO[key].split("|"))
