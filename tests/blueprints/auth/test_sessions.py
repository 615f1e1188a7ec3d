"""Signing in and out: the same words for every mistake, a session that ends, and no way to somewhere else."""

import re
import time

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from pipeline.domain import people
from pipeline.transaction import transaction
from tests.cast import Cast
from tests.support.pages import look_over
from tests.support.visiting import Visitor

PASSWORD = "a long password"


@pytest.fixture
def olive(cast: Cast) -> Cast:
    with transaction():
        people.set_password(cast.olive, PASSWORD, by=cast.olive)
    return cast


def sign_in(client: FlaskClient, email: str = "olive@example.com", password: str = PASSWORD, next: str = ""):
    page = client.get("/sign-in").text
    look_over(page)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    return client.post("/sign-in", data={"email": email, "password": password, "next": next, "csrf_token": token[1]})


def test_the_right_password_opens_the_place_one_wanted(olive: Cast, client: FlaskClient) -> None:
    wanted = client.get("/settings/profile?x=1")
    assert wanted.headers["Location"] == "/sign-in?next=/settings/profile?x%3D1"
    assert sign_in(client, " OLIVE@example.com", next="/settings/profile").headers["Location"] == "/settings/profile"
    assert client.get("/settings/profile").status_code == 200
    assert client.get("/sign-in").status_code == 303, "who is signed in need not sign in"


def test_mistakes_all_look_alike(olive: Cast, client: FlaskClient) -> None:
    wrong = sign_in(client, password="not the password")
    unknown = sign_in(client, email="nobody@example.com")
    unset = sign_in(client, email="tom@example.com")
    assert {wrong.status_code, unknown.status_code, unset.status_code} == {401}
    assert len({re.sub(r'value="[^"]*"', "", answer.text) for answer in (wrong, unknown, unset)}) == 1


def test_after_a_mistake_the_password_is_what_one_types_next(olive: Cast, client: FlaskClient) -> None:
    assert field_in_focus(client.get("/sign-in")) == "email"
    assert field_in_focus(sign_in(client, password="not the password")) == "password"
    assert field_in_focus(sign_in(client, email="")) == "email"


def field_in_focus(answer: TestResponse) -> object:
    (field,) = BeautifulSoup(answer.text, "html.parser").find_all(autofocus=True)
    return field["name"]


def test_an_empty_form_is_asked_again(olive: Cast, client: FlaskClient) -> None:
    assert sign_in(client, email="", password="").status_code == 422


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example"])
def test_no_sign_in_leads_to_another_site(olive: Cast, client: FlaskClient, elsewhere: str) -> None:
    assert sign_in(client, next=elsewhere).headers["Location"] == "/"


def test_too_many_tries_at_one_address_have_to_wait(olive: Cast, client: FlaskClient) -> None:
    answers = [sign_in(client, password="guess").status_code for _ in range(11)]
    assert answers == [401] * 10 + [429]
    assert sign_in(client, email="tom@example.com").status_code == 401, "another address is not held up"


def test_a_session_shares_nothing_with_the_one_before(olive: Cast, client: FlaskClient) -> None:
    with client.session_transaction() as session:
        session["planted"] = "by someone else"
    sign_in(client)
    with client.session_transaction() as session:
        assert "planted" not in session


def test_signing_out_ends_it(olive: Cast, app: Flask) -> None:
    visitor = Visitor(app, olive.olive)
    assert visitor.post("/sign-out").headers["Location"] == "/sign-in"
    assert visitor.get("/settings/profile").status_code == 303


@pytest.mark.parametrize(("key", "age"), [("seen", 24 * 3600 + 1), ("began", 14 * 24 * 3600 + 1)])
def test_a_session_ends_when_idle_and_at_last(cast: Cast, app: Flask, key: str, age: int) -> None:
    visitor = Visitor(app, cast.olive)
    with visitor.client.session_transaction() as session:
        session[key] = time.time() - age
    assert visitor.get("/settings/profile").status_code == 303


def test_being_there_keeps_it_open(cast: Cast, app: Flask) -> None:
    visitor = Visitor(app, cast.olive)
    with visitor.client.session_transaction() as session:
        session["seen"] = time.time() - 3600
    visitor.get("/settings/profile")
    with visitor.client.session_transaction() as session:
        assert session["seen"] > time.time() - 60


def test_a_part_of_a_page_asked_for_by_nobody_sends_the_whole_page_to_sign_in(client: FlaskClient) -> None:
    answer = client.get("/settings/profile", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in")
