"""Assumption tables and their versions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "assumption_table",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_assumption_table")),
    )
    op.create_table(
        "assumption_version",
        sa.Column("table_name", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("publisher", sa.String(200), nullable=True),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_assumption_version_number_positive")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_assumption_version_sha256_length")),
        sa.CheckConstraint(
            "effective_to IS NULL OR effective_to > effective_from",
            name=op.f("ck_assumption_version_validity_not_empty"),
        ),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR published_at IS NOT NULL",
            name=op.f("ck_assumption_version_withdrawn_after_published"),
        ),
        sa.ForeignKeyConstraint(
            ["table_name"], ["assumption_table.name"], name=op.f("fk_assumption_version_table_name_assumption_table")
        ),
        sa.PrimaryKeyConstraint("table_name", "number", name=op.f("pk_assumption_version")),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("assumption_version")
    op.drop_table("assumption_table")
