"""The change log: who did what to which record, when and why, with each field before and after; a chain that shows tampering.

Lines are only ever added. The shape is Open Referral's `metadata` object, kept for every write. Each line is chained to the one
before it when its transaction commits (`operations`), and `verifying` names the first line that is not as it was written.

It holds ids, roles and listing text, and never people's names, addresses or words meant for one reader: what must be erased
some day can be erased, and the chain stays whole.
"""

from __future__ import annotations

from portal.history.models import HistoryLine
from portal.history.operations import Act, Line, record, record_many

__all__ = ["Act", "HistoryLine", "Line", "record", "record_many"]
