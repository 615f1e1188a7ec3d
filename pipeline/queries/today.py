"""One person's day: tasks and next actions, overdue, due and coming; and the deals that have no next step."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import joinedload

from pipeline import clock
from pipeline.domain import access
from pipeline.extensions import db
from pipeline.models.activity import Activity
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.pipeline import Stage, StageKind
from pipeline.models.user import User

DAYS_AHEAD = 7
MOST = 100


@dataclass(frozen=True, slots=True)
class Todo:
    """A task, with the deal it is about if the person may see that; or the next action of a deal."""

    task: Activity | None
    deal: Opportunity | None

    @property
    def on(self) -> date | None:
        if self.task:
            return self.task.due_on
        return self.deal.next_action_on if self.deal else None

    @property
    def at(self) -> time | None:
        if self.task:
            return self.task.due_at
        return self.deal.next_action_at if self.deal else None


@dataclass(frozen=True, slots=True)
class Agenda:
    overdue: list[Todo]
    today: list[Todo]
    coming: list[Todo]
    undated: list[Todo]
    without_step: list[Opportunity]

    @property
    def is_empty(self) -> bool:
        return not (self.overdue or self.today or self.coming or self.undated or self.without_step)


def agenda(person: User) -> Agenda:
    """What this person has to do, by their own calendar; a week ahead."""
    today = clock.today(person)
    until = today + timedelta(days=DAYS_AHEAD)
    tasks = db.session.execute(_tasks(person, until))
    todos = [Todo(task, task.opportunity if sees else None) for task, sees in tasks]
    todos += [Todo(None, deal) for deal in db.session.scalars(_next_actions(person, until))]
    dated = sorted(
        (todo for todo in todos if todo.on), key=lambda todo: (todo.on, todo.at is None, todo.at or time.min)
    )
    return Agenda(
        overdue=[todo for todo in dated if todo.on and todo.on < today],
        today=[todo for todo in dated if todo.on == today],
        coming=[todo for todo in dated if todo.on and todo.on > today],
        undated=[todo for todo in todos if not todo.on],
        without_step=list(db.session.scalars(_without_step(person))),
    )


def _tasks(person: User, until: date) -> Select[Activity, bool]:
    """Each with whether the person sees the deal it is about. Tasks of deals that were deleted wait with them."""
    return (
        select(Activity, access.visible_opportunities(person))
        .outerjoin(Activity.opportunity)
        .options(joinedload(Activity.opportunity))
        .where(
            Activity.assignee_id == person.id,
            Activity.done_at.is_(None),
            Activity.deleted_at.is_(None),
            Opportunity.deleted_at.is_(None),
            (Activity.due_on <= until) | Activity.due_on.is_(None),
        )
        .order_by(Activity.due_on.is_(None), Activity.due_on, Activity.id)
        .limit(MOST)
    )


def _next_actions(person: User, until: date) -> Select[Opportunity]:
    return (
        _open_deals(person)
        .where(Opportunity.next_action_on <= until)
        .order_by(Opportunity.next_action_on, Opportunity.id)
        .limit(MOST)
    )


def _without_step(person: User) -> Select[Opportunity]:
    """Deals in a working stage that have no dated next action and no task: those that silently stand still."""
    planned = exists().where(
        Activity.opportunity_id == Opportunity.id, Activity.done_at.is_(None), Activity.deleted_at.is_(None)
    )
    return (
        _open_deals(person)
        .join(Stage, Stage.id == Opportunity.stage_id)
        .where(Opportunity.next_action_on.is_(None), Stage.kind == StageKind.WORKING, ~planned)
        .order_by(Opportunity.entered_stage_at, Opportunity.id)
        .limit(MOST)
    )


def _open_deals(person: User) -> Select[Opportunity]:
    return (
        select(Opportunity)
        .options(joinedload(Opportunity.contact), joinedload(Opportunity.stage))
        .where(Opportunity.owner_id == person.id, Opportunity.status == Status.OPEN, Opportunity.deleted_at.is_(None))
    )
