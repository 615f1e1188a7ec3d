"""Steps of automations and other promises, as an admin looks after them."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, String, cast, exists, func, literal, or_, select, true
from sqlalchemy.orm import joinedload

from pipeline.domain import beats
from pipeline.domain.automation import TAKE_STEP
from pipeline.domain.mails import DELIVER
from pipeline.domain.rules import NotVisible
from pipeline.extensions import db
from pipeline.models.automation import Run, Step, StepState
from pipeline.models.mail import Mail
from pipeline.models.outbox import OutboxMessage, PromiseState

PAGE = 50
SILENCE = timedelta(minutes=2)
TROUBLED = [state for state in PromiseState if state.needs_a_person]


class Show(StrEnum):
    """Which steps are looked at."""

    ALL = "all"
    WAITING = "waiting"
    TROUBLE = "trouble"
    DONE = "done"

    @classmethod
    def named(cls, name: str | None) -> "Show":
        return cls(name) if name in set(cls) else cls.ALL

    @property
    def condition(self) -> ColumnElement[bool]:
        match self:
            case Show.WAITING:
                return Step.state.in_((StepState.WAITING, StepState.BEGUN))
            case Show.TROUBLE:
                return Step.state.in_([state for state in StepState if state.needs_a_person])
            case Show.DONE:
                return Step.state == StepState.DONE
            case _:
                return true()


@dataclass(frozen=True)
class Listing:
    show: Show
    automation_id: int | None
    steps: list[Step]
    counts: dict[Show, int]
    older: int | None


def listing(show: Show, *, automation_id: int | None = None, before: int | None = None) -> Listing:
    """A page of steps, the newest first."""
    found = db.session.scalars(
        select(Step)
        .join(Step.run)
        .where(show.condition, _of(automation_id), Step.id < before if before else true())
        .options(
            joinedload(Step.run).joinedload(Run.automation),
            joinedload(Step.run).joinedload(Run.opportunity),
            joinedload(Step.message),
            joinedload(Step.mail),
        )
        .order_by(Step.id.desc())
        .limit(PAGE + 1)
    ).all()
    steps = list(found[:PAGE])
    return Listing(show, automation_id, steps, _counts(automation_id), steps[-1].id if len(found) > PAGE else None)


def step(step_id: int) -> Step:
    found = db.session.get(Step, step_id)
    if found is None:
        raise NotVisible("step")
    return found


def other_troubles() -> list[OutboxMessage]:
    """Promises that need a person and belong to no step: those are listed as steps."""
    of_a_step = exists().where(Step.mail_id == Mail.id, OutboxMessage.key == literal("mail:") + cast(Mail.id, String))
    return list(
        db.session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.state.in_(TROUBLED))
            .where(OutboxMessage.task != TAKE_STEP)
            .where(or_(OutboxMessage.task != DELIVER, ~of_a_step))
            .order_by(OutboxMessage.id.desc())
            .limit(PAGE)
        )
    )


def promise(message_id: int) -> OutboxMessage:
    found = db.session.get(OutboxMessage, message_id)
    if found is None:
        raise NotVisible("promise")
    return found


def silence() -> list[str]:
    """The roles of which no process has given a sign of life for two minutes."""
    silences = {role: beats.silent_for(role) for role in (beats.RELAY, beats.WORKER)}
    return [role for role, silent in silences.items() if silent is None or silent > SILENCE]


def _counts(automation_id: int | None) -> dict[Show, int]:
    counted = select(Step.state, func.count(Step.id)).join(Step.run).where(_of(automation_id)).group_by(Step.state)
    by_state = {row[0]: row[1] for row in db.session.execute(counted)}
    return {
        Show.ALL: sum(by_state.values()),
        Show.WAITING: sum(count for state, count in by_state.items() if state.is_pending),
        Show.TROUBLE: sum(count for state, count in by_state.items() if state.needs_a_person),
        Show.DONE: by_state.get(StepState.DONE, 0),
    }


def _of(automation_id: int | None) -> ColumnElement[bool]:
    return Run.automation_id == automation_id if automation_id else true()
