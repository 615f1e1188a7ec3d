"""Bundles: lines that are often sold together. Putting one on a deal copies its lines."""

from babel.core import Locale

from pipeline import clock
from pipeline.domain import access, events, money, naming, percentages
from pipeline.domain.access import Permission
from pipeline.domain.facts import Change, SettingChanged
from pipeline.domain.lines import MOST_LINES, MOST_PIECES
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.product import WHOLE, Bundle, BundleLine, Product
from pipeline.models.user import User

ADMINS_ONLY = "Only an administrator sets up bundles."
LONGEST = 120


def create(name: str, *, by: User | None) -> Bundle:
    """A new bundle, without lines yet. Refuses a name that is taken."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    bundle = Bundle(name=naming.free(Bundle, name, noun="bundle", longest=LONGEST))
    db.session.add(bundle)
    db.session.flush()
    _record(bundle, Change(field="name", before="", after=bundle.name), by)
    return bundle


def rename(bundle: Bundle, name: str, *, by: User | None) -> None:
    _take(bundle, by)
    before, bundle.name = bundle.name, naming.free(Bundle, name, noun="bundle", longest=LONGEST, but=bundle)
    if bundle.name != before:
        _record(bundle, Change(field="name", before=before, after=bundle.name), by)


def add_line(
    bundle: Bundle,
    product: Product,
    *,
    by: User | None,
    quantity: int = 1,
    discount: int = 0,
    price_override: int | None = None,
) -> BundleLine:
    """One more product in it, last. The price a piece in minor units of the product's currency."""
    _take(bundle, by)
    if product.archived_at is not None:
        raise RuleBroken(f"“{product.name}” is not sold any more; choose another product.")
    if len(bundle.lines) >= MOST_LINES:
        raise RuleBroken(f"A bundle has at most {MOST_LINES} lines.")
    if not 1 <= quantity <= MOST_PIECES:
        raise RuleBroken(f"A quantity is a whole number from 1 to {MOST_PIECES}.")
    if not 0 <= discount <= WHOLE:
        raise RuleBroken("A discount is between 0 and 100 percent.")
    if price_override is not None and product.currency is None:
        raise RuleBroken(f"“{product.name}” has no currency; its price is said on each deal.")
    line = BundleLine(
        product=product,
        position=len(bundle.lines),
        quantity=quantity,
        discount=discount,
        price_override=price_override,
    )
    bundle.lines.append(line)
    db.session.flush()
    _record(bundle, Change(field="lines", before="", after=sentence(line)), by)
    return line


def drop_line(line: BundleLine, *, by: User | None) -> None:
    """Leave a product out of it from now on."""
    bundle = line.bundle
    _take(bundle, by)
    before = sentence(line)
    bundle.lines.remove(line)
    for position, each in enumerate(bundle.lines):
        each.position = position
    _record(bundle, Change(field="lines", before=before, after=""), by)


def archive(bundle: Bundle, *, by: User | None) -> None:
    """Offer it no longer. Deals keep the lines that came from it."""
    _take(bundle, by)
    bundle.archived_at = clock.now()
    _record(bundle, Change(field="archived", before="no", after="yes"), by)


def restore(bundle: Bundle, *, by: User | None) -> None:
    """Offer it again, as it was."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    if bundle.archived_at is not None:
        bundle.archived_at = None
        _record(bundle, Change(field="archived", before="yes", after="no"), by)


def sentence(line: BundleLine) -> str:
    """The line in words: “2 × Bookkeeping at 40.00 USD − 10%”."""
    words = f"{line.quantity} × {line.product.name}"
    if line.price_override is not None and line.product.currency:
        currency = line.product.currency
        words += f" at {money.decimal(line.price_override, currency)} {currency}"
    return words + (f" − {percentages.typed(line.discount, Locale('en'))}%" if line.discount else "")


def _take(bundle: Bundle, by: User | None) -> None:
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    if bundle.archived_at is not None:
        raise RuleBroken(f"“{bundle.name}” is archived; bring it back before you change it.")


def _record(bundle: Bundle, made: Change, by: User | None) -> None:
    events.record(SettingChanged(what=f"the bundle {bundle.name}", changes=[made]), about=bundle, by=by)
