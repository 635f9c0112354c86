"""When each version of a topic stood, from which files the knowledge was made, and what was asked in vain."""

import sqlalchemy as sa
from alembic import op

revision = "0004_editing"
down_revision = "0003_kinds"
branch_labels = None
depends_on = None

TOPIC = sa.table("knowledge_topic", sa.column("id"), sa.column("digest"))
VERSION = sa.table(
    "knowledge_topic_version",
    sa.column("topic_id"),
    sa.column("digest"),
    sa.column("loaded_at", sa.DateTime(timezone=True)),
)
LOADED = sa.table("knowledge_version", sa.column("loaded_at", sa.DateTime(timezone=True)))
PERIOD = sa.table(
    "knowledge_topic_period",
    sa.column("topic_id"),
    sa.column("digest"),
    sa.column("loaded_at", sa.DateTime(timezone=True)),
    sa.column("gone_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    made_from = sa.Column("made_from", sa.String(64), nullable=False, server_default="")
    op.add_column("knowledge_version", made_from)
    periods = _periods(op.get_bind())
    with op.batch_alter_table("knowledge_topic_version") as table:
        table.drop_column("loaded_at")
    op.create_table(
        "knowledge_topic_period",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("topic_id", sa.String(80), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["topic_id", "digest"], ["knowledge_topic_version.topic_id", "knowledge_topic_version.digest"]
        ),
    )
    op.create_index("ix_knowledge_topic_period_topic_id", "knowledge_topic_period", ["topic_id"])
    if periods:
        op.bulk_insert(PERIOD, periods)
    op.create_table(
        "knowledge_gap",
        sa.Column("topic_id", sa.String(80), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )
    conversation = sa.ForeignKey("conversations.id", ondelete="CASCADE")
    op.create_table(
        "knowledge_gap_question",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("topic_id", sa.String(80), nullable=False),
        sa.Column("conversation_id", sa.String(64), conversation),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    for column in ("topic_id", "conversation_id"):
        op.create_index(f"ix_knowledge_gap_question_{column}", "knowledge_gap_question", [column])


def _periods(connection: sa.Connection) -> list[dict]:
    """Tell from what was kept when each version stood; of one that came back only its last return is known."""
    current = dict(connection.execute(sa.select(TOPIC.c.id, TOPIC.c.digest)).tuples().all())
    last_load = connection.scalar(sa.select(LOADED.c.loaded_at))
    kept: dict[str, list[tuple]] = {}
    for topic, digest, at in connection.execute(sa.select(VERSION).order_by(VERSION.c.loaded_at)):
        kept.setdefault(topic, []).append((digest, at))
    rows = []
    for topic, versions in kept.items():
        if topic in current and versions[-1][0] != current[topic]:
            versions.append((current[topic], last_load))
        ends = [at for _, at in versions[1:]] + [None if topic in current else last_load]
        for (digest, at), end in zip(versions, ends, strict=True):
            rows.append({"topic_id": topic, "digest": digest, "loaded_at": at, "gone_at": end})
    return rows
