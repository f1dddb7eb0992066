"""Claims: who asks for an organization's listings, or tells of an organization that is missing."""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("once", sa.String(), nullable=True),
        sa.Column("claimed_at", portal.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("refused_by", sa.Uuid(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", portal.db.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('asked', 'waiting', 'invited', 'accepted', 'declined')", name=op.f("ck_claim_state")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_claim_organization_id_organization"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("once", name=op.f("uq_claim_once")),
    )
    with op.batch_alter_table("claim") as batch_op:
        batch_op.create_index("ix_claim_waiting", ["state", "claimed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_decided_at"), ["decided_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("claim") as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_decided_at"))
        batch_op.drop_index(batch_op.f("ix_claim_organization_id"))
        batch_op.drop_index("ix_claim_waiting")
    op.drop_table("claim")
