"""Names and summaries of services in other languages."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_translation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("summary", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_service_translation_service_id_service"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_translation")),
    )
    op.create_index(op.f("ix_service_translation_service_id"), "service_translation", ["service_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_service_translation_service_id"), "service_translation")
    op.drop_table("service_translation")
