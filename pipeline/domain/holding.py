"""Taking a record in hand: the row as it is now, locked until the transaction ends.

SQLite has one writer, and needs no locks of rows.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import ORMOption

from pipeline.domain import access, placing
from pipeline.domain.rules import NotVisible
from pipeline.extensions import db
from pipeline.models.contact import Contact
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Pipeline, Stage
from pipeline.models.user import User
from pipeline.transaction import is_still_true, note_locked, on_postgresql

BEFOREHAND: tuple[ORMOption, ...] = (
    joinedload(Opportunity.pipeline, innerjoin=True).joinedload(Pipeline.all_stages).joinedload(Stage.all_items),
)
"""What a move needs to know besides the opportunity, to be read along with it."""
_TAKEN = (
    select(Opportunity)
    .where(Opportunity.id == bindparam("id"), Opportunity.deleted_at.is_(None))
    .options(*BEFOREHAND)
    .with_for_update(of=Opportunity)
    .execution_options(populate_existing=True)
)
_TAKEN_ALONG = _TAKEN.add_columns(placing.HIGHEST.scalar_subquery())
_ITS_PIPELINE = (
    select(Pipeline.id)
    .join(Opportunity, Opportunity.pipeline_id == Pipeline.id)
    .where(Opportunity.id == bindparam("id"))
    .with_for_update(read=True, of=Pipeline)
)
_ALL_PIPELINES = select(Pipeline.id).order_by(Pipeline.id).with_for_update(read=True)


def take(opportunity_id: int, *, to: User) -> Opportunity:
    """An opportunity that this person may see, to be moved: what is read with it is true until the transaction ends.

    It does at once what `hold_place` and `hold` do, in their order: its stages are read under the lock of its pipeline.
    """
    opportunity: Opportunity = _take(_TAKEN, {"id": opportunity_id}, to)[0]
    return opportunity


def take_for(opportunity_id: int, stage_id: int | None, *, to: User) -> tuple[Opportunity, str | None]:
    """The same, and the highest rank in the stage that it is to go to, if one was named and any is there."""
    opportunity, highest = _take(_TAKEN_ALONG, {"id": opportunity_id, "stage": stage_id}, to)
    return opportunity, highest


def _take(wanted: Select[Any], which: dict[str, int | None], person: User) -> Sequence[Any]:
    db.session.flush()
    if on_postgresql():
        db.session.execute(_ITS_PIPELINE, {"id": which["id"]})
    found = db.session.execute(wanted.where(access.visible_opportunities(person)), which).unique().one_or_none()
    if found is None:
        raise NotVisible("opportunity")
    note_locked(found[0], found[0].pipeline)
    return found


def hold(thing: Opportunity | Contact, *, deleted: bool = False) -> None:
    """Reload the row under lock, so that a verb decides on what is true; a row deleted meanwhile does not exist.

    What is known to be true still, because it was locked in reading it or by SQLite's one writer, is not read again.
    """
    db.session.flush()
    if not is_still_true(thing):
        db.session.refresh(thing, with_for_update={"of": type(thing)})
    if (thing.deleted_at is not None) is not deleted:
        raise NotVisible(type(thing).__name__.lower())


def hold_row(opportunity: Opportunity) -> None:
    """Lock the row, whatever became of it, and know the next action that it has now."""
    db.session.refresh(opportunity, ["next_action_on"], with_for_update={"of": Opportunity})


def hold_setup(pipeline: Pipeline) -> None:
    """Let one admin at a time change a pipeline, after the moves under way in it and before all others."""
    db.session.flush()
    db.session.refresh(pipeline, with_for_update={"key_share": True, "of": Pipeline})
    db.session.expire(pipeline, ["all_stages", "all_reasons"])


def hold_place(stage: Stage) -> None:
    """Keep a stage and its pipeline as they are while deals are put there; an admin who changes them waits.

    Take it before the opportunity's own row, as retiring a stage does.
    """
    if not on_postgresql():
        return
    db.session.flush()
    if is_still_true(stage.pipeline):
        return
    db.session.refresh(stage.pipeline, with_for_update={"read": True, "of": Pipeline})
    db.session.refresh(stage)


def hold_all_places() -> None:
    """Keep all pipelines and their stages as they are: for whoever writes several deals, of whichever, in one go.

    Else an admin who retires a stage might wait for one of them, and the next of them for the admin.
    """
    if on_postgresql():
        db.session.flush()
        db.session.execute(_ALL_PIPELINES)
