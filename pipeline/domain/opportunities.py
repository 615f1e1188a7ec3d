"""Opportunities: create, change, hand over, tag, share, delete and restore."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from pipeline import clock
from pipeline.domain import access, changes, contacts, days, events, placing, planning, readiness
from pipeline.domain.access import Permission
from pipeline.domain.facts import OpportunityChanged, OpportunityCreated, OpportunityDeleted, OpportunityRestored
from pipeline.domain.holding import hold, hold_place
from pipeline.domain.moves import ENDINGS
from pipeline.domain.owning import Ownership, owner_of_new
from pipeline.domain.readiness import NONE, Answers
from pipeline.domain.rules import RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.contact import Contact, Tag
from pipeline.models.event import Event
from pipeline.models.opportunity import LeadSource, Opportunity, StageMove, Status
from pipeline.models.pipeline import Pipeline, Stage
from pipeline.models.product import Product
from pipeline.models.user import User

KEPT = timedelta(days=60)
CHANGEABLE = {
    "title",
    "contact",
    "typed_value",
    "low",
    "high",
    "probability_override",
    "is_committed",
    "expected_close",
    "next_action",
    "next_action_on",
    "next_action_at",
    "source",
    "products",
    "reason",
    "reason_note",
}
DAYS = {"expected_close", "next_action_on"}


@dataclass(frozen=True)
class Details:
    """What may be known of a new opportunity. Money in minor units of the pipeline's currency."""

    title: str = ""
    typed_value: int = 0
    low: int | None = None
    high: int | None = None
    probability_override: int | None = None
    is_committed: bool = False
    expected_close: date | None = None
    next_action: str | None = None
    next_action_on: date | None = None
    next_action_at: time | None = None
    source: LeadSource | None = None
    products: Sequence[Product] = ()
    tags: Sequence[Tag] = ()
    system: str | None = None
    external_id: str | None = None
    created_at: datetime | None = None
    closed_at: datetime | None = None
    rank: str | None = None
    """Where its card lies, for those who place many at once; on top of its stage without."""


BARE = Details()


def create(
    pipeline: Pipeline,
    contact: Contact,
    *,
    by: User | None,
    stage: Stage | None = None,
    owner: User | Ownership | None = Ownership.MAKERS,
    details: Details = BARE,
    answers: Answers = NONE,
    via: Via = Via.SCREEN,
    because: Event | None = None,
) -> Opportunity:
    """A new opportunity on top of a stage, the pipeline's first by default.

    It is its maker's if that is a rep and nothing is said of an owner; None is nobody. It is titled after the contact
    when it has no title. Refuses an owner who is no sales rep, a pipeline that is archived or has no stages, a won or
    lost stage without a required reason, and a low above its high.
    """
    access.refuse_unless(
        by, Permission.OPPORTUNITY_ADD, "You may not add opportunities. An admin can give you that right."
    )
    stage = stage or pipeline.first_stage
    if stage is not None:
        hold_place(stage)
    if stage is None or stage.pipeline_id != pipeline.id or stage.retired_at is not None:
        raise RuleBroken(f"{pipeline.name} has no such stage; an admin sets its stages.")
    if pipeline.archived_at is not None:
        raise RuleBroken(f"{pipeline.name} is archived; choose another pipeline, or ask an admin to bring it back.")
    days.refuse_mistyped(details.expected_close, details.next_action_on)
    opportunity = _built(pipeline, contact, stage, owner_of_new(owner, by=by), details)
    _refuse_nonsense(opportunity)
    readiness.refuse_unless_ready(opportunity, stage, answers, source=None, via=via)
    _close_if_it_ends(opportunity, stage, answers, details)
    db.session.add(opportunity)
    opportunity.moves.append(_first_move(opportunity, stage, by, via))
    db.session.flush()
    fact = OpportunityCreated(title=opportunity.title, stage_id=stage.id, stage=stage.name, pipeline=pipeline.name)
    events.record(fact, about=opportunity, by=by, via=via, because=because)
    return opportunity


def change(
    opportunity: Opportunity,
    *,
    by: User | None,
    seen_version: int | None = None,
    via: Via = Via.RECORD,
    because: Event | None = None,
    **values: object,
) -> list[str]:
    """Change some of the `CHANGEABLE` fields; names those that did change. Saving the same again changes nothing.

    A field that someone else changed since `seen_version` is a conflict; different fields merge. Refuses a typed value
    where products say what it is worth, since it would count for nothing; and a time for the next action without a day.
    """
    if unknown := values.keys() - CHANGEABLE:
        raise TypeError(f"not changeable here: {', '.join(sorted(unknown))}")
    hold(opportunity)
    access.refuse_unless_editable(opportunity, by=by)
    if "title" in values:
        values["title"] = str(values["title"]).strip() or opportunity.contact.name
    if "next_action_on" in values and values["next_action_on"] is None:
        values.setdefault("next_action_at", None)
    made = changes.between(opportunity, values)
    if not made:
        return []
    fields = [change.field for change in made]
    changes.refuse_if_changed_since(opportunity, seen_version, fields)
    if "typed_value" in fields and opportunity.lines_total is not None:
        raise RuleBroken(f"The value of {opportunity.title} follows its products; change those instead.")
    if "reason" in fields:
        readiness.refuse_reason(opportunity, values["reason"])
    for field in fields:
        setattr(opportunity, field, values[field])
    opportunity.value = worth(opportunity)
    _refuse_nonsense(opportunity)
    days.refuse_mistyped(*(getattr(opportunity, field) for field in fields if field in DAYS))
    if "next_action_at" in fields:
        planning.refuse_hour_without_day(opportunity.next_action_on, opportunity.next_action_at)
    if "next_action_on" in fields:
        planning.keep(opportunity, held=True)
    opportunity.version += 1
    fact = OpportunityChanged(version=opportunity.version, changes=made)
    events.record(fact, about=opportunity, by=by, via=via, because=because)
    return fields


