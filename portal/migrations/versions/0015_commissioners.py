"""Commissioners: a role that sees what each area needs beside what there is."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BEFORE = "role IN ('reviewer', 'council-editor', 'adviser', 'administrator')"
SINCE = "role IN ('reviewer', 'council-editor', 'adviser', 'commissioner', 'administrator')"


def upgrade() -> None:
    _hold_to(SINCE)


def downgrade() -> None:
    op.execute("DELETE FROM role_grant WHERE role = 'commissioner'")
    _hold_to(BEFORE)


def _hold_to(rule: str) -> None:
    with op.batch_alter_table("role_grant") as batch_op:
        batch_op.drop_constraint(op.f("ck_role_grant_role"), type_="check")
        batch_op.create_check_constraint(op.f("ck_role_grant_role"), rule)
