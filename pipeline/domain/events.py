"""What happened, and what it promises: one row of history, and an outbox row for each that follows."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache

from pydantic import TypeAdapter
from sqlalchemy import insert

from pipeline import clock
from pipeline.domain import event_rows, rotting
from pipeline.domain.facts import Fact
from pipeline.domain.rules import RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.base import Numbered
from pipeline.models.contact import Contact
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User
from pipeline.subscriptions import SUBSCRIPTIONS

DEEPEST = 5
EVENTS = Event.metadata.tables[Event.__tablename__]


class ChainTooDeep(RuleBroken):
    """Automations set each other off too many times."""

    def __init__(self) -> None:
        super().__init__(
            f"An automation would be the {DEEPEST + 1}th in a row to set off another; an admin can break the loop."
        )


def record(
    fact: Fact, *, about: Numbered, by: User | None, via: Via = Via.SCREEN, because: Event | None = None
) -> Event:
    """Write down a fact about a thing, and promise what follows from it.

    `because` is the event whose automation led to this one; a chain deeper than five is refused. Receipts, from which
    nothing follows, lengthen no chain.
    """
    depth = because.depth + (0 if fact.is_receipt else 1) if because else 0
    if depth > DEEPEST:
        raise ChainTooDeep
    event = Event(
        kind=fact.kind(),
        particulars=asdict(fact),
        actor_id=by.id if by else None,
        via=via,
        subject=f"{type(about).__name__.lower()}:{about.id}",
        opportunity_id=about.id if isinstance(about, Opportunity) else getattr(about, "opportunity_id", None),
        contact_id=about.id if isinstance(about, Contact) else getattr(about, "contact_id", None),
        cause_id=because.id if because else None,
        depth=depth,
        happened_at=clock.now(),
    )
    if fact.is_contact and by is not None and via.is_by_person and event.opportunity_id is not None:
        rotting.begin_anew(event.opportunity_id)
    follows = () if via.keeps_quiet else SUBSCRIPTIONS[type(fact)]
    if follows:
        event_rows.write(event, follows)
    else:
        db.session.add(event)
    return event


@dataclass(frozen=True)
class Line:
    """A fact about an opportunity that is known by its numbers alone."""

    fact: Fact
    opportunity_id: int
    contact_id: int


def record_quietly(lines: Sequence[Line], *, via: Via) -> None:
    """Write down very many facts at once, as the system. Nothing follows from them, so the way must be a quiet one."""
    if not via.keeps_quiet:
        raise ValueError(f"{via} promises what follows: record each fact by itself")
    present = clock.now()
    particulars = {id(line.fact): asdict(line.fact) for line in {id(line.fact): line for line in lines}.values()}
    rows = [
        {
            "kind": line.fact.kind(),
            "particulars": particulars[id(line.fact)],
            "via": via,
            "subject": f"opportunity:{line.opportunity_id}",
            "opportunity_id": line.opportunity_id,
            "contact_id": line.contact_id,
            "depth": 0,
            "happened_at": present,
        }
        for line in lines
    ]
    if rows:
        db.session.execute(insert(EVENTS), rows)


def fact_of(event: Event) -> Fact:
    """The fact an event was written from, typed again."""
    return _adapter(event.kind).validate_python(event.particulars)


@cache
def _adapter(kind: str) -> TypeAdapter[Fact]:
    return TypeAdapter(Fact.KINDS[kind])
