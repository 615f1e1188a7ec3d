"""Runs of a change over many: some items to a promise, each in a savepoint of its own, so that one refusal is one.

A chunk's changes, what became of its items, and the promise of the next chunk go into one transaction: whoever goes on
after a kill goes on from there, and no item is done twice.
"""

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, insert, literal, select, update

from pipeline import clock
from pipeline.domain import access, notifications, outbox
from pipeline.domain.bulk import Arguments, change_of
from pipeline.domain.holding import hold_all_places
from pipeline.domain.rules import NotVisible, RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.bulk_run import BulkItem, BulkRun, BulkState, BulkVerb, ItemState
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User

ADVANCE = "bulk.advance"
CHUNK = 100
FEW = 10
"""So many are done while the person waits."""
A_MOMENT = 0.5
"""After how many seconds others get their turn to write, where only one can write at a time."""
UNDONE_WITHIN = timedelta(minutes=15)


class CountChanged(RuleBroken):
    """There are not as many as the person agreed to."""

    def __init__(self, count: int) -> None:
        super().__init__(f"Meanwhile it would be {count}. Nothing was changed; look again and say so once more.")
        self.count = count


def start(
    verb: BulkVerb,
    arguments: Arguments,
    chosen: Select[int],
    *,
    by: User,
    expected: int,
    with_automation: bool,
    came_from: str = "",
) -> BulkRun:
    """Write down whom it is about, and promise the first chunk.

    `chosen` gives the ids of those that this person may see; they must be as many as `expected`. Refuses none at all.
    """
    run = BulkRun(
        started_by=by,
        verb=verb,
        arguments=arguments.model_dump(mode="json"),
        description=change_of(verb).describe(arguments)[:200],
        with_automation=with_automation,
        came_from=came_from,
        state=BulkState.RUNNING,
        started_at=clock.now(),
    )
    db.session.add(run)
    db.session.flush()
    _fill(run, chosen.add_columns(literal(None)))
    if not run.total:
        raise RuleBroken("Select some opportunities first.")
    if run.total != expected:
        raise CountChanged(run.total)
    outbox.put(ADVANCE, run_id=run.id)
    return run


def undo(run: BulkRun, *, by: User) -> BulkRun:
    """A run that takes back each item of another, while that is fresh. One's own only, and once."""
    db.session.refresh(run, with_for_update={"of": BulkRun})
    if run.started_by_id != by.id or run.undoes_id is not None:
        raise RuleBroken("Only who made a change takes it back, and only once.")
    if run.undone_by is not None:
        raise RuleBroken("That is being taken back already.")
    if not can_be_undone(run):
        raise RuleBroken("That can not be taken back any more.")
    back = BulkRun(
        started_by=by,
        verb=run.verb,
        arguments=run.arguments,
        description=f"Undo: {run.description}"[:200],
        with_automation=False,
        came_from=run.came_from,
        state=BulkState.RUNNING,
        undoes=run,
        started_at=clock.now(),
    )
    db.session.add(back)
    db.session.flush()
    done = (BulkItem.run_id == run.id) & (BulkItem.state == ItemState.DONE)
    _fill(back, select(BulkItem.opportunity_id, BulkItem.before).where(done))
    outbox.put(ADVANCE, run_id=back.id)
    return back


def can_be_undone(run: BulkRun) -> bool:
    """Whether it is over, did something, and is fresh enough."""
    ended = run.ended_at
    fresh = ended is not None and clock.now() - ended <= UNDONE_WITHIN
    return fresh and not run.is_running and run.done > 0 and run.undoes_id is None and run.undone_by is None


def find(run_id: int, *, by: User) -> BulkRun:
    """One's own; an administrator's are all."""
    run = db.session.get(BulkRun, run_id)
    if run is None or (run.started_by_id != by.id and not by.is_admin):
        raise NotVisible("change")
    return run


def is_of_few(run: BulkRun) -> bool:
    """Whether the person can wait for it. The promise to do them stays all the same, should that be cut off."""
    return run.total <= FEW


def go_on(run_id: int, *, is_watched: bool = False) -> None:
    """Do the next items, as many as fit into a moment but at least one, and promise those after them.

    Who watches needs neither a further promise nor to be told how it came out.
    """
    run = db.session.get(BulkRun, run_id, with_for_update={"of": BulkRun})
    if run is None or not run.is_running:
        return
    if not run.started_by.is_active:
        stop(run, f"{run.started_by.name} cannot sign in any more.")
        return
    run.error = None
    _do_some(run, _next_items(run))
    if run.settled == run.total:
        _finish(run, is_watched=is_watched)
    elif not is_watched:
        outbox.put(ADVANCE, run_id=run.id)


def stop(run: BulkRun, why: str) -> None:
    """Leave what is not done yet. What is done stays."""
    db.session.refresh(run, with_for_update={"of": BulkRun})
    if run.is_running:
        run.state, run.error, run.ended_at = BulkState.STOPPED, why, clock.now()


