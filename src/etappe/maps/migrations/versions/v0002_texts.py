"""Texts beside a document that never change: what was said in an interview."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "texts",
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("document", sa.String(80), primary_key=True),
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Documents are not thrown away by a step back."""
    raise NotImplementedError("restore a backup instead")
