"""A second press on a button does nothing twice."""

import re
import threading
from collections.abc import Callable

import pytest
from flask import Flask

from pipeline.extensions import db
from pipeline.models.activity import Note
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User
from tests import factories
from tests.cast import Cast
from tests.support.visiting import Visitor

Visit = Callable[[User], Visitor]


@pytest.fixture
def deal(cast: Cast) -> Opportunity:
    return factories.deal(factories.sales_pipeline(), owner=cast.olive)


def key_on(page: str) -> str:
    found = re.search(r'name="form_key" value="([^"]+)"', page)
    assert found, "the page has no form that is sent once"
    return found[1]


def notes() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Note.body).order_by(Note.id)))


def test_the_same_rendered_form_makes_one_note_however_often_it_is_sent(
    cast: Cast, visit: Visit, deal: Opportunity
) -> None:
    olive = visit(cast.olive)
    sent = {"body": "Once", "form_key": key_on(olive.get(f"/opportunities/{deal.id}").text)}
    answers = [olive.post(f"/opportunities/{deal.id}/notes", **sent) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 303]
    assert notes() == ["Once"]
    again = olive.post(f"/opportunities/{deal.id}/notes", htmx=True, **sent)
    assert again.headers["HX-Refresh"] == "true"


def test_a_form_rendered_anew_is_another(cast: Cast, visit: Visit, deal: Opportunity) -> None:
    olive = visit(cast.olive)
    for body in ("First", "Second"):
        key = key_on(olive.get(f"/opportunities/{deal.id}").text)
        olive.post(f"/opportunities/{deal.id}/notes", body=body, form_key=key)
    assert notes() == ["First", "Second"]


def test_a_refused_form_can_be_mended_and_sent_again(cast: Cast, visit: Visit, deal: Opportunity) -> None:
    olive = visit(cast.olive)
    key = key_on(olive.get(f"/opportunities/{deal.id}").text)
    assert olive.post(f"/opportunities/{deal.id}/notes", body="  ", form_key=key).status_code == 422
    assert olive.post(f"/opportunities/{deal.id}/notes", body="Mended", form_key=key).status_code == 303
    assert notes() == ["Mended"]


def test_two_presses_at_the_same_moment_make_one(app: Flask, cast: Cast, visit: Visit, deal: Opportunity) -> None:
    visitors = [visit(cast.olive) for _ in range(2)]
    sent = {"body": "At once", "form_key": key_on(visitors[0].get(f"/opportunities/{deal.id}").text)}
    db.session.rollback()
    presses = [
        threading.Thread(target=visitor.post, args=(f"/opportunities/{deal.id}/notes",), kwargs=sent)
        for visitor in visitors
    ]
    for press in presses:
        press.start()
    for press in presses:
        press.join()
    assert notes() == ["At once"]
