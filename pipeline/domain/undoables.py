"""What a person may still take back: written with the change, and for how long its effects outside wait for it."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, insert, select

from pipeline import clock
from pipeline.domain import installation, stage_history
from pipeline.domain.stage_history import Line
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity
from pipeline.models.undo import After, Before, Undoable
from pipeline.models.user import User
from pipeline.transaction import on_postgresql

UNDOABLES = Undoable.metadata.tables[Undoable.__tablename__]
KEPT = ("opportunity_id", "person_id", "before", "after", "until")

_ALONE = (
    insert(UNDOABLES)
    .values({name: bindparam(name, type_=UNDOABLES.c[name].type) for name in KEPT})
    .returning(UNDOABLES.c.id)
)
_WITH_LINE = _ALONE.add_cte(stage_history.WRITTEN.cte("line"))


class Kept(NamedTuple):
    """A change that can be taken back, by its number, until then."""

    id: int
    opportunity_id: int
    until: datetime


def window() -> timedelta:
    """How long a change can be undone; nothing for never."""
    return timedelta(seconds=installation.current().undo_seconds)


def standing(opportunity: Opportunity) -> Before:
    """How it stands now, to come back to."""
    return Before(
        stage_id=opportunity.stage_id,
        stage=opportunity.stage.name,
        status=opportunity.status,
        reason_id=opportunity.reason_id,
        reason_note=opportunity.reason_note,
        rank=opportunity.rank,
        entered_stage_at=opportunity.entered_stage_at,
        closed_at=opportunity.closed_at,
        wake_on=opportunity.wake_on,
        woke_on=opportunity.woke_on,
        last_contact_at=opportunity.last_contact_at,
    )


def remember(
    opportunity: Opportunity, before: Before, made: list[Event], *, by: User | None, via: Via, line: Line | None = None
) -> Kept | None:
    """Keep what a person's change was made from: nothing of what no person did, or without undo.

    With it the `line` of the stages' history is written, if there is one; on PostgreSQL by the same statement.
    """
    lasts = window() if by is not None and via.is_by_person else timedelta()
    if line and not (lasts and on_postgresql()):
        stage_history.write(opportunity, line)
        line = None
    if by is None or not lasts:
        return None
    db.session.flush()
    after = After(
        stage_id=opportunity.stage_id,
        stage=opportunity.stage.name,
        status=opportunity.status,
        event_ids=[event.id for event in made],
        ticks=[event.particulars["item_id"] for event in made if "item_id" in event.particulars],
    )
    until = clock.now() + lasts
    row = {"opportunity_id": opportunity.id, "person_id": by.id, "before": before, "after": after, "until": until}
    number = db.session.execute(_WITH_LINE if line else _ALONE, row | (line or {})).scalar_one()
    db.session.expire(opportunity, ["moves"])
    return Kept(number, opportunity.id, until)


def held_until(event: Event) -> datetime | None:
    """Until when what leaves the house because of this event waits, because what led to it can still be undone."""
    while event.cause_id is not None:
        event = db.session.get_one(Event, event.cause_id)
    fresh = select(Undoable).where(
        Undoable.opportunity_id == event.opportunity_id, Undoable.undone_at.is_(None), Undoable.until > clock.now()
    )
    return next((one.until for one in db.session.scalars(fresh) if event.id in one.after.event_ids), None)


def last_of(opportunity: Opportunity, *, by: User) -> Undoable | None:
    """The last change that this person made to it, however long ago."""
    mine = select(Undoable).where(Undoable.opportunity_id == opportunity.id, Undoable.person_id == by.id)
    return db.session.scalar(mine.order_by(Undoable.id.desc()).limit(1))
