"""What became of changes to many: one's own so far, and the refused ones of one of them with their causes."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, func, null, select

from pipeline.domain import access
from pipeline.extensions import db
from pipeline.models.bulk_run import BulkItem, BulkRun, ItemState
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User
from pipeline.queries.paging import Paging

PAGE = 100
RECENT = 50


@dataclass(frozen=True, slots=True)
class Line:
    """`title` is empty when it is gone, or may not be seen any more."""

    id: int
    title: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Refusals:
    lines: Sequence[Line]
    causes: Sequence[tuple[str, int]]
    paging: Paging


def recent(person: User) -> Sequence[BulkRun]:
    """One's own, the newest first."""
    mine = select(BulkRun).where(BulkRun.started_by_id == person.id)
    return db.session.scalars(mine.order_by(BulkRun.id.desc()).limit(RECENT)).all()


def refusals(run: BulkRun, page: int, *, seen_by: User) -> Refusals:
    """A page of the refused ones, and how often each cause came up."""
    of_it = and_(BulkItem.run_id == run.id, BulkItem.state == ItemState.REFUSED)
    paging = Paging.of(page, PAGE, run.refused)
    lines = _lines(of_it, seen_by).limit(paging.size).offset(paging.offset)
    causes = select(BulkItem.message, func.count()).where(of_it).group_by(BulkItem.message)
    return Refusals(
        [Line(*row) for row in db.session.execute(lines)],
        sorted(((message or "", count) for message, count in db.session.execute(causes)), key=lambda each: -each[1]),
        paging,
    )


def remarks(run: BulkRun, *, seen_by: User) -> list[Line]:
    """What is to be said of those that were done: what of it cannot be taken back."""
    of_it = and_(BulkItem.run_id == run.id, BulkItem.state == ItemState.DONE, BulkItem.message.is_not(None))
    return [Line(*row) for row in db.session.execute(_lines(of_it, seen_by).limit(PAGE))]


def _lines(of_it: ColumnElement[bool], person: User) -> Select[int, str | None, str]:
    seen = and_(access.visible_opportunities(person), Opportunity.deleted_at.is_(None))
    title = case((seen, Opportunity.title), else_=null())
    return (
        select(BulkItem.opportunity_id, title, func.coalesce(BulkItem.message, ""))
        .join(Opportunity, Opportunity.id == BulkItem.opportunity_id)
        .where(of_it)
        .order_by(BulkItem.opportunity_id)
    )
