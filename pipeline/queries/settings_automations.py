"""What the settings of automations show."""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from pipeline.domain import actions, automations
from pipeline.domain.rules import NotVisible
from pipeline.extensions import db
from pipeline.models.automation import Action, ActionKind, Automation, Run, Step, StepState
from pipeline.models.contact import Tag
from pipeline.models.mail import MailTemplate
from pipeline.models.pipeline import Pipeline


class Deed(NamedTuple):
    """One action, in words; `after` is empty when it is taken at once."""

    action: Action
    after: str
    does: str
    kind: ActionKind


@dataclass(frozen=True)
class Setup:
    """An automation in words: when, and then what."""

    automation: Automation
    when: str
    deeds: list[Deed]
    pending: int

    @property
    def kinds(self) -> list[actions.ActionType]:
        return list(actions.all_types().values())


class Group(NamedTuple):
    pipeline: Pipeline
    setups: list[Setup]


def pipelines() -> list[Group]:
    """Every pipeline in use, with its automations."""
    found = db.session.scalars(select(Pipeline).where(Pipeline.archived_at.is_(None)).order_by(Pipeline.position))
    known = db.session.scalars(
        select(Automation)
        .where(Automation.archived_at.is_(None))
        .options(joinedload(Automation.source), joinedload(Automation.target), selectinload(Automation.actions))
        .order_by(Automation.name, Automation.id)
    ).all()
    waiting = _pending()
    return [
        Group(pipeline, [_setup(each, waiting.get(each.id, 0)) for each in known if each.pipeline_id == pipeline.id])
        for pipeline in found
    ]


def pipeline(pipeline_id: int | None) -> Pipeline:
    found = db.session.get(Pipeline, pipeline_id) if pipeline_id else None
    if found is None or found.archived_at is not None:
        raise NotVisible("pipeline")
    return found


def automation(automation_id: int) -> Automation:
    found = db.session.get(Automation, automation_id)
    if found is None or found.archived_at is not None:
        raise NotVisible("automation")
    return found


def action(automation_id: int, action_id: int) -> Action:
    found = db.session.get(Action, action_id)
    if found is None or found.automation_id != automation(automation_id).id:
        raise NotVisible("action")
    return found


def setup_of(automation: Automation) -> Setup:
    return _setup(automation, automations.pending_count(automation))


def tag_names() -> list[str]:
    return list(db.session.scalars(select(Tag.name).order_by(Tag.name)))


def mail_templates() -> list[tuple[int, str]]:
    """Number and name of those in use, by name."""
    known = select(MailTemplate.id, MailTemplate.name).where(MailTemplate.archived_at.is_(None))
    return [(id_, name) for id_, name in db.session.execute(known.order_by(MailTemplate.name))]


def _setup(automation: Automation, pending: int) -> Setup:
    return Setup(automation, automations.when(automation), [_deed(action) for action in automation.actions], pending)


def _deed(action: Action) -> Deed:
    kind = actions.of_kind(action.kind)
    does = kind.describe(kind.Settings.model_validate(action.settings))
    return Deed(action, automations.after(action) if action.delay else "", does, action.kind)


def _pending() -> dict[int, int]:
    counted = db.session.execute(
        select(Run.automation_id, func.count(Step.id))
        .join(Step, Step.run_id == Run.id)
        .where(Step.state == StepState.WAITING)
        .group_by(Run.automation_id)
    )
    return {row[0]: row[1] for row in counted}
