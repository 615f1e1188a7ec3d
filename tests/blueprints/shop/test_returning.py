"""Back from the provider, by whatever way one took there, and however often one comes."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from pipeline import clock
from pipeline.domain.buying_facts import OpportunityPurchased
from pipeline.extensions import db
from pipeline.gateways.sandbox_till import Choice
from pipeline.models.buy_link import BuyLink, LinkState
from pipeline.models.opportunity import Status
from pipeline.models.order import Order
from pipeline.models.payment import AttemptState, PaymentFlag, SandboxSession
from pipeline.transaction import transaction
from tests.cast import Cast
from tests.support import buying
from tests.support.history import facts
from tests.support.prospect import Prospect, path_of


@pytest.fixture
def link(app: Flask, cast: Cast) -> BuyLink:
    return buying.offer(owner=cast.olive)


@pytest.fixture
def prospect(app: Flask, link: BuyLink) -> Prospect:
    return Prospect(app, link)


def purchases(link: BuyLink) -> int:
    db.session.rollback()
    db.session.expire_all()
    return len(facts(link.opportunity, OpportunityPurchased))


def test_who_paid_comes_back_to_thanks(prospect: Prospect, link: BuyLink) -> None:
    answer = prospect.pay()
    assert (answer.status_code, path_of(answer)) == (303, prospect.path)
    assert "Thank you" in prospect.heading()
    assert (purchases(link), link.state, link.opportunity.status) == (1, LinkState.PURCHASED, Status.WON)


def test_coming_back_again_and_again_does_nothing_more(prospect: Prospect, link: BuyLink) -> None:
    back = prospect.choose(prospect.arrive(), Choice.PAY)
    for _ in range(5):
        assert prospect.get(back).status_code == 303
        prospect.client.head(back)
    assert purchases(link) == 1
    assert db.session.scalar(select(func.count(Order.id))) == 1


def test_coming_back_unpaid_shows_the_offer(prospect: Prospect, link: BuyLink) -> None:
    page = prospect.arrive()
    (attempt,) = prospect.attempts()
    answer = prospect.get(f"{prospect.path}/return/{attempt.key}")
    assert path_of(answer) == prospect.path
    assert prospect.arrive() == page
    assert purchases(link) == 0


def test_an_address_that_says_paid_proves_nothing(prospect: Prospect, link: BuyLink) -> None:
    prospect.arrive()
    (attempt,) = prospect.attempts()
    prospect.get(f"{prospect.path}/return/{attempt.key}?paid=1&payment_status=paid&session_id=forged")
    assert (purchases(link), prospect.attempts()[0].payments) == (0, [])


def test_an_attempt_of_another_offer_is_not_found_here(app: Flask, prospect: Prospect) -> None:
    other = Prospect(app, buying.offer())
    other.arrive()
    (attempt,) = other.attempts()
    assert prospect.get(f"{prospect.path}/return/{attempt.key}").status_code == 404
    assert prospect.get(f"{prospect.path}/return/nonsense").status_code == 404


def test_money_that_takes_a_while_is_waited_for_on_a_page_that_looks_again(prospect: Prospect, link: BuyLink) -> None:
    back = prospect.choose(prospect.arrive(), Choice.DELAY)
    answer = prospect.get(back)
    assert (answer.status_code, answer.headers["Refresh"]) == (200, "10")
    assert "waiting" in answer.text
    assert "waiting" in prospect.heading()
    assert path_of(prospect.press()) == prospect.path
    with clock.travelled(timedelta(minutes=2)):
        assert path_of(prospect.get(back)) == prospect.path
    assert purchases(link) == 1


def test_a_refused_card_can_be_tried_again(prospect: Prospect, link: BuyLink) -> None:
    page = prospect.arrive()
    assert prospect.choose(page, Choice.FAIL) == page
    assert "was refused" in prospect.get(page).text
    prospect.get(prospect.choose(page, Choice.PAY))
    assert purchases(link) == 1


def test_who_cancels_comes_back_to_the_offer_and_may_begin_anew(prospect: Prospect, link: BuyLink) -> None:
    page = prospect.arrive()
    assert prospect.choose(page, Choice.CANCEL) == prospect.path
    assert "over" in prospect.get(page).text
    assert prospect.post(f"{page}/choices", choice="pay").status_code == 422
    assert purchases(link) == 0


@pytest.mark.parametrize(
    ("choice", "flags", "wins", "said"),
    [
        (
            Choice.TWICE,
            [PaymentFlag.NORMAL, PaymentFlag.DOUBLE],
            1,
            "This offer has been paid twice, and is bought once",
        ),
        (Choice.LATE, [PaymentFlag.LATE], 0, "Your payment has arrived"),
        (Choice.WRONG_AMOUNT, [PaymentFlag.MISMATCH], 0, "Your payment has arrived"),
    ],
)
def test_money_that_a_person_looks_at_is_said_to_have_arrived(
    prospect: Prospect, link: BuyLink, choice: Choice, flags: list[PaymentFlag], wins: int, said: str
) -> None:
    answer = prospect.pay(choice)
    assert (answer.status_code, said in answer.text) == (200, True)
    assert [payment.flag for payment in prospect.attempts()[0].payments] == flags
    assert purchases(link) == wins
    assert prospect.heading() == ("Thank you" if wins else "Your payment has arrived")
    assert path_of(prospect.press()) == prospect.path


def test_two_tabs_that_pay_are_one_win_and_a_double(prospect: Prospect, link: BuyLink) -> None:
    first = prospect.arrive()
    with transaction():
        (attempt,) = prospect.attempts()
        attempt.expires_at = clock.now()
    second = prospect.arrive()
    assert first != second
    for page in (first, second):
        prospect.get(prospect.choose(page, Choice.PAY))
    flags = [payment.flag for attempt in prospect.attempts() for payment in attempt.payments]
    assert sorted(flags) == [PaymentFlag.DOUBLE, PaymentFlag.NORMAL]
    assert purchases(link) == 1


def test_a_provider_that_does_not_answer_is_asked_again(prospect: Prospect, link: BuyLink) -> None:
    back = prospect.choose(prospect.arrive(), Choice.PAY)
    session = db.session.scalars(select(SandboxSession)).one()
    ref = session.ref
    with transaction():
        session.ref = "sbx_elsewhere"
    answer = prospect.get(back)
    assert (answer.status_code, answer.headers["Refresh"]) == (503, "10")
    assert "did not answer" in answer.text
    (attempt,) = prospect.attempts()
    assert (attempt.state, "knows no session" in (attempt.error or "")) == (AttemptState.OPEN, True)
    with transaction():
        db.session.scalars(select(SandboxSession)).one().ref = ref
    prospect.get(back)
    assert purchases(link) == 1


@pytest.mark.parametrize("choice", ["", "steal", "pay\n"])
def test_the_sandbox_takes_only_its_own_choices(prospect: Prospect, choice: str) -> None:
    assert prospect.post(f"{prospect.arrive()}/choices", choice=choice).status_code == 422


def test_a_session_that_is_not_there_is_nothing(prospect: Prospect) -> None:
    assert prospect.get("/buy/sandbox/sbx_nothing").status_code == 404
