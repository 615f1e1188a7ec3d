"""On the narrowest phone what stands in rows is read without moving it sideways."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page

from pipeline.domain import orders
from pipeline.models.order import Order
from pipeline.transaction import transaction
from tests import factories, selling
from tests.cast import Cast

pytestmark = pytest.mark.once

SIDEWAYS = """() => [...document.querySelectorAll(".table-scroll, .filter-row")]
    .filter(each => each.scrollWidth > each.clientWidth).map(each => each.className)"""


@pytest.fixture
def order(cast: Cast) -> Order:
    deal = factories.deal(factories.sales_pipeline(), "Kestrel: monthly bookkeeping and advice", owner=cast.olive)
    selling.line(deal, "Set-up and migration of many books", price=1_234_567, quantity=2)
    with transaction():
        return orders.place_by_hand(deal, by=None, note="")


@pytest.fixture
def narrow(browse: Callable[..., Page], cast: Cast) -> Page:
    page = browse(cast.ada)
    page.set_viewport_size({"width": 320, "height": 640})
    return page


def box(of: Locator) -> dict[str, float]:
    found = of.bounding_box()
    assert found
    return {"top": found["y"], "bottom": found["y"] + found["height"], "right": found["x"] + found["width"]}


def test_of_an_order_each_product_has_a_line_to_itself(narrow: Page, order: Order) -> None:
    narrow.goto(f"/orders/{order.number}")
    assert narrow.evaluate(SIDEWAYS) == []
    sold = narrow.locator(".order-lines tbody tr")
    assert box(sold.get_by_text("Set-up"))["bottom"] <= box(sold.get_by_text("$12,345.67"))["top"]
    assert box(sold.get_by_text("$24,691.34"))["right"] <= 320


def test_a_deals_long_name_stands_beside_its_label_in_the_list_of_orders(narrow: Page, order: Order) -> None:
    narrow.goto("/orders")
    assert narrow.evaluate(SIDEWAYS) == []
    deal, cell = narrow.get_by_role("link", name="Kestrel"), narrow.locator("[data-label=Deal]")
    assert box(deal) == pytest.approx(box(cell), abs=1)


def test_how_many_are_in_a_group_is_in_sight(narrow: Page, order: Order) -> None:
    narrow.goto("/settings/groups")
    assert narrow.evaluate(SIDEWAYS) == []
