"""Versions of services, proposals and what is decided of them; parts keep the order in which people gave them."""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ORDERED = (
    "accessibility",
    "cost_option",
    "holiday_schedule",
    "language",
    "phone",
    "required_document",
    "schedule",
    "service_area",
    "service_at_location",
    "service_translation",
)


def upgrade() -> None:
    op.add_column("service", sa.Column("version", sa.Integer(), server_default="0", nullable=False))
    for table in ORDERED:
        op.add_column(table, sa.Column("position", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "loaded_record",
        sa.Column("resource_type", sa.String(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("resource_type", "resource_id", name=op.f("pk_loaded_record")),
    )
    op.create_table(
        "organization_standing",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("is_trusted", sa.Boolean(), nullable=False),
        sa.Column("trusted_by", sa.Uuid(), nullable=False),
        sa.Column("trusted_at", portal.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_organization_standing_organization_id_organization"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_organization_standing")),
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("draft_key", sa.String(), nullable=True),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("saved_at", portal.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("proposed_at", portal.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", portal.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("held_at", portal.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("second_by", sa.Uuid(), nullable=True),
        sa.Column("second_at", portal.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("to_look_at", sa.Boolean(), nullable=False),
        sa.Column("looked_at_by", sa.Uuid(), nullable=True),
        sa.Column("looked_at_at", portal.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("follows", sa.Uuid(), nullable=True),
        sa.Column("lock", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('change', 'new', 'withdrawal', 'import')", name=op.f("ck_proposal_kind")),
        sa.CheckConstraint(
            "state IN ('draft', 'waiting', 'returned', 'approved', 'partly-approved', 'withdrawn')", name=op.f("ck_proposal_state")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_proposal_organization_id_organization"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_proposal_proposed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("draft_key", name=op.f("uq_proposal_draft_key")),
    )
    op.create_index("ix_proposal_decided_at", "proposal", ["decided_at"], unique=False)
    op.create_index("ix_proposal_organization", "proposal", ["organization_id", "saved_at"], unique=False)
    op.create_index(op.f("ix_proposal_proposed_by"), "proposal", ["proposed_by"], unique=False)
    op.create_index("ix_proposal_state", "proposal", ["state", "proposed_at"], unique=False)
    op.create_index(op.f("ix_proposal_to_look_at"), "proposal", ["to_look_at"], unique=False)
    op.create_table(
        "proposal_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("noted_at", portal.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_notice_proposal_id_proposal"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_notice")),
    )
    op.create_index(op.f("ix_proposal_notice_proposal_id"), "proposal_notice", ["proposal_id"], unique=False)
    op.create_table(
        "proposed_service",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=True),
        sa.Column("base", sa.String(), nullable=True),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("edited", sa.String(), nullable=True),
        sa.Column("approved", sa.JSON(), nullable=False),
        sa.Column("held", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("published_version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposed_service_proposal_id_proposal"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_proposed_service_service_id_service"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposed_service")),
    )
    op.create_index(op.f("ix_proposed_service_proposal_id"), "proposed_service", ["proposal_id"], unique=False)
    op.create_index(op.f("ix_proposed_service_service_id"), "proposed_service", ["service_id"], unique=False)
    op.create_table(
        "service_version",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("published_at", portal.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("acted_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_service_version_service_id_service"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("service_id", "number", name=op.f("pk_service_version")),
    )


def downgrade() -> None:
    op.drop_table("service_version")
    op.drop_index(op.f("ix_proposed_service_service_id"), table_name="proposed_service")
    op.drop_index(op.f("ix_proposed_service_proposal_id"), table_name="proposed_service")
    op.drop_table("proposed_service")
    op.drop_index(op.f("ix_proposal_notice_proposal_id"), table_name="proposal_notice")
    op.drop_table("proposal_notice")
    op.drop_index(op.f("ix_proposal_to_look_at"), table_name="proposal")
    op.drop_index("ix_proposal_state", table_name="proposal")
    op.drop_index(op.f("ix_proposal_proposed_by"), table_name="proposal")
    op.drop_index("ix_proposal_organization", table_name="proposal")
    op.drop_index("ix_proposal_decided_at", table_name="proposal")
    op.drop_table("proposal")
    op.drop_table("organization_standing")
    op.drop_table("loaded_record")
    for table in ORDERED:
        op.drop_column(table, "position")
    op.drop_column("service", "version")
