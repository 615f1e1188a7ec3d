"""Orders by hand: placed from the record, paid by cheque, and given back; with JavaScript and without."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import factories, selling
from tests.cast import Cast


@pytest.mark.parametrize("javascript", [True, False])
def test_an_order_is_placed_paid_in_part_and_given_back(
    cast: Cast, browse: Callable[..., Page], javascript: bool
) -> None:
    sales = factories.sales_pipeline()
    factories.win_reasons(sales, "Price", "Service")
    deal = factories.deal(sales, "Kestrel", owner=cast.olive)
    selling.line(deal, "Setup", price=10_000, tax_rate=1_900)
    page = browse(cast.olive, javascript=javascript)

    page.goto(f"/opportunities/{deal.id}")
    page.get_by_role("link", name="Place order").click()
    page.get_by_label("Note (optional)").last.fill("Invoice 7")
    page.get_by_role("button", name="Place order").click()
    page.get_by_label("Win reason").select_option("Service")
    page.get_by_role("dialog").get_by_role("button").last.click()
    expect(page.get_by_role("heading", name="Order 1001")).to_be_visible()
    expect(page.get_by_text("Unpaid")).to_be_visible()

    page.get_by_role("link", name="Record payment").click()
    expect(page.get_by_label("Amount")).to_have_value("119.00")
    page.get_by_label("Amount").fill("19")
    page.get_by_label("How").select_option("Cheque")
    page.get_by_role("button", name="Record payment").click()
    expect(page.get_by_text("Partly paid")).to_be_visible()

    page.get_by_role("link", name="Give back…").click()
    page.get_by_role("dialog").get_by_role("button", name="Give back").click()
    expect(page.get_by_text("Given back", exact=True)).to_be_visible()
    expect(page.get_by_text("Refunded", exact=True)).to_be_visible()

    page.goto(f"/opportunities/{deal.id}")
    expect(page.get_by_text("Won: Service", exact=True)).to_be_visible()
