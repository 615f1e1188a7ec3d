"""The forms of users: who they are, what they may do."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from pipeline.domain.people import RIGHTS
from pipeline.models.user import Group
from pipeline.queries import settings_people
from pipeline.web import places
from pipeline.web.fields import CheckboxesField


class UserForm(FlaskForm):  # type: ignore[misc]
    name = StringField("Name", [InputRequired("A name is needed."), Length(max=120)])
    email = EmailField("Email", [InputRequired("They sign in with it."), Length(max=254)])
    time_zone = SelectField("Time zone", choices=places.time_zones, default="UTC")
    locale = SelectField("Numbers and dates as in", choices=places.locales, default="en")
    groups = CheckboxesField("Groups", coerce=int)
    may_view_all = BooleanField("See all records")
    may_edit_all = BooleanField("Change all records")
    may_add = BooleanField("Add records", default=True)
    may_search = BooleanField("Search", default=True)
    may_delete = BooleanField("Delete records")
    may_edit_closed = BooleanField("Change closed deals", default=True)

    def offer_groups(self) -> "UserForm":
        self.groups.choices = [(group.id, group.name) for group in settings_people.groups()]
        return self

    @property
    def chosen_groups(self) -> list[Group]:
        return [group for group in settings_people.groups() if group.id in (self.groups.data or [])]

    @property
    def rights(self) -> dict[str, Any]:
        return {right: bool(self[right].data) for right in RIGHTS}
