"""The facts of an opportunity in groups, each a small form of its own: shown, changed in place, shown again."""

from typing import Any, ClassVar

from sqlalchemy import select
from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import NumberRange, Optional

from pipeline.blueprints.opportunities.contact_fact import ContactForm
from pipeline.blueprints.opportunities.fact_form import FactForm
from pipeline.domain import owning, planning, vocabulary, waking
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.opportunity import LeadSource, Opportunity
from pipeline.models.pipeline import Reason
from pipeline.models.product import Product
from pipeline.models.user import User
from pipeline.queries import staff
from pipeline.queries.changed_fields import Clash
from pipeline.web.fields import CheckboxesField, DayField, MoneyField, choice, no_longer_than, obeying

NONE = 0


class TitleForm(FactForm):
    heading = "Title"
    fields = ("title",)
    title = StringField("Title", [no_longer_than(200)])


class ValueForm(FactForm):
    heading = "Value"
    fields = ("typed_value", "low", "high")
    helps: ClassVar[dict[str, str]] = {
        "high": "When there is one, it is the value that counts. Products on the deal count before both."
    }
    typed_value = MoneyField("Value")
    low = MoneyField("Low projection")
    high = MoneyField("High projection")

    @classmethod
    def about(cls, opportunity: Opportunity) -> "FactForm":
        kind = cls if opportunity.lines_total is None else FollowingValueForm
        return super(ValueForm, kind).about(opportunity)

    def values(self) -> dict[str, Any]:
        return super().values() | {"typed_value": self.typed_value.data or 0}


class FollowingValueForm(ValueForm):
    """Products say the value: it is there to be read. A value that is typed all the same is refused by the verb."""

    helps: ClassVar[dict[str, str]] = {"typed_value": "It follows the products on the deal; change those instead."}

    def __init__(self, *args: Any, obj: Opportunity, **kwargs: Any) -> None:
        super().__init__(*args, obj=obj, **kwargs)
        self.shown = obj.value
        self.typed_value.render_kw = {"readonly": True}
        if not self.is_submitted():
            self._show()

    def values(self) -> dict[str, Any]:
        values = super().values()
        if values["typed_value"] == self.shown:
            del values["typed_value"]
        return values

    def refused(self, broken: RuleBroken, opportunity: Opportunity) -> tuple[Clash | None, int]:
        refused = super().refused(broken, opportunity)
        self._show()
        return refused

    def _show(self) -> None:
        self.typed_value.written, self.typed_value.data = None, self.shown


class ForecastForm(FactForm):
    heading = "Forecast"
    fields = ("expected_close", "probability_override", "is_committed")
    helps: ClassVar[dict[str, str]] = {"probability_override": "Empty: the probability of its stage."}
    expected_close = DayField("Expected close", [Optional()])
    probability_override = IntegerField(
        "Probability in percent", [Optional(), NumberRange(0, 100, "Give a percentage from 0 to 100.")]
    )
    is_committed = BooleanField("Committed: count it in the forecast")


def _day_for_hour(form: "NextActionForm") -> None:
    planning.refuse_hour_without_day(form.next_action_on.data, form.next_action_at.data)


class NextActionForm(FactForm):
    heading = "Next action"
    fields = ("next_action", "next_action_on", "next_action_at")
    next_action = StringField("What is next", [no_longer_than(200)])
    next_action_on = DayField("Day", [obeying(_day_for_hour), Optional()])
    next_action_at = TimeField("Time", [Optional()])

    def values(self) -> dict[str, Any]:
        values = super().values()
        values["next_action"] = (values["next_action"] or "").strip() or None
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


class EndingForm(FactForm):
    heading = "How it ended"
    fields = ("reason", "reason_note")
    reason_id = SelectField("Reason", coerce=int)
    reason_note = TextAreaField("Note to the reason", [no_longer_than(2000)])

    @classmethod
    def about(cls, opportunity: Opportunity) -> "FactForm":
        """With the reasons for the way it ended, and the one it has, though that may be archived by now."""
        form = cls(obj=opportunity)
        offered = opportunity.pipeline.reasons(opportunity.outcome) if opportunity.outcome else []
        if opportunity.reason and opportunity.reason not in offered:
            offered = [*offered, opportunity.reason]
        form.reason_id.choices = [choice(NONE, "None"), *(choice(reason.id, reason.text) for reason in offered)]
        return form

    def values(self) -> dict[str, Any]:
        chosen = db.session.get(Reason, self.reason_id.data) if self.reason_id.data else None
        return {"reason": chosen, "reason_note": (self.reason_note.data or "").strip()}


class WakeForm(FactForm):
    heading = "Wake-up day"
    fields = ("wake_on",)
    helps: ClassVar[dict[str, str]] = {"wake_on": "It rests until then; on that day its owner is told."}
    wake_on = DayField("Wake up on", [Optional()])

    def apply(self, opportunity: Opportunity, *, by: User) -> None:
        waking.wake_on(opportunity, self.wake_on.data, by=by, seen_version=self.version.data)


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
    "ending": EndingForm,
    "wake": WakeForm,
    "contact": ContactForm,
}
