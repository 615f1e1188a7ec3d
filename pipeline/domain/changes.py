"""Field by field: what a change changes, and whether someone else changed the same field since it was seen."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time

from sqlalchemy import select

from pipeline.domain import money
from pipeline.domain.facts import Change, Fact, OpportunityChanged, OwnerChanged
from pipeline.domain.rules import ChangedMeanwhile, Conflict
from pipeline.extensions import db
from pipeline.models.activity import Activity
from pipeline.models.contact import Contact
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity

MONEY = {"typed_value", "low", "high", "value", "price"}
NAMES = {
    "typed_value": "value",
    "low": "low projection",
    "high": "high projection",
    "probability_override": "probability",
    "is_committed": "committed",
    "expected_close": "expected close",
    "next_action": "next action",
    "next_action_on": "next action’s day",
    "next_action_at": "next action’s time",
    "wake_on": "wake-up day",
    "rotting_days": "days until a deal rots",
    "buy_link_days": "days a buy-now link is good for",
    "skin": "skin of buy-now pages",
    "buy_reason": "win reason of purchases",
    "tax_rate": "tax rate",
    "interval_months": "months between payments",
    "trial_days": "days of trial",
    "payments_count": "number of payments",
    "reason_note": "note to the reason",
    "due_on": "due day",
    "due_at": "due time",
    "is_company": "company or person",
    "time_zone": "time zone",
    "undo_seconds": "seconds to undo",
    "email": "mail address",
}
KINDS = (OpportunityChanged.kind(), OwnerChanged.kind())


def name_of(field: str) -> str:
    """What people call it."""
    return NAMES.get(field, field.replace("_", " "))


def between(thing: object, values: Mapping[str, object]) -> list[Change]:
    """What setting these values would change, as the person would read it."""
    return [
        Change(field=field, before=readable(thing, field, getattr(thing, field)), after=readable(thing, field, value))
        for field, value in values.items()
        if getattr(thing, field) != value
    ]


def readable(thing: object, field: str, value: object) -> str:
    """A value in words: money as a decimal with its currency, dates by ISO 8601, records by their name."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field in MONEY and isinstance(value, int):
        currency = getattr(thing, "currency", "")
        return f"{money.decimal(value, currency)} {currency}"
    if isinstance(value, date | time | datetime):
        return value.isoformat()
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(readable(thing, field, each) for each in value)
    return _name(value)


def _name(value: object) -> str:
    for name in ("name", "title", "text"):
        if not isinstance(value, str) and hasattr(value, name):
            return str(getattr(value, name))
    return "" if value is None else str(value)


def refuse_if_changed_since(opportunity: Opportunity, seen_version: int | None, fields: Iterable[str]) -> None:
    """Different fields merge; the same field, changed since `seen_version`, is a conflict that names who and what."""
    if seen_version is None or seen_version >= opportunity.version:
        return
    wanted = set(fields)
    for event in db.session.scalars(
        select(Event).where(Event.opportunity_id == opportunity.id, Event.kind.in_(KINDS)).order_by(Event.id.desc())
    ):
        if event.particulars["version"] <= seen_version:
            return
        clash = wanted & _fields_of(event)
        if clash:
            who = event.actor.name if event.actor else "Automation"
            raise Conflict(
                f"{who} changed {_spoken(clash)} meanwhile. Nothing was changed by you.", opportunity, event.happened_at
            )


def refuse_if_overtaken(
    thing: Activity | Contact, seen_version: int | None, fields: Iterable[str], *, told_by: type[Fact]
) -> None:
    """The same for a task or a contact, whose changes are `told_by` a fact that says the version they made."""
    if seen_version is None or seen_version >= thing.version:
        return
    of_contact = thing.id if isinstance(thing, Contact) else thing.contact_id
    subject = f"{type(thing).__name__.lower()}:{thing.id}"
    for event in db.session.scalars(
        select(Event)
        .where(Event.contact_id == of_contact, Event.kind == told_by.kind(), Event.subject == subject)
        .order_by(Event.id.desc())
    ):
        if event.particulars.get("version", 0) <= seen_version:
            return
        if clash := set(fields) & _fields_of(event):
            who = event.actor.name if event.actor else "Automation"
            raise ChangedMeanwhile(
                f"{who} changed {_spoken(clash)} meanwhile. Nothing was changed by you.", event.happened_at
            )


def _fields_of(event: Event) -> set[str]:
    if event.kind == OwnerChanged.kind():
        return {"owner"}
    return {change["field"] for change in event.particulars["changes"]}


def _spoken(fields: set[str]) -> str:
    return " and ".join(sorted(name_of(field) for field in fields))
