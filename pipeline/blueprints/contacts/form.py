"""What can be said of a contact."""

from typing import Any
from zoneinfo import available_timezones

from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from pipeline.domain import changes, contacts
from pipeline.domain.facts import Change
from pipeline.domain.rules import RuleBroken
from pipeline.models.contact import Contact
from pipeline.models.user import User
from pipeline.web.fields import choice

ZONES = ["", *sorted(available_timezones())]


class ContactForm(FlaskForm):  # type: ignore[misc]
    """A person, a company, or a person at a company, which is named and made when there is none of that name."""

    kind = RadioField(
        "This is", choices=[choice("person", "A person"), choice("company", "A company")], default="person"
    )
    name = StringField("Name", [InputRequired("A contact needs a name."), Length(max=contacts.LONGEST)])
    company = StringField("Company", [Length(max=contacts.LONGEST)])
    email = StringField("Email", [Length(max=254)])
    phone = StringField("Phone", [Length(max=40)])
    time_zone = SelectField("Time zone", choices=[choice(zone, zone or "Not known") for zone in ZONES], default="")
    anyway = BooleanField("Create it anyway")
    version = IntegerField(widget=HiddenInput())

    @classmethod
    def about(cls, contact: Contact) -> "ContactForm":
        return cls(
            kind="company" if contact.is_company else "person",
            name=contact.name,
            company=contact.company.name if contact.company else "",
            email=contact.email,
            phone=contact.phone,
            time_zone=contact.time_zone or "",
            version=contact.version,
        )

    def validate_email(self, field: StringField) -> None:
        try:
            contacts.normalised_email(field.data)
        except RuleBroken as broken:
            raise ValidationError(broken.message) from broken

    @property
    def is_company(self) -> bool:
        return bool(self.kind.data == "company")

    def differences(self, contact: Contact) -> list[Change]:
        """What is so now, beside what the form would make of it."""
        said = {"name": self.name.data, "is_company": self.is_company, "email": self.email.data or None}
        said |= {"phone": self.phone.data or None, "time_zone": self.time_zone.data or None}
        works_at, before = (self.company.data or "").strip(), contact.company.name if contact.company else ""
        moved = [Change("company", before, works_at)] if before != works_at and not self.is_company else []
        return [*changes.between(contact, said), *moved]

    def values(self, *, by: User) -> dict[str, Any]:
        """What the verbs take; a company that is new is made, so this belongs inside the transaction."""
        employer = "" if self.is_company else (self.company.data or "").strip()
        return {
            "is_company": self.is_company,
            "company": contacts.company_named(employer, by=by) if employer else None,
            "email": self.email.data,
            "phone": self.phone.data,
            "time_zone": self.time_zone.data or None,
        }
