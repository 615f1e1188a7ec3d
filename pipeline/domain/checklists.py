"""Ticking what a stage asks for. Ticks say who and when, and stay when a deal comes back."""

from pipeline import clock
from pipeline.domain import access, events
from pipeline.domain.facts import ItemTicked, ItemUnticked
from pipeline.domain.holding import hold
from pipeline.domain.rules import NotVisible, RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.models.opportunity import ChecklistTick, Opportunity
from pipeline.models.pipeline import ChecklistItem
from pipeline.models.user import User


def item(opportunity: Opportunity, item_id: int) -> ChecklistItem:
    """An item of the opportunity's pipeline; of any of its stages, for earlier ticks can be cleared too."""
    found = db.session.get(ChecklistItem, item_id)
    if found is None or found.stage.pipeline_id != opportunity.pipeline_id:
        raise NotVisible("item on this checklist")
    return found


def tick(opportunity: Opportunity, item: ChecklistItem, *, by: User | None, via: Via = Via.RECORD) -> Event | None:
    """Tick an item of the pipeline's checklists. Ticking twice changes nothing."""
    hold(opportunity)
    access.refuse_unless_editable(opportunity, by=by)
    if item.stage.pipeline_id != opportunity.pipeline_id:
        raise RuleBroken("This item belongs to another pipeline's checklist.")
    if item.id in opportunity.ticked_item_ids:
        return None
    if item.dropped_at is not None:
        raise RuleBroken(f"“{item.text}” is not on the checklist any more; an admin keeps the lists.")
    opportunity.ticks.append(ChecklistTick(item_id=item.id, text=item.text, ticked_by=by, ticked_at=clock.now()))
    opportunity.version += 1
    return events.record(ItemTicked(item_id=item.id, text=item.text), about=opportunity, by=by, via=via)


def untick(opportunity: Opportunity, item: ChecklistItem, *, by: User | None) -> None:
    """Clear a tick. Clearing what is not ticked changes nothing."""
    hold(opportunity)
    access.refuse_unless_editable(opportunity, by=by)
    clear(opportunity, item.id, by=by)


def clear(opportunity: Opportunity, item_id: int, *, by: User | None, via: Via = Via.RECORD) -> None:
    """Clear a tick of an opportunity that is in hand already."""
    standing = next((tick for tick in opportunity.ticks if tick.item_id == item_id), None)
    if standing is None:
        return
    opportunity.ticks.remove(standing)
    opportunity.version += 1
    events.record(ItemUnticked(item_id=item_id, text=standing.text), about=opportunity, by=by, via=via)
