"""The tables of the knowledge base."""

import sqlalchemy as sa
from alembic import op

revision = "0001_knowledge"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "knowledge_version",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("words", sa.JSON, nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    )
    op.create_table(
        "knowledge_source",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("publisher", sa.Text, nullable=False),
        sa.Column("year", sa.Integer),
        sa.Column("url", sa.Text),
        sa.Column("note", sa.Text),
        sa.Column("checked", sa.Date, nullable=False),
    )
    op.create_table(
        "knowledge_topic",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("short", sa.Text, nullable=False),
        sa.Column("more", sa.Text),
        sa.Column("doubt", sa.Text),
        sa.Column("review", sa.Date, nullable=False),
        sa.Column("questions", sa.JSON, nullable=False),
        sa.Column("related", sa.JSON, nullable=False),
        sa.Column("audience", sa.JSON, nullable=False),
    )
    op.create_table(
        "knowledge_topic_source",
        sa.Column("topic_id", sa.String(80), sa.ForeignKey("knowledge_topic.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("source_id", sa.String(80), sa.ForeignKey("knowledge_source.id"), nullable=False),
        sa.Column("section", sa.Text, nullable=False),
    )
    op.create_index("ix_knowledge_topic_source_source_id", "knowledge_topic_source", ["source_id"])
    op.create_table(
        "knowledge_topic_version",
        sa.Column("topic_id", sa.String(80), primary_key=True),
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    )
    # The one version row stands from the start: whoever loads first locks it, so that two loads never mix.
    op.execute("INSERT INTO knowledge_version (id, digest, words) VALUES (1, '', '{}')")


def downgrade() -> None:
    for table in ("topic_version", "topic_source", "topic", "source", "version"):
        op.drop_table(f"knowledge_{table}")
