"""Products are put on a deal, and the deal is worth what they come to: by mouse, by keyboard, without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from pipeline.domain import bundles
from pipeline.models.opportunity import Opportunity
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast

Browse = Callable[..., Page]


@pytest.fixture
def deal(cast: Cast) -> Opportunity:
    care = factories.product("Care plan", 4_000, interval_months=1, tax_rate=1_000)
    setup = factories.product("Set-up", 20_000)
    with transaction():
        start = bundles.create("New client", by=cast.ada)
        bundles.add_line(start, setup, discount=5_000, by=cast.ada)
        bundles.add_line(start, care, by=cast.ada)
    return factories.deal(factories.sales_pipeline(), "Bakery books", owner=cast.olive, typed_value=99_900)


def section(page: Page | Locator, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_deal_is_worth_its_products(browse: Browse, cast: Cast, deal: Opportunity, javascript: bool) -> None:
    page = browse(cast.olive, javascript=javascript)
    page.goto(f"/opportunities/{deal.id}")
    products = section(page, "Products")
    expect(products).to_contain_text("Products put here make the deal’s value")

    products.get_by_role("link", name="Add a product").click()
    products.get_by_label("Product or bundle").select_option(label="Care plan · $40 a month")
    products.get_by_label("Quantity").fill("2")
    products.get_by_label("Discount, %").fill("25")
    products.get_by_role("button", name="Add").click()
    expect(products.get_by_role("listitem")).to_contain_text("$40 every month, 25% off, plus 10% tax")
    for amount in ("$60", "$6", "$66"):
        expect(products).to_contain_text(amount)
    expect(section(page, "Facts")).to_contain_text("$60 follows its products")

    products.get_by_role("link", name="Change Care plan").click()
    products.get_by_label("Price a piece").fill("30.50")
    products.get_by_label("Discount, %").fill("")
    products.get_by_role("button", name="Save").click()
    expect(section(page, "Facts")).to_contain_text("$61")

    products.get_by_role("button", name="Take off Care plan").click()
    expect(products).to_contain_text("Products put here make the deal’s value")
    expect(section(page, "Facts")).to_contain_text("$999")
    told = section(page, "Timeline").get_by_role("listitem")
    expect(told.filter(has_text="took off Care plan")).to_be_visible()
    expect(told.filter(has_text="added Care plan")).to_be_visible()


def test_a_bundle_is_put_on_by_keyboard_and_the_board_counts_it(browse: Browse, cast: Cast, deal: Opportunity) -> None:
    page = browse(cast.olive)
    page.goto(f"/board/{deal.pipeline_id}")
    page.get_by_role("link", name="Bakery books").click()
    products = section(page.get_by_role("complementary", name="Bakery books"), "Products")
    products.get_by_role("link", name="Add a product").press("Enter")
    expect(products.get_by_label("Product or bundle")).to_be_focused()
    page.keyboard.type("New client")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(products.get_by_role("listitem")).to_contain_text(["Set-up", "Care plan"])
    page.goto(f"/board/{deal.pipeline_id}")
    expect(page.get_by_role("article").filter(has_text="Bakery books")).to_contain_text("$140")


def test_on_a_phone_a_wrong_line_says_what_is_wrong_and_keeps_what_was_typed(
    browse: Browse, cast: Cast, deal: Opportunity
) -> None:
    factories.product("Livres", 4_000, currency="EUR")
    page = browse(cast.olive, phone=True)
    page.goto(f"/opportunities/{deal.id}")
    products = section(page, "Products")
    products.get_by_role("link", name="Add a product").click()
    products.get_by_label("Product or bundle").select_option(label="Livres · €40")
    products.get_by_label("Quantity").fill("3")
    products.get_by_role("button", name="Add").click()
    expect(products).to_contain_text("priced in EUR and this deal counts in USD; say what it costs here")
    expect(products.get_by_label("Quantity")).to_have_value("3")
    products.get_by_label("Price a piece").fill("45")
    products.get_by_role("button", name="Add").click()
    expect(products.get_by_role("listitem")).to_contain_text("3 × Livres")
