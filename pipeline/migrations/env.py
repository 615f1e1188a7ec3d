"""Run by Alembic: hands it the connection that `pipeline.migrations` was given, and the models' metadata."""

from alembic import context

import pipeline.models  # noqa: F401 — the tables register themselves
from pipeline.models.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
