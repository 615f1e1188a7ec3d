"""Offers that cannot be bought any more: each says so truly, and none is a dead end."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from pipeline import clock
from pipeline.domain import buy_links, orders
from pipeline.domain.buying_facts import FreshLinkWanted
from pipeline.extensions import db
from pipeline.models.activity import Activity
from pipeline.models.buy_link import BuyLink, LinkState
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity
from pipeline.models.payment import PaymentState
from pipeline.transaction import transaction
from tests import factories, selling
from tests.blueprints.shop.conftest import Prospect
from tests.offers import deleted, emptied, expired, lost, revoked

ENDS = [
    (expired, "This offer has expired"),
    (revoked, "This offer was withdrawn"),
    (emptied, "This offer was withdrawn"),
    (lost, "This offer has ended"),
]


@pytest.mark.parametrize(("end", "words"), ENDS, ids=lambda each: getattr(each, "__name__", ""))
def test_what_is_over_is_gone_and_leads_on(
    prospect: Prospect, address: str, link: BuyLink, end: Callable[[BuyLink], None], words: str
) -> None:
    end(link)
    answer = prospect.get(address)
    assert answer.status_code == 410
    assert words in answer.text
    assert "Pay $" not in answer.text
    assert "Ask for a fresh link" in answer.text
    assert "olive@example.com" in answer.text

    asked = prospect.post(f"{address}/fresh")
    assert asked.status_code == 303
    thanks = prospect.get(asked.location)
    assert thanks.status_code == 410
    assert "Olive Owner has been asked for a fresh link" in thanks.text
    task = db.session.scalars(select(Activity)).one()
    assert (task.title, task.assignee) == ("Send Ana Lima a fresh buy-now link", link.opportunity.owner)


def test_it_is_refused_from_the_very_second(prospect: Prospect, address: str, link: BuyLink) -> None:
    with clock.frozen(link.expires_at - timedelta(seconds=1)):
        assert prospect.get(address).status_code == 200
    with clock.frozen(link.expires_at):
        assert prospect.get(address).status_code == 410


def test_a_fresh_link_is_asked_for_once_a_day(prospect: Prospect, address: str, link: BuyLink) -> None:
    expired(link)
    wanted = select(func.count(Event.id)).where(Event.kind == FreshLinkWanted.kind())
    for _ in range(3):
        assert prospect.post(f"{address}/fresh").status_code == 303
    assert db.session.scalar(wanted) == 1
    with clock.travelled(timedelta(days=1, minutes=1)):
        assert prospect.post(f"{address}/fresh").status_code == 303
    db.session.rollback()
    assert db.session.scalar(wanted) == 2


def test_no_fresh_link_is_asked_for_while_the_offer_is_good(prospect: Prospect, address: str) -> None:
    answer = prospect.post(f"{address}/fresh")
    assert answer.status_code == 422
    assert "Back to the offer" in answer.text
    assert db.session.scalars(select(Activity)).all() == []


def test_a_deleted_deals_offer_says_who_to_write_to(prospect: Prospect, address: str, link: BuyLink) -> None:
    deleted(link)
    answer = prospect.get(address)
    assert answer.status_code == 410
    assert "This offer is gone" in answer.text
    assert "olive@example.com" in answer.text
    assert prospect.post(f"{address}/fresh").status_code == 422
    assert prospect.post(f"{address}/questions", text="Why?").status_code == 422


def test_an_updated_offer_shows_the_new_price_and_leads_there_by_one_press(
    prospect: Prospect, address: str, link: BuyLink, deal: Opportunity
) -> None:
    factories.line(deal, factories.product("Advice", 50_000))
    answer = prospect.get(address)
    assert answer.status_code == 200
    assert "This offer was updated" in answer.text
    assert "$1,928.00" in answer.text
    assert "Pay $" not in answer.text
    draft = db.session.scalars(select(BuyLink).where(BuyLink.state == LinkState.DRAFT)).one()
    assert prospect.get(f"/buy/{draft.token}").status_code == 410

    for _ in range(2):
        on = prospect.post(f"{address}/continuation")
        assert (on.status_code, on.location) == (303, f"/buy/{draft.token}")
    assert "Pay $1,928.00" in prospect.get(on.location).text
    db.session.rollback()
    assert db.session.get_one(BuyLink, draft.id).state is LinkState.ACTIVE


def test_an_offer_updated_twice_leads_to_the_last(prospect: Prospect, address: str, deal: Opportunity) -> None:
    for price in (50_000, 60_000):
        factories.line(deal, factories.product(f"Advice {price}", price))
        on = prospect.post(f"{address}/continuation")
    assert "Pay $2,528.00" in prospect.get(on.location).text


def test_there_is_no_going_on_from_an_offer_that_was_not_updated(prospect: Prospect, address: str) -> None:
    assert prospect.post(f"{address}/continuation").location == address


def test_an_updated_offer_whose_successor_has_expired_too_is_over(
    prospect: Prospect, address: str, deal: Opportunity
) -> None:
    factories.line(deal, factories.product("Advice", 50_000))
    with clock.travelled(timedelta(days=20)):
        assert prospect.get(address).status_code == 410
        assert prospect.post(f"{address}/continuation").location == address


def test_while_the_bank_is_waited_for_nothing_can_be_paid_again(
    prospect: Prospect, address: str, link: BuyLink, deal: Opportunity
) -> None:
    selling.payment(deal, 142_800, state=PaymentState.PENDING, link_id=link.id)
    answer = prospect.get(address)
    assert answer.status_code == 200
    assert "We are waiting for your bank" in answer.text
    assert "Pay $" not in answer.text


def test_the_offer_that_was_bought_thanks_and_leads_to_its_receipt(
    prospect: Prospect, address: str, link: BuyLink
) -> None:
    with transaction():
        order = orders.place_for(link)
        buy_links.mark_purchased(link)
    answer = prospect.get(address)
    assert answer.status_code == 200
    assert "Thank you" in answer.text
    assert f"<strong>{order.number}</strong>" in answer.text
    assert "Pay $" not in answer.text
    assert prospect.get(f"{address}/receipt").status_code == 200


def test_there_is_no_receipt_before_something_was_bought(prospect: Prospect, address: str) -> None:
    assert prospect.get(f"{address}/receipt").status_code == 404
