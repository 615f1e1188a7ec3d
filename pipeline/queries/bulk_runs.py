"""What became of changes to many: one's own so far, and the refused ones of one of them with their causes."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, case, func, null, select

from pipeline.domain import access
from pipeline.extensions import db
from pipeline.models.bulk_run import BulkItem, BulkRun, ItemState
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User
from pipeline.queries.paging import Paging

PAGE = 100
RECENT = 50


@dataclass(frozen=True, slots=True)
class Refused:
    """`title` is empty when it is gone, or may not be seen any more."""

    id: int
    title: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Refusals:
    lines: Sequence[Refused]
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
    seen = and_(access.visible_opportunities(seen_by), Opportunity.deleted_at.is_(None))
    title = case((seen, Opportunity.title), else_=null())
    lines = (
        select(BulkItem.opportunity_id, title, BulkItem.message)
        .join(Opportunity, Opportunity.id == BulkItem.opportunity_id)
        .where(of_it)
        .order_by(BulkItem.opportunity_id)
        .limit(paging.size)
        .offset(paging.offset)
    )
    causes = select(BulkItem.message, func.count()).where(of_it).group_by(BulkItem.message)
    return Refusals(
        [Refused(id_, title, message or "") for id_, title, message in db.session.execute(lines)],
        sorted(((message or "", count) for message, count in db.session.execute(causes)), key=lambda each: -each[1]),
        paging,
    )
