"""A signed-in person's browser without JavaScript: it sends each form's token, and looks over the pages it gets."""

import time
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from pipeline.models.user import User
from tests.support.pages import look_over

HTMX = {"HX-Request": "true"}
SECRET = "known to the test"


class Visitor:
    def __init__(self, app: Flask, person: User) -> None:
        self.client = app.test_client()
        self.token = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(SECRET)
        with self.client.session_transaction() as session:
            session["_user_id"] = f"{person.id}.{person.session_epoch}"
            session["began"] = session["seen"] = time.time()
            session["csrf_token"] = SECRET

    def get(self, url: str, *, htmx: bool = False, page: str = "") -> TestResponse:
        """Ask for a page; with htmx for a part of it, from the page one is on."""
        answer = self.client.get(url, headers=self._headers(htmx, page))
        if not htmx and answer.status_code != 303 and answer.mimetype == "text/html":
            look_over(answer.text)
        return answer

    def post(self, url: str, *, htmx: bool = False, page: str = "", **fields: Any) -> TestResponse:
        """Send a form, its token included."""
        fields = {name: value for name, value in fields.items() if value is not None}
        answer = self.client.post(url, data={"csrf_token": self.token, **fields}, headers=self._headers(htmx, page))
        if not htmx and answer.status_code != 303 and answer.mimetype == "text/html":
            look_over(answer.text)
        return answer

    def soup(self, url: str) -> BeautifulSoup:
        return BeautifulSoup(self.get(url).text, "html.parser")

    def _headers(self, htmx: bool, page: str) -> dict[str, str]:
        return HTMX | ({"HX-Current-URL": f"http://localhost{page}"} if page else {}) if htmx else {}
