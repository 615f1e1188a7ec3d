"""All pipelines with what is in them, in a constant number of queries."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select

from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.pipeline import Pipeline, Stage


@dataclass(frozen=True, slots=True)
class PipelineRow:
    pipeline: Pipeline
    stages: int
    open: int
    closed: int


def overview() -> list[PipelineRow]:
    """The ones in use first, then the archived, each in order."""
    in_use = select(Stage.pipeline_id, func.count()).where(Stage.retired_at.is_(None)).group_by(Stage.pipeline_id)
    stages = Counter(dict(db.session.execute(in_use).all()))
    open_ones, closed = _opportunities()
    every = db.session.scalars(
        select(Pipeline).order_by(Pipeline.archived_at.is_not(None), Pipeline.position, Pipeline.id)
    )
    return [PipelineRow(each, stages[each.id], open_ones[each.id], closed[each.id]) for each in every]


def _opportunities() -> tuple[Counter[int], Counter[int]]:
    open_ones, closed = Counter[int](), Counter[int]()
    counted = (
        select(Opportunity.pipeline_id, Opportunity.status, func.count())
        .where(Opportunity.deleted_at.is_(None))
        .group_by(Opportunity.pipeline_id, Opportunity.status)
    )
    for pipeline_id, status, count in db.session.execute(counted):
        (open_ones if status is Status.OPEN else closed)[pipeline_id] += count
    return open_ones, closed