def resume(run: BulkRun) -> None:
    """Go on from where it stopped."""
    db.session.refresh(run, with_for_update={"of": BulkRun})
    if run.state is not BulkState.STOPPED or run.undone_by is not None:
        raise RuleBroken("It is not standing still.")
    run.state, run.error, run.ended_at = BulkState.RUNNING, None, None
    outbox.put(ADVANCE, run_id=run.id)


def outcome(run: BulkRun) -> str:
    """How it came out, in a sentence."""
    parts = [f"{run.done} {past(run)}"]
    parts += [f"{count} {word}" for count, word in ((run.refused, "refused"), (run.unchanged, "unchanged")) if count]
    return f"{run.description}: {', '.join(parts)}."


def past(run: BulkRun) -> str:
    """How it is said of those it was done to."""
    return "put back" if run.undoes_id else change_of(run.verb).past


def _fill(run: BulkRun, chosen: Select[int, Any]) -> None:
    columns = ["opportunity_id", "before", "run_id", "state"]
    rows = chosen.add_columns(literal(run.id), literal(ItemState.WAITING.value))
    db.session.execute(insert(BulkItem).from_select(columns, rows))
    run.total = db.session.scalar(select(func.count()).where(BulkItem.run_id == run.id)) or 0


def _next_items(run: BulkRun) -> Sequence[BulkItem]:
    """In the order of their numbers, so that two runs over the same ones wait for each other, never crosswise."""
    hold_all_places()
    waiting = (BulkItem.run_id == run.id) & (BulkItem.state == ItemState.WAITING)
    items = db.session.scalars(select(BulkItem).where(waiting).order_by(BulkItem.opportunity_id).limit(CHUNK)).all()
    ids = [item.opportunity_id for item in items]
    if run.undoes_id is not None:  # it takes what was promised before it takes the opportunity, as the workers do
        return items
    db.session.execute(select(Opportunity.id).where(Opportunity.id.in_(ids)).order_by(Opportunity.id).with_for_update())
    return items


def _do_some(run: BulkRun, items: Sequence[BulkItem]) -> None:
    arguments = change_of(run.verb).Arguments.model_validate(run.arguments)
    settled: list[dict[str, Any]] = []
    until = time.monotonic() + A_MOMENT
    for item in items:
        became = _attempt(run, arguments, item.opportunity_id, item.before)
        settled.append({"run_id": run.id, "opportunity_id": item.opportunity_id, **became})
        if time.monotonic() > until:
            break
    for word in (ItemState.DONE, ItemState.REFUSED, ItemState.UNCHANGED):
        name = word.value
        setattr(run, name, getattr(run, name) + sum(1 for each in settled if each["state"] is word))
    db.session.execute(update(BulkItem), settled)


def _attempt(run: BulkRun, arguments: Arguments, opportunity_id: int, before: dict[str, Any] | None) -> dict[str, Any]:
    """Change one, or say why not."""
    try:
        with db.session.begin_nested():
            if run.undoes_id is not None:
                return _undo_one(run, arguments, opportunity_id, before or {})
            return _do_one(run, arguments, opportunity_id)
    except RuleBroken as broken:
        return {"state": ItemState.REFUSED, "message": broken.message, "before": before}


def _do_one(run: BulkRun, arguments: Arguments, opportunity_id: int) -> dict[str, Any]:
    change, by = change_of(run.verb), run.started_by
    opportunity = access.opportunity(opportunity_id, to=by)
    before, version = change.remember(opportunity), opportunity.version
    change.do(opportunity, arguments, by=by, via=Via.BULK if run.with_automation else Via.BULK_QUIET)
    if opportunity.version == version:
        return {"state": ItemState.UNCHANGED, "message": None, "before": None}
    return {"state": ItemState.DONE, "message": None, "before": before | change.trace(opportunity, by=by)}


def _undo_one(run: BulkRun, arguments: Arguments, opportunity_id: int, before: dict[str, Any]) -> dict[str, Any]:
    opportunity = db.session.get_one(Opportunity, opportunity_id, populate_existing=True)
    version = opportunity.version
    remains = change_of(run.verb).put_back(opportunity, arguments, before, by=run.started_by, via=Via.BULK_QUIET)
    changed = opportunity.version != version
    return {"state": ItemState.DONE if changed else ItemState.UNCHANGED, "message": remains, "before": before}


def _finish(run: BulkRun, *, is_watched: bool) -> None:
    run.state, run.ended_at = BulkState.DONE, clock.now()
    if not is_watched:
        notifications.tell(run.started_by, outcome(run), purpose=f"bulk:{run.id}")
    if run.undoes_id is None:
        arguments = change_of(run.verb).Arguments.model_validate(run.arguments)
        change_of(run.verb).afterwards(arguments, run.done, by=run.started_by, purpose=f"bulk:{run.id}:over")
