"""An offer of Olive's to Ana Lima, as whoever holds its address finds it: signed out, and keeping no cookies."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.test import TestResponse

from pipeline.models.buy_link import BuyLink
from pipeline.models.opportunity import Opportunity
from tests import factories
from tests.cast import Cast
from tests.support.pages import look_over_in_public


class Prospect:
    """Their browser: no cookies, no JavaScript. Whatever it gets keeps the rules of public pages."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client(use_cookies=False)

    def get(self, url: str, **options: Any) -> TestResponse:
        return self._looked_over(self.client.get(url, **options))

    def post(self, url: str, **fields: Any) -> TestResponse:
        return self._looked_over(self.client.post(url, data=fields))

    def soup(self, url: str) -> BeautifulSoup:
        return BeautifulSoup(self.get(url).text, "html.parser")

    def _looked_over(self, answer: TestResponse) -> TestResponse:
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        if answer.mimetype == "text/html" and answer.status_code not in (302, 303) and answer.text:
            assert answer.headers["Cache-Control"] == "no-store"
            look_over_in_public(answer.text)
        return answer


@pytest.fixture
def prospect(app: Flask) -> Prospect:
    return Prospect(app)


@pytest.fixture
def deal(cast: Cast) -> Opportunity:
    contact = factories.contact("Ana Lima", email="ana@lima.example")
    return factories.deal(factories.sales_pipeline(), "Acme, maybe 30 % off", owner=cast.olive, contact=contact)


@pytest.fixture
def link(deal: Opportunity) -> BuyLink:
    factories.line(deal, factories.product("Bookkeeping", 120_000, tax_rate=1900))
    return factories.buy_link(deal)


@pytest.fixture
def address(link: BuyLink) -> str:
    return f"/buy/{link.token}"


Ending = Callable[[BuyLink], None]
