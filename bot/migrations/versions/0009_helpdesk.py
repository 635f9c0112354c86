"""Questions for a person, notes, what the overview counts, and the count of changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009_helpdesk"
down_revision = "0008_staff"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_questions",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column(
            "conversation_id",
            sa.String(64),
            sa.ForeignKey("conversations.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("open_in", sa.String(64), nullable=True, unique=True),
        sa.Column("code", sa.String(64), nullable=True, unique=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("class_id", sa.String(4), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("ground", sa.String(16), nullable=False),
        sa.Column("asks", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("phase", sa.String(40), nullable=False),
        sa.Column("profession", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("promised_at", sa.Float(), nullable=False),
        sa.Column("late_at", sa.Float(), nullable=True),
        sa.Column("owner", sa.String(64), nullable=True),
        sa.Column("offered_to", sa.String(64), nullable=True),
        sa.Column("claimed_at", sa.Float(), nullable=True),
        sa.Column("answered_at", sa.Float(), nullable=True),
        sa.Column("said_at", sa.Float(), nullable=True),
        sa.Column("staff_at", sa.Float(), nullable=True),
        sa.Column("user_at", sa.Float(), nullable=False),
        sa.Column("lower_to", sa.String(4), nullable=True),
        sa.Column("lower_by", sa.String(64), nullable=True),
        sa.Column("lower_why", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.Float(), nullable=True),
        sa.Column("category", sa.String(40), nullable=True),
        sa.Column("keep_until", sa.Float(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_index("ix_desk_questions_queue", "desk_questions", ["state", "rank", "promised_at"])
    op.create_table(
        "desk_notes",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "question_id",
            sa.String(16),
            sa.ForeignKey("desk_questions.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("key", sa.String(64), nullable=False, unique=True),
        sa.Column("author", sa.String(64), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
    )
    op.create_table(
        "desk_outcomes",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("day", sa.Date(), nullable=False, index=True),
        sa.Column("class_id", sa.String(4), nullable=False),
        sa.Column("ground", sa.String(16), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("waited", sa.Float(), nullable=False),
        sa.Column("within", sa.Boolean(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
    )
    changes = op.create_table(
        "desk_changes",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
    )
    op.bulk_insert(changes, [{"id": 1, "number": 0}])


def downgrade() -> None:
    for table in ("desk_changes", "desk_outcomes", "desk_notes", "desk_questions"):
        op.drop_table(table)
