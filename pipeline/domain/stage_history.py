"""The history of a deal's stages: a line for each move, with the names as they were."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert

from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity, StageMove
from pipeline.models.pipeline import Stage
from pipeline.models.user import User

LINES = StageMove.metadata.tables[StageMove.__tablename__]
WRITTEN = (
    insert(LINES)
    .values({column.name: bindparam(column.name, type_=column.type) for column in LINES.c if not column.primary_key})
    .inline()
)
"""The statement that writes a line."""
Line = dict[str, Any]


def line(opportunity: Opportunity, source: Stage, *, at: datetime, by: User | None, via: Via) -> Line:
    """What is to be written of its coming to its stage from `source`."""
    return {
        "opportunity_id": opportunity.id,
        "source_id": source.id,
        "source_name": source.name,
        "target_id": opportunity.stage.id,
        "target_name": opportunity.stage.name,
        "mover_id": by.id if by else None,
        "via": via,
        "version": opportunity.version,
        "moved_at": at,
    }


def write(opportunity: Opportunity, line: Line) -> None:
    """Write its line down; its moves are read again when they are next asked for."""
    db.session.execute(WRITTEN, line)
    db.session.expire(opportunity, ["moves"])
