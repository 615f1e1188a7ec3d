"""Fifty prospects who pay at the same time, by HTTP to the product as it runs: nothing is lost and nothing doubled."""

import http.client
import time
from collections import Counter
from pathlib import Path
from threading import Barrier, Thread
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline.domain import buy_links
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink
from pipeline.models.event import Event
from pipeline.models.mail import Mail
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.order import Order
from pipeline.models.payment import AttemptState, CheckoutAttempt, Payment, PaymentFlag, ProviderEvent, SandboxSession
from pipeline.settings import Settings
from tests import factories
from tests.support import buying, product

PROSPECTS = 50
PATIENCE = 60


@pytest.fixture
def paths(app: Flask) -> list[str]:
    """An offer each, all of the same product."""
    sales, audit = factories.sales_pipeline(), buying.product()
    links = []
    for number in range(PROSPECTS):
        person = factories.contact(f"Prospect {number}", email=f"prospect{number}@example.com")
        links.append(buying.offer(audit, deal=factories.deal(sales, f"Deal {number}", contact=person)))
    return [urlsplit(buy_links.address(link)).path for link in links]


class Browser:
    """One connection, no cookies, no JavaScript."""

    def __init__(self, address: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)

    def ask(self, method: str, path: str, expected: int, **fields: str) -> str:
        """The path that one is sent on to, if one is."""
        body = urlencode(fields) if method == "POST" else None
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        self.connection.request(method, path, body, kind)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        assert answer.status == expected, f"{method} {path}: {answer.status}, {text[:300]}"
        return urlsplit(answer.headers.get("Location", "")).path


def buy(address: str, path: str, start: Barrier, failures: list[BaseException]) -> None:
    """From the offer to the thanks, pressing the button twice as people do."""
    browser = Browser(address)
    try:
        start.wait()
        browser.ask("GET", path, 200)
        browser.ask("POST", f"{path}/checkout", 303)
        till = browser.ask("POST", f"{path}/checkout", 303)
        browser.ask("GET", till, 200)
        back = browser.ask("POST", f"{till}/choices", 303, choice="pay")
        assert browser.ask("GET", back, 303) == path
        browser.ask("GET", path, 200)
    except BaseException as failure:
        failures.append(failure)
    finally:
        browser.connection.close()


def count(model: type) -> int:
    db.session.rollback()
    return len(db.session.scalars(select(model.id)).all())


@pytest.mark.long
def test_fifty_who_pay_at_once_lose_and_double_nothing(settings: Settings, paths: list[str], tmp_path: Path) -> None:
    start, failures = Barrier(PROSPECTS), list[BaseException]()
    db.session.rollback()
    with product.running(tmp_path, settings.database_url, SECRET_KEY=settings.secret_key) as address:
        threads = [Thread(target=buy, args=(address, path, start, failures)) for path in paths]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        until = time.monotonic() + PATIENCE
        while count(Mail) < PROSPECTS or count(ProviderEvent) < PROSPECTS:
            assert time.monotonic() < until, f"{count(Mail)} receipts, {count(ProviderEvent)} calls"
            time.sleep(0.1)

    db.session.rollback()
    db.session.expire_all()
    assert Counter(db.session.scalars(select(Payment.flag))) == {PaymentFlag.NORMAL: PROSPECTS}
    assert Counter(db.session.scalars(select(CheckoutAttempt.state))) == {AttemptState.PAID: PROSPECTS}
    assert count(SandboxSession) == PROSPECTS
    assert sorted(db.session.scalars(select(Order.number))) == list(range(1001, 1001 + PROSPECTS))
    assert set(Counter(db.session.scalars(select(Order.link_id))).values()) == {1}
    assert Counter(db.session.scalars(select(Opportunity.status))) == {Status.WON: PROSPECTS}
    purchased = select(Event.opportunity_id).where(Event.kind == "opportunity_purchased")
    assert set(Counter(db.session.scalars(purchased)).values()) == {1}
    assert sorted(Counter(db.session.scalars(select(Mail.to_address))).values()) == [1] * PROSPECTS
    assert set(db.session.scalars(select(BuyLink.clicks))) <= {1, 2}, "a second press is another only after a while"
