"""From products on a deal to the order that was paid for: the rep's browser and the prospect's, who has no account."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from pipeline.domain.actions.create_task import CreateTaskSettings
from pipeline.models.automation import ActionKind, TriggerKind
from pipeline.models.opportunity import Opportunity
from pipeline.models.product import Product
from pipeline.transaction import transaction
from tests import factories
from tests.browser.waiting import until
from tests.cast import Cast

Browse = Callable[..., Page]
WELCOME = (ActionKind.CREATE_TASK, CreateTaskSettings(title="Welcome call"))
SCRIPTS = pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])


@pytest.fixture
def books(cast: Cast) -> Product:
    return factories.product("Bookkeeping", 120_000, tax_rate=1_000)


@pytest.fixture
def deal(cast: Cast) -> Opportunity:
    pipeline = factories.sales_pipeline()
    reason = factories.win_reasons(pipeline, "Bought online", required=True)[0]
    with transaction():
        pipeline.buy_reason = reason
    factories.automation(pipeline, WELCOME, trigger=TriggerKind.PURCHASED, name="Welcome")
    ana = factories.contact("Ana Lima", email="ana@example.com")
    return factories.deal(pipeline, "Books for Ana", contact=ana, owner=cast.olive)


@SCRIPTS
def test_a_link_made_on_the_record_is_paid_and_wins_the_deal(
    browse: Browse, cast: Cast, deal: Opportunity, books: Product, javascript: bool
) -> None:
    olive = browse(cast.olive, javascript=javascript)
    put_on(olive, deal, books)
    address = make_link(olive, deal)

    ana = browse(None, javascript=javascript)
    ana.goto(address)
    expect(ana.get_by_role("main")).to_contain_text("Bookkeeping")
    ana.get_by_role("button", name="Pay $1,320.00").click()
    ana.get_by_role("button", name="Pay", exact=True).click()
    expect(ana.get_by_role("heading", level=1)).to_have_text("Thank you")
    ana.get_by_role("link", name="Show the receipt").click()
    expect(ana.get_by_role("main")).to_contain_text("Ana Lima")

    sees_what_followed(olive, deal)
    only_one_receipt(browse(cast.ada, javascript=javascript))


def put_on(olive: Page, deal: Opportunity, product: Product) -> None:
    olive.goto(f"/opportunities/{deal.id}")
    olive.get_by_role("link", name="Add a product").click()
    olive.get_by_label("Product or bundle").select_option(value=f"product-{product.id}")
    olive.get_by_role("region", name="Products").get_by_role("button", name="Add", exact=True).click()
    expect(olive.get_by_role("region", name="Products")).to_contain_text("$1,320")


def make_link(olive: Page, deal: Opportunity) -> str:
    """Where the prospect is to go."""
    olive.get_by_role("link", name="Create buy-now link").click()
    olive.get_by_role("button", name="Create link").click()
    address = olive.get_by_role("region", name="Buy now").get_by_label("Address of the link")
    expect(address).to_be_visible()
    return address.input_value()


def sees_what_followed(olive: Page, deal: Opportunity) -> None:
    """The card in Won, the reason, the order, and what the pipeline does about a purchase."""
    olive.goto("/board?status=won")
    expect(olive.get_by_role("region", name="Won").get_by_role("article", name=deal.title)).to_be_visible()
    olive.goto(f"/opportunities/{deal.id}")
    expect(olive.get_by_role("main")).to_contain_text("Bought online")
    until(olive, f"/opportunities/{deal.id}", "Welcome call")
    expect(olive.get_by_role("region", name="Buy now")).to_contain_text("Purchased")
    olive.goto("/orders")
    expect(olive.get_by_role("row", name="Ana Lima")).to_contain_text("$1,320")


def only_one_receipt(ada: Page) -> None:
    until(ada, "/mailbox", "Receipt for order")
    expect(ada.get_by_role("row").filter(has_text="Receipt for order")).to_have_count(1)
