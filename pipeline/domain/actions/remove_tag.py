"""Take a tag off the opportunity."""

from datetime import datetime

from pipeline.domain import tags
from pipeline.domain.actions import base
from pipeline.domain.actions.apply_tag import TagSettings, tag_name
from pipeline.domain.actions.base import ActionType, Ending, Reversal
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.automation import ActionKind, Step
from pipeline.models.contact import Tag
from pipeline.models.opportunity import Opportunity


class RemoveTag(ActionType):
    kind = ActionKind.REMOVE_TAG
    name = "Remove a tag"
    hint = "If the opportunity wears the tag, it is taken off."
    Settings = TagSettings

    def describe(self, settings: TagSettings) -> str:
        return f"remove the tag “{tag_name(settings)}”"

    def foresee(self, settings: TagSettings, opportunity: Opportunity, due_at: datetime) -> str:
        worn = any(tag.id == settings.tag_id for tag in opportunity.tags)
        return f"Removes the tag “{tag_name(settings)}”{'' if worn else ', which it does not wear'}"

    def perform(self, step: Step, settings: TagSettings) -> Ending:
        tag = db.session.get_one(Tag, settings.tag_id)
        opportunity = step.run.opportunity
        if tag not in opportunity.tags:
            return base.done(f"it did not wear the tag “{tag.name}”")
        tags.remove(tag, opportunity, by=None, via=Via.AUTOMATION, because=step.run.event)
        return base.done(f"tag “{tag.name}” removed", made_id=tag.id)

    def reverse(self, step: Step, settings: TagSettings) -> Reversal:
        tag, opportunity = db.session.get(Tag, step.made_id or 0), step.run.opportunity
        if tag is None or tag in opportunity.tags:
            return base.NOTHING
        tags.apply(tag, opportunity, by=None, via=Via.UNDO, because=step.run.event)
        return Reversal(taken_back=f"the tag “{tag.name}” was put back")
