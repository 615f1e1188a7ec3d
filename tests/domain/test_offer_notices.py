"""The owner of a deal hears what came of its offer, once, and by mail where somebody waits for an answer."""

import pytest
from sqlalchemy import select

from pipeline.domain import events, moves, offer_notices
from pipeline.domain.buying_facts import BuyLinkExpired, FreshLinkWanted, QuestionAsked
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.mail import Mail
from pipeline.models.notification import Notification
from pipeline.models.opportunity import Status
from pipeline.transaction import transaction
from tests import factories


@pytest.fixture
def deal(cast):
    contact = factories.contact("Ana Lima")
    return factories.deal(factories.sales_pipeline(), "Acme", owner=cast.olive, contact=contact)


def told(deal, fact):
    with transaction():
        event = events.record(fact, about=deal, by=None, via=Via.PURCHASE)
    for _ in range(2):
        with transaction():
            offer_notices.tell_owner(event)
    return [(each.user.name, each.text) for each in db.session.scalars(select(Notification).order_by(Notification.id))]


def mails():
    return db.session.scalars(select(Mail.to_address).order_by(Mail.id)).all()


def test_a_question_reaches_the_owner_by_bell_and_mail(deal):
    assert told(deal, QuestionAsked(1, 1, "Is it\nmonthly?")) == [
        ("Olive Owner", "Ana Lima asked about the offer for Acme: Is it monthly?")
    ]
    assert mails() == ["olive@example.com"]


def test_so_does_a_wish_for_a_fresh_link(deal):
    [(_, words)] = told(deal, FreshLinkWanted(1, "expired"))
    assert words == "Ana Lima asks for a fresh buy-now link for Acme."
    assert mails() == ["olive@example.com"]


def test_an_expired_link_is_told_under_the_bell(deal):
    [(_, words)] = told(deal, BuyLinkExpired(1, 24_000, "USD"))
    assert words == "The buy-now link of Acme over $240.00 expired. Extend it, or make a fresh one."
    assert mails() == []


def test_nobody_is_told_that_the_offer_of_a_closed_deal_expired(deal, cast):
    with transaction():
        moves.set_status(deal, Status.ABANDONED, by=cast.olive)
    assert told(deal, BuyLinkExpired(1, 24_000, "USD")) == []
