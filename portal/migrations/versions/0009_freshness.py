"""Since when each listing is known, who was asked whether it is still right, reports with an answer, links looked at.

Addresses that people left with reports are sealed by the first pass of tending (`seal_old`), which has the site's key; a
migration has not. Going down keeps what is still unsealed: a sealed address is gone with its column.
"""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = portal.db.UtcDateTime(timezone=True)


def upgrade() -> None:
    _know_since_when()
    _ask_whether_it_is_right()
    _look_at_links()
    op.add_column("listing_report", sa.Column("sealed", sa.LargeBinary(), nullable=True))
    op.add_column("listing_report", sa.Column("language", sa.String(), server_default="en", nullable=False))
    op.add_column("listing_report", sa.Column("told_by", sa.String(), server_default="resident", nullable=False))
    op.add_column("listing_report", sa.Column("holder", sa.String(), server_default="council", nullable=False))
    op.add_column("listing_report", sa.Column("passed_on_at", MOMENT, nullable=True))
    op.add_column("listing_report", sa.Column("closed_by", sa.String(), nullable=True))
    op.add_column("listing_report", sa.Column("outcome", sa.String(), nullable=True))
    op.add_column("listing_report", sa.Column("answer", sa.String(), server_default="", nullable=False))
    op.create_index("ix_listing_report_waiting", "listing_report", ["closed_at", "holder", "reported_at"], unique=False)


def _know_since_when() -> None:
    """A listing is known since its first history line; one without a line since today, so that an upgrade hides nothing at once."""
    op.add_column("service", sa.Column("known_on", sa.Date(), nullable=True))
    op.create_index("ix_service_checked", "service", ["status", "assured_date", "known_on", "organization_id", "id"])
    op.execute(
        "UPDATE service SET known_on = COALESCE((SELECT DATE(MIN(history.acted_at)) FROM history "
        "WHERE history.resource_type = 'service' AND history.resource_id = service.id), CURRENT_DATE)"
    )


def _of_person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id_person"), ondelete="CASCADE")


def _of_service(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f(f"fk_{table}_service_id_service"), ondelete="CASCADE")


def _ask_whether_it_is_right() -> None:
    op.create_table(
        "told",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        _of_person("told"),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_told")),
    )
    op.create_table(
        "reminder",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("reminded_at", MOMENT, nullable=False),
        _of_person("reminder"),
        _of_service("reminder"),
        sa.PrimaryKeyConstraint("person_id", "service_id", "stage", "since", name=op.f("pk_reminder")),
    )
    op.create_index(op.f("ix_reminder_reminded_at"), "reminder", ["reminded_at"], unique=False)
    op.create_index(op.f("ix_reminder_service_id"), "reminder", ["service_id"], unique=False)
    op.create_table(
        "still_right_link",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        _of_person("still_right_link"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_still_right_link")),
    )
    op.create_index(op.f("ix_still_right_link_person_id"), "still_right_link", ["person_id"], unique=False)
    op.create_table(
        "freshness_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("called_by", sa.Uuid(), nullable=False),
        sa.Column("called_at", MOMENT, nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        _of_service("freshness_call"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_freshness_call")),
    )
    op.create_index(op.f("ix_freshness_call_service_id"), "freshness_call", ["service_id"], unique=False)
    op.create_table(
        "mobile",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _of_person("mobile"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_mobile")),
    )


def _look_at_links() -> None:
    op.create_table(
        "checked_link",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("checked_at", MOMENT, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("broken_since", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checked_link")),
    )
    op.create_index(op.f("ix_checked_link_broken_since"), "checked_link", ["broken_since"], unique=False)
    op.create_index(op.f("ix_checked_link_next_at"), "checked_link", ["next_at"], unique=False)
    op.create_table(
        "link_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("held_until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_round")),
    )


def downgrade() -> None:
    for table in ("link_round", "checked_link", "mobile", "freshness_call", "still_right_link", "reminder", "told"):
        op.drop_table(table)
    op.drop_index("ix_listing_report_waiting", table_name="listing_report")
    for column in ("answer", "outcome", "closed_by", "passed_on_at", "holder", "told_by", "language", "sealed"):
        op.drop_column("listing_report", column)
    op.drop_index("ix_service_checked", table_name="service")
    op.drop_column("service", "known_on")
