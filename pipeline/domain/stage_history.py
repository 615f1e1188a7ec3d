"""The history of a deal's stages: a line for each move, with the names as they were."""

from datetime import datetime

from sqlalchemy import insert

from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity, StageMove
from pipeline.models.pipeline import Stage
from pipeline.models.user import User

LINES = StageMove.metadata.tables[StageMove.__tablename__]


def write(opportunity: Opportunity, source: Stage, *, at: datetime, by: User | None, via: Via) -> None:
    """Write down that it came to its stage from `source`."""
    line = {
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
    db.session.execute(insert(LINES).inline(), line)
    db.session.expire(opportunity, ["moves"])
