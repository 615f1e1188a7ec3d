"""A group of facts as a small form of its own: what it shows, what it would change, and the change itself."""

from typing import Any, ClassVar

from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.widgets import HiddenInput

from pipeline.domain import changes, opportunities
from pipeline.domain.facts import Change
from pipeline.domain.rules import Conflict, RuleBroken
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User
from pipeline.queries.changed_fields import Clash, read_back
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

    def refused(self, broken: RuleBroken, opportunity: Opportunity) -> tuple[Clash | None, int]:
        """Take on what is wrong; after a conflict, both values and the version of now. Says with which status."""
        self.validate()
        if not isinstance(broken, Conflict):
            self.form_errors = [broken.message]
            return None, 422
        clash = Clash(broken.message, broken.at, read_back(self.differences(opportunity)))
        self.version.raw_data, self.version.data = None, opportunity.version
        return clash, 409

    def apply(self, opportunity: Opportunity, *, by: User) -> None:
        opportunities.change(opportunity, by=by, seen_version=self.version.data, **self.values())
