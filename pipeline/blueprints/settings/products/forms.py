"""The forms of a product and of a bundle's lines. They check shape; the rules are the domain's."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from pipeline.domain import installation, products
from pipeline.domain.lines import MOST_PIECES
from pipeline.domain.products import Terms
from pipeline.models.product import Charge, Product
from pipeline.web.fields import MoneyField, PercentField, choice

CHARGES = {Charge.ONCE: "Once", Charge.SUBSCRIPTION: "Again and again, as a subscription"}


class ProductForm(FlaskForm):  # type: ignore[misc]
    name = StringField("Name", [InputRequired("A product needs a name."), Length(max=products.LONGEST)])
    description = TextAreaField("Description", [Length(max=products.LONGEST_TEXT)])
    price = MoneyField("Price")
    currency = StringField("Currency", [Length(max=3)])
    tax_rate = PercentField("Tax, %")
    charge = RadioField(
        "It is paid",
        choices=[choice(kind.value, words) for kind, words in CHARGES.items()],
        coerce=Charge,
        default=Charge.ONCE,
    )
    interval_months = IntegerField("Every so many months", [Optional(), NumberRange(1, products.LONGEST_INTERVAL)])
    trial_days = IntegerField("First after days", [Optional(), NumberRange(0, products.LONGEST_TRIAL)])
    payments_count = IntegerField("Number of payments", [Optional(), NumberRange(1, products.MOST_PAYMENTS)])

    @classmethod
    def of(cls, product: Product | None) -> "ProductForm":
        """As it is, or as it was just sent; the price read in the currency that was sent with it."""
        form = cls(obj=product)
        known = (product.currency if product else None) or installation.current().currency
        form.currency.data = (form.currency.data or known).upper()
        form.price.currency = form.currency.data
        return form

    @property
    def terms(self) -> Terms:
        return Terms(
            name=self.name.data or "",
            description=self.description.data or "",
            charge=self.charge.data,
            price=self.price.data,
            currency=self.currency.data,
            tax_rate=self.tax_rate.data or 0,
            interval_months=self.interval_months.data,
            trial_days=self.trial_days.data or 0,
            payments_count=self.payments_count.data,
        )


class BundleForm(FlaskForm):  # type: ignore[misc]
    name = StringField("Name", [InputRequired("A bundle needs a name."), Length(max=products.LONGEST)])


class BundleLineForm(FlaskForm):  # type: ignore[misc]
    product_id = SelectField("Product", [InputRequired("Choose a product.")], coerce=int)
    quantity = IntegerField("Quantity", [InputRequired("Say how many."), NumberRange(1, MOST_PIECES)], default=1)
    discount = PercentField("Discount, %")
    price_override = MoneyField("Price a piece")

    @classmethod
    def offering(cls, sold: Sequence[Product]) -> "BundleLineForm":
        """With what is on offer; a price is read in the chosen product's currency."""
        form = cls()
        form.product_id.choices = [choice(product.id, product.name) for product in sold]
        chosen = next((product for product in sold if product.id == form.product_id.data), None)
        form.price_override.currency = (chosen.currency if chosen else None) or installation.current().currency
        return form
