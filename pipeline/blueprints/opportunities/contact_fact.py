"""Whom an opportunity is with: somebody known, picked by typing, or somebody new."""

from collections.abc import Sequence
from typing import Any

from wtforms import RadioField, StringField
from wtforms.validators import InputRequired

from pipeline.blueprints.opportunities.fact_form import FactForm
from pipeline.blueprints.opportunities.new_form import NEW, contact_numbered
from pipeline.domain import changes, contacts
from pipeline.domain.facts import Change
from pipeline.domain.rules import RuleBroken
from pipeline.models.contact import Contact
from pipeline.models.opportunity import Opportunity
from pipeline.queries import contact_choices
from pipeline.web.auth import me
from pipeline.web.fields import no_longer_than


class ContactForm(FactForm):
    """`contact_id` is one of those that the typed name may mean, or `new`; empty as long as nobody has chosen."""

    heading = "Contact"
    fields = ("contact",)
    contact_name = StringField("Contact", [InputRequired("Who is it with? Type a name."), no_longer_than(120)])
    contact_id = RadioField("Which one", choices=[], validate_choice=False)

    @classmethod
    def about(cls, opportunity: Opportunity) -> "FactForm":
        return cls(version=opportunity.version, contact_name=opportunity.contact.name)

    @property
    def typed(self) -> str:
        return (self.contact_name.data or "").strip()

    @property
    def choices(self) -> Sequence[Contact]:
        """Whom the typed name may mean."""
        return contact_choices.exactly(self.typed, seen_by=me()) if self.typed else []

    def values(self) -> dict[str, Any]:
        known = self._known()
        return {"contact": known or contacts.create(self.typed, by=me())}

    def differences(self, opportunity: Opportunity) -> list[Change]:
        """Somebody new is not made for being spoken of."""
        known = self._known()
        if known is not None:
            return changes.between(opportunity, {"contact": known})
        return [Change(field="contact", before=opportunity.contact.name, after=self.typed)]

    def _known(self) -> Contact | None:
        if self.contact_id.data == NEW:
            return None
        if self.contact_id.data:
            return contact_numbered(self.contact_id.data, by=me())
        alike = self.choices
        if len(alike) > 1:
            raise RuleBroken("You know several of that name. Choose one, or a new one.")
        return alike[0] if alike else None
