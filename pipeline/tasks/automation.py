"""Automations, as the workers run them."""

from pipeline.domain import automation
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.tasks import task


@task("automation.run_triggers")
def run_triggers(event_id: int) -> None:
    automation.react_to(db.session.get_one(Event, event_id))


@task(automation.TAKE_STEP, told=automation.note_failure)
def take_step(step_id: int) -> None:
    automation.take_step(step_id)
