"""Words for roles and for acts of the history, in English, marked for translation; pages look them up. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from portal.accounts.audiences import Role
from portal.i18n.text import marked

ROLES: Final[Mapping[str, str]] = {
    Role.REVIEWER: marked("Reviewer"),
    Role.COUNCIL_EDITOR: marked("Council editor"),
    Role.ADVISER: marked("Adviser"),
    Role.COMMISSIONER: marked("Commissioner"),
    Role.ADMINISTRATOR: marked("Administrator"),
}
WORK: Final[Mapping[str, str]] = {
    Role.REVIEWER: marked("You look at changes to listings, and say yes before residents see them."),
    Role.COUNCIL_EDITOR: marked("You keep the council's own words true: advice pages, notices and areas."),
    Role.ADVISER: marked("You help people who ring: questions to ask aloud, and a short list to read out."),
    Role.COMMISSIONER: marked("You see what each area needs and what there is, and plan what is missing."),
    Role.ADMINISTRATOR: marked("You ask people to help, and say who may do what."),
}

INVITED: Final = "invited"  # acts, as the history names them
TAKEN_BACK: Final = "invitation taken back"
ENDED: Final = "invitation ended"
ACCEPTED: Final = "accepted"
DECLINED: Final = "declined"
LEFT: Final = "left"
HANDED_OVER: Final = "handed over"
REMOVED: Final = "removed"
ROLE_TAKEN: Final = "role taken away"
LET_GO: Final = "let go"
CLOSED: Final = "closed own account"
RECOVERY_STARTED: Final = "recovery started"
RECOVERY_REFUSED: Final = "recovery refused"
RECOVERED: Final = "ways in taken away"

ACTS: Final[Mapping[str, str]] = {
    INVITED: marked("Asked"),
    TAKEN_BACK: marked("Invitation taken back"),
    ENDED: marked("Invitation ended without an answer"),
    ACCEPTED: marked("Said yes"),
    DECLINED: marked("Said no"),
    LEFT: marked("Stopped by themselves"),
    HANDED_OVER: marked("Handed over to somebody else"),
    REMOVED: marked("Removed by a colleague"),
    ROLE_TAKEN: marked("Role taken away"),
    LET_GO: marked("Account closed"),
    CLOSED: marked("Closed their own account"),
    RECOVERY_STARTED: marked("Help with signing in asked for"),
    RECOVERY_REFUSED: marked("Help with signing in refused"),
    RECOVERED: marked("Passkeys and codes taken away, to make new ones"),
}
