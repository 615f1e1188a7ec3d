"""What a filter's opportunities come to, read from the sums that the database keeps, when nothing finer is asked for.

Deals shared with a person who does not see all are few: those are counted one by one.
"""

from dataclasses import replace

from sqlalchemy import ColumnElement, Select, func, or_, select, union_all

from pipeline.domain import access
from pipeline.models.opportunity import Opportunity, Share, Status
from pipeline.models.pipeline import Stage
from pipeline.models.stage_sum import StageSum
from pipeline.models.user import User
from pipeline.queries.filters import Filter, Shown, asked_for, owned, where
from pipeline.queries.weighing import weighted

Sums = Select[int, Status, str, int, int, int]
KEY = ("stage_id", "status", "currency")


def can_answer(filter: Filter) -> bool:
    """Whether it asks for nothing but pipeline, stage, status and owner."""
    return filter.narrowed_by <= {"pipeline", "stage", "status", "owner"}


def by_stage(filter: Filter, *, seen_by: User) -> Sums:
    """Rows of stage, status, currency, count, value and weighted value, to be added up."""
    if not can_answer(filter):
        return counted(filter, seen_by)
    kept = select(
        *(getattr(StageSum, name) for name in KEY),
        func.sum(StageSum.count).label("count"),
        func.sum(StageSum.value).label("value"),
        func.sum(StageSum.weighted).label("weighted"),
    ).where(*_kept_of(filter, seen_by))
    kept = kept.group_by(StageSum.stage_id, StageSum.status, StageSum.currency).having(func.sum(StageSum.count) != 0)
    if access.sees_all(seen_by):
        return kept
    both = union_all(kept, _only_shared(filter, seen_by)).subquery()
    return select(*both.columns)


def counted(filter: Filter, person: User) -> Sums:
    """The same, counted deal by deal."""
    return _live().where(where(filter, seen_by=person))


def _live() -> Sums:
    """Grouped in an order that no index has: SQLite would read a million rows by an index to spare itself 24 groups."""
    return (
        select(
            *(getattr(Opportunity, name) for name in KEY),
            func.count().label("count"),
            func.sum(Opportunity.value).label("value"),
            func.sum(weighted()).label("weighted"),
        )
        .join(Stage, Opportunity.stage_id == Stage.id)
        .group_by(Opportunity.currency, Opportunity.status, Opportunity.stage_id)
    )


def _only_shared(filter: Filter, person: User) -> Sums:
    """Seen for no other reason: found by the shares, and not among all that a person sees, which is far more.

    The place is asked for as a sum, which no index knows, so that the database does not begin there.
    """
    shared = _live().join(Share, Share.opportunity_id == Opportunity.id).where(Share.user_id == person.id)
    not_theirs = or_(Opportunity.owner_id.is_(None), ~access.own_or_managed(Opportunity.owner_id, person))
    anywhere = replace(filter, pipeline=None, stage=None)
    there = ((Opportunity.pipeline_id, filter.pipeline), (Opportunity.stage_id, filter.stage))
    in_place = (column + 0 == wanted for column, wanted in there if wanted is not None)
    return shared.where(asked_for(anywhere, seen_by=person), not_theirs, *in_place)


def _kept_of(filter: Filter, person: User) -> list[ColumnElement[bool]]:
    asked = owned(StageSum.owner_id, filter.owner, person)
    if filter.status is not Shown.ALL:
        asked.append(StageSum.status.in_(filter.status.statuses))
    if not access.sees_all(person):
        asked.append(access.own_or_managed(StageSum.owner_id, person))
    if filter.stage is not None:
        asked.append(StageSum.stage_id == filter.stage)
    if filter.pipeline is not None:
        asked.append(StageSum.stage_id.in_(select(Stage.id).where(Stage.pipeline_id == filter.pipeline)))
    return asked
