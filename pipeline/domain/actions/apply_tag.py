"""Put a tag on the opportunity."""

from typing import Any

from wtforms import Form, StringField
from wtforms.validators import DataRequired, Length

from pipeline.domain import tags
from pipeline.domain.actions import base
from pipeline.domain.actions.base import ActionType, Ending
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.automation import ActionKind, Step
from pipeline.models.contact import Tag


class TagSettings(base.ActionSettings):
    tag_id: int


class TagFields(Form):
    tag = StringField(
        "Tag",
        [DataRequired("Name the tag."), Length(max=tags.LONGEST)],
        description="One that exists, or a new one.",
        render_kw={"list": "tags", "autocomplete": "off"},
    )


def read_tag(values: Any) -> TagSettings:
    return TagSettings(tag_id=tags.named(values["tag"]).id)


def show_tag(settings: TagSettings) -> dict[str, Any]:
    tag = db.session.get(Tag, settings.tag_id)
    return {"tag": tag.name if tag else ""}


class ApplyTag(ActionType):
    kind = ActionKind.APPLY_TAG
    name = "Apply a tag"
    hint = "The opportunity wears the tag from then on."
    Settings = TagSettings
    Fields = TagFields

    def read(self, values: Any) -> base.ActionSettings:
        return read_tag(values)

    def show(self, settings: TagSettings) -> dict[str, Any]:
        return show_tag(settings)

    def describe(self, settings: TagSettings) -> str:
        return f"apply the tag “{show_tag(settings)['tag']}”"

    def perform(self, step: Step, settings: TagSettings) -> Ending:
        tag = db.session.get_one(Tag, settings.tag_id)
        opportunity = step.run.opportunity
        if tag in opportunity.tags:
            return base.done(f"it wore the tag “{tag.name}” already")
        tags.apply(tag, opportunity, by=None, via=Via.AUTOMATION, because=step.run.event)
        return base.done(f"tag “{tag.name}” applied")
