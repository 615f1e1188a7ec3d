"""Setting automations up: what sets each off, its actions in order, on or off."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from pipeline import clock
from pipeline.domain import access, actions, changes, events, outbox, steps
from pipeline.domain.access import Permission
from pipeline.domain.actions.base import ActionSettings
from pipeline.domain.facts import Change, SettingChanged
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.automation import Action, ActionKind, Automation, DelayUnit, Run, Step, StepState, TriggerKind
from pipeline.models.pipeline import Pipeline, Stage
from pipeline.models.user import User

ADMINS_ONLY = "Only an administrator sets up automations."
LONGEST = 80
LONGEST_DELAY = {DelayUnit.MINUTES: 525_600, DelayUnit.HOURS: 8_760, DelayUnit.DAYS: 3_650}
WHEN = {
    TriggerKind.BUY_CLICKED: "When a prospect presses Buy now",
    TriggerKind.PURCHASED: "When a deal is bought through its buy-now link",
    TriggerKind.BUY_EXPIRED: "When a buy-now link expires",
}
"""What sets off those that no move does, as the beginning of a sentence."""


@dataclass(frozen=True)
class Trigger:
    """A move from one stage to another, a side that is None meaning any stage; or what comes of a buy-now link.

    Only a move has sides and a mover: of the other kinds they are forgotten.
    """

    source: Stage | None = None
    target: Stage | None = None
    only_by_person: bool = False
    kind: TriggerKind = TriggerKind.STAGE_MOVE

    @property
    def values(self) -> dict[str, object]:
        """What an automation keeps of it."""
        moves = self.kind is TriggerKind.STAGE_MOVE
        return {
            "trigger": self.kind,
            "source": self.source if moves else None,
            "target": self.target if moves else None,
            "only_by_person": moves and self.only_by_person,
        }


def create(pipeline: Pipeline, name: str, trigger: Trigger, *, by: User | None) -> Automation:
    """A new automation, off until its first action makes it worth switching on."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    _refuse_trigger(pipeline, trigger)
    automation = Automation(
        pipeline=pipeline,
        name=_named(name),
        **trigger.values,
        is_on=False,
        version=1,
        created_at=clock.now(),
        actions=[],
    )
    db.session.add(automation)
    db.session.flush()
    _record(automation, [Change(field="name", before="", after=automation.name)], by)
    return automation


def change(automation: Automation, name: str, trigger: Trigger, *, by: User | None) -> None:
    """Change what sets it off. Runs that have begun go on as they began."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    _refuse_trigger(automation.pipeline, trigger)
    values: dict[str, object] = {"name": _named(name), **trigger.values}
    made = changes.between(automation, values)
    for change in made:
        setattr(automation, change.field, values[change.field])
    if made:
        automation.note = ""
        _changed(automation, made, by)


def add_action(
    automation: Automation,
    kind: ActionKind,
    settings: ActionSettings,
    *,
    delay: int = 0,
    unit: DelayUnit = DelayUnit.MINUTES,
    by: User | None,
) -> Action:
    """One more thing to do, after the others."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    _refuse_action(kind, settings, delay, unit)
    action = Action(
        position=len(automation.actions),
        kind=kind,
        settings=settings.model_dump(mode="json"),
        delay=delay,
        delay_unit=unit,
    )
    automation.actions.append(action)
    db.session.flush()
    _changed(automation, [Change(field="actions", before="", after=sentence(action))], by)
    return action


def change_action(action: Action, settings: ActionSettings, *, delay: int, unit: DelayUnit, by: User | None) -> None:
    """Do it otherwise, or at another time, from the next run on."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    _refuse_action(action.kind, settings, delay, unit)
    before = sentence(action)
    action.settings = settings.model_dump(mode="json")
    action.delay, action.delay_unit = delay, unit
    if sentence(action) != before:
        _changed(action.automation, [Change(field="actions", before=before, after=sentence(action))], by)


def remove_action(action: Action, *, by: User | None) -> None:
    """Do it no more. With its last action an automation is switched off."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    automation = action.automation
    automation.actions.remove(action)
    for position, remaining in enumerate(automation.actions):
        remaining.position = position
    if not automation.actions:
        automation.is_on = False
    _changed(automation, [Change(field="actions", before=sentence(action), after="")], by)


