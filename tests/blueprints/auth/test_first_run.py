"""The first hour: a one-time link makes the first administrator, and no second one."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pipeline.domain import people
from pipeline.extensions import db
from pipeline.models.pipeline import Pipeline
from pipeline.models.user import User
from pipeline.web import links
from tests.cast import Cast
from tests.support.pages import look_over

ANSWERS = {
    "company": "Harbor Books",
    "name": "Ada Admin",
    "email": "Ada@Example.com",
    "password": "a long password",
    "time_zone": "Europe/Lisbon",
    "currency": "EUR",
    "template": "direct",
}


@pytest.fixture
def link(app: Flask) -> str:
    return links.first_run_link().removeprefix("http://pipeline.example")


def send(client: FlaskClient, link: str, **changed: str) -> int:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(link).text)
    assert token
    answer = client.post(link, data=ANSWERS | changed | {"csrf_token": token[1]})
    db.session.rollback()
    return answer.status_code


def test_the_link_makes_an_administrator_who_may_sell_and_a_pipeline(client: FlaskClient, link: str) -> None:
    look_over(client.get(link).text)
    assert send(client, link) == 303
    ada = db.session.scalars(db.select(User)).one()
    assert (ada.email, ada.is_admin, ada.is_rep, ada.time_zone) == ("ada@example.com", True, True, "Europe/Lisbon")
    pipeline = db.session.scalars(db.select(Pipeline)).one()
    assert (pipeline.currency, pipeline.is_default) == ("EUR", True)
    assert client.get("/settings/users").status_code == 200, "and is signed in"


def test_the_link_works_once(client: FlaskClient, link: str) -> None:
    assert send(client, link) == 303
    assert client.get(link).status_code == 404
    assert people.there_is_an_administrator()


def test_nobody_guesses_the_link(client: FlaskClient) -> None:
    assert client.get("/first-run/guess").status_code == 404


def test_an_installation_with_an_administrator_has_no_first_run(cast: Cast, client: FlaskClient, link: str) -> None:
    assert client.get(link).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"company": ""}, {"email": "no address"}, {"password": "short"}, {"currency": "XXXX"}, {"time_zone": "Mars"}],
)
def test_wrong_answers_are_asked_again_and_keep_nothing(client: FlaskClient, link: str, wrong: dict[str, str]) -> None:
    assert send(client, link, **wrong) == 422
    assert db.session.scalar(db.select(User.id)) is None
    assert db.session.scalar(db.select(Pipeline.id)) is None
