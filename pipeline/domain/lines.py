"""Lines of an opportunity: which products, how many, for how much. The opportunity's value follows them.

All lines count in the deal's currency, and all its subscriptions are charged in one rhythm, so that one payment can
begin them together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from babel.core import Locale
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from pipeline.domain import access, buy_links, events, money, opportunities, percentages, pricing
from pipeline.domain.buying_facts import LinesChanged
from pipeline.domain.facts import Change
from pipeline.domain.holding import hold
from pipeline.domain.rules import Conflict, RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.models.line import OpportunityLine
from pipeline.models.opportunity import Opportunity
from pipeline.models.product import WHOLE, Bundle, Charge, Product
from pipeline.models.user import User

MOST_PIECES = 1_000_000
MOST_LINES = 100
CHANGEABLE = {"quantity", "discount", "price_override"}


@dataclass(frozen=True)
class Wanted:
    """A product to be put on a deal. `discount` in hundredths of a percent, the price a piece in minor units."""

    product: Product
    quantity: int = 1
    discount: int = 0
    price_override: int | None = None


def of(opportunity: Opportunity) -> list[OpportunityLine]:
    """Its lines in order, with their products."""
    mine = select(OpportunityLine).where(OpportunityLine.opportunity_id == opportunity.id)
    ordered = mine.order_by(OpportunityLine.position, OpportunityLine.id)
    return list(db.session.scalars(ordered.options(joinedload(OpportunityLine.product))))


def price(line: OpportunityLine) -> pricing.Price:
    """What it comes to now."""
    return pricing.of_line(line.unit_price, line.quantity, discount=line.discount, tax_rate=line.product.tax_rate)


def add(
    opportunity: Opportunity,
    product: Product,
    *,
    by: User | None,
    quantity: int = 1,
    discount: int = 0,
    price_override: int | None = None,
    via: Via = Via.RECORD,
) -> OpportunityLine:
    """One more line, below the others, at the product's price of today.

    Refuses an archived product, one without a price in the deal's currency unless the line says its own, and a
    subscription in another rhythm than those that are there.
    """
    return add_all(opportunity, [Wanted(product, quantity, discount, price_override)], by=by, via=via)[0]


def add_bundle(
    opportunity: Opportunity, bundle: Bundle, *, by: User | None, via: Via = Via.RECORD
) -> list[OpportunityLine]:
    """All the lines of a bundle, or none of them."""
    if bundle.archived_at is not None:
        raise RuleBroken(f"The bundle “{bundle.name}” is archived; choose another.")
    wanted = [Wanted(each.product, each.quantity, each.discount, each.price_override) for each in bundle.lines]
    return add_all(opportunity, wanted, by=by, via=via)


def add_all(
    opportunity: Opportunity, wanted: Sequence[Wanted], *, by: User | None, via: Via = Via.RECORD
) -> list[OpportunityLine]:
    """These lines below the others, in this order."""
    _take(opportunity, by)
    there = of(opportunity)
    made = [_line(opportunity, each, len(there) + place) for place, each in enumerate(wanted)]
    refuse_nonsense([*there, *made])
    db.session.add_all(made)
    db.session.flush()
    _follow(opportunity, [(line, "", sentence(line)) for line in made], by=by, via=via)
    return made


def change(
    line: OpportunityLine, *, by: User | None, seen_version: int | None = None, via: Via = Via.RECORD, **values: object
) -> bool:
    """Change quantity, discount or price of a line. Says whether anything did change.

    Refuses a line that somebody else changed since `seen_version` of the deal.
    """
    if unknown := values.keys() - CHANGEABLE:
        raise TypeError(f"not changeable here: {', '.join(sorted(unknown))}")
    opportunity = line.opportunity
    _take(opportunity, by)
    _refuse_if_changed_since(line, seen_version)
    before = sentence(line)
    for field, value in values.items():
        setattr(line, field, value)
    refuse_nonsense(of(opportunity))
    if sentence(line) == before:
        return False
    _follow(opportunity, [(line, before, sentence(line))], by=by, via=via)
    return True


def drop(line: OpportunityLine, *, by: User | None, seen_version: int | None = None, via: Via = Via.RECORD) -> None:
    """Take a line off the deal; with the last one the value is again what was typed or projected."""
    opportunity = line.opportunity
    _take(opportunity, by)
    _refuse_if_changed_since(line, seen_version)
    gone = [(line, sentence(line), "")]
    db.session.delete(line)
    db.session.flush()
    _follow(opportunity, gone, by=by, via=via)


def sentence(line: OpportunityLine) -> str:
    """The line as people read it in the history: “3 × 40.00 USD − 10%”."""
    amount = f"{money.decimal(line.unit_price, line.opportunity.currency)} {line.opportunity.currency}"
    off = f" − {percentages.typed(line.discount, Locale('en'))}%" if line.discount else ""
    return f"{line.quantity} × {amount}{off}"


def refuse_nonsense(lines: Iterable[OpportunityLine]) -> None:
    """Refuse what no deal can have: see the module's promise."""
    lines = list(lines)
    if len(lines) > MOST_LINES:
        raise RuleBroken(f"A deal has at most {MOST_LINES} lines.")
    for line in lines:
        if not 1 <= line.quantity <= MOST_PIECES:
            raise RuleBroken(f"A quantity is a whole number from 1 to {MOST_PIECES}.")
        if not 0 <= line.discount <= WHOLE:
            raise RuleBroken("A discount is between 0 and 100 percent.")
        if line.price is None and line.price_override is None:
            raise RuleBroken(_no_price(line))
        if line.price_override is not None and line.price_override < 0:
            raise RuleBroken("A price is not below zero.")
    _refuse_two_rhythms(line.product for line in lines)


