"""Alembic's entry point: migrations run on the connection that `tables.store` hands over, in its transaction."""

from alembic import context
from sqlmodel import SQLModel

import tables.jobs
import tables.keys
import tables.models  # noqa: F401  (all register tables in the metadata)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
