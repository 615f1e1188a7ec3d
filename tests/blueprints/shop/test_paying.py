"""The button of an offer: one session a press, at the offer's own price, and nothing for those who only look."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from pipeline import clock
from pipeline.domain import buy_links, moves
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink
from pipeline.models.opportunity import Status
from pipeline.models.payment import AttemptState, CheckoutAttempt, SandboxSession
from pipeline.transaction import transaction
from tests.cast import Cast
from tests.support import buying
from tests.support.prospect import Prospect, path_of
from tests.support.visiting import Visitor


@pytest.fixture
def link(app: Flask, cast: Cast) -> BuyLink:
    return buying.offer(owner=cast.olive)


@pytest.fixture
def prospect(app: Flask, link: BuyLink) -> Prospect:
    return Prospect(app, link)


def clicks(link: BuyLink) -> int:
    db.session.rollback()
    db.session.refresh(link)
    return link.clicks


def test_a_press_is_counted_and_leads_to_the_provider(prospect: Prospect, link: BuyLink) -> None:
    answer = prospect.press()
    (attempt,) = prospect.attempts()
    assert (answer.status_code, answer.headers["Location"]) == (303, attempt.url)
    assert (attempt.state, attempt.amount, clicks(link)) == (AttemptState.OPEN, buying.TOTAL, 1)
    assert prospect.get(path_of(answer)).status_code == 200


def test_a_double_press_is_one_session_and_one_click(prospect: Prospect, link: BuyLink) -> None:
    assert prospect.arrive() == prospect.arrive()
    assert (len(prospect.attempts()), clicks(link)) == (1, 1)


def test_another_press_later_is_another_click_in_the_same_session(prospect: Prospect, link: BuyLink) -> None:
    first = prospect.arrive()
    with clock.travelled(timedelta(minutes=5)):
        assert prospect.arrive() == first
    assert (len(prospect.attempts()), clicks(link)) == (1, 2)


def test_staff_who_try_it_are_not_counted(app: Flask, cast: Cast, link: BuyLink) -> None:
    path = Prospect(app, link).path
    assert Visitor(app, cast.olive).client.post(f"{path}/checkout").status_code == 303
    assert clicks(link) == 0


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_who_only_looks_changes_nothing(prospect: Prospect, link: BuyLink, method: str) -> None:
    bot = {"User-Agent": "Slackbot-LinkExpanding 1.0"}
    assert getattr(prospect.client, method)(f"{prospect.path}/checkout", headers=bot).status_code in {200, 405}
    assert getattr(prospect.client, method)(prospect.path, headers=bot).status_code == 200
    assert (prospect.attempts(), clicks(link)) == ([], 0)


def test_what_the_form_carries_is_not_read(prospect: Prospect, link: BuyLink) -> None:
    tampered = {
        "amount": "1",
        "price": "1",
        "currency": "JPY",
        "quantity": "0",
        "link_id": "999",
        "opportunity_id": "999",
        "version": "0",
        "lines-0-net": "1",
    }
    prospect.press(**tampered)
    (attempt,) = prospect.attempts()
    session = db.session.scalars(select(SandboxSession)).one()
    assert (attempt.link_id, attempt.amount, attempt.currency) == (link.id, buying.TOTAL, "USD")
    assert (session.amount, session.currency) == (buying.TOTAL, "USD")


def test_from_the_second_of_expiry_the_button_leads_to_the_way_on(prospect: Prospect, link: BuyLink) -> None:
    with clock.frozen(link.expires_at):
        answer = prospect.press()
        assert (answer.status_code, path_of(answer)) == (303, prospect.path)
        assert prospect.get(prospect.path).status_code == 410
    assert (prospect.attempts(), clicks(link)) == ([], 0)


def test_a_price_that_changed_meanwhile_is_not_asked_for(prospect: Prospect, link: BuyLink, cast: Cast) -> None:
    prospect.get(prospect.path)
    with transaction():
        buy_links.make(link.opportunity, by=None)
    answer = prospect.press()
    assert path_of(answer) == prospect.path
    assert prospect.attempts() == []


def test_a_lost_deal_cannot_be_paid(prospect: Prospect, link: BuyLink) -> None:
    with transaction():
        moves.set_status(link.opportunity, Status.LOST, by=None)
    assert path_of(prospect.press()) == prospect.path
    assert prospect.attempts() == []


def test_an_unknown_address_is_nothing(app: Flask, link: BuyLink) -> None:
    answer = app.test_client().post("/buy/no-such-token/checkout")
    assert answer.status_code == 404
    assert db.session.scalar(select(func.count(CheckoutAttempt.id))) == 0


def test_a_machine_that_presses_again_and_again_is_slowed_down(prospect: Prospect) -> None:
    statuses = [prospect.client.post(f"{prospect.path}/checkout").status_code for _ in range(31)]
    assert statuses[-1] == 429
    assert len(prospect.attempts()) == 1


def test_an_answer_about_money_is_kept_nowhere_and_tells_nobody(prospect: Prospect) -> None:
    for answer in (prospect.press(), prospect.get(prospect.arrive())):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]
