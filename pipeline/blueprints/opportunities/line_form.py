"""The form of a line on a deal: what is sold, how many, for how much."""

from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import HiddenInput

from pipeline.domain.lines import MOST_PIECES
from pipeline.models.line import OpportunityLine
from pipeline.models.opportunity import Opportunity
from pipeline.models.product import Bundle, Product
from pipeline.queries import product_list
from pipeline.web.fields import MoneyField, PercentField, choice
from pipeline.web.formats import money

PRODUCT, BUNDLE = "product", "bundle"


class TermsForm(FlaskForm):  # type: ignore[misc]
    """For how much something is sold."""

    quantity = IntegerField(
        "Quantity",
        [InputRequired("Say how many."), NumberRange(1, MOST_PIECES, f"Say how many: 1 to {MOST_PIECES}.")],
        default=1,
    )
    price_override = MoneyField("Price a piece")
    discount = PercentField("Discount, %")


class LineForm(TermsForm):
    """`version` is the deal's that the person saw."""

    version = IntegerField(widget=HiddenInput())

    @classmethod
    def of(cls, line: OpportunityLine) -> "LineForm":
        """As the line is, or as it was just sent."""
        form = cls(obj=line, version=line.opportunity.version)
        form.price_override.currency = line.opportunity.currency
        return form


class NewLineForm(TermsForm):
    """A product or a whole bundle, named by its kind and number. A bundle brings its own quantities and prices."""

    what = SelectField("Product or bundle", [InputRequired("Choose a product.")])

    @classmethod
    def offering(cls, opportunity: Opportunity) -> "NewLineForm":
        form = cls()
        form.price_override.currency = opportunity.currency
        products = [choice(f"{PRODUCT}-{each.id}", _priced(each)) for each in product_list.sold()]
        bundles = [choice(f"{BUNDLE}-{each.id}", each.name) for each in product_list.bundles_on_offer()]
        offered = {"Products": products, "Bundles": bundles}
        form.what.choices = {name: some for name, some in offered.items() if some}
        return form

    def chosen(self) -> Product | Bundle:
        kind, _, number = self.what.data.partition("-")
        return product_list.product(int(number)) if kind == PRODUCT else product_list.bundle(int(number))


def _priced(product: Product) -> str:
    """How a product reads among others: with what it costs, where that is set."""
    if product.price is None or product.currency is None:
        return product.name
    months = product.interval_months
    rhythm = "" if months is None else " a month" if months == 1 else f" every {months} months"
    return f"{product.name} · {money(product.price, product.currency)}{rhythm}"
