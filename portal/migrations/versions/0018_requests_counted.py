"""Requests: the locality in which each is yet to be counted, sealed. Those of before are not counted."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

COLUMN = sa.column("locality", sa.LargeBinary())


def upgrade() -> None:
    op.add_column("contact_request", sa.Column("locality", sa.LargeBinary(), nullable=True))
    op.execute(sa.table("contact_request", COLUMN).update().values({COLUMN: b""}))
    with op.batch_alter_table("contact_request") as batch_op:
        batch_op.alter_column("locality", existing_type=sa.LargeBinary(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("contact_request") as batch_op:
        batch_op.drop_column("locality")
