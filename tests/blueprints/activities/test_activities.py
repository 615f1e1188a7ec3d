"""Tasks done, undone, changed and dropped where they stand; the next one is asked for in the same answer."""

import pytest
from bs4 import BeautifulSoup

from pipeline.domain import activities
from pipeline.models.activity import Activity
from pipeline.transaction import transaction
from tests import factories


@pytest.fixture
def olive(visit, cast):
    return visit(cast.olive)


@pytest.fixture
def deal(cast):
    return factories.deal(factories.sales_pipeline(), owner=cast.olive)


@pytest.fixture
def task(deal, cast) -> Activity:
    with transaction():
        return activities.plan(deal, "Call Ana", by=cast.olive)


def test_completing_offers_the_next_in_the_same_answer(olive, task, deal, afresh):
    answer = olive.post(f"/activities/{task.id}/completion", htmx=True, place="record")
    assert "Done. What is next?" in answer.text
    assert f'id="opportunity-{deal.id}-timeline"' in answer.text
    afresh()
    assert task.is_done


def test_without_javascript_completing_leads_back_to_where_it_stood(olive, task, deal):
    home = olive.post(f"/activities/{task.id}/completion", place="record").location
    assert home == f"/opportunities/{deal.id}?next=todo"
    assert "Done. What is next?" in olive.get(home).text
    assert olive.post(f"/activities/{task.id}/completion/removal", place="today").location == "/today"
    home = olive.post(f"/activities/{task.id}/completion", place="today").location
    assert "What is next for" in olive.get(home).text


def test_a_done_task_cannot_be_changed_until_it_is_reopened(olive, task, afresh):
    olive.post(f"/activities/{task.id}/completion")
    assert olive.post(f"/activities/{task.id}", title="Other").status_code == 422
    olive.post(f"/activities/{task.id}/completion/removal")
    olive.post(f"/activities/{task.id}", title="Other", due_on="2026-12-24")
    afresh()
    assert (task.title, task.due_on.isoformat()) == ("Other", "2026-12-24")


def test_a_dropped_task_is_gone(olive, task):
    olive.post(f"/activities/{task.id}/removal")
    assert olive.get(f"/activities/{task.id}").status_code == 404
    assert olive.post(f"/activities/{task.id}/completion").status_code == 404


def test_a_task_opens_and_closes_its_form_in_place(olive, task):
    assert "Save task" in olive.get(f"/activities/{task.id}/edit?place=today", htmx=True).text
    assert "Save task" not in olive.get(f"/activities/{task.id}?place=today", htmx=True).text
    left = BeautifulSoup(olive.get(f"/activities/{task.id}", htmx=True).text, "html.parser")
    assert left.find("button", attrs={"autofocus": True})["aria-label"] == "Done: Call Ana"


def test_a_task_of_a_deal_one_cannot_see_is_there_only_for_who_is_to_do_it(olive, deal, cast, visit):
    with transaction():
        task = activities.plan(deal, "Check the books", by=cast.olive, assignee=cast.stan)
    assert visit(cast.stan).post(f"/activities/{task.id}/completion", place="today").status_code == 303
    assert visit(cast.guy).post(f"/activities/{task.id}/completion", place="today").status_code == 404


def test_a_task_of_a_deal_one_cannot_see_does_not_name_the_deal(olive, deal, cast, visit):
    with transaction():
        task = activities.plan(deal, "Check the books", by=cast.olive, assignee=cast.stan)
    stan = visit(cast.stan)
    answers = (
        stan.get("/today").text,
        stan.get(f"/activities/{task.id}?place=today", htmx=True).text,
        stan.post(f"/activities/{task.id}/completion", htmx=True, place="today").text,
    )
    assert "Check the books" in answers[0]
    for answer in answers:
        assert deal.title not in answer


def test_a_task_is_given_to_somebody_else(olive, task, cast, afresh):
    assert "Tom Team" in olive.get(f"/activities/{task.id}/edit", htmx=True).text
    olive.post(f"/activities/{task.id}", title="Call Ana", assignee_id=cast.tom.id)
    afresh()
    assert task.assignee_id == cast.tom.id
    assert olive.post(f"/activities/{task.id}", title="Call Ana", assignee_id=999).status_code == 422
