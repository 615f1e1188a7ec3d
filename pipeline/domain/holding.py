"""Taking a record in hand: the row as it is now, locked until the transaction ends."""

from sqlalchemy.orm.attributes import instance_state

from pipeline.domain.rules import NotVisible
from pipeline.extensions import db
from pipeline.models.contact import Contact
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Pipeline, Stage
from pipeline.transaction import has_read_truly


def hold(thing: Opportunity | Contact, *, deleted: bool = False) -> None:
    """Reload the row under lock, so that a verb decides on what is true; a row deleted meanwhile does not exist.

    With SQLite's one writer, what was read since the transaction began is true until it writes.
    """
    db.session.flush()
    if not has_read_truly() or instance_state(thing).expired_attributes:
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

    Take it before the opportunity's own row, as retiring a stage does. SQLite has one writer and needs none of this.
    """
    if db.session.get_bind().dialect.name != "postgresql":
        return
    db.session.flush()
    db.session.refresh(stage.pipeline, with_for_update={"read": True, "of": Pipeline})
    db.session.refresh(stage)
