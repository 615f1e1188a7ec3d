"""A prospect's browser: signed out, without JavaScript, with nothing but the address."""

from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from pipeline.domain import buy_links
from pipeline.extensions import db
from pipeline.gateways.sandbox_till import Choice
from pipeline.models.buy_link import BuyLink
from pipeline.models.payment import CheckoutAttempt
from tests.support.pages import look_over_in_public


class Prospect:
    """Each step looks over the page it gets."""

    def __init__(self, app: Flask, link: BuyLink) -> None:
        self.client = app.test_client()
        self.path = urlsplit(buy_links.address(link)).path
        self.link_id = link.id

    def get(self, path: str) -> TestResponse:
        return self._looked_over(self.client.get(path))

    def post(self, path: str, **fields: object) -> TestResponse:
        return self._looked_over(self.client.post(path, data=fields))

    def press(self, **fields: object) -> TestResponse:
        """The button of the offer."""
        return self.post(f"{self.path}/checkout", **fields)

    def arrive(self) -> str:
        """At the provider's page: its path."""
        answer = self.press()
        assert answer.status_code == 303, answer.text
        return path_of(answer)

    def choose(self, page: str, choice: Choice) -> str:
        """What to do at the sandbox; the path that it sends one back to."""
        answer = self.post(f"{page}/choices", choice=choice.value)
        assert answer.status_code == 303, answer.text
        return path_of(answer)

    def pay(self, choice: Choice = Choice.PAY) -> TestResponse:
        """All of it, until one is back."""
        return self.get(self.choose(self.arrive(), choice))

    def attempts(self) -> list[CheckoutAttempt]:
        db.session.rollback()
        db.session.expire_all()
        mine = select(CheckoutAttempt).where(CheckoutAttempt.link_id == self.link_id).order_by(CheckoutAttempt.id)
        return list(db.session.scalars(mine))

    def heading(self, path: str = "") -> str:
        heading = BeautifulSoup(self.get(path or self.path).text, "html.parser").h1
        assert heading is not None
        return heading.get_text(" ", strip=True)

    def _looked_over(self, answer: TestResponse) -> TestResponse:
        if answer.mimetype == "text/html" and answer.status_code != 303:
            look_over_in_public(answer.text)
        return answer


def path_of(answer: TestResponse) -> str:
    return urlsplit(answer.headers["Location"]).path
