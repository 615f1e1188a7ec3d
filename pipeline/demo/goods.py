"""What the demo's bookkeeping firm sells: its price list, a bundle for new clients, and what it quotes on a deal."""

from pipeline.demo import names
from pipeline.domain import bundles, lines, products
from pipeline.domain.products import Terms
from pipeline.models.opportunity import Opportunity
from pipeline.models.product import WHOLE, Bundle, Charge, Product
from pipeline.models.user import User

TAX = WHOLE * 8 // 100
LOYALTY = WHOLE // 10


def price_list(*, by: User) -> dict[str, Product]:
    """Every product by its name, priced in US dollars."""
    return {goods[0]: products.create(_terms(*goods), by=by) for goods in names.GOODS}


def starter(sold: dict[str, Product], *, by: User) -> Bundle:
    """What most new clients begin with: the set-up costs them half."""
    bundle = bundles.create("New client start", by=by)
    bundles.add_line(bundle, sold["Set-up and migration"], discount=WHOLE // 2, by=by)
    bundles.add_line(bundle, sold["Monthly bookkeeping"], by=by)
    bundles.add_line(bundle, sold["Software training"], quantity=2, by=by)
    return bundle


def quote(deal: Opportunity, number: int, offer: str, sold: dict[str, Product], starter: Bundle, *, by: User) -> None:
    """Put on a deal what it is about: some buy the bundle, some get a discount, subscribers pay for a set-up."""
    product = sold[offer]
    if offer == "Monthly bookkeeping" and number % 2:
        lines.add_bundle(deal, starter, by=by)
        return
    lines.add(deal, product, discount=0 if number % 3 else LOYALTY, by=by)
    if product.charge is Charge.SUBSCRIPTION:
        lines.add(deal, sold["Set-up and migration"], by=by)
    elif number % 2:
        lines.add(deal, sold["Software training"], quantity=1 + number % 4, by=by)


def _terms(name: str, description: str, price: int, months: int | None) -> Terms:
    return Terms(
        name,
        description,
        charge=Charge.SUBSCRIPTION if months else Charge.ONCE,
        price=price,
        currency="USD",
        tax_rate=TAX,
        interval_months=months,
    )
