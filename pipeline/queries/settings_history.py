"""Who changed what about a thing that is set up; of a pipeline also its stages, checklists and reasons."""

from sqlalchemy import select

from pipeline.domain import facts, setup_facts
from pipeline.domain.events import fact_of
from pipeline.domain.facts import Fact
from pipeline.extensions import db
from pipeline.models.base import Numbered
from pipeline.models.event import Event
from pipeline.models.pipeline import Pipeline
from pipeline.models.user import User
from pipeline.queries.timeline import Entry

LATEST = 20
KINDS: tuple[type[Fact], ...] = (
    facts.PipelineCreated,
    facts.SettingChanged,
    setup_facts.PipelineArchived,
    setup_facts.PipelineRestored,
    setup_facts.StageAdded,
    setup_facts.StageRetired,
    setup_facts.ChecklistItemAdded,
    setup_facts.ChecklistItemDropped,
    setup_facts.ReasonAdded,
    setup_facts.ReasonArchived,
    setup_facts.ReasonRestored,
)


def latest(pipeline: Pipeline) -> list[Entry]:
    """Newest first."""
    items = [item for stage in pipeline.all_stages for item in stage.all_items]
    return about(pipeline, *pipeline.all_stages, *pipeline.all_reasons, *items)


def about(*things: Numbered) -> list[Entry]:
    """The latest about any of these, newest first."""
    subjects = [f"{type(thing).__name__.lower()}:{thing.id}" for thing in things]
    latest = (
        select(Event, User.name)
        .outerjoin(User, User.id == Event.actor_id)
        .where(Event.kind.in_([kind.kind() for kind in KINDS]), Event.subject.in_(subjects))
        .order_by(Event.id.desc())
        .limit(LATEST)
    )
    return [
        Entry(event.id, event.kind, fact_of(event), event.happened_at, event.actor_id, name or "Pipeline")
        for event, name in db.session.execute(latest)
    ]
