"""The buyer's receipt: beside the offer that was bought, or at the order's own address, for whoever holds that."""

import pytest

from pipeline.domain import opportunities, orders
from pipeline.models.buy_link import BuyLink
from pipeline.models.opportunity import Opportunity
from pipeline.models.order import Order
from pipeline.models.payment import Provider
from pipeline.models.skin import Skin
from pipeline.transaction import transaction
from tests import selling
from tests.blueprints.shop.conftest import Prospect


@pytest.fixture
def order(link: BuyLink) -> Order:
    with transaction():
        return orders.place_for(link)


def words(prospect: Prospect, address: str) -> str:
    return " ".join(prospect.soup(address).get_text(" ", strip=True).split())


def test_what_was_bought_through_a_link_is_receipted_beside_it(prospect: Prospect, order: Order, address: str) -> None:
    selling.payment(order, 142_800, provider=Provider.STRIPE, method="card")
    said = words(prospect, f"{address}/receipt")
    assert said.count("Receipt 1001") == 2
    for part in ("For Ana Lima", "Bookkeeping", "Tax 19% on $1,200.00 $228.00", "Total $1,428.00", "by card $1,428.00"):
        assert part in said
    assert "Balance" not in said
    assert prospect.soup(f"{address}/receipt").find("a", href=address)


def test_what_was_sold_by_hand_is_receipted_at_an_address_of_its_own(prospect: Prospect, deal: Opportunity) -> None:
    order = selling.order(deal, price=5_000, note="Difficult customer")
    selling.payment(order, 2_000, provider=Provider.OFFLINE, method="cash")
    said = words(prospect, f"/buy/orders/{order.token}")
    assert "Paid in part" in said
    assert "by cash $20.00" in said
    assert "Balance due $30.00" in said
    assert "Difficult" not in said
    assert "Test mode" not in said
    assert "Back to the offer" not in said


def test_it_wears_the_skin_of_the_pipeline(prospect: Prospect, deal: Opportunity) -> None:
    with transaction():
        deal.pipeline.skin = Skin(name="Harbor", header="Harbor **Books**")
    order = selling.order(deal)
    assert "Harbor Books" in words(prospect, f"/buy/orders/{order.token}")


def test_it_stays_when_the_deal_is_deleted(prospect: Prospect, deal: Opportunity) -> None:
    order = selling.order(deal)
    with transaction():
        opportunities.delete(deal, by=None)
    assert prospect.get(f"/buy/orders/{order.token}").status_code == 200


@pytest.mark.parametrize("path", ["/buy/orders/nonsense", "/buy/orders/1001", "/buy/nonsense/receipt"])
def test_nobody_guesses_their_way_to_one(prospect: Prospect, order: Order, path: str) -> None:
    assert prospect.get(path).status_code == 404


def test_looking_is_limited(prospect: Prospect, order: Order) -> None:
    answers = {prospect.get(f"/buy/orders/{order.token}").status_code for _ in range(241)}
    assert answers == {200, 429}