def move_action(action: Action, by_places: int, *, by: User | None) -> None:
    """Put it earlier (-1) or later (1) in the order."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    automation = action.automation
    order = [each for each in automation.actions if each is not action]
    order.insert(max(0, action.position + by_places), action)
    for position, each in enumerate(order):
        each.position = position
    automation.actions.sort(key=lambda each: each.position)
    automation.version += 1


def switch_on(automation: Automation, *, by: User | None) -> None:
    """Let it do its work. Refused without any action."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    if not automation.actions:
        raise RuleBroken("It has nothing to do yet: add an action, then switch it on.")
    _refuse_trigger(automation.pipeline, Trigger(automation.source, automation.target, kind=automation.trigger))
    automation.note = ""
    _switch(automation, on=True, by=by)


def switch_off(automation: Automation, *, cancel_pending: bool = False, by: User | None) -> int:
    """Start no more runs. What is still pending goes on, unless it is to be cancelled; says how much was."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    _switch(automation, on=False, by=by)
    return cancel_all_pending(automation, "the automation was switched off", by=by) if cancel_pending else 0


def archive(automation: Automation, *, by: User | None) -> int:
    """Put it away for good, and cancel what is pending; its receipts stay. Says how much was cancelled."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    _switch(automation, on=False, by=by)
    automation.archived_at = clock.now()
    _record(automation, [Change(field="archived", before="no", after="yes")], by)
    return cancel_all_pending(automation, "the automation was deleted", by=by)


def cancel_all_pending(automation: Automation, why: str, *, by: User | None) -> int:
    """Cancel every step that still waits for its time. A mail that is on its way already goes."""
    cancelled = [step for step in pending(automation) if step.message_id and outbox.cancel(step.message_id)]
    for step in cancelled:
        steps.settle(step, StepState.CANCELLED, why, by=by)
    return len(cancelled)


def pending(automation: Automation) -> Sequence[Step]:
    return db.session.scalars(
        select(Step).join(Run).where(Run.automation_id == automation.id, Step.state == StepState.WAITING)
    ).all()


def pending_count(automation: Automation) -> int:
    waiting = select(func.count(Step.id)).join(Run)
    return db.session.scalar(waiting.where(Run.automation_id == automation.id, Step.state == StepState.WAITING)) or 0


def when(automation: Automation) -> str:
    """What sets it off, as the beginning of a sentence."""
    if automation.trigger in WHEN:
        return WHEN[automation.trigger]
    source, target = automation.source, automation.target
    words = "When a deal moves"
    if source is None and target is None:
        words = "When a deal moves at all"
    words += f" from {source.name}" if source else ""
    words += f" to {target.name}" if target else ""
    return f"{words} by someone's hand" if automation.only_by_person else words


def sentence(action: Action) -> str:
    """What it does and when: “after 3 days send the mail “Follow-up””."""
    kind = actions.of_kind(action.kind)
    words = kind.describe(kind.Settings.model_validate(action.settings))
    return f"{after(action)} {words}" if action.delay else words


def after(action: Action) -> str:
    unit = action.delay_unit.value
    return f"after {action.delay} {unit if action.delay != 1 else unit[:-1]}"


def _switch(automation: Automation, *, on: bool, by: User | None) -> None:
    if automation.is_on is on:
        return
    automation.is_on = on
    words = {True: "on", False: "off"}
    _record(automation, [Change(field="switched", before=words[not on], after=words[on])], by)


def _refuse_trigger(pipeline: Pipeline, trigger: Trigger) -> None:
    if trigger.kind is not TriggerKind.STAGE_MOVE:
        return
    for stage in (trigger.source, trigger.target):
        if stage is not None and (stage.pipeline_id != pipeline.id or stage.retired_at is not None):
            raise RuleBroken(f"{stage.name} is not a stage of {pipeline.name} any more; choose another.")
    if trigger.source is not None and trigger.source is trigger.target:
        raise RuleBroken("A deal cannot move from a stage to itself; choose two different stages.")


def _refuse_action(kind: ActionKind, settings: ActionSettings, delay: int, unit: DelayUnit) -> None:
    if not 0 <= delay <= LONGEST_DELAY[unit]:
        raise RuleBroken(f"A delay is between 0 and {LONGEST_DELAY[unit]} {unit}.")
    actions.of_kind(kind).check(settings)


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST:
        raise RuleBroken(f"An automation needs a name of at most {LONGEST} letters.")
    return name


def _changed(automation: Automation, made: list[Change], by: User | None) -> None:
    automation.version += 1
    _record(automation, made, by)


def _record(automation: Automation, made: list[Change], by: User | None) -> None:
    events.record(SettingChanged(what=f"Automation “{automation.name}”", changes=made), about=automation, by=by)
