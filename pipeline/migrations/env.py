"""Run by Alembic: hands it the connection that `pipeline.migrations` was given, and the models' metadata."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

import pipeline.models  # noqa: F401 — the tables register themselves
from pipeline.models.base import Base, Typed


def rendered(kind: str, thing: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """What is typed in the models is plain JSON in a migration, which outlives the type."""
    return "sa.JSON()" if kind == "type" and isinstance(thing, Typed) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=rendered,
)
with context.begin_transaction():
    context.run_migrations()
