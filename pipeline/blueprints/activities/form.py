"""The form of a task, wherever it stands: on the record, under a task just done, in the place of the task itself."""

from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField, TimeField
from wtforms.validators import Optional

from pipeline.domain import activities, planning
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.activity import ActivityKind, Priority
from pipeline.models.user import User
from pipeline.web.fields import DayField, choice, obeying

KIND_NAMES = {
    ActivityKind.TODO: "To-do",
    ActivityKind.CALL: "Call",
    ActivityKind.MEETING: "Meeting",
    ActivityKind.MAIL: "Mail",
}


def _title(form: "ActivityForm") -> None:
    activities.titled(form.title.data or "")


def _day_for_hour(form: "ActivityForm") -> None:
    planning.refuse_hour_without_day(form.day, form.due_at.data)


class ActivityForm(FlaskForm):  # type: ignore[misc]
    title = StringField("Task", [obeying(_title)])
    kind = SelectField("Kind", choices=[choice(kind.value, name) for kind, name in KIND_NAMES.items()], default="todo")
    due_on = DayField("Due", [obeying(_day_for_hour), Optional()])
    due_at = TimeField("Time", [Optional()])
    assignee_id = IntegerField("For", [Optional()])
    version = IntegerField("Version", [Optional()])
    when = DayField("When", [Optional()])
    priority = SelectField(
        "Priority", choices=[choice(level.value, level.value) for level in Priority], default=Priority.NORMAL.value
    )

    @property
    def day(self) -> date | None:
        """The day typed, else the one picked among those offered."""
        picked: date | None = self.due_on.data or self.when.data
        return picked

    @property
    def said(self) -> dict[str, Any]:
        """What was typed, named as a task has it, to be shown again."""
        return {name: self[name].data for name in ("title", "kind", "due_on", "due_at", "priority", "assignee_id")}

    def values(self) -> dict[str, Any]:
        """The fields as the verbs take them; whom it is for only where that was asked."""
        assignee = db.session.get(User, self.assignee_id.data) if self.assignee_id.data else None
        if self.assignee_id.data and assignee is None:
            raise RuleBroken("There is no such person to do it.")
        return ({"assignee": assignee} if assignee else {}) | {
            "title": self.title.data or "",
            "kind": ActivityKind(self.kind.data),
            "due_on": self.day,
            "due_at": self.due_at.data,
            "priority": Priority(self.priority.data),
        }
