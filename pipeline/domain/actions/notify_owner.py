"""Tell the opportunity's owner something, in the app and by mail."""

from datetime import datetime

from pydantic import Field

from pipeline.domain import merge_fields, notifications
from pipeline.domain.actions import base
from pipeline.domain.actions.base import ActionType, Ending
from pipeline.models.automation import ActionKind, Step
from pipeline.models.opportunity import Opportunity


class NotifyOwnerSettings(base.ActionSettings):
    text: str = Field(min_length=1, max_length=200)


class NotifyOwner(ActionType):
    kind = ActionKind.NOTIFY_OWNER
    name = "Notify the owner"
    hint = "A line under the owner's bell, and a mail to the owner."
    Settings = NotifyOwnerSettings
    leaves_the_house = True

    def check(self, settings: NotifyOwnerSettings) -> None:
        merge_fields.refuse_unknown(settings.text)

    def describe(self, settings: NotifyOwnerSettings) -> str:
        return f"tell the owner “{merge_fields.spoken(settings.text)}”"

    def promise(self, settings: NotifyOwnerSettings, opportunity: Opportunity) -> str:
        return f"tell the owner “{merge_fields.said_of(opportunity, settings.text)}”"

    def foresee(self, settings: NotifyOwnerSettings, opportunity: Opportunity, due_at: datetime) -> str:
        if opportunity.owner is None:
            return "Tells nobody: it has no owner"
        text = merge_fields.said_of(opportunity, settings.text)
        return f"Tells {opportunity.owner.name} “{text}”"

    def perform(self, step: Step, settings: NotifyOwnerSettings) -> Ending:
        opportunity = step.run.opportunity
        owner = opportunity.owner
        if owner is None:
            return base.suppressed("nobody owns the opportunity")
        if not owner.is_active:
            return base.suppressed(f"{owner.name} cannot sign in any more")
        text = merge_fields.said_of(opportunity, settings.text)
        notifications.tell(owner, text, purpose=f"step:{step.id}", opportunity=opportunity, by_mail=True)
        return base.done(f"{owner.name} was told: {text}")
