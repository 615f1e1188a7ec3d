"""The form of a task, wherever it stands: on the record, under a task just done, in the place of the task itself."""

from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectField, StringField, TimeField
from wtforms.validators import Optional

from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.activity import ActivityKind, Priority
from pipeline.models.user import User
from pipeline.web.fields import choice

KIND_NAMES = {
    ActivityKind.TODO: "To-do",
    ActivityKind.CALL: "Call",
    ActivityKind.MEETING: "Meeting",
    ActivityKind.MAIL: "Mail",
}


class ActivityForm(FlaskForm):  # type: ignore[misc]
    title = StringField("Task")
    kind = SelectField("Kind", choices=[choice(kind.value, name) for kind, name in KIND_NAMES.items()], default="todo")
    due_on = DateField("Due", [Optional()])
    due_at = TimeField("Time", [Optional()])
    assignee_id = IntegerField("For", [Optional()])
    version = IntegerField("Version", [Optional()])
    when = DateField("When", [Optional()])
    priority = SelectField(
        "Priority", choices=[choice(level.value, level.value) for level in Priority], default=Priority.NORMAL.value
    )

    @classmethod
    def sent(cls) -> "ActivityForm":
        """What was sent, if it has the shape of a task; else refused in words."""
        form = cls()
        if not form.validate():
            raise RuleBroken(" ".join(error for field in form for error in field.errors))
        return form

    @property
    def day(self) -> date | None:
        """The day typed, else the one picked among those offered."""
        picked: date | None = self.due_on.data or self.when.data
        return picked

    def values(self) -> dict[str, Any]:
        """The fields as the verbs take them; whom it is for only where that was asked."""
        assignee = db.session.get(User, self.assignee_id.data) if self.assignee_id.data else None
        if self.assignee_id.data and assignee is None:
            raise RuleBroken("There is no such person to do it.")
        return ({"assignee": assignee} if assignee else {}) | {
            "title": self.title.data or "",
            "kind": ActivityKind(self.kind.data),
            "due_on": self.day,
            "due_at": self.due_at.data if self.day else None,
            "priority": Priority(self.priority.data),
        }
