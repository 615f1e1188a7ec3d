"""A row that says something else than last time changes its opportunity, by the same verbs, in those fields alone.

What a rep changed here since, and the file did not, stays: an old file never undoes work.
"""

from typing import Any

from pipeline.domain import changes, contacts, events, moves, notes, opportunities, owning, tags
from pipeline.domain.facts import OpportunityChanged
from pipeline.domain.importing import applying
from pipeline.domain.importing.drafts import Conventions, Draft, Said
from pipeline.domain.importing.fields import Field
from pipeline.domain.importing.known import TAG_SEPARATORS, Known, listed
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity

PLAIN = {
    Field.VALUE: ("typed_value",),
    Field.LOW: ("low",),
    Field.HIGH: ("high",),
    Field.EXPECTED_CLOSE: ("expected_close",),
    Field.NEXT_ACTION: ("next_action",),
    Field.NEXT_ACTION_AT: ("next_action_on", "next_action_at"),
    Field.SOURCE: ("source",),
    Field.PRODUCT: ("products",),
}


def update(opportunity: Opportunity, draft: Draft, before: Said, known: Known, conventions: Conventions) -> bool:
    """Apply what the row says now and did not say `before`. Tells whether anything changed."""
    if opportunity.deleted_at is not None:
        draft.problems.append("It was deleted here; restore it before importing it again.")
        return False
    draft.attempt(lambda: _refuse_other_pipeline(opportunity, draft, known))
    differing = {Field(field) for field, text in draft.said.items() if before.get(field) != text}
    version = opportunity.version
    if differing & {Field.STAGE, Field.STATUS, Field.REASON}:
        draft.attempt(lambda: _move(opportunity, draft, known))
    values = applying.details(draft, known, conventions, opportunity.currency, is_open=opportunity.is_open)
    draft.attempt(lambda: _change(opportunity, draft, values, differing, known))
    if Field.OWNER in differing and (owner := applying.owner_of(draft, known)):
        draft.attempt(lambda: owning.assign(opportunity, owner, by=known.by, via=known.via))
    if Field.TAGS in differing:
        draft.attempt(lambda: _retag(opportunity, before, values.get("tags", []), known))
    draft.attempt(lambda: _correct_times(opportunity, draft, differing, known))
    beside = [
        draft.attempt(lambda: _reach(opportunity, draft, differing, known)),
        _note(opportunity, draft, differing, known),
    ]
    return opportunity.version != version or any(beside)


def _refuse_other_pipeline(opportunity: Opportunity, draft: Draft, known: Known) -> None:
    name = draft.text(Field.PIPELINE)
    if name and known.pipeline(name) is not opportunity.pipeline:
        raise RuleBroken(f"It is in {opportunity.pipeline.name} already; an import moves nothing to another pipeline.")


def _change(
    opportunity: Opportunity, draft: Draft, values: dict[str, Any], differing: set[Field], known: Known
) -> None:
    wanted = {
        name: values.get(name)
        for field, names in PLAIN.items()
        if field in differing
        for name in names
        if name in values
    }
    if Field.CLOSED in differing and opportunity.is_open and not draft.text(Field.EXPECTED_CLOSE) and draft.closed_on:
        wanted["expected_close"] = draft.closed_on
    if Field.TITLE in differing:
        wanted["title"] = draft.text(Field.TITLE)
    if differing & {Field.CONTACT, Field.COMPANY}:
        wanted["contact"] = known.contact(draft)
    if opportunity.lines_total is not None:
        wanted.pop("typed_value", None)  # products were put on it here
    if wanted:
        opportunities.change(opportunity, by=known.by, via=known.via, **wanted)


def _retag(opportunity: Opportunity, before: Said, named: Any, known: Known) -> None:
    """Put on what the row names now, take off what it named before; tags given here stay."""
    dropped = {name.lower() for name in listed(before.get(Field.TAGS, ""), TAG_SEPARATORS)} - {
        tag.name.lower() for tag in named
    }
    for tag in [tag for tag in opportunity.tags if tag.name.lower() in dropped]:
        tags.remove(tag, opportunity, by=known.by, via=known.via)
    for tag in named:
        tags.apply(tag, opportunity, by=known.by, via=known.via)


def _move(opportunity: Opportunity, draft: Draft, known: Known) -> None:
    target = applying.aim(draft, known, opportunity.pipeline, opportunity.stage)
    standing = opportunity.version
    if target.stage is not opportunity.stage:
        moves.move(opportunity, target.stage, by=known.by, answers=target.answers, via=known.via)
    if target.status is not opportunity.status:
        moves.set_status(opportunity, target.status, by=known.by, answers=target.answers, via=known.via)
    if opportunity.version != standing:
        db.session.flush()  # so that the move is found among its moves
        applying.backdate(opportunity, draft.closed)


def _correct_times(opportunity: Opportunity, draft: Draft, differing: set[Field], known: Known) -> None:
    """Created and closed are history, which only an import may correct."""
    wanted: dict[str, object] = {}
    if Field.CREATED in differing and draft.created:
        wanted["created_at"] = draft.created
    if Field.CLOSED in differing and draft.closed and not opportunity.is_open:
        wanted["closed_at"] = draft.closed
    made = changes.between(opportunity, wanted)
    if not made:
        return
    opportunity.created_at = draft.created or opportunity.created_at
    applying.backdate(opportunity, draft.closed)
    opportunity.version += 1
    fact = OpportunityChanged(version=opportunity.version, changes=made)
    events.record(fact, about=opportunity, by=known.by, via=known.via)


def _reach(opportunity: Opportunity, draft: Draft, differing: set[Field], known: Known) -> bool:
    """How to reach the contact."""
    wanted: dict[str, Any] = {
        str(field): draft.text(field)
        for field in (Field.EMAIL, Field.PHONE)
        if field in differing and draft.text(field)
    }
    return bool(wanted and contacts.change(opportunity.contact, by=known.by, via=known.via, **wanted))


def _note(opportunity: Opportunity, draft: Draft, differing: set[Field], known: Known) -> bool:
    if Field.NOTES not in differing:
        return False
    return (
        draft.attempt(lambda: notes.write(opportunity, draft.text(Field.NOTES), by=known.by, via=known.via)) is not None
    )
