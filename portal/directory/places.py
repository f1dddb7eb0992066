"""Tables for where: locations, their addresses and access, what happens there, areas covered, telephone numbers. No I/O."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base

if TYPE_CHECKING:
    from portal.directory.models import Service
    from portal.directory.times import HolidaySchedule, Schedule


class Location(Base):
    """A place, or a way in that is no place. A confidential one never shows its address or position."""

    __tablename__ = "location"
    __table_args__ = (
        CheckConstraint("location_type IN ('physical', 'postal', 'virtual')", name="location_type"),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    location_type: Mapped[str]
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organization.id", ondelete="SET NULL"), index=True)
    name: Mapped[str | None]
    alternate_name: Mapped[str | None]
    description: Mapped[str | None]
    transportation: Mapped[str | None]
    url: Mapped[str | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    external_identifier: Mapped[str | None]
    external_identifier_type: Mapped[str | None]
    is_confidential: Mapped[bool] = mapped_column(default=False)  # ours

    addresses: Mapped[list[Address]] = relationship(order_by="Address.id")
    accessibility: Mapped[list[Accessibility]] = relationship(order_by="(Accessibility.position, Accessibility.description)")


class Address(Base):
    """How a location is written on an envelope."""

    __tablename__ = "address"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    location_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("location.id", ondelete="CASCADE"), index=True)
    attention: Mapped[str | None]
    address_1: Mapped[str | None]
    address_2: Mapped[str | None]
    city: Mapped[str | None]
    region: Mapped[str | None]
    state_province: Mapped[str | None]
    postal_code: Mapped[str | None]
    country: Mapped[str | None]
    address_type: Mapped[str | None]


class Accessibility(Base):
    """One thing that makes a location easier to use, in words."""

    __tablename__ = "accessibility"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    location_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("location.id", ondelete="CASCADE"), index=True)
    description: Mapped[str | None]
    details: Mapped[str | None]
    url: Mapped[str | None]
    position: Mapped[int] = mapped_column(default=0, server_default="0")  # ours: the order in which people gave them


class ServiceAtLocation(Base):
    """A service where it happens. A head office is an organization's address, never one of these."""

    __tablename__ = "service_at_location"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    location_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("location.id", ondelete="CASCADE"), index=True)
    description: Mapped[str | None]
    position: Mapped[int] = mapped_column(default=0, server_default="0")  # ours: the order in which people gave them

    service: Mapped[Service] = relationship(back_populates="service_at_locations")
    location: Mapped[Location] = relationship()
    schedules: Mapped[list[Schedule]] = relationship(order_by="(Schedule.position, Schedule.id)")
    holiday_schedules: Mapped[list[HolidaySchedule]] = relationship(order_by="(HolidaySchedule.position, HolidaySchedule.start_date)")
    phones: Mapped[list[Phone]] = relationship(order_by="(Phone.position, Phone.id)")


class ServiceArea(Base):
    """An area that a service covers. `extent` is a locality's slug, the borough's, `england`, `uk`, or as imported."""

    __tablename__ = "service_area"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    name: Mapped[str | None]
    description: Mapped[str | None]
    extent: Mapped[str | None]
    extent_type: Mapped[str | None]
    uri: Mapped[str | None]
    position: Mapped[int] = mapped_column(default=0, server_default="0")  # ours: the order in which people gave them


class Phone(Base):
    """A number as people dial it, of whatever it belongs to."""

    __tablename__ = "phone"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"), index=True)
    service_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    service_at_location_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("service_at_location.id", ondelete="CASCADE"), index=True)
    location_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("location.id", ondelete="CASCADE"), index=True)
    contact_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    number: Mapped[str]
    extension: Mapped[str | None]
    type: Mapped[str | None]
    description: Mapped[str | None]
    position: Mapped[int] = mapped_column(default=0, server_default="0")  # ours: the order in which people gave them
