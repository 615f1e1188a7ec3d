"""All that stands in one stage, put into another: one logged move each, a few statements for every thousand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from fractional_indexing import generate_n_keys_between
from sqlalchemy import bindparam, func, insert, literal, select, update

from pipeline import clock
from pipeline.domain import events
from pipeline.domain.events import Line
from pipeline.domain.facts import OpportunityMoved, StatusChanged
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.base import Instant
from pipeline.models.opportunity import Opportunity, StageMove, Status
from pipeline.models.pipeline import Reason, Stage

BATCH = 1000
ROWS = Opportunity.metadata.tables[Opportunity.__tablename__]
MOVES = StageMove.metadata.tables[StageMove.__tablename__]


@dataclass(frozen=True)
class Transfer:
    """From where to where, and what open opportunities get when the target is where deals end."""

    source: Stage
    target: Stage
    reason: Reason | None
    note: str
    at: datetime


class Traveller(NamedTuple):
    id: int
    contact_id: int
    status: Status
    version: int
    entered_stage_at: datetime


def carry_over(source: Stage, target: Stage, *, reason: Reason | None = None, note: str = "") -> int:
    """Put every opportunity, deleted ones too, below those of the target, in their order; says how many.

    The open ones take on what a won or lost target means; what was closed stays as it was closed.
    """
    db.session.flush()
    transfer = Transfer(source, target, reason, note, clock.now())
    last = db.session.scalar(select(func.max(Opportunity.rank)).where(Opportunity.stage_id == target.id))
    carried = 0
    while batch := _next_batch(source):
        ranks = generate_n_keys_between(last, None, len(batch))
        _put(batch, ranks, transfer)
        _close([traveller for traveller in batch if traveller.status is Status.OPEN], transfer)
        carried, last = carried + len(batch), ranks[-1]
    db.session.expire_all()
    return carried


def _next_batch(source: Stage) -> list[Traveller]:
    columns = (getattr(Opportunity, field) for field in Traveller._fields)
    wanted = (
        select(*columns)
        .where(Opportunity.stage_id == source.id)
        .order_by(Opportunity.rank, Opportunity.id)
        .limit(BATCH)
        .with_for_update()
    )
    return [Traveller(*row) for row in db.session.execute(wanted)]


def _put(batch: Sequence[Traveller], ranks: Sequence[str], transfer: Transfer) -> None:
    put = (
        update(ROWS)
        .where(ROWS.c.id == bindparam("its_id"))
        .values(
            stage_id=transfer.target.id,
            rank=bindparam("its_rank"),
            version=ROWS.c.version + 1,
            entered_stage_at=transfer.at,
        )
    )
    places = zip(batch, ranks, strict=True)
    db.session.execute(put, [{"its_id": traveller.id, "its_rank": rank} for traveller, rank in places])
    _write_moves(batch, transfer)
    facts = {days: _moved(days, transfer) for days in {_stay(traveller, transfer) for traveller in batch}}
    lines = [Line(facts[_stay(traveller, transfer)], traveller.id, traveller.contact_id) for traveller in batch]
    events.record_quietly(lines, via=Via.SYSTEM)


def _write_moves(batch: Sequence[Traveller], transfer: Transfer) -> None:
    """The stage history of them all, from their rows as they are now."""
    moved: dict[str, Any] = {
        "opportunity_id": Opportunity.id,
        "source_id": literal(transfer.source.id),
        "source_name": literal(transfer.source.name),
        "target_id": literal(transfer.target.id),
        "target_name": literal(transfer.target.name),
        "via": literal(Via.SYSTEM.value),
        "version": Opportunity.version,
        "moved_at": literal(transfer.at, Instant),
    }
    these = select(*moved.values()).where(Opportunity.id.in_([traveller.id for traveller in batch]))
    db.session.execute(insert(MOVES).from_select(list(moved), these.order_by(Opportunity.id)))


def _close(batch: Sequence[Traveller], transfer: Transfer) -> None:
    if not batch or transfer.target.outcome is None:
        return
    status, reason = Status(transfer.target.outcome), transfer.reason
    db.session.execute(
        update(Opportunity)
        .where(Opportunity.id.in_([traveller.id for traveller in batch]))
        .values(
            status=status,
            closed_at=transfer.at,
            reason_id=reason.id if reason else None,
            reason_note=transfer.note,
        )
        .execution_options(synchronize_session=False)
    )
    fact = StatusChanged(before=Status.OPEN, after=status, reason=reason.text if reason else "", note=transfer.note)
    lines = [Line(fact, traveller.id, traveller.contact_id) for traveller in batch]
    events.record_quietly(lines, via=Via.SYSTEM)


def _stay(traveller: Traveller, transfer: Transfer) -> int:
    """For how many days it stood there."""
    return (transfer.at - traveller.entered_stage_at).days


def _moved(days: int, transfer: Transfer) -> OpportunityMoved:
    return OpportunityMoved(
        pipeline_id=transfer.source.pipeline_id,
        source_id=transfer.source.id,
        source=transfer.source.name,
        target_id=transfer.target.id,
        target=transfer.target.name,
        days=days,
        note=f"The stage {transfer.source.name} was retired.",
    )
