"""A forgotten password: a link by mail, good for an hour and once."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pipeline.domain import signing_in
from pipeline.extensions import db
from pipeline.models.mail import Mail
from pipeline.models.user import User
from pipeline.web import links
from tests.cast import Cast
from tests.support.visiting import Visitor


def path_of(link: str) -> str:
    return link.removeprefix("http://pipeline.example")


@pytest.fixture
def stranger(app: Flask, cast: Cast) -> Visitor:
    """A browser that carries a form's token but nobody's session."""
    visitor = Visitor(app, cast.olive)
    with visitor.client.session_transaction() as session:
        del session["_user_id"]
    return visitor


def mails() -> list[Mail]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Mail).order_by(Mail.id)))


def test_a_known_address_gets_a_link_and_an_unknown_one_the_same_words(cast: Cast, stranger: Visitor) -> None:
    known = stranger.post("/password-resets", email="OLIVE@example.com ")
    unknown = stranger.post("/password-resets", email="nobody@example.com")
    assert known.text.replace("olive", "") == unknown.text.replace("nobody", "")
    (mail,) = mails()
    assert mail.to_address == "olive@example.com"
    assert "http://pipeline.example/passwords/password-reset/" in mail.text


def test_the_link_sets_a_password_once_and_ends_all_sessions(
    cast: Cast, stranger: Visitor, visit: Callable[[User], Visitor], afresh: Callable[[], None]
) -> None:
    olives = visit(cast.olive)
    link = path_of(links.password_link(cast.olive, links.RESET))
    assert stranger.get(link).status_code == 200
    assert stranger.post(link, password="brand new secret").status_code == 303
    afresh()
    assert signing_in.recognised("olive@example.com", "brand new secret") == cast.olive
    assert stranger.post(link, password="another new secret").status_code == 410
    assert olives.get("/settings/profile").status_code == 303, "signed out"


def test_only_who_may_be_signed_in_is_told_to_sign_in_again(cast: Cast, stranger: Visitor) -> None:
    told = "you will have to sign in again"
    assert told in stranger.get(path_of(links.password_link(cast.olive, links.RESET))).text
    assert told not in stranger.get(path_of(links.password_link(cast.olive, links.INVITATION))).text


def test_a_password_that_is_too_short_is_asked_again(cast: Cast, stranger: Visitor) -> None:
    link = path_of(links.password_link(cast.olive, links.RESET))
    answer = stranger.post(link, password="short")
    assert answer.status_code == 422
    assert "at least 10" in answer.text


def test_a_link_is_too_old_after_an_hour(cast: Cast, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    link = path_of(links.password_link(cast.olive, links.RESET))
    later = datetime.now(UTC).timestamp() + 3601
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    assert client.get(link).status_code == 410


def test_a_reset_link_is_no_invitation_and_a_guess_is_nothing(cast: Cast, client: FlaskClient) -> None:
    link = path_of(links.password_link(cast.olive, links.RESET))
    assert client.get(link.replace("password-reset", "invitation")).status_code == 410
    assert client.get("/passwords/password-reset/guess").status_code == 410


def test_who_was_deactivated_gets_no_link(cast: Cast, client: FlaskClient) -> None:
    link = path_of(links.password_link(cast.olive, links.RESET))
    cast.olive.is_active = False
    with db.engine.begin() as connection:
        connection.execute(db.update(User).where(User.id == cast.olive.id).values(is_active=False))
    assert client.get(link).status_code == 410
