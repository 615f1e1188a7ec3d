"""A group of facts as a small form of its own: what it shows, what it would change, and the change itself."""

from typing import Any, ClassVar

from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.widgets import HiddenInput

from pipeline.domain import changes, opportunities
from pipeline.domain.facts import Change
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User
from pipeline.web.fields import MoneyField


class FactForm(FlaskForm):  # type: ignore[misc]
    """`fields` are the facts of the group, named as on the opportunity; `version` is the one the person saw."""

    heading = ""
    fields: tuple[str, ...] = ()
    helps: ClassVar[dict[str, str]] = {}
    version = IntegerField(widget=HiddenInput())

    @classmethod
    def about(cls, opportunity: Opportunity) -> "FactForm":
        """Filled with what was sent, else with what is so. Knows its choices and its currency."""
        form = cls(obj=opportunity)
        for field in form:
            if isinstance(field, MoneyField):
                field.currency = opportunity.currency
        return form

    def values(self) -> dict[str, Any]:
        return {name: self[name].data for name in self.fields}

    def differences(self, opportunity: Opportunity) -> list[Change]:
        """What is so now, beside what the form would make of it."""
        return changes.between(opportunity, self.values())

    def apply(self, opportunity: Opportunity, *, by: User) -> None:
        opportunities.change(opportunity, by=by, seen_version=self.version.data, **self.values())
