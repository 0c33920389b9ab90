"""One-time links of surveys, and the answers that were given."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the two tables."""
    op.create_table(
        "invitations",
        sa.Column("token", sa.String(64), primary_key=True),
        sa.Column("survey", sa.String(80), nullable=False, index=True),
        sa.Column("made_at", sa.String(32), nullable=False),
        sa.Column("expires_on", sa.String(10)),
        sa.Column("used_at", sa.String(32)),
        sa.Column("about", sa.Text, nullable=False),
    )
    op.create_table(
        "responses",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("survey", sa.String(80), nullable=False, index=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("answers", sa.Text, nullable=False),
        sa.Column("delivered", sa.Boolean, nullable=False),
    )


def downgrade() -> None:
    """Answers are not thrown away by a step back."""
    raise NotImplementedError("restore a backup instead")
