"""Reading the change log: a record in, its lines in order out."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.history.chain import Link
from portal.history.models import HistoryHead, HistoryLine
from portal.history.operations import Resource


def list_lines(session: Session, resource: Resource) -> list[HistoryLine]:
    """What was done to `resource` (a table and an id), the first act first."""
    its = (HistoryLine.resource_type == resource[0], HistoryLine.resource_id == resource[1])
    return list(session.scalars(select(HistoryLine).where(*its).order_by(HistoryLine.id)))


def get_head(session: Session) -> str:
    """Where the chain is now: another text after every act that is written down."""
    position, chained = session.execute(select(HistoryHead.position, HistoryHead.chained)).one()
    return str(Link(position, chained))
