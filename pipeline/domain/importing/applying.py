"""A draft becomes an opportunity, by the verbs that everyone uses. What they refuse is added to the row's problems."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.domain import moves, notes, opportunities
from pipeline.domain.importing import amounts
from pipeline.domain.importing.drafts import Conventions, Draft
from pipeline.domain.importing.fields import AMOUNTS, LABELS, Field
from pipeline.domain.importing.known import Known
from pipeline.domain.moves import ENDINGS
from pipeline.domain.opportunities import Details
from pipeline.domain.owning import Ownership
from pipeline.domain.readiness import Answers
from pipeline.domain.rules import RuleBroken
from pipeline.models.contact import Contact
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.pipeline import Outcome, Pipeline, Stage, StageKind

OUTCOMES = {Status.WON: Outcome.WON, Status.LOST: Outcome.LOST}
MONEY = {Field.VALUE: "typed_value", Field.LOW: "low", Field.HIGH: "high"}
WIDEST = 200


@dataclass(frozen=True)
class Target:
    """Where a row wants its deal: the stage, the status there, and the reason for it."""

    stage: Stage
    status: Status
    answers: Answers


def create(draft: Draft, known: Known, conventions: Conventions) -> Opportunity | None:
    """The new opportunity; None when the row could not become one. Tries all of the row, to find all its problems."""
    pipeline = draft.attempt(lambda: known.pipeline(draft.text(Field.PIPELINE)))
    if pipeline is None:
        return None
    target = draft.attempt(lambda: aim(draft, known, pipeline, pipeline.first_stage))
    is_open = target is None or target.status is Status.OPEN
    values = details(draft, known, conventions, pipeline.currency, is_open=is_open)
    owner = owner_of(draft, known)
    contact = draft.attempt(lambda: known.contact(draft))
    if target is None or contact is None:
        return None
    values["rank"] = known.rank_on_top(target.stage)
    values["title"] = draft.text(Field.TITLE) or titled(draft, contact)
    opportunity = draft.attempt(
        lambda: opportunities.create(
            pipeline,
            contact,
            by=known.by,
            stage=target.stage,
            owner=owner or Ownership.MAKERS,
            details=Details(**values),
            answers=target.answers,
            via=known.via,
        )
    )
    if opportunity is not None:
        draft.attempt(lambda: _finish(opportunity, draft, target, known))
    return opportunity


def aim(draft: Draft, known: Known, pipeline: Pipeline, otherwise: Stage | None) -> Target:
    """The stage and status a row names; won and lost go to the stage for it. Refuses the two at odds."""
    name, status = draft.text(Field.STAGE), draft.status
    stage = known.stage(pipeline, name) if name else None
    if stage and status and ENDINGS.get(stage.kind, status) is not status:
        raise RuleBroken(f"Stage {stage.name} and status {status} are at odds.")
    if status in OUTCOMES:
        stage = pipeline.stage_of_kind(StageKind(status)) or stage
    stage = stage or otherwise
    if stage is None:
        raise RuleBroken(f"{pipeline.name} has no stages yet; an admin adds them.")
    status = status or ENDINGS.get(stage.kind, Status.OPEN)
    return Target(stage, status, _answers(draft, known, pipeline, status))


def details(draft: Draft, known: Known, conventions: Conventions, currency: str, *, is_open: bool) -> dict[str, Any]:
    """What the row says, as `Details` take it; fields that it leaves out are missing.

    A close date on a deal that is still open says when it is expected to close.
    """
    values: dict[str, Any] = {
        "expected_close": draft.expected_close or (draft.closed_on if is_open else None),
        "next_action": draft.text(Field.NEXT_ACTION),
        "next_action_on": draft.next_action_on,
        "next_action_at": draft.next_action_at,
        "created_at": draft.created,
        "closed_at": draft.closed,
        "system": known.settings.system if draft.text(Field.EXTERNAL_ID) else None,
        "external_id": draft.text(Field.EXTERNAL_ID),
        "source": draft.attempt(lambda: _named(draft, Field.SOURCE, known.source)),
        "products": draft.attempt(lambda: _named(draft, Field.PRODUCT, known.products)),
        "tags": draft.attempt(lambda: _named(draft, Field.TAGS, known.tags)),
        **{MONEY[field]: _amount(draft, field, conventions, currency) for field in AMOUNTS},
    }
    return {name: value for name, value in values.items() if value not in (None, "")}


def owner_of(draft: Draft, known: Known) -> Any:
    return draft.attempt(lambda: _named(draft, Field.OWNER, known.owner))


def titled(draft: Draft, contact: Contact) -> str:
    """The contact's name, with the product when the row names one; a deal of nobody known is its product and id."""
    product, external_id = draft.text(Field.PRODUCT), draft.text(Field.EXTERNAL_ID)
    if not product:
        return contact.name
    if draft.names_contact:
        return f"{contact.name} – {product}"[:WIDEST]
    return (f"{product} ({external_id})" if external_id else product)[:WIDEST]


def backdate(opportunity: Opportunity, closed: datetime | None) -> None:
    """A closed deal was closed, and came to its stage, when the file says."""
    if closed is None or opportunity.is_open:
        return
    opportunity.closed_at = closed
    if opportunity.stage.kind in ENDINGS and opportunity.moves:
        opportunity.entered_stage_at = closed
        opportunity.moves[-1].moved_at = closed


def _finish(opportunity: Opportunity, draft: Draft, target: Target, known: Known) -> None:
    if opportunity.status is not target.status:
        moves.set_status(opportunity, target.status, by=known.by, answers=target.answers, via=known.via)
        backdate(opportunity, draft.closed)
    if text := draft.text(Field.NOTES):
        notes.write(opportunity, text, by=known.by, via=known.via)


def _answers(draft: Draft, known: Known, pipeline: Pipeline, status: Status) -> Answers:
    text, outcome = draft.text(Field.REASON), OUTCOMES.get(status)
    if not text or outcome is None:
        return Answers()
    reason = draft.attempt(lambda: known.reason(pipeline, outcome, text))
    return Answers(reason_id=reason.id if reason else None)


def _amount(draft: Draft, field: Field, conventions: Conventions, currency: str) -> int | None:
    if not draft.text(field):
        return None
    return draft.attempt(
        lambda: amounts.parse(draft.text(field), currency, conventions.cents.get(field)), f"{LABELS[field]}: "
    )


def _named(draft: Draft, field: Field, find: Any) -> Any:
    return find(draft.text(field)) if draft.text(field) else None
