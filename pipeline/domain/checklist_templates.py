"""What a stage asks to be ticked, as admins write it. Ticks that were made survive whatever happens to the item."""

from pipeline import clock
from pipeline.domain import changes, events, ordering, stages
from pipeline.domain.facts import Change, SettingChanged
from pipeline.domain.rules import RuleBroken
from pipeline.domain.setup_facts import ChecklistItemAdded, ChecklistItemDropped
from pipeline.extensions import db
from pipeline.models.pipeline import ChecklistItem, Stage
from pipeline.models.user import User

LONGEST = 200


def add(stage: Stage, text: str, *, by: User | None, is_required: bool = False) -> ChecklistItem:
    """A new last item; it reaches the opportunities that stand in the stage now. Refuses one that is there already."""
    stages.take(stage, by=by)
    item = ChecklistItem(text=_free_text(stage, text), is_required=is_required, position=len(stage.checklist))
    stage.all_items.append(item)
    db.session.flush()
    events.record(ChecklistItemAdded(item_id=item.id, text=item.text, stage=stage.name), about=item, by=by)
    return item


def change(item: ChecklistItem, *, by: User | None, text: str, is_required: bool) -> None:
    """Reword it, or say whether a deal may go on without it. Ticks keep the words they were made with."""
    _take(item, by=by)
    values = {"text": _free_text(item.stage, text, but=item), "is_required": is_required}
    made = changes.between(item, values)
    if made:
        what = f"“{item.text}” on the checklist of {item.stage.name}"
        events.record(SettingChanged(what=what, changes=made), about=item, by=by)
    item.text, item.is_required = str(values["text"]), is_required


def place(item: ChecklistItem, position: int, *, by: User | None) -> None:
    """Put it at a place in its checklist, counted from 0; beyond the last is last."""
    _take(item, by=by)
    before = item.stage.checklist.index(item)
    if ordering.put(item, position, among=item.stage.checklist).index(item) == before:
        return
    made = [Change(field="place", before=str(before + 1), after=str(item.position + 1))]
    what = f"“{item.text}” on the checklist of {item.stage.name}"
    events.record(SettingChanged(what=what, changes=made), about=item, by=by)


def drop(item: ChecklistItem, *, by: User | None) -> None:
    """Ask for it no longer. What was ticked stays ticked, in history."""
    _take(item, by=by)
    item.dropped_at = clock.now()
    ordering.close_ranks(item.stage.checklist)
    events.record(ChecklistItemDropped(item_id=item.id, text=item.text, stage=item.stage.name), about=item, by=by)


def _take(item: ChecklistItem, *, by: User | None) -> None:
    stages.take(item.stage, by=by)
    if item.dropped_at is not None:
        raise RuleBroken(f"“{item.text}” was dropped from this checklist; add it again.")


def _free_text(stage: Stage, text: str, *, but: ChecklistItem | None = None) -> str:
    text = ordering.tidy(text, what="An item’s text", longest=LONGEST)
    others = [item.text for item in stage.checklist if item is not but]
    ordering.refuse_taken(text, others, where=f"on the checklist of {stage.name}")
    return text
