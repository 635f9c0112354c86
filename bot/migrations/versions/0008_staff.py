"""Who works at the desk and is signed in there, and the audit log, which the database keeps from being changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008_staff"
down_revision = "0007_teams"
branch_labels = None
depends_on = None

# What is refused, by table and deed, unless the condition holds. `NEW` and `OLD` are rows, in both databases.
GUARDS = (
    ("audit_entries", "UPDATE", "FALSE"),
    ("audit_entries", "DELETE", "OLD.seq <= COALESCE((SELECT MAX(seq) FROM audit_cuts), 0)"),
    ("audit_entries", "INSERT", "NEW.seq = (SELECT seq FROM audit_head WHERE id = 1) "
     "AND NOT EXISTS (SELECT 1 FROM audit_entries WHERE seq = NEW.seq)"),  # SQLite's REPLACE deletes without a trigger
    ("audit_cuts", "UPDATE", "FALSE"),
    ("audit_cuts", "DELETE", "FALSE"),
    ("audit_cuts", "INSERT", "NEW.seq > COALESCE((SELECT MAX(seq) FROM audit_cuts), 0) "
     "AND EXISTS (SELECT 1 FROM audit_entries WHERE seq = NEW.seq AND hash = NEW.hash)"),
    ("audit_head", "UPDATE", "NEW.id = OLD.id AND NEW.seq IN (OLD.seq, OLD.seq + 1)"),
    ("audit_head", "DELETE", "FALSE"),
    ("audit_head", "INSERT", "NOT EXISTS (SELECT 1 FROM audit_head)"),
)  # fmt: skip
TABLES = ("audit_entries", "audit_cuts", "audit_head")


def upgrade() -> None:
    op.create_table(
        "staff_accounts",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("username", sa.String(64), nullable=True, unique=True),
        sa.Column("issuer", sa.String(300), nullable=True),
        sa.Column("subject", sa.String(255), nullable=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("roles", sa.String(200), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=True),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.Float(), nullable=True),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.UniqueConstraint("issuer", "subject"),
    )
    op.create_table(
        "staff_signins",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("account_id", sa.String(32), sa.ForeignKey("staff_accounts.id", ondelete="CASCADE"), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("seen_at", sa.Float(), nullable=False),
    )
    op.create_index("ix_staff_signins_account_id", "staff_signins", ["account_id"])
    _create_audit()
    op.execute(f"INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '{'0' * 64}')")
    (_guard_sqlite if op.get_bind().dialect.name == "sqlite" else _guard_postgresql)()


def _create_audit() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("seq", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("roles", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("object", sa.String(80), nullable=False),
        sa.Column("why", sa.String(200), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("request", sa.String(32), nullable=False),
        sa.Column("machine", sa.String(64), nullable=False),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "audit_cuts",
        sa.Column("seq", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
    )


def _guard_sqlite() -> None:
    for table, deed, allowed in GUARDS:
        op.execute(
            f"CREATE TRIGGER {table}_{deed.lower()} BEFORE {deed} ON {table} WHEN NOT ({allowed}) "
            f"BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END"
        )


def _guard_postgresql() -> None:
    for table, deed, allowed in GUARDS:
        row = "OLD" if deed == "DELETE" else "NEW"
        op.execute(
            f"CREATE FUNCTION {table}_{deed.lower()}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF NOT ({allowed}) THEN RAISE EXCEPTION 'the audit log only grows'; END IF; RETURN {row}; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_{deed.lower()} BEFORE {deed} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_{deed.lower()}()"
        )
    op.execute(
        "CREATE FUNCTION audit_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'the audit log only grows'; END $$"
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_truncate()"
        )


def downgrade() -> None:
    for table in (*TABLES, "staff_signins", "staff_accounts"):
        op.drop_table(table)  # with its triggers
    if op.get_bind().dialect.name == "postgresql":
        for table, deed, _ in GUARDS:
            op.execute(f"DROP FUNCTION {table}_{deed.lower()}()")
        op.execute("DROP FUNCTION audit_truncate()")
