"""Lines of a deal: what they come to, what they refuse, and that its value follows them."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from pipeline.domain import lines, opportunities
from pipeline.domain.rules import Conflict, NotAllowed, NotVisible, RuleBroken
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.models.line import OpportunityLine
from pipeline.models.opportunity import Opportunity
from pipeline.models.product import Bundle, BundleLine
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast

Afresh = Callable[[], None]


@pytest.fixture
def deal(cast: Cast) -> Opportunity:
    return factories.deal(factories.sales_pipeline(), "Acme", owner=cast.olive, typed_value=5_000)


def test_the_value_follows_the_lines_and_comes_back_without_them(deal: Opportunity, cast: Cast) -> None:
    books = factories.product("Books", 4_000)
    with transaction():
        line = lines.add(deal, books, quantity=3, discount=1_000, by=cast.olive)
    assert (deal.lines_total, deal.value, deal.typed_value) == (10_800, 10_800, 5_000)

    with transaction():
        opportunities.change(deal, by=cast.olive, high=99_000)
    assert deal.value == 10_800

    with transaction():
        lines.drop(line, by=cast.olive)
    assert (deal.lines_total, deal.value) == (None, 99_000)


def test_a_price_that_changes_later_changes_no_line(deal: Opportunity, cast: Cast) -> None:
    books = factories.product("Books", 4_000)
    line = factories.line(deal, books)
    with transaction():
        books.price = 6_000
    assert line.unit_price == 4_000


def test_its_own_price_counts_instead_of_the_products(deal: Opportunity, cast: Cast) -> None:
    line = factories.line(deal, factories.product("Books", 4_000), price_override=0)
    assert deal.value == 0
    with transaction():
        assert lines.change(line, by=cast.olive, price_override=None) is True
    assert deal.value == 4_000


def test_what_was_done_is_written_down_once(deal: Opportunity, cast: Cast) -> None:
    line = factories.line(deal, factories.product("Books", 4_000))
    with transaction():
        assert lines.change(line, by=cast.olive, quantity=1) is False
        assert lines.change(line, by=cast.olive, quantity=2, discount=1_250) is True
    told = db.session.scalars(select(Event).where(Event.kind == "lines_changed").order_by(Event.id)).all()
    assert [event.particulars["changes"] for event in told] == [
        [{"field": "Books", "before": "", "after": "1 × 40.00 USD"}],
        [{"field": "Books", "before": "1 × 40.00 USD", "after": "2 × 40.00 USD − 12.5%"}],
    ]
    assert told[-1].particulars["after"] == deal.value == 7_000


def test_a_bundle_brings_all_its_lines_or_none(deal: Opportunity, cast: Cast) -> None:
    books, audit = factories.product("Books", 4_000), factories.product("Audit", 9_000)
    with transaction():
        pack = Bundle(
            name="Start",
            lines=[
                BundleLine(product=books, position=0, quantity=2, discount=5_000),
                BundleLine(product=audit, position=1, quantity=1, price_override=8_000),
            ],
        )
        db.session.add(pack)
    with transaction():
        lines.add_bundle(deal, pack, by=cast.olive)
    assert deal.value == 12_000

    with transaction():
        audit.archived_at = deal.created_at
    with pytest.raises(RuleBroken, match="not sold any more"), transaction():
        lines.add_bundle(deal, pack, by=cast.olive)
    assert len(lines.of(deal)) == 2


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"quantity": 0}, "whole number from 1"),
        ({"discount": 10_001}, "between 0 and 100 percent"),
        ({"price_override": -1}, "not below zero"),
    ],
)
def test_nonsense_is_refused_and_nothing_is_kept(
    deal: Opportunity, cast: Cast, wanted: dict[str, int], sentence: str
) -> None:
    books = factories.product("Books", 4_000)
    with pytest.raises(RuleBroken, match=sentence), transaction():
        lines.add(deal, books, by=cast.olive, **wanted)  # type: ignore[arg-type]
    assert (lines.of(deal), deal.value) == ([], 5_000)


def test_a_product_in_another_currency_needs_a_price_of_the_deal(deal: Opportunity, cast: Cast) -> None:
    euro = factories.product("Books", 4_000, currency="EUR")
    with pytest.raises(RuleBroken, match="priced in EUR and this deal counts in USD"), transaction():
        lines.add(deal, euro, by=cast.olive)
    with transaction():
        lines.add(deal, euro, price_override=4_500, by=cast.olive)
    assert deal.value == 4_500


def test_subscriptions_in_two_rhythms_do_not_fit_on_one_deal(deal: Opportunity, cast: Cast) -> None:
    factories.line(deal, factories.product("Monthly", 4_000, interval_months=1))
    factories.line(deal, factories.product("Monthly too", 1_000, interval_months=1))
    yearly = factories.product("Yearly", 40_000, interval_months=12)
    often = factories.product("Three times", 2_000, interval_months=1, payments_count=3)
    for other in (yearly, often):
        with pytest.raises(RuleBroken, match="one rhythm"), transaction():
            lines.add(deal, other, by=cast.olive)
    assert deal.value == 5_000


def test_the_same_line_changed_meanwhile_is_a_conflict_and_another_line_is_not(
    deal: Opportunity, cast: Cast, afresh: Afresh
) -> None:
    books = factories.line(deal, factories.product("Books", 4_000))
    audit = factories.line(deal, factories.product("Audit", 9_000))
    seen = deal.version
    with transaction():
        lines.change(books, by=cast.ada, quantity=2)
    with transaction():
        lines.change(audit, by=cast.olive, quantity=2, seen_version=seen)
    with pytest.raises(Conflict, match="Ada Admin changed Books meanwhile"), transaction():
        lines.change(books, by=cast.olive, quantity=5, seen_version=seen)
    afresh()
    assert db.session.get_one(OpportunityLine, books.id).quantity == 2


def test_who_may_not_edit_the_deal_puts_nothing_on_it(deal: Opportunity, cast: Cast) -> None:
    books = factories.product("Books", 4_000)
    with pytest.raises(NotVisible), transaction():
        lines.add(deal, books, by=cast.stan)
    with transaction():
        cast.stan.may_view_all = True
    with pytest.raises(NotAllowed), transaction():
        lines.add(deal, books, by=cast.stan)
    assert lines.of(deal) == []


def test_a_typed_value_is_refused_where_it_would_count_for_nothing(deal: Opportunity, cast: Cast) -> None:
    factories.line(deal, factories.product("Books", 4_000))
    with pytest.raises(RuleBroken, match="value of Acme follows its products"), transaction():
        opportunities.change(deal, by=cast.olive, typed_value=9_000)
    with transaction():
        assert opportunities.change(deal, by=cast.olive, typed_value=5_000, low=1_000) == ["low"]
    assert (deal.typed_value, deal.value, deal.low) == (5_000, 4_000, 1_000)
