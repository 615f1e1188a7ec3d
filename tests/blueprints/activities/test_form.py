"""The form of a task wherever it stands: what is wrong is said at its field, what was typed stays. It is for anyone."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from pipeline.domain import activities
from pipeline.extensions import db
from pipeline.models.activity import Activity
from pipeline.transaction import transaction
from tests import factories

PLACES = {
    "on the record": ("/opportunities/{deal}/tasks", {}),
    "on the record, after one was done": ("/opportunities/{deal}/tasks", {"offered": "call"}),
    "over the board": ("/opportunities/{deal}/tasks", {"in_dialog": "1", "back": "/board"}),
    "over Today": ("/today/opportunities/{deal}/tasks", {}),
    "on Today, after one was done": ("/today/opportunities/{deal}/tasks", {"offered": "call"}),
    "in the task itself, on the record": ("/activities/{task}", {"version": 1}),
    "in the task itself, on Today": ("/activities/{task}", {"version": 1, "place": "today"}),
}
pytestmark = pytest.mark.parametrize(("url", "sent"), PLACES.values(), ids=list(PLACES))


@pytest.fixture
def deal(cast):
    return factories.deal(factories.sales_pipeline(), owner=cast.olive)


@pytest.fixture
def task(deal, cast) -> Activity:
    with transaction():
        return activities.plan(deal, "Call Ana", by=cast.olive)


@pytest.fixture
def send(visit, cast, deal, task, url, sent):
    def send(*, htmx=True, **typed):
        there = url.format(deal=deal.id, task=task.id)
        return visit(cast.olive).post(there, htmx=htmx, **{"kind": "call", **sent, **typed})

    return send


def refused_form(answer):
    assert answer.status_code == 422
    [form] = [form for form in BeautifulSoup(answer.text, "html.parser").find_all("form") if form.find(class_="error")]
    return form


def wrong(form, name):
    field = form.find("input", attrs={"name": name})
    assert field["aria-invalid"] == "true"
    return form.find(id=field["aria-describedby"]).text


def planned():
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Activity).order_by(Activity.id)))


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize(
    ("title", "words"), [("   ", "A task needs a title."), ("x" * 201, "The title of a task has at most 200 letters.")]
)
def test_a_title_that_will_not_do_is_said_at_the_title(send, htmx, title, words):
    form = refused_form(send(htmx=htmx, title=title, due_on="2030-01-02", due_at="10:00", priority="high"))
    assert wrong(form, "title") == words
    assert form.find("input", attrs={"name": "due_on"})["value"] == "2030-01-02"
    assert form.find("input", attrs={"name": "due_at"})["value"] == "10:00"
    assert form.find("option", value="call").has_attr("selected")
    assert form.find("input", attrs={"name": "priority"}).has_attr("checked")
    assert [task.title for task in planned()] == ["Call Ana"]


def test_a_time_without_a_day_asks_for_the_day(send):
    form = refused_form(send(title="Ring them", due_at="10:00"))
    assert wrong(form, "due_on") == "Choose the day for 10:00."
    assert form.find("input", attrs={"name": "title"})["value"] == "Ring them"
    assert [task.title for task in planned()] == ["Call Ana"]


def test_it_is_given_to_whoever_is_chosen_and_to_nobody_who_left(send, cast):
    assert send(title="Ring them", assignee_id=cast.tom.id).status_code == 200
    assert planned()[-1].assignee_id == cast.tom.id
    with transaction():
        cast.tom.is_active = False
    answer = send(title="Ring them again", assignee_id=cast.tom.id, version=2)
    assert answer.status_code == 422
    assert "Tom Team cannot sign in any more" in answer.text
    assert "Ring them again" in answer.text
