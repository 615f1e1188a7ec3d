"""What each kind of action asks of the admin who sets it up: one form a kind, from which its settings are read."""

from typing import Any

from wtforms import Form, IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from pipeline.domain import tags
from pipeline.domain.actions import apply_tag, create_task, of_kind
from pipeline.models.automation import ActionKind
from pipeline.queries import settings_automations as setup
from pipeline.queries import staff
from pipeline.web.fields import choice

NOBODY = 0


class ActionForm(Form):
    """The form of one kind. Most hold the settings as they are."""

    def told(self) -> dict[str, Any]:
        """The values of the settings that were asked for. May write, such as a tag that is new."""
        return dict(self.data)

    @classmethod
    def holding(cls, settings: Any) -> dict[str, Any]:
        """What the form is to hold for these settings."""
        return dict(settings.model_dump())

    def offer(self) -> None:
        """Fill in what its lists have to choose from."""


class CreateTaskForm(ActionForm):
    title = StringField(
        "Title",
        [DataRequired("Say what is to be done."), Length(max=200)],
        description="May use merge fields, such as {{ contact.first_name }}.",
    )
    activity = SelectField(
        "Kind", choices=[choice(kind.value, word.capitalize()) for kind, word in create_task.WORDS.items()]
    )
    due_in_days = IntegerField(
        "Due after (days)",
        [Optional(), NumberRange(0, 3650)],
        default=0,
        description="0 is the same day; empty is no due date.",
    )
    assignee_id = SelectField("For", coerce=int, default=NOBODY)

    def told(self) -> dict[str, Any]:
        return {**self.data, "assignee_id": self.assignee_id.data or None}

    @classmethod
    def holding(cls, settings: create_task.CreateTaskSettings) -> dict[str, Any]:
        return {**settings.model_dump(), "assignee_id": settings.assignee_id or NOBODY}

    def offer(self) -> None:
        people = (choice(*person) for person in staff.who_can_sign_in())
        self.assignee_id.choices = [choice(NOBODY, "The opportunity's owner"), *people]


class SendMailForm(ActionForm):
    template_id = SelectField(
        "Template",
        [InputRequired("Choose a template.")],
        coerce=int,
        description="It goes to the contact, and answers come to the owner.",
    )

    def offer(self) -> None:
        self.template_id.choices = [choice(*template) for template in setup.mail_templates()]


class TagForm(ActionForm):
    tag = StringField(
        "Tag",
        [DataRequired("Name the tag."), Length(max=tags.LONGEST)],
        description="One that exists, or a new one.",
        render_kw={"list": "tags", "autocomplete": "off"},
    )

    def told(self) -> dict[str, Any]:
        return {"tag_id": tags.named(self.tag.data or "").id}

    @classmethod
    def holding(cls, settings: apply_tag.TagSettings) -> dict[str, Any]:
        return {"tag": apply_tag.tag_name(settings)}


class NotifyOwnerForm(ActionForm):
    text = StringField(
        "Message",
        [DataRequired("Say what the owner is to know."), Length(max=200)],
        description="May use merge fields, such as {{ opportunity.title }}.",
    )


FORMS: dict[ActionKind, type[ActionForm]] = {
    ActionKind.CREATE_TASK: CreateTaskForm,
    ActionKind.SEND_MAIL: SendMailForm,
    ActionKind.APPLY_TAG: TagForm,
    ActionKind.REMOVE_TAG: TagForm,
    ActionKind.NOTIFY_OWNER: NotifyOwnerForm,
}


def asking(kind: ActionKind, sent: Any, known: dict[str, Any] | None = None) -> ActionForm:
    """The form of that kind as it was sent, or else holding the settings that are known."""
    form_type = FORMS[kind]
    held = form_type.holding(of_kind(kind).Settings.model_validate(known)) if known is not None else None
    form = form_type(sent or None, data=held)
    form.offer()
    return form
