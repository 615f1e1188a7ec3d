"""What a person says of a new opportunity, and of its contact: one they know, picked by typing, or a new one."""

from typing import Any

from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import RadioField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from pipeline.domain import access, contacts, owning
from pipeline.domain.opportunities import Details
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.contact import Contact
from pipeline.models.opportunity import LeadSource
from pipeline.models.pipeline import Stage
from pipeline.models.user import User
from pipeline.queries import board, contact_choices, staff
from pipeline.web.fields import DayField, MoneyField

NEW = "new"
NONE = 0


class NewOpportunityForm(FlaskForm):  # type: ignore[misc]
    """`contact_id` is one of those that the typed name may mean, or `new`; empty as long as nobody has chosen."""

    person: User
    contact = StringField("Contact", [InputRequired("Who is it with? Type a name."), Length(max=contacts.LONGEST)])
    contact_id = RadioField("Which one", choices=[], validate_choice=False)
    company = StringField("Company", [Length(max=contacts.LONGEST)])
    email = StringField("Email", [Length(max=254)])
    phone = StringField("Phone", [Length(max=40)])
    title = StringField("Title", [Length(max=200)])
    stage_id = SelectField("Stage", coerce=int)
    value = MoneyField("Value")
    owner_id = SelectField("Owner", coerce=int)
    source_id = SelectField("Source", coerce=int)
    expected_close = DayField("Expected close", [Optional()])
    next_action = StringField("Next action", [Length(max=200)])
    next_action_on = DayField("On", [Optional()])

    @classmethod
    def offered(cls, person: User, **values: Any) -> "NewOpportunityForm":
        """With all there is to choose from, and whatever was sent."""
        form = cls(**values)
        form.person = person
        form.stage_id.choices = {
            pipeline.name: [(stage.id, stage.name) for stage in pipeline.stages if stage.outcome is None]
            for pipeline in board.pipelines()
        }
        form.owner_id.choices = [*_owned_by_nobody(person), *staff.who_may_own()]
        sources = db.session.execute(select(LeadSource.id, LeadSource.name).order_by(LeadSource.name))
        form.source_id.choices = [(NONE, "Not known"), *((id_, name) for id_, name in sources)]
        if stage := form.stage:
            form.value.currency = stage.pipeline.currency
        return form

    def validate_email(self, field: StringField) -> None:
        try:
            contacts.normalised_email(field.data)
        except RuleBroken as broken:
            raise ValidationError(broken.message) from broken

    def validate_owner_id(self, field: SelectField) -> None:
        try:
            owning.refuse_owner(self.owner(), by=self.person)
        except RuleBroken as broken:
            raise ValidationError(broken.message) from broken

    @property
    def stage(self) -> Stage | None:
        return db.session.get(Stage, self.stage_id.data) if self.stage_id.data else None

    def alike(self, person: User) -> "list[Contact]":
        """Whom the typed name may mean, when that is still to be chosen."""
        if self.contact_id.data:
            return []
        return list(contact_choices.exactly((self.contact.data or "").strip(), seen_by=person))

    def chosen_contact(self, *, by: User) -> Contact:
        """The contact meant; made when it is new, so this belongs inside the transaction."""
        if self.contact_id.data and self.contact_id.data != NEW:
            return contact_numbered(self.contact_id.data, by=by)
        known = self.alike(by)
        if len(known) == 1:
            return known[0]
        company = (self.company.data or "").strip()
        return contacts.create(
            self.contact.data or "",
            by=by,
            company=contacts.company_named(company, by=by) if company else None,
            email=self.email.data,
            phone=self.phone.data,
        )

    def details(self) -> Details:
        return Details(
            title=self.title.data or "",
            typed_value=self.value.data or 0,
            expected_close=self.expected_close.data,
            next_action=(self.next_action.data or "").strip() or None,
            next_action_on=self.next_action_on.data,
            source=db.session.get(LeadSource, self.source_id.data) if self.source_id.data else None,
        )

    def owner(self) -> User | None:
        return db.session.get(User, self.owner_id.data) if self.owner_id.data else None


def _owned_by_nobody(person: User) -> list[tuple[int, str]]:
    """Nobody is an owner for who sees all; who is no rep chooses one, so that none is chosen for them unseen."""
    if access.sees_all(person):
        return [(NONE, "Nobody")]
    return [] if person.is_rep else [(NONE, "Choose…")]


def contact_numbered(word: str, *, by: User) -> Contact:
    """The contact that was chosen among those offered."""
    if not (word.isascii() and word.isdecimal()) or len(word) > 9:  # noqa: PLR2004 — what an id has at most
        raise RuleBroken("Choose one of the contacts, or a new one.")
    return access.contact(int(word), to=by)
