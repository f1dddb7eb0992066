"""What was deleted on purpose is written down by triggers, so that a backup from before does not bring it back."""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

DELETED = {
    "claim": ("id",),
    "code_app": ("person_id",),
    "contact_request": ("id",),
    "kept_plan": ("id",),
    "listing_report": ("id",),
    "membership": ("person_id", "organization_id"),
    "mobile": ("person_id",),
    "passkey": ("id",),
    "role_grant": ("person_id", "role"),
    "upload": ("id",),
}
EMPTIED = (  # table, what befell the row, when that is so
    ("person", "person", "NEW.left_at IS NOT NULL AND OLD.left_at IS NULL"),
    ("contact_request", "withdrawn", "NEW.state = 'withdrawn' AND OLD.state <> 'withdrawn'"),
    ("outgoing", "outgoing", "NEW.sent_at IS NOT NULL AND OLD.sent_at IS NULL"),
)
FUNCTION = """
CREATE FUNCTION note_purged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    named text[] := '{}';
BEGIN
    FOR at IN 1 .. TG_NARGS - 1 LOOP
        named := named || (to_jsonb(OLD) ->> TG_ARGV[at]);
    END LOOP;
    INSERT INTO purged (id, what, key, purged_at) VALUES (gen_random_uuid(), TG_ARGV[0], array_to_string(named, ' '), now());
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "purged",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("purged_at", portal.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purged")),
    )
    op.create_index(op.f("ix_purged_purged_at"), "purged", ["purged_at"])
    if is_sqlite():
        for statement in in_sqlite():
            op.execute(statement)
        return
    op.execute(FUNCTION)
    for table, columns in DELETED.items():
        given = ", ".join(f"'{name}'" for name in (table, *columns))
        op.execute(f"CREATE TRIGGER purged_{table} AFTER DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION note_purged({given})")
    for table, what, when in EMPTIED:
        op.execute(
            f"CREATE TRIGGER emptied_{table} AFTER UPDATE ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION note_purged('{what}', 'id')"
        )


def in_sqlite() -> list[str]:
    put = "BEGIN INSERT INTO purged (id, what, key, purged_at) VALUES (lower(hex(randomblob(16))), '{}', {}, strftime('%Y-%m-%d %H:%M:%f000', 'now')); END"
    key = " || ' ' || ".join
    deleted = [
        f"CREATE TRIGGER purged_{table} AFTER DELETE ON {table} {put.format(table, key(f'CAST(OLD.{name} AS TEXT)' for name in columns))}"
        for table, columns in DELETED.items()
    ]
    emptied = [
        f"CREATE TRIGGER emptied_{table} AFTER UPDATE ON {table} WHEN {when} {put.format(what, 'CAST(OLD.id AS TEXT)')}"
        for table, what, when in EMPTIED
    ]
    return deleted + emptied


def downgrade() -> None:
    for name, table in [*((f"purged_{table}", table) for table in DELETED), *((f"emptied_{table}", table) for table, _, _ in EMPTIED)]:
        op.execute(f"DROP TRIGGER {name}" if is_sqlite() else f"DROP TRIGGER {name} ON {table}")
    if not is_sqlite():
        op.execute("DROP FUNCTION note_purged")
    op.drop_table("purged")


def is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
