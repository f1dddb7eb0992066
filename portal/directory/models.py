"""Tables of the directory, in Open Referral's nouns and spelling: what is offered, by whom, where, when and for whom.

`Organization` and `Service` are here; places are in `places.py`, times in `times.py`, terms in `terms.py`. No I/O.
Columns that Open Referral does not have are marked "ours".
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.db import Base
from portal.directory.places import Phone, ServiceArea, ServiceAtLocation
from portal.directory.terms import ServiceNeed, ServiceTranslation
from portal.directory.times import HolidaySchedule, Schedule


class Status(StrEnum):
    """Open Referral's four states; only `active` and `temporarily closed` are shown to residents."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    DEFUNCT = "defunct"
    TEMPORARILY_CLOSED = "temporarily closed"


PUBLIC_STATUSES = (Status.ACTIVE.value, Status.TEMPORARILY_CLOSED.value)


class Organization(Base):
    """Who offers services."""

    __tablename__ = "organization"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(index=True)
    alternate_name: Mapped[str | None]
    description: Mapped[str] = mapped_column(default="")
    email: Mapped[str | None]
    website: Mapped[str | None]
    logo: Mapped[str | None]
    uri: Mapped[str | None]
    tax_status: Mapped[str | None]
    tax_id: Mapped[str | None]
    year_incorporated: Mapped[int | None]
    legal_status: Mapped[str | None]
    parent_organization_id: Mapped[uuid.UUID | None]
    source: Mapped[str] = mapped_column(default="")  # ours: where the record came from

    services: Mapped[list[Service]] = relationship(back_populates="organization", order_by="Service.name")
    phones: Mapped[list[Phone]] = relationship(order_by="Phone.number")
    identifiers: Mapped[list[OrganizationIdentifier]] = relationship(order_by="OrganizationIdentifier.identifier_type")


class OrganizationIdentifier(Base):
    """A number in somebody's register: charity, company."""

    __tablename__ = "organization_identifier"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"), index=True)
    identifier_scheme: Mapped[str | None]
    identifier_type: Mapped[str | None]
    identifier: Mapped[str]


class Service(Base):
    """One thing that people can use."""

    __tablename__ = "service"
    __table_args__ = (
        CheckConstraint("status IN ('active', 'inactive', 'defunct', 'temporarily closed')", name="status"),
        CheckConstraint("minimum_age >= 0", name="minimum_age"),
        Index("ix_service_status", "status"),
        Index("ix_service_checked", "status", "assured_date", "known_on", "organization_id", "id"),
        # all that is counted of every service, so that nobody reads 20,000 descriptions to count them
        Index("ix_service_counted", "status", "id", "organization_id", "version", "assured_date", "known_on", "url"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    alternate_name: Mapped[str | None]
    description: Mapped[str] = mapped_column(default="")
    url: Mapped[str | None]
    email: Mapped[str | None]
    status: Mapped[str]
    interpretation_services: Mapped[str | None]
    application_process: Mapped[str | None]
    fees_description: Mapped[str | None]
    wait_time: Mapped[str | None]
    accreditations: Mapped[str | None]
    licenses: Mapped[str | None]
    eligibility_description: Mapped[str | None]
    minimum_age: Mapped[float | None]
    maximum_age: Mapped[float | None]
    assured_date: Mapped[date | None]
    assurer_email: Mapped[str | None]
    assured_by: Mapped[str | None]  # ours: the name shown beside the date
    alert: Mapped[str | None]
    last_modified: Mapped[datetime | None]
    who_for: Mapped[list[str]] = mapped_column(JSON, default=list)  # ours: audience ids of the taxonomy; empty is everybody
    how: Mapped[list[str]] = mapped_column(JSON, default=list)  # ours: in-person, home, online, phone
    known_on: Mapped[date | None] = mapped_column(default=clock.today)  # ours: since when we have it, from which the never checked age
    source: Mapped[str] = mapped_column(default="")  # ours
    version: Mapped[int] = mapped_column(default=0, server_default="0")  # ours: goes up whenever it is published or loaded anew

    organization: Mapped[Organization] = relationship(back_populates="services")
    translations: Mapped[list[ServiceTranslation]] = relationship(
        order_by="(ServiceTranslation.position, ServiceTranslation.language)", cascade="all, delete-orphan"
    )
    needs: Mapped[list[ServiceNeed]] = relationship(order_by="ServiceNeed.position", cascade="all, delete-orphan")
    service_areas: Mapped[list[ServiceArea]] = relationship(order_by="(ServiceArea.position, ServiceArea.name)")
    service_at_locations: Mapped[list[ServiceAtLocation]] = relationship(
        order_by="(ServiceAtLocation.position, ServiceAtLocation.id)", back_populates="service"
    )
    schedules: Mapped[list[Schedule]] = relationship(order_by="(Schedule.position, Schedule.id)")
    holiday_schedules: Mapped[list[HolidaySchedule]] = relationship(order_by="(HolidaySchedule.position, HolidaySchedule.start_date)")
    phones: Mapped[list[Phone]] = relationship(order_by="(Phone.position, Phone.id)")
    contacts: Mapped[list[Contact]] = relationship(order_by="Contact.name")
    languages: Mapped[list[Language]] = relationship(order_by="(Language.position, Language.name)")
    cost_options: Mapped[list[CostOption]] = relationship(order_by="(CostOption.position, CostOption.amount)")
    required_documents: Mapped[list[RequiredDocument]] = relationship(order_by="(RequiredDocument.position, RequiredDocument.document)")
    funding: Mapped[list[Funding]] = relationship(order_by="Funding.source")


class Contact(Base):
    """A role that answers for a service; people's own names are kept but never leave."""

    __tablename__ = "contact"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"), index=True)
    service_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    service_at_location_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("service_at_location.id", ondelete="CASCADE"), index=True)
    location_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("location.id", ondelete="CASCADE"), index=True)
    name: Mapped[str | None]
    title: Mapped[str | None]
    department: Mapped[str | None]
    email: Mapped[str | None]


class Language(Base):
    """A language that a service, a place or a phone line is offered in."""

    __tablename__ = "language"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    service_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    location_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("location.id", ondelete="CASCADE"), index=True)
    phone_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("phone.id", ondelete="CASCADE"), index=True)
    name: Mapped[str | None]
    code: Mapped[str | None]
    note: Mapped[str | None]
    position: Mapped[int] = mapped_column(default=0, server_default="0")  # ours: the order in which people gave them


class CostOption(Base):
    """What it costs. `amount` in pounds unless `currency` says otherwise; an amount of 0 is free."""

    __tablename__ = "cost_option"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    option: Mapped[str | None]
    currency: Mapped[str | None]
    amount: Mapped[float | None]
    amount_description: Mapped[str | None]
    position: Mapped[int] = mapped_column(default=0, server_default="0")  # ours: the order in which people gave them


class RequiredDocument(Base):
    """Something to bring."""

    __tablename__ = "required_document"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    document: Mapped[str]
    uri: Mapped[str | None]
    position: Mapped[int] = mapped_column(default=0, server_default="0")  # ours: the order in which people gave them


class Funding(Base):
    """Who pays for a service or an organization."""

    __tablename__ = "funding"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"), index=True)
    service_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    source: Mapped[str]
