"""Of what kind a topic is: written out, or made of an intervention, a figure, a law and so on."""

import sqlalchemy as sa
from alembic import op

revision = "0003_kinds"
down_revision = "0002_channels"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = sa.Column("kind", sa.String(40), nullable=False, server_default="topics")
    op.add_column("knowledge_topic", kind)
