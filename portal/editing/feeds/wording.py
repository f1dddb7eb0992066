"""What pages and letters call reasons, decisions and problems of feeds."""

from __future__ import annotations

from typing import Final

from portal.directory.feeds.models import Problem, Reason
from portal.directory.feeds.operations import Choice
from portal.i18n.text import marked

REASONS: Final = {
    Reason.SAME_ID: marked("We have a listing with the same number"),
    Reason.ALIKE: marked("We have a listing that is much like it"),
    Reason.CHANGED_HERE: marked("Somebody here changed it, and so did they"),
}
CHOICES: Final = {
    Choice.THEIRS: marked("Take theirs"),
    Choice.OURS: marked("Keep ours"),
    Choice.BOTH: marked("Show both: they are two services"),
}
EFFECTS: Final = {
    Choice.THEIRS: marked("Ours is written over, and kept in step with theirs from now on. The old words stay in the history."),
    Choice.OURS: marked("Nothing changes. What they write about it from now on is left out too."),
    Choice.BOTH: marked("Theirs becomes a listing beside ours, and is kept in step."),
}
PROBLEMS: Final = {
    Problem.NO_ANSWER: marked("It does not answer."),
    Problem.REFUSED: marked("It leads to an address that we may not go to."),
    Problem.ROBOTS: marked("It asks not to be read by programs."),
    Problem.STATUS: marked("It answers with an error."),
    Problem.BUSY: marked("It is busy, and asked us to come again later."),
    Problem.NOT_JSON: marked("What it sends cannot be read."),
    Problem.NOT_A_FEED: marked("What it sends is no list of services."),
    Problem.TOO_LARGE: marked("It sends too much at once, or lists too many services."),
    Problem.REPEATS: marked("Its pages repeat themselves."),
    Problem.EMPTY: marked("It is empty all at once. Nothing was withdrawn here."),
    Problem.FEWER: marked("It lists far less than before. Nothing was withdrawn here."),
}
