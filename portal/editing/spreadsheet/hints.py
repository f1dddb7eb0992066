"""How to fill in each column, one or two sentences by the key of the column: for the page and the second sheet of the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from portal.i18n.text import marked

HINTS: Final[Mapping[str, str]] = {
    "id": marked("Leave it as it is: it says which service the row is about. Leave it empty for a new service."),
    "version": marked("Leave it as it is: it says which version of the service you took, so that nobody's later change is lost."),
    "name": marked("What the service is called."),
    "description": marked("Two or three short sentences, in plain words."),
    "status": marked("Open, Closed for now, Not shown or Ended."),
    "alert": marked("Something that people have to know now, such as a change over Christmas."),
    "needs": marked("What it helps with, from the list of words, with ; between them."),
    "who_for": marked("From the list of words, with ; between them. Leave it empty if it is for everybody."),
    "ages": marked("18 and over, up to 25, or 18 to 65. Leave it empty for all ages."),
    "eligibility": marked("In your own words."),
    "how": marked("You go there, Comes to you, Online or By phone, with ; between them."),
    "venues": marked("One place in each line: its name | street | town | postcode. For a secret address add | address not shown."),
    "times": marked(
        "One in each line: Tuesday 10:00–12:00 · 2nd Tuesday of the month 10am–12 noon · Tuesday 10:00–12:00 every 2 weeks from "
        "24 November 2026. With several places, begin with Place 1: or Place 2:. Times on the phone or online, where there is a "
        "place too, begin with No place:."
    ),
    "closures": marked("One in each line: 25 December 2026 to 1 January 2027 closed (a reason, if you like)."),
    "access": marked("What makes the place easier to use, with ; between: Step-free entrance; Lift."),
    "directions": marked("Buses, parking, which door."),
    "place_note": marked("Where in the building, such as: upstairs, room 4."),
    "areas": marked("Parts of the borough, or all of it, with ; between them."),
    "phones": marked("One in each line: number | what it is for."),
    "email": marked("One address, like name@example.com."),
    "url": marked("One address, like https://www.example.org."),
    "application_process": marked("What somebody does first: ring, write, or just come."),
    "wait_time": marked("Such as: about two weeks."),
    "fees": marked("Such as: Free, or Pay what you can."),
    "costs": marked("One in each line: £2.50 | what it is for | more about it."),
    "documents": marked("One thing in each line."),
    "languages": marked("English names, with ; between them: Turkish; British Sign Language."),
    "interpretation": marked("Whether somebody can interpret, and how to ask."),
    "translations": marked("One language in each line: language | name | what it does."),
}
