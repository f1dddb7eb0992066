"""Questions that found nothing, as counts: what need, in which locality, on which day; never who, nor where more exactly.

The text of a question is not kept. Its keyed hash is counted, and only when enough different days have brought the same
words is the text itself kept, for by then it is nobody's own: without a postcode, and without the place that it named.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal import tally
from portal.db import Base
from portal.localities.spelling import FULL
from portal.search.results import SearchResults

KIND: Final = "search missed"
KIND_TEXT: Final = "search missed, text"
ENOUGH_DAYS: Final = 3
ENOUGH_TIMES: Final = 5
LONGEST_KEPT: Final = 60


class MissedText(Base):
    """Words that many days' questions shared and nothing answered."""

    __tablename__ = "missed_text"

    digest: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]


def count_miss(session: Session, results: SearchResults, secret: str) -> None:
    """Count a question that found nothing. Never commits."""
    locality = results.here.locality if results.here and results.here.locality else ""
    for need in results.question.needs or ("",):
        tally.count(session, KIND, need, locality)
    text = " ".join(FULL.sub(" ", " ".join(results.question.words)).split())[:LONGEST_KEPT]
    if not text:
        return
    digest = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]
    tally.count(session, KIND_TEXT, digest)
    session.flush()
    seen = select(func.count(func.distinct(tally.Tally.counted_on)), func.sum(tally.Tally.count))
    days, times = session.execute(seen.where(tally.Tally.kind == KIND_TEXT, tally.Tally.key == digest)).one()
    if days >= ENOUGH_DAYS and times >= ENOUGH_TIMES and session.get(MissedText, digest) is None:
        session.add(MissedText(digest=digest, text=text))