def _take(opportunity: Opportunity, by: User | None) -> None:
    hold(opportunity)
    access.refuse_unless_editable(opportunity, by=by)


def _line(opportunity: Opportunity, wanted: Wanted, position: int) -> OpportunityLine:
    product = wanted.product
    if product.archived_at is not None:
        raise RuleBroken(f"“{product.name}” is not sold any more; choose another product.")
    return OpportunityLine(
        opportunity=opportunity,
        product=product,
        position=position,
        quantity=wanted.quantity,
        discount=wanted.discount,
        price=product.price if product.currency == opportunity.currency else None,
        price_override=wanted.price_override,
    )


def _no_price(line: OpportunityLine) -> str:
    product, currency = line.product, line.opportunity.currency
    if product.price is None:
        return f"“{product.name}” has no price of its own; say what it costs here, in {currency}."
    return (
        f"“{product.name}” is priced in {product.currency} and this deal counts in {currency}; say what it costs here."
    )


def _refuse_two_rhythms(products: Iterable[Product]) -> None:
    rhythms = {
        (product.interval_months, product.trial_days, product.payments_count)
        for product in products
        if product.charge is Charge.SUBSCRIPTION
    }
    if len(rhythms) > 1:
        raise RuleBroken(
            "The subscriptions on one deal are charged in one rhythm: every so many months, after the same trial, and "
            "equally often. Put the other one on a deal of its own."
        )


def _follow(
    opportunity: Opportunity, made: Sequence[tuple[OpportunityLine, str, str]], *, by: User | None, via: Via
) -> None:
    """Let the deal's value follow its lines, and write down what was done to them."""
    lines = of(opportunity)
    before = opportunity.lines_total
    opportunity.lines_total = pricing.total(price(line) for line in lines).net if lines else None
    if opportunity.lines_total is not None and opportunity.lines_total > money.MOST:
        raise RuleBroken("That comes to more than can be counted.")
    opportunity.value = opportunities.worth(opportunity)
    opportunity.version += 1
    fact = LinesChanged(
        currency=opportunity.currency,
        before=before,
        after=opportunity.lines_total,
        version=opportunity.version,
        line_ids=[line.id for line, _, _ in made],
        changes=[Change(field=line.product.name, before=was, after=now) for line, was, now in made],
    )
    events.record(fact, about=opportunity, by=by, via=via)
    buy_links.follow_lines(opportunity, by=by, via=via)


def _refuse_if_changed_since(line: OpportunityLine, seen_version: int | None) -> None:
    opportunity = line.opportunity
    if seen_version is None or seen_version >= opportunity.version:
        return
    told = select(Event).where(Event.opportunity_id == opportunity.id, Event.kind == LinesChanged.kind())
    for event in db.session.scalars(told.order_by(Event.id.desc())):
        if event.particulars["version"] <= seen_version:
            return
        if line.id in event.particulars["line_ids"]:
            who = event.actor.name if event.actor else "Automation"
            raise Conflict(
                f"{who} changed {line.product.name} meanwhile. Nothing was changed by you.",
                opportunity,
                event.happened_at,
            )
