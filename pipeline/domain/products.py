"""Products: what is sold, for how much. A change changes no deal, offer or order that has it already."""

from dataclasses import asdict, dataclass

from pipeline import clock
from pipeline.domain import access, changes, events, money, naming
from pipeline.domain.access import Permission
from pipeline.domain.facts import Change, SettingChanged
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.product import WHOLE, Charge, Product
from pipeline.models.user import User

ADMINS_ONLY = "Only an administrator sets up products."
LONGEST = 120
LONGEST_TEXT = 2_000
LONGEST_TRIAL = 730
LONGEST_INTERVAL = 36
MOST_PAYMENTS = 120


@dataclass(frozen=True)
class Terms:
    """What a product is and costs. `price` in minor units of `currency`, without tax; none: each line says its own.

    `tax_rate` in hundredths of a percent. A subscription is charged every `interval_months`.
    """

    name: str
    description: str = ""
    charge: Charge = Charge.ONCE
    price: int | None = None
    currency: str | None = None
    tax_rate: int = 0
    interval_months: int | None = None
    trial_days: int = 0
    payments_count: int | None = None


def create(terms: Terms, *, by: User | None) -> Product:
    """A new product. Refuses a name that is taken, a currency that is none, and a rhythm that cannot be."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    product = Product(**_checked(terms, None))
    db.session.add(product)
    db.session.flush()
    _record(product, [Change(field="name", before="", after=product.name)], by)
    return product


def change(product: Product, terms: Terms, *, by: User | None) -> None:
    """Change it, for the lines that are made from now on."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    _refuse_archived(product)
    values = _checked(terms, product)
    made = changes.between(product, values)
    for field, value in values.items():
        setattr(product, field, value)
    if made:
        _record(product, made, by)


def archive(product: Product, *, by: User | None) -> None:
    """Sell it no more. What has it keeps it."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    if product.archived_at is None:
        product.archived_at = clock.now()
        _record(product, [Change(field="archived", before="no", after="yes")], by)


def restore(product: Product, *, by: User | None) -> None:
    """Sell it again, as it was."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    if product.archived_at is not None:
        product.archived_at = None
        _record(product, [Change(field="archived", before="yes", after="no")], by)


def _checked(terms: Terms, product: Product | None) -> dict[str, object]:
    values: dict[str, object] = asdict(terms)
    values["name"] = naming.free(Product, terms.name, noun="product", longest=LONGEST, but=product)
    values["description"] = terms.description.strip()
    if len(terms.description) > LONGEST_TEXT:
        raise RuleBroken(f"A description has at most {LONGEST_TEXT} letters.")
    if terms.price is None:
        values["currency"] = None
    elif terms.currency is None or not money.is_currency(terms.currency):
        raise RuleBroken(f"“{terms.currency or ''}” is not a currency; use a code like USD or EUR.")
    elif not 0 <= terms.price <= money.MOST:
        raise RuleBroken("That is no price.")
    if not 0 <= terms.tax_rate <= WHOLE:
        raise RuleBroken("A tax rate is between 0 and 100 percent.")
    return {**values, **_rhythm(terms)}


def _rhythm(terms: Terms) -> dict[str, object]:
    """How often a subscription is charged; something sold once has no rhythm."""
    if terms.charge is Charge.ONCE:
        return {"interval_months": None, "trial_days": 0, "payments_count": None}
    if terms.interval_months is None or not 1 <= terms.interval_months <= LONGEST_INTERVAL:
        raise RuleBroken(f"A subscription is charged every 1 to {LONGEST_INTERVAL} months; say which.")
    if not 0 <= terms.trial_days <= LONGEST_TRIAL:
        raise RuleBroken(f"A trial lasts 0 to {LONGEST_TRIAL} days.")
    if terms.payments_count is not None and not 1 <= terms.payments_count <= MOST_PAYMENTS:
        raise RuleBroken(
            f"A subscription ends after 1 to {MOST_PAYMENTS} payments, or with none named, when it is ended."
        )
    return {}


def _refuse_archived(product: Product) -> None:
    if product.archived_at is not None:
        raise RuleBroken(f"“{product.name}” is archived; bring it back before you change it.")


def _record(product: Product, made: list[Change], by: User | None) -> None:
    events.record(SettingChanged(what=f"the product {product.name}", changes=made), about=product, by=by)
