"""What the demo's bookkeeping firm lets follow from a move, and three moves that set it off."""

from sqlalchemy import select

from pipeline.domain import automations, mail_templates, moves, tags
from pipeline.domain.actions.apply_tag import TagSettings
from pipeline.domain.actions.base import ActionSettings
from pipeline.domain.actions.create_task import CreateTaskSettings
from pipeline.domain.actions.notify_owner import NotifyOwnerSettings
from pipeline.domain.actions.send_mail import SendMailSettings
from pipeline.domain.automations import Trigger
from pipeline.domain.readiness import Answers
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.activity import ActivityKind
from pipeline.models.automation import ActionKind, DelayUnit
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.pipeline import Pipeline, Stage, StageKind
from pipeline.models.user import User

Deed = tuple[ActionKind, ActionSettings, int, DelayUnit]
NOW = (0, DelayUnit.MINUTES)

GUIDE = """Hello {{ contact.first_name or "there" }},

thank you for your time. Here is our **getting started guide**, and what the first month with us looks like.

{{ owner.name }}
{{ company.name }}"""

STILL = """Hello {{ contact.first_name or "there" }},

a week ago I sent you our guide. Is this a good time to talk about *{{ opportunity.title }}*?

{{ owner.first_name }}"""

PROPOSAL = """Hello {{ contact.first_name or "there" }},

our proposal for {{ opportunity.title }} comes to **{{ opportunity.value }}** a year. Tell me what you think.

{{ owner.name }}"""

WELCOME = """Hello {{ contact.first_name or "there" }},

welcome to {{ company.name }}! I will call you this week to set everything up.

{{ owner.name }}"""


def write(pipeline: Pipeline, *, by: User) -> None:
    """Four automations: first contact, proposal, welcome, and a call half a year after a loss."""
    stages = pipeline.stages
    guide = _mail("Getting started guide", "Your getting started guide", GUIDE, by)
    still = _mail("Still interested?", 'Still interested, {{ contact.first_name or "there" }}?', STILL, by)
    proposal = _mail("Proposal", "Our proposal for {{ contact.company or contact.name }}", PROPOSAL, by)
    welcome = _mail("Welcome", "Welcome to {{ company.name }}", WELCOME, by)
    follow_up = TagSettings(tag_id=tags.named("in follow-up").id)
    won, lost = (pipeline.stage_of_kind(kind) for kind in (StageKind.WON, StageKind.LOST))
    _automation(pipeline, "First contact", Trigger(target=stages[1]), (
        (ActionKind.CREATE_TASK, _task("Call {{ contact.name }}", ActivityKind.CALL), *NOW),
        (ActionKind.SEND_MAIL, guide, *NOW),
        (ActionKind.APPLY_TAG, follow_up, *NOW),
        (ActionKind.SEND_MAIL, still, 7, DelayUnit.DAYS),
        (ActionKind.CREATE_TASK, _task("Call {{ contact.name }} again", ActivityKind.CALL), 4, DelayUnit.DAYS),
    ), by=by)  # fmt: skip
    _automation(pipeline, "Send the proposal", Trigger(stages[3], stages[4]), (
        (ActionKind.SEND_MAIL, proposal, *NOW),
        (ActionKind.REMOVE_TAG, follow_up, *NOW),
        (ActionKind.CREATE_TASK, _task("Follow up on the proposal", ActivityKind.TODO), 2, DelayUnit.DAYS),
    ), by=by)  # fmt: skip
    _automation(pipeline, "Welcome a new client", Trigger(target=won), (
        (ActionKind.SEND_MAIL, welcome, *NOW),
        (ActionKind.NOTIFY_OWNER, NotifyOwnerSettings(text="{{ opportunity.title }} is won. Well done!"), *NOW),
        (ActionKind.CREATE_TASK, _task("Onboard {{ contact.company or contact.name }}", ActivityKind.MEETING), *NOW),
    ), by=by)  # fmt: skip
    _automation(pipeline, "Ask again in half a year", Trigger(target=lost), (
        (ActionKind.CREATE_TASK, _task("Ask {{ contact.name }} again", ActivityKind.CALL), 182, DelayUnit.DAYS),
    ), by=by)  # fmt: skip


def set_off(pipeline: Pipeline, *, by: User) -> None:
    """Move three of this rep's deals on, so that the engine has something to do as soon as it starts."""
    new, contacting, _, qualified, closing, won, _ = pipeline.stages
    for source, target in ((closing, won), (qualified, closing), (new, contacting)):
        deal = _deal_of(by, source)
        if deal is not None:
            ticks = frozenset(item.id for item in source.checklist)
            moves.move(deal, target, by=by, via=Via.DRAG, answers=Answers(ticks=ticks))


def _deal_of(owner: User, stage: Stage) -> Opportunity | None:
    return db.session.scalar(
        select(Opportunity)
        .where(Opportunity.owner == owner, Opportunity.stage == stage, Opportunity.status == Status.OPEN)
        .order_by(Opportunity.rank)
    )


def _automation(pipeline: Pipeline, name: str, trigger: Trigger, deeds: tuple[Deed, ...], *, by: User) -> None:
    automation = automations.create(pipeline, name, trigger, by=by)
    for kind, settings, delay, unit in deeds:
        automations.add_action(automation, kind, settings, delay=delay, unit=unit, by=by)
    automations.switch_on(automation, by=by)


def _mail(name: str, subject: str, body: str, by: User) -> SendMailSettings:
    return SendMailSettings(template_id=mail_templates.create(name, subject=subject, body=body, by=by).id)


def _task(title: str, kind: ActivityKind) -> CreateTaskSettings:
    return CreateTaskSettings(title=title, activity=kind)
