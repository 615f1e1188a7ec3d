"""The day of who is signed in, done where it stands."""

from datetime import timedelta

import pytest

from pipeline import clock
from pipeline.domain import activities
from pipeline.transaction import transaction
from tests import factories


@pytest.fixture
def olive(visit, cast):
    return visit(cast.olive)


@pytest.fixture
def deal(cast):
    return factories.deal(factories.sales_pipeline(), owner=cast.olive)


@pytest.fixture
def task(deal, cast):
    with transaction():
        return activities.plan(deal, "Call Ana", by=cast.olive, due_on=clock.today() - timedelta(days=1))


def test_an_empty_day_says_what_belongs_there(visit, cast):
    assert "Nothing to do" in visit(cast.guy).get("/today").text


def test_a_day_shows_tasks_under_their_headings_with_the_deal_they_are_about(olive, task, deal):
    page = olive.soup("/today")
    assert "Overdue" in page.get_text()
    assert page.find("a", href=f"/opportunities/{deal.id}")


def test_doing_a_task_takes_it_off_and_asks_what_is_next_for_its_deal(olive, task, deal):
    answer = olive.post(f"/activities/{task.id}/completion", htmx=True, place="today")
    assert 'id="agenda"' in answer.text
    assert f'id="activity-{task.id}"' not in answer.text
    assert "What is next for" in answer.text
    answer = olive.post(f"/today/opportunities/{deal.id}/tasks", title="Send offer", due_on="2020-01-01", htmx=True)
    assert "Send offer" in answer.text


def test_a_deal_without_a_step_is_given_one_on_the_spot(olive, deal, afresh):
    assert "Deals without a next step" in olive.get("/today").text
    url = f"/today/opportunities/{deal.id}/next-action"
    assert olive.post(url, version=1, next_action="Call", next_action_on="2020-01-01").location == "/today"
    afresh()
    assert deal.next_action == "Call"
    assert "Deals without a next step" not in olive.get("/today").text


def test_a_day_out_of_shape_is_refused(olive, deal):
    url = f"/today/opportunities/{deal.id}/next-action"
    assert olive.post(url, version=1, next_action_on="soon").status_code == 422


def test_a_task_without_javascript_opens_its_form_in_the_page(olive, task):
    page = olive.soup(f"/activities/{task.id}/edit?place=today")
    assert page.select_one(f"#activity-{task.id} form input[name=title]")["value"] == "Call Ana"


def test_a_stranger_plans_nothing_for_a_deal_they_cannot_see(visit, cast, deal):
    assert visit(cast.stan).post(f"/today/opportunities/{deal.id}/tasks", title="x").status_code == 404