def worth(opportunity: Opportunity) -> int:
    """What it counts for: what its lines come to, else the projected high, else the typed value; minor units."""
    known = (opportunity.lines_total, opportunity.high, opportunity.typed_value)
    return next(value for value in known if value is not None)


def delete(opportunity: Opportunity, *, by: User | None, via: Via = Via.RECORD) -> None:
    """Put it away; it can be restored. Needs the right to delete besides the right to edit."""
    hold(opportunity)
    access.refuse_unless_editable(opportunity, by=by)
    access.refuse_unless(
        by, Permission.OPPORTUNITY_DELETE, "You may not delete opportunities. An admin can give you that right."
    )
    opportunity.deleted_at = clock.now()
    opportunity.version += 1
    events.record(OpportunityDeleted(title=opportunity.title), about=opportunity, by=by, via=via)


def restore(opportunity: Opportunity, *, by: User | None, via: Via = Via.RECORD) -> None:
    """Bring a deleted one back within 60 days, where it was, and its contact with it.

    When its stage is gone it comes to the bottom of the first stage.
    """
    hold(opportunity, deleted=True)
    access.refuse_unless_editable(opportunity, by=by)
    access.refuse_unless(
        by, Permission.OPPORTUNITY_DELETE, "You may not restore opportunities. An admin can give you that right."
    )
    if opportunity.deleted_at and clock.now() - opportunity.deleted_at > KEPT:
        raise RuleBroken(f"It was deleted more than {KEPT.days} days ago, and can not be restored any more.")
    if opportunity.contact.deleted_at is not None:
        contacts.restore(opportunity.contact, by=None)
    if opportunity.stage.retired_at is not None and (first := opportunity.pipeline.first_stage):
        opportunity.stage = first
        opportunity.rank = placing.at_bottom(first)
    opportunity.deleted_at = None
    opportunity.version += 1
    events.record(OpportunityRestored(title=opportunity.title), about=opportunity, by=by, via=via)


def _built(pipeline: Pipeline, contact: Contact, stage: Stage, owner: User | None, details: Details) -> Opportunity:
    present = details.created_at or clock.now()
    opportunity = Opportunity(
        title=details.title.strip() or contact.name,
        contact=contact,
        pipeline=pipeline,
        stage=stage,
        status=ENDINGS.get(stage.kind, Status.OPEN),
        owner=owner,
        currency=pipeline.currency,
        typed_value=details.typed_value,
        low=details.low,
        high=details.high,
        probability_override=details.probability_override,
        is_committed=details.is_committed,
        expected_close=details.expected_close,
        next_action=details.next_action,
        next_action_on=details.next_action_on,
        next_action_at=details.next_action_at,
        source=details.source,
        products=list(details.products),
        tags=list(details.tags),
        system=details.system,
        external_id=details.external_id,
        version=1,
        reason_note="",
        created_at=present,
        entered_stage_at=present,
    )
    opportunity.value = worth(opportunity)
    return opportunity


def _close_if_it_ends(opportunity: Opportunity, stage: Stage, answers: Answers, details: Details) -> None:
    opportunity.rank = details.rank or placing.on_top(stage)
    if opportunity.status is Status.OPEN:
        return
    opportunity.closed_at = details.closed_at or opportunity.created_at
    opportunity.entered_stage_at = opportunity.closed_at
    opportunity.reason = readiness.chosen_reason(opportunity.pipeline, stage.outcome, answers)
    opportunity.reason_note = answers.note


def _first_move(opportunity: Opportunity, stage: Stage, by: User | None, via: Via) -> StageMove:
    return StageMove(
        target_id=stage.id,
        target_name=stage.name,
        mover=by,
        via=via,
        version=1,
        moved_at=opportunity.entered_stage_at,
    )


def _refuse_nonsense(opportunity: Opportunity) -> None:
    low, high, probability = opportunity.low, opportunity.high, opportunity.probability_override
    if low is not None and high is not None and low > high:
        raise RuleBroken("The low projection is above the high one; swap them or clear one.")
    if probability is not None and not 0 <= probability <= 100:  # noqa: PLR2004 — percent
        raise RuleBroken("A probability is between 0 and 100 percent.")
    if len(opportunity.title) > 200:  # noqa: PLR2004 — the column's width
        raise RuleBroken("A title has at most 200 letters.")
    if opportunity.contact.deleted_at is not None:
        raise RuleBroken("That contact was deleted; restore it or choose another.")
