"""When each claim was judged how."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "verdicts",
        sa.Column("map", sa.String(80), primary_key=True),
        sa.Column("card", sa.String(120), primary_key=True),
        sa.Column("claim", sa.String(600), primary_key=True),
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("verdict", sa.String(20), nullable=False),
    )


def downgrade() -> None:
    """Takes the table away; verdicts can be asked again."""
    op.drop_table("verdicts")
