"""Lay down the tables."""

from alembic import op

import pipeline.models  # noqa: F401 — the tables register themselves
from pipeline.models.base import Base

revision = "0001"
down_revision = None


def upgrade() -> None:
    Base.metadata.create_all(op.get_bind())


def downgrade() -> None:
    Base.metadata.drop_all(op.get_bind())
