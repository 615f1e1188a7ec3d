"""Two who change the same task: different fields merge, the same field asks. And the days offered for the next one."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup

from pipeline import clock
from pipeline.domain import activities
from pipeline.extensions import db
from pipeline.models.activity import Activity
from pipeline.transaction import transaction
from tests import factories


@pytest.fixture
def deal(cast):
    return factories.deal(factories.sales_pipeline(), owner=cast.olive)


@pytest.fixture
def task(deal, cast):
    with transaction():
        return activities.plan(deal, "Call Ana", by=cast.olive)


def send(visitor, task, **said):
    form = {"title": "Call Ana", "kind": "todo", "priority": "normal", "version": 1} | said
    return visitor.post(f"/activities/{task.id}", htmx=True, **form)


def test_different_fields_merge(visit, cast, task, afresh):
    with transaction():
        activities.change(task, by=cast.ada, due_on=date(2027, 1, 4))
    answer = send(visit(cast.olive), task, title="Ring Ana", due_on="2027-01-04")
    afresh()
    assert (answer.status_code, task.title, task.due_on, task.version) == (200, "Ring Ana", date(2027, 1, 4), 3)


@pytest.mark.parametrize("htmx", [True, False])
def test_the_same_field_asks_and_is_applied_when_meant(visit, cast, task, afresh, htmx):
    with transaction():
        activities.change(task, by=cast.ada, title="Mail Ana")
    olive = visit(cast.olive)
    form = {"title": "Ring Ana", "kind": "todo", "priority": "normal"}
    answer = olive.post(f"/activities/{task.id}", htmx=htmx, version=1, place="today", **form)
    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 409
    assert "Ada Admin changed title meanwhile" in page.find(role="alert").text
    assert "Mail Ana" in page.find(role="alert").text
    assert page.find("input", {"name": "title"})["value"] == "Ring Ana"
    assert page.find("button", string="Apply mine")
    version = page.find("input", {"name": "version"})["value"]
    olive.post(f"/activities/{task.id}", htmx=True, version=version, **form)
    afresh()
    assert task.title == "Ring Ana"


def test_completing_one_offers_the_next_with_days_to_choose_from(visit, cast, task, deal):
    olive = visit(cast.olive)
    answer = olive.post(f"/activities/{task.id}/completion", htmx=True)
    days = BeautifulSoup(answer.text, "html.parser").select(".next-task input[name=when]")
    tomorrow = clock.today(cast.olive) + timedelta(days=1)
    assert [day["value"] for day in days][::3] == [tomorrow.isoformat(), ""]
    assert days[0].has_attr("checked")


@pytest.mark.parametrize(("said", "due"), [({}, 1), ({"due_on": "2099-01-31"}, None), ({"when": ""}, 0)])
def test_the_day_picked_counts_unless_another_is_typed(visit, cast, deal, said, due):
    tomorrow = clock.today(cast.olive) + timedelta(days=1)
    form = {"title": "Next", "kind": "call", "priority": "normal", "when": tomorrow.isoformat()} | said
    assert visit(cast.olive).post(f"/opportunities/{deal.id}/tasks", htmx=True, **form).status_code == 200
    planned = db.session.scalars(db.select(Activity)).one()
    assert planned.due_on == (tomorrow if due == 1 else date(2099, 1, 31) if due is None else None)
