"""API keys."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "api_key",
        sa.Column("prefix", sa.String(12), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("role IN ('read', 'author', 'publish', 'admin')", name=op.f("ck_api_key_role_known")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_api_key_sha256_length")),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_api_key")),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("api_key")
