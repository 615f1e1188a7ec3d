"""Put a tag on the opportunity."""

from datetime import datetime

from pipeline.domain import tags
from pipeline.domain.actions import base
from pipeline.domain.actions.base import ActionType, Ending, Reversal
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.automation import ActionKind, Step
from pipeline.models.contact import Tag
from pipeline.models.opportunity import Opportunity


class TagSettings(base.ActionSettings):
    tag_id: int


def tag_name(settings: TagSettings) -> str:
    tag = db.session.get(Tag, settings.tag_id)
    return tag.name if tag else ""


class ApplyTag(ActionType):
    kind = ActionKind.APPLY_TAG
    name = "Apply a tag"
    hint = "The opportunity wears the tag from then on."
    Settings = TagSettings

    def describe(self, settings: TagSettings) -> str:
        return f"apply the tag “{tag_name(settings)}”"

    def foresee(self, settings: TagSettings, opportunity: Opportunity, due_at: datetime) -> str:
        worn = any(tag.id == settings.tag_id for tag in opportunity.tags)
        return f"Applies the tag “{tag_name(settings)}”{', which it wears already' if worn else ''}"

    def perform(self, step: Step, settings: TagSettings) -> Ending:
        tag = db.session.get_one(Tag, settings.tag_id)
        opportunity = step.run.opportunity
        if tag in opportunity.tags:
            return base.done(f"it wore the tag “{tag.name}” already")
        tags.apply(tag, opportunity, by=None, via=Via.AUTOMATION, because=step.run.event)
        return base.done(f"tag “{tag.name}” applied", made_id=tag.id)

    def reverse(self, step: Step, settings: TagSettings) -> Reversal:
        tag, opportunity = db.session.get(Tag, step.made_id or 0), step.run.opportunity
        if tag is None or tag not in opportunity.tags:
            return base.NOTHING
        tags.remove(tag, opportunity, by=None, via=Via.UNDO, because=step.run.event)
        return Reversal(taken_back=f"the tag “{tag.name}” was removed again")
