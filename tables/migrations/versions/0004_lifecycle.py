"""Drafts, their submission and publication, and the audit record; the database itself keeps what must never change.

On SQLite a later migration that rebuilds `assumption_version` (`batch_alter_table` does) loses its triggers, and must
make them again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_KEPT = "a published version never changes"
_RECORDED = "the audit record is only added to"
_COLUMNS = (
    *("table_name", "number", "content", "sha256", "effective_from", "effective_to", "published_at", "author"),
    *("publisher", "provenance", "revision", "submitted_at", "author_key", "publisher_key", "creator_key"),
    *("idempotency_key", "fingerprint"),
)
"""All of a version but `withdrawn_at`."""
_IS_PUBLISHED = "OLD.published_at IS NOT NULL"
_HAS_PUBLISHED = "EXISTS (SELECT 1 FROM assumption_version WHERE table_name = OLD.name AND published_at IS NOT NULL)"
_IS_KEPT = (
    "EXISTS (SELECT 1 FROM assumption_version AS kept WHERE kept.table_name = NEW.table_name"
    " AND kept.number = NEW.number AND kept.published_at IS NOT NULL)"
)
_REFUSED: tuple[tuple[str, str, str, str, str], ...] = (
    ("assumption_version_kept", "assumption_version", "UPDATE", "", _KEPT),  # its condition depends on the engine
    ("assumption_version_not_removed", "assumption_version", "DELETE", _IS_PUBLISHED, _KEPT),
    ("audit_record_kept", "audit_record", "UPDATE", "", _RECORDED),
    ("audit_record_not_removed", "audit_record", "DELETE", "", _RECORDED),
)


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("assumption_version") as version:
        version.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
        version.add_column(sa.Column("submitted_at", sa.DateTime(), nullable=True))
        version.add_column(sa.Column("author_key", sa.String(12), nullable=True))
        version.add_column(sa.Column("publisher_key", sa.String(12), nullable=True))
        version.add_column(sa.Column("creator_key", sa.String(12), nullable=True))
        version.add_column(sa.Column("idempotency_key", sa.String(200), nullable=True))
        version.add_column(sa.Column("fingerprint", sa.String(64), nullable=True))
        version.create_check_constraint(
            op.f("ck_assumption_version_published_by_another"), "publisher_key IS NULL OR publisher_key <> author_key"
        )
        version.create_unique_constraint(op.f("uq_assumption_version_creator_key"), ["creator_key", "idempotency_key"])
    op.create_table(
        "store_revision",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_store_revision_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store_revision")),
    )
    op.execute("INSERT INTO store_revision (id, revision, records) VALUES (1, 0, 0)")
    op.create_table(
        "audit_record",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("operation", sa.String(32), nullable=False),
        sa.Column("table_name", sa.String(64), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("subject_key", sa.String(12), nullable=True),
        sa.Column("key_prefix", sa.String(12), nullable=True),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("before_sha256", sa.String(64), nullable=True),
        sa.Column("after_sha256", sa.String(64), nullable=True),
        sa.Column("request_id", sa.String(64), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_record")),
    )
    op.create_index(op.f("ix_audit_record_table_name"), "audit_record", ["table_name"])
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _guard_sqlite() -> None:
    same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in _COLUMNS)
    changed = f"{_IS_PUBLISHED} AND NOT (OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL AND {same})"
    refused = [
        *(
            (name, table, act, changed if table == "assumption_version" and act == "UPDATE" else condition, message)
            for name, table, act, condition, message in _REFUSED
        ),
        # `REPLACE` removes a row without asking the trigger on DELETE.
        (
            "assumption_version_not_replaced",
            "assumption_version",
            "INSERT",
            _IS_KEPT,
            _KEPT,
        ),
        (
            "audit_record_not_replaced",
            "audit_record",
            "INSERT",
            "EXISTS (SELECT 1 FROM audit_record WHERE id = NEW.id)",
            _RECORDED,
        ),
        (
            "assumption_table_kept",
            "assumption_table",
            "UPDATE",
            f"(NEW.name IS NOT OLD.name OR NEW.kind IS NOT OLD.kind) AND {_HAS_PUBLISHED}",
            _KEPT,
        ),
    ]
    for name, table, act, condition, message in refused:
        when = f"WHEN {condition} " if condition else ""
        op.execute(f"CREATE TRIGGER {name} BEFORE {act} ON {table} {when}BEGIN SELECT RAISE(ABORT, '{message}'); END")


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION rielquote_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        "CREATE FUNCTION rielquote_table_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF (NEW.name <> OLD.name OR NEW.kind <> OLD.kind) AND {_HAS_PUBLISHED} THEN "
        f"RAISE EXCEPTION '{_KEPT}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    new, old = (", ".join(f"{row}.{name}" for name in _COLUMNS) for row in ("NEW", "OLD"))
    changed = (
        f"{_IS_PUBLISHED} AND NOT (OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL"
        f" AND ({new}) IS NOT DISTINCT FROM ({old}))"
    )
    for name, table, act, stated, message in _REFUSED:
        condition = changed if table == "assumption_version" and act == "UPDATE" else stated
        when = f"WHEN ({condition}) " if condition else ""
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW {when}"
            f"EXECUTE FUNCTION rielquote_refuse('{message}')"
        )
    for table, message in (("assumption_version", _KEPT), ("audit_record", _RECORDED)):
        op.execute(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
            f"EXECUTE FUNCTION rielquote_refuse('{message}')"
        )
    op.execute(
        "CREATE TRIGGER assumption_table_kept BEFORE UPDATE ON assumption_table FOR EACH ROW "
        "EXECUTE FUNCTION rielquote_table_kept()"
    )


def downgrade() -> None:
    """Undo."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    triggers = {
        "assumption_version": ("kept", "not_removed", *(("not_replaced",) if is_sqlite else ("not_emptied",))),
        "assumption_table": ("kept",),
    }
    for table, names in triggers.items():
        for name in names:
            op.execute(f"DROP TRIGGER {table}_{name}" + ("" if is_sqlite else f" ON {table}"))
    op.drop_index(op.f("ix_audit_record_table_name"), "audit_record")
    op.drop_table("audit_record")
    op.drop_table("store_revision")
    if not is_sqlite:
        op.execute("DROP FUNCTION rielquote_refuse()")
        op.execute("DROP FUNCTION rielquote_table_kept()")
    with op.batch_alter_table("assumption_version") as version:
        version.drop_constraint(op.f("uq_assumption_version_creator_key"), type_="unique")
        version.drop_constraint(op.f("ck_assumption_version_published_by_another"), type_="check")
        for name in ("fingerprint", "idempotency_key", "creator_key", "publisher_key", "author_key", "submitted_at"):
            version.drop_column(name)
        version.drop_column("revision")
