"""Answers while somebody is answering, plans kept under a code, and requests that somebody gets in touch."""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sitting",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("ends_at", portal.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting")),
    )
    op.create_index(op.f("ix_sitting_ends_at"), "sitting", ["ends_at"])
    op.create_table(
        "kept_plan",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("ends_at", portal.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_plan")),
    )
    op.create_index(op.f("ix_kept_plan_ends_at"), "kept_plan", ["ends_at"])
    op.create_table(
        "contact_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("once", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reply", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_at", portal.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answer_by", portal.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("shared_until", portal.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("passed_on_at", portal.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("closed_at", portal.db.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_request")),
        sa.UniqueConstraint("once", name=op.f("uq_contact_request_once")),
    )
    op.create_index(op.f("ix_contact_request_answer_by"), "contact_request", ["answer_by"])
    op.create_table(
        "request_link",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["contact_request.id"], name=op.f("fk_request_link_request_id_contact_request"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_link")),
    )
    op.create_table(
        "request_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("looked_at", portal.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["contact_request.id"], name=op.f("fk_request_look_request_id_contact_request"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_look")),
    )
    op.create_index(op.f("ix_request_look_request_id"), "request_look", ["request_id"])


def downgrade() -> None:
    for table in ("request_look", "request_link", "contact_request", "kept_plan", "sitting"):
        op.drop_table(table)
