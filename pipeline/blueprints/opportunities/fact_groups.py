"""The facts of an opportunity in groups, each a small form of its own: shown, changed in place, shown again."""

from typing import Any, ClassVar

from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import HiddenInput

from pipeline.domain import changes, opportunities, owning, vocabulary
from pipeline.domain.facts import Change
from pipeline.extensions import db
from pipeline.models.opportunity import LeadSource, Opportunity, Product
from pipeline.models.user import User
from pipeline.queries import staff
from pipeline.web.fields import CheckboxesField, MoneyField, choice, no_longer_than

NONE = 0


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


class TitleForm(FactForm):
    heading = "Title"
    fields = ("title",)
    title = StringField("Title", [no_longer_than(200)])


class ValueForm(FactForm):
    heading = "Value"
    fields = ("typed_value", "low", "high")
    helps: ClassVar[dict[str, str]] = {"high": "When there is one, it is the value that counts."}
    typed_value = MoneyField("Value")
    low = MoneyField("Low projection")
    high = MoneyField("High projection")

    def values(self) -> dict[str, Any]:
        return super().values() | {"typed_value": self.typed_value.data or 0}


class ForecastForm(FactForm):
    heading = "Forecast"
    fields = ("expected_close", "probability_override", "is_committed")
    helps: ClassVar[dict[str, str]] = {"probability_override": "Empty: the probability of its stage."}
    expected_close = DateField("Expected close", [Optional()])
    probability_override = IntegerField(
        "Probability in percent", [Optional(), NumberRange(0, 100, "Give a percentage from 0 to 100.")]
    )
    is_committed = BooleanField("Committed: count it in the forecast")


class NextActionForm(FactForm):
    heading = "Next action"
    fields = ("next_action", "next_action_on", "next_action_at")
    next_action = StringField("What is next", [no_longer_than(200)])
    next_action_on = DateField("Day", [Optional()])
    next_action_at = TimeField("Time", [Optional()])

    def values(self) -> dict[str, Any]:
        values = super().values()
        values["next_action"] = (values["next_action"] or "").strip() or None
        if values["next_action_on"] is None:
            values["next_action_at"] = None
        return values


class SourceForm(FactForm):
    heading = "Source"
    fields = ("source",)
    source_id = SelectField("Where it came from", coerce=int)
    new_source = StringField("Or a new source", [no_longer_than(60)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = db.session.execute(select(LeadSource.id, LeadSource.name).order_by(LeadSource.name))
        self.source_id.choices = [choice(NONE, "Not known"), *(choice(id_, name) for id_, name in known)]

    def values(self) -> dict[str, Any]:
        if added := (self.new_source.data or "").strip():
            return {"source": vocabulary.source(added)}
        return {"source": db.session.get(LeadSource, self.source_id.data) if self.source_id.data else None}


class ProductsForm(FactForm):
    heading = "Products of interest"
    fields = ("products",)
    product_ids = CheckboxesField("Products", coerce=int)
    new_product = StringField("Another product", [no_longer_than(120)])

    @classmethod
    def about(cls, opportunity: Opportunity) -> "FactForm":
        return cls(obj=opportunity, product_ids=[product.id for product in opportunity.products])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = db.session.execute(select(Product.id, Product.name).order_by(Product.name))
        self.product_ids.choices = [choice(id_, name) for id_, name in known]

    def values(self) -> dict[str, Any]:
        chosen = list(
            db.session.scalars(
                select(Product).where(Product.id.in_(self.product_ids.data or [])).order_by(Product.name)
            )
        )
        if name := (self.new_product.data or "").strip():
            added = vocabulary.product(name)
            chosen = [*chosen, *([] if added in chosen else [added])]
        return {"products": chosen}


class ReasonNoteForm(FactForm):
    heading = "How it ended"
    fields = ("reason_note",)
    reason_note = TextAreaField("Note to the reason", [no_longer_than(2000)])

    def values(self) -> dict[str, Any]:
        return {"reason_note": (self.reason_note.data or "").strip()}


class OwnerForm(FactForm):
    heading = "Owner"
    fields = ("owner",)
    helps: ClassVar[dict[str, str]] = {"owner_id": "Only sales reps own opportunities; an admin sets the groups."}
    owner_id = SelectField("Owner", coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner_id.choices = [choice(NONE, "Nobody"), *(choice(*rep) for rep in staff.who_may_own())]

    def values(self) -> dict[str, Any]:
        return {"owner": db.session.get(User, self.owner_id.data) if self.owner_id.data else None}

    def apply(self, opportunity: Opportunity, *, by: User) -> None:
        owning.assign(opportunity, self.values()["owner"], by=by, seen_version=self.version.data)


GROUPS: dict[str, type[FactForm]] = {
    "title": TitleForm,
    "owner": OwnerForm,
    "value": ValueForm,
    "forecast": ForecastForm,
    "next_action": NextActionForm,
    "source": SourceForm,
    "products": ProductsForm,
    "reason_note": ReasonNoteForm,
}
