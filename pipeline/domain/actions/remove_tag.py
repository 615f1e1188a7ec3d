"""Take a tag off the opportunity."""

from pipeline.domain import tags
from pipeline.domain.actions import base
from pipeline.domain.actions.apply_tag import TagSettings, tag_name
from pipeline.domain.actions.base import ActionType, Ending
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.automation import ActionKind, Step
from pipeline.models.contact import Tag


class RemoveTag(ActionType):
    kind = ActionKind.REMOVE_TAG
    name = "Remove a tag"
    hint = "If the opportunity wears the tag, it is taken off."
    Settings = TagSettings

    def describe(self, settings: TagSettings) -> str:
        return f"remove the tag “{tag_name(settings)}”"

    def perform(self, step: Step, settings: TagSettings) -> Ending:
        tag = db.session.get_one(Tag, settings.tag_id)
        opportunity = step.run.opportunity
        if tag not in opportunity.tags:
            return base.done(f"it did not wear the tag “{tag.name}”")
        tags.remove(tag, opportunity, by=None, via=Via.AUTOMATION, because=step.run.event)
        return base.done(f"tag “{tag.name}” removed")
