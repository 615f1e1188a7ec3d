"""The offer's page: all that a prospect has to know before they pay, small, and changed by nobody who only looks."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from pipeline import clock
from pipeline.domain import contacts
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity
from pipeline.transaction import transaction
from tests import factories
from tests.blueprints.shop.conftest import Prospect
from tests.support.counting import statements

MOST = 30_000
NOON = datetime(2026, 11, 13, 12, 0, tzinfo=UTC)
BOTS = ("Slackbot-LinkExpanding 1.0", "facebookexternalhit/1.1", "Mozilla/5.0 (compatible; bingbot/2.0)")


def test_it_says_what_is_sold_for_how_much_and_by_whom(prospect: Prospect, address: str) -> None:
    answer = prospect.get(address)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    for words in ("Offer for Ana Lima", "Bookkeeping", "$1,200.00", "$228.00", "$1,428.00", "Pay $1,428.00"):
        assert words in page, words
    assert "Olive Owner" in page
    assert "mailto:olive@example.com" in page


def test_it_tells_nothing_of_what_is_written_about_the_deal(prospect: Prospect, address: str) -> None:
    assert "maybe" not in prospect.get(address).text


def test_tax_is_shown_for_each_rate(prospect: Prospect, deal: Opportunity) -> None:
    factories.line(deal, factories.product("Book", 10_000, tax_rate=700), quantity=3)
    factories.line(deal, factories.product("Advice", 20_000, tax_rate=1900), discount=5000)
    page = prospect.soup(f"/buy/{factories.buy_link(deal).token}")
    sums = [" ".join(row.get_text(" ", strip=True).split()) for row in page.select("tfoot tr")]
    assert sums == [
        "Without tax $400.00",
        "Tax, 19% of $100.00 $19.00",
        "Tax, 7% of $300.00 $21.00",
        "Total $440.00",
    ]
    assert "less 50%" in page.get_text()


def test_a_subscription_says_what_is_due_today_and_what_later(prospect: Prospect, deal: Opportunity) -> None:
    factories.line(deal, factories.product("Setup", 50_000))
    factories.line(deal, factories.product("Care", 4_900, interval_months=1, trial_days=14, payments_count=12))
    page = prospect.soup(f"/buy/{factories.buy_link(deal).token}")
    due = " ".join(page.select_one("dl.due").get_text(" ", strip=True).split())  # type: ignore[union-attr]
    assert due == "Due today $500.00 USD Later $49.00 every month, first after 14 days, 12 payments"
    assert "Pay $500.00" in page.get_text()


def test_what_begins_with_a_trial_alone_costs_nothing_today(prospect: Prospect, deal: Opportunity) -> None:
    factories.line(deal, factories.product("Care", 4_900, interval_months=12, trial_days=30))
    page = prospect.get(f"/buy/{factories.buy_link(deal).token}").text
    assert "Start now, pay nothing today" in page
    assert "$49.00 every year, first after 30 days, until cancelled" in page


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Berlin", "Friday 27 November 2026, 17:00 CET"),
        ("America/New_York", "Friday 27 November 2026, 11:00 EST"),
        ("Asia/Kathmandu", "Friday 27 November 2026, 21:45 UTC+05:45 (Asia/Kathmandu)"),
        (None, "Friday 27 November 2026, 16:00 UTC"),
    ],
)
def test_its_end_is_told_to_the_minute_where_the_prospect_is(
    prospect: Prospect, deal: Opportunity, zone: str | None, words: str
) -> None:
    with clock.frozen(NOON):
        if zone:
            with transaction():
                contacts.change(deal.contact, by=None, time_zone=zone)
        link = factories.buy_link(deal, expires_at=NOON + timedelta(days=14, hours=4))
        assert words in prospect.get(f"/buy/{link.token}").text


def test_who_pays_is_told_that_it_is_only_a_test(prospect: Prospect, address: str) -> None:
    assert "Test mode: no money moves" in prospect.get(address).text


def test_the_reps_words_are_shown_as_they_were_written(prospect: Prospect, deal: Opportunity) -> None:
    link = factories.buy_link(deal, message="As discussed:\n<b>half</b> price")
    assert "As discussed:\n&lt;b&gt;half&lt;/b&gt; price" in prospect.get(f"/buy/{link.token}").text


def test_it_is_small(prospect: Prospect, deal: Opportunity) -> None:
    for number in range(12):
        product = factories.product(f"Product {number}", 10_000, tax_rate=1900, description="What it is good for. " * 6)
        factories.line(deal, product, quantity=2, discount=1000)
    page = prospect.soup(f"/buy/{factories.buy_link(deal, message='Hello. ' * 40).token}")
    files = [str(each["href"]) for each in page.find_all("link", rel="stylesheet")]
    size = len(str(page)) + sum(len(prospect.client.get(file).data) for file in files)
    assert size < MOST


def test_many_lines_are_asked_for_as_few_are(prospect: Prospect, deal: Opportunity) -> None:
    counts = []
    for number in range(12):
        factories.line(deal, factories.product(f"Product {number}", 10_000))
        address = f"/buy/{factories.buy_link(deal).token}"
        with statements() as asked:
            prospect.get(address)
        counts.append(len(asked))
    assert counts == [4] * 12


def test_whoever_only_looks_changes_and_counts_nothing(prospect: Prospect, address: str, link: BuyLink) -> None:
    before = db.session.scalars(select(Event.id)).all()
    for bot in BOTS:
        assert prospect.get(address, headers={"User-Agent": bot}).status_code == 200
        assert prospect.client.head(address, headers={"User-Agent": bot}).status_code == 200
    db.session.rollback()
    assert db.session.scalars(select(Event.id)).all() == before
    assert db.session.get_one(BuyLink, link.id).clicks == 0
    assert db.session.get_one(BuyLink, link.id).version == link.version


@pytest.mark.parametrize("deed", ["checkout", "questions", "fresh", "continuation"])
def test_nothing_is_done_by_reading(prospect: Prospect, address: str, deed: str) -> None:
    assert prospect.client.get(f"{address}/{deed}").status_code in (404, 405)


def test_an_address_that_was_never_given_out_says_no_more_than_that(prospect: Prospect, address: str) -> None:
    for token in ("nothing", "x" * 3000, "%00"):
        answer = prospect.get(f"/buy/{token}")
        assert answer.status_code == 404, token
    assert "There is no offer here" in prospect.get("/buy/nothing").text


def test_what_is_sent_along_changes_nothing(prospect: Prospect, address: str) -> None:
    page = prospect.get(f"{address}?amount=1&currency=JPY&link_id=1&quantity=0&price=1").text
    assert "Pay $1,428.00" in page


@pytest.mark.parametrize("deed", ["questions", "fresh", "continuation"])
def test_nor_does_what_a_form_carries_beside_its_own(
    prospect: Prospect, address: str, link: BuyLink, deal: Opportunity, deed: str
) -> None:
    sent = {"amount": 1, "currency": "JPY", "link_id": 99, "opportunity_id": 99, "version": 0, "state": "purchased"}
    prospect.post(f"{address}/{deed}", text="Why?", **sent)
    db.session.rollback()
    db.session.refresh(link)
    assert (link.total, link.currency, link.state, link.opportunity_id) == (142_800, "USD", "active", deal.id)
    assert "Pay $1,428.00" in prospect.get(address).text


def test_its_policy_lets_nothing_in(prospect: Prospect, address: str) -> None:
    policy = prospect.get(address).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy


def test_who_asks_too_often_is_told_to_wait(prospect: Prospect, address: str) -> None:
    answers = {prospect.client.get(address).status_code for _ in range(125)}
    assert answers == {200, 429}
    assert "Wait a minute" in prospect.get(address).text
