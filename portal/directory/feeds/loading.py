"""Listings of a feed put through the loader, in the caller's transaction: for good, or to see what they would be. Nothing commits.

Whatever a stranger sent, the rest goes on: what breaks the loader is refused by itself.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.directory.feeds.foreign import Placed, source_of, unpacked
from portal.directory.feeds.models import Feed, FeedListing
from portal.directory.feeds.reporting import Report
from portal.directory.models import Service
from portal.directory.openreferral.loaded import forget_fingerprints
from portal.directory.openreferral.loading import LoadOptions, load_within
from portal.directory.record import pack
from portal.directory.records import get_record
from portal.errors import NotFound

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Loader:
    """Loads listings of `feed`, and tells `report`."""

    session: Session
    feed: Feed
    options: LoadOptions
    report: Report

    def load(self, listings: Sequence[FeedListing]) -> None:
        """Load listings together; one by one where something among them breaks the loader."""
        if not listings:
            return
        if not self._try(listings):
            for listing in listings:
                self._try([listing])
        there = versions_of(self.session, [listing.service_id for listing in listings])
        for listing in listings:
            if listing.service_id in there:
                listing.version = there[listing.service_id]
                self.session.add(listing)
                self.report.loaded += 1
            else:
                self.report.refused += 1
        self.session.flush()

    def _try(self, listings: Sequence[FeedListing]) -> bool:
        saved = self.session.begin_nested()
        try:
            self._within([placed_of(self.session, listing) for listing in listings])
        except OperationalError:
            raise
        except Exception as error:  # whatever a stranger sent
            log.warning("listings of a feed cannot be loaded", feed=str(self.feed.id), reason=type(error).__name__)
            saved.rollback()
            return False
        saved.commit()
        return True

    def _within(self, placed: Sequence[Placed]) -> None:
        forget_fingerprints(self.session, [each.service_id for each in placed])
        source = source_of(self.feed.id, self.feed.name, placed)
        self.report.findings += load_within(self.session, [source], self.options).findings

    def preview(self, placed: Placed) -> str:
        """What a listing would be here, as a packed record: it is loaded, read, and undone. Empty for one that the loader refuses."""
        saved = self.session.begin_nested()
        try:
            self._within([placed])
            return pack(get_record(self.session, placed.service_id).record)
        except NotFound:
            return ""
        except OperationalError:
            raise
        except Exception as error:  # as above
            log.warning("a listing of a feed cannot be read", feed=str(self.feed.id), reason=type(error).__name__)
            return ""
        finally:
            saved.rollback()


def placed_of(session: Session, listing: FeedListing) -> Placed:
    """A listing where it is here; where it took the place of a service, that service's organization stays as it is."""
    owner = select(Service.organization_id).where(Service.id == listing.service_id)
    kept = session.scalar(owner) if listing.keeps_owner else None
    return Placed(unpacked(listing.remote_id, listing.raw), listing.service_id, kept)


def versions_of(session: Session, service_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """The versions of those of these services that are here."""
    rows: Iterable[Any] = session.execute(select(Service.id, Service.version).where(Service.id.in_(service_ids)))
    return {row.id: row.version for row in rows}
