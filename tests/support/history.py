"""What was written down: `facts(deal)` are the facts about a deal, oldest first, read back from their rows."""

from sqlalchemy import select

from pipeline.domain.events import fact_of
from pipeline.domain.facts import Fact
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity


def facts(about: Opportunity, kind: type[Fact] = Fact) -> list[Fact]:
    history = select(Event).where(Event.opportunity_id == about.id).order_by(Event.id)
    return [fact for fact in map(fact_of, db.session.scalars(history)) if isinstance(fact, kind)]


def last_event(about: Opportunity) -> Event:
    history = select(Event).where(Event.opportunity_id == about.id).order_by(Event.id.desc())
    event = db.session.scalars(history).first()
    assert event is not None
    return event
