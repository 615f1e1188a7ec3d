"""Put a tag on the opportunity."""

from pipeline.domain import tags
from pipeline.domain.actions import base
from pipeline.domain.actions.base import ActionType, Ending
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.automation import ActionKind, Step
from pipeline.models.contact import Tag


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

    def perform(self, step: Step, settings: TagSettings) -> Ending:
        tag = db.session.get_one(Tag, settings.tag_id)
        opportunity = step.run.opportunity
        if tag in opportunity.tags:
            return base.done(f"it wore the tag “{tag.name}” already")
        tags.apply(tag, opportunity, by=None, via=Via.AUTOMATION, because=step.run.event)
        return base.done(f"tag “{tag.name}” applied")
