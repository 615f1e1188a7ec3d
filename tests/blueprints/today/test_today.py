"""The day of who is signed in, done where it stands."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from pipeline import clock
from pipeline.domain import activities, moves, waking
from pipeline.models.payment import PaymentFlag
from pipeline.transaction import transaction
from tests import factories, selling
from tests.support.counting import statements


@pytest.fixture
def olive(visit, cast):
    return visit(cast.olive)


@pytest.fixture
def pipeline(cast):
    return factories.sales_pipeline()


@pytest.fixture
def deal(cast, pipeline):
    return factories.deal(pipeline, owner=cast.olive)


@pytest.fixture
def task(deal, cast):
    with transaction():
        return activities.plan(deal, "Call Ana", by=cast.olive, due_on=clock.today() - timedelta(days=1))


def test_an_empty_day_says_what_belongs_there(visit, cast):
    assert "Nothing to do" in visit(cast.guy).get("/today").text


def test_money_to_decide_on_leads_to_where_it_is_decided(olive, deal):
    selling.payment(deal, flag=PaymentFlag.LATE)
    part = olive.soup("/today").select_one(".agenda-part.money")
    assert part.h2.get_text(" ", strip=True) == "Money to decide on 1"
    where, place = part.select_one("[data-act=c]")["href"].split("#")
    assert olive.soup(where).find(id=place).find("form", action=lambda url: url.endswith("/acceptance"))
    assert part.select_one("[data-act=s]") is None


def test_a_day_that_is_done_says_how_much_was(olive, task, deal, cast):
    factories.deal(deal.pipeline, "Other", owner=cast.olive)
    with transaction():
        activities.complete(task, by=cast.olive)
    page = olive.get("/today").text
    assert "All done for today" in page
    assert "1 task done today." in page


def test_a_day_shows_tasks_under_their_headings_with_the_deal_they_are_about(olive, task, deal):
    page = olive.soup("/today")
    assert page.find("h2", id="agenda-overdue").get_text(" ", strip=True) == "Overdue 1"
    assert page.find("a", href=f"/opportunities/{deal.id}")


def test_doing_a_task_takes_it_off_and_asks_what_is_next_for_its_deal(olive, task, deal):
    answer = olive.post(f"/activities/{task.id}/completion", htmx=True, place="today")
    assert 'id="agenda"' in answer.text
    assert f'id="activity-{task.id}"' not in answer.text
    assert "What is next for" in answer.text
    answer = olive.post(f"/today/opportunities/{deal.id}/tasks", title="Send offer", due_on="2020-01-01", htmx=True)
    assert "Send offer" in answer.text


def test_a_task_is_planned_for_the_owner_unless_somebody_else_is_chosen(olive, deal, cast):
    asked = olive.soup(f"/today/opportunities/{deal.id}/tasks/new").find("select", attrs={"name": "assignee_id"})
    assert asked.find("option", selected=True).text == "Olive Owner"
    assert asked.find("option", value=str(cast.tom.id))


def test_without_javascript_doing_a_task_leads_back_with_the_offer(olive, task, deal):
    answer = olive.post(f"/activities/{task.id}/completion", place="today")
    assert answer.status_code == 303
    assert "What is next for" in olive.get(answer.location).text


def test_a_deal_without_a_step_is_given_one_on_the_spot(olive, deal, afresh):
    url = f"/today/opportunities/{deal.id}/next-action"
    assert f'href="{url}"' in olive.get("/today").text
    assert "What is next" in olive.get(url).text
    assert 'hx-target="#dialog"' in olive.get(url, htmx=True).text
    assert olive.post(url, version=1, next_action="Call", next_action_on="2020-01-01").location == "/today"
    afresh()
    assert deal.next_action == "Call"
    assert "No next step" not in olive.get("/today").text


def test_a_time_without_a_day_asks_for_the_day_and_keeps_what_was_typed(olive, deal, afresh):
    url = f"/today/opportunities/{deal.id}/next-action"
    answer = olive.post(url, version=1, next_action="Ring them", next_action_at="10:00", htmx=True)
    dialog = BeautifulSoup(answer.text, "html.parser").dialog
    assert answer.status_code == 422
    assert dialog.find("input", id="next_action_on")["aria-describedby"] == "next_action_on-error"
    assert dialog.find(id="next_action_on-error").text == "Choose the day for 10:00."
    assert (dialog.find(id="next_action")["value"], dialog.find(id="next_action_at")["value"]) == ("Ring them", "10:00")
    afresh()
    assert deal.next_action is None


def test_what_was_noted_without_a_day_is_shown_and_can_be_given_one(olive, deal):
    url = f"/today/opportunities/{deal.id}/next-action"
    olive.post(url, version=1, next_action="Ring them")
    part = olive.soup("/today").find("section", class_="no-step")
    assert "Noted without a day: Ring them" in part.get_text()
    assert olive.soup(url).find(id="next_action")["value"] == "Ring them"


def test_a_day_out_of_shape_is_refused(olive, deal, task):
    url = f"/today/opportunities/{deal.id}/next-action"
    assert olive.post(url, version=1, next_action_on="soon").status_code == 422
    for snoozed in (f"/today/tasks/{task.id}/snooze", f"/opportunities/{deal.id}/wake-up"):
        assert olive.post(snoozed, day="soon").status_code == 422
    assert olive.post(f"/today/tasks/{task.id}/snooze", day="").status_code == 422


def test_a_task_without_javascript_opens_its_form_in_a_page(olive, task):
    page = olive.soup(f"/activities/{task.id}/edit?place=today")
    assert page.select_one(f"#activity-{task.id} form input[name=title]")["value"] == "Call Ana"


def test_a_task_is_snoozed_to_another_day(olive, task, afresh):
    url, tomorrow = f"/today/tasks/{task.id}/snooze", clock.today() + timedelta(days=1)
    assert f'value="{tomorrow}"' in olive.get(url).text
    answer = olive.post(url, day=tomorrow.isoformat(), htmx=True, page="/today")
    assert 'id="agenda"' in answer.text
    afresh()
    assert task.due_on == tomorrow


def test_nothing_is_snoozed_to_a_day_that_is_over_and_the_dialog_keeps_what_was_typed(
    olive, cast, pipeline, task, afresh
):
    step = factories.deal(pipeline, owner=cast.olive, next_action="Call", next_action_on=clock.today())
    due = task.due_on
    for url in (f"/today/tasks/{task.id}/snooze", f"/today/opportunities/{step.id}/snooze"):
        answer = olive.post(url, day="2020-01-01", htmx=True, page="/today")
        assert answer.status_code == 422
        typed = BeautifulSoup(answer.text, "html.parser").find("input", type="date")
        assert (typed["value"], typed["min"]) == ("2020-01-01", clock.today(cast.olive).isoformat())
        assert typed["aria-describedby"] == "day-error"
        assert "Choose a day to come" in answer.text
    afresh()
    assert (task.due_on, step.next_action_on) == (due, clock.today())


def test_a_next_action_is_snoozed_with_what_it_says(olive, cast, pipeline, afresh):
    deal = factories.deal(pipeline, owner=cast.olive, next_action="Call", next_action_on=clock.today())
    url, later = f"/today/opportunities/{deal.id}/snooze", clock.today() + timedelta(days=9)
    assert "Call" in olive.get(url).text
    assert olive.post(url, day=later.isoformat()).location == "/today"
    afresh()
    assert (deal.next_action, deal.next_action_on) == ("Call", later)


def test_a_deal_that_stands_still_is_let_rest_until_a_day(olive, deal, afresh):
    url, later = f"/opportunities/{deal.id}/wake-up", clock.today() + timedelta(days=30)
    assert "Wake up when?" in olive.get(url).text
    answer = olive.post(url, day=later.isoformat(), htmx=True, page="/today")
    assert "Nothing to do" in answer.text
    afresh()
    assert deal.wake_on == later
    assert olive.post(url, day="").location == f"/opportunities/{deal.id}"
    afresh()
    assert deal.wake_on is None


def test_a_parked_deal_is_given_its_day_on_the_board_without_leaving_it(olive, deal, cast):
    with transaction():
        moves.move(deal, deal.pipeline.stages[1], by=cast.olive)
    later = (clock.today() + timedelta(days=30)).isoformat()
    answer = olive.post(f"/opportunities/{deal.id}/wake-up", day=later, htmx=True, page="/board/1")
    assert "wakes up" in answer.text
    assert "HX-Redirect" not in answer.headers


def test_a_deal_that_woke_is_ticked_once_it_is_seen_to(olive, deal, cast):
    with transaction():
        waking.wake_on(deal, clock.days_from_today(1), by=cast.olive)
    with clock.travelled(timedelta(days=1)):
        with transaction():
            waking.wake_the_due()
        assert "Woken up" in olive.get("/today").text
        assert olive.post(f"/today/opportunities/{deal.id}/awake").location == "/today"
        assert "Woken up" not in olive.get("/today").text


def test_long_groups_go_on_in_their_place_and_on_a_page_of_their_own(olive, cast, pipeline):
    factories.many_deals(pipeline, 60, owner=cast.olive)
    page = olive.soup("/today")
    assert len(page.select("[data-entry]")) == 25
    url = page.select_one("#agenda-no-step-more a")["href"]
    assert olive.get(url, htmx=True).text.count("data-entry") == 25
    rest = olive.soup(url)
    assert rest.h1.get_text() == "No next step"
    assert len(rest.select("[data-entry]")) == 25
    assert olive.get("/today/no-step?id=1&on=soon").status_code == 422


def test_a_manager_looks_at_the_day_of_their_team(olive, visit, cast, pipeline):
    factories.deal(pipeline, "Toms deal", owner=cast.tom)
    assert "Toms deal" not in olive.get("/today").text
    assert "Toms deal" in olive.get("/today?who=team").text
    assert "My team" not in visit(cast.tom).get("/today").text


def test_a_stranger_does_nothing_with_a_deal_or_a_task_they_cannot_see(visit, cast, deal, task):
    stan = visit(cast.stan)
    for url in (f"opportunities/{deal.id}/tasks", f"opportunities/{deal.id}/awake", f"tasks/{task.id}/snooze"):
        assert stan.post(f"/today/{url}", title="x", day="2030-01-01").status_code == 404
    assert stan.get(f"/opportunities/{deal.id}/wake-up").status_code == 404


def test_a_reader_is_refused(visit, cast, deal):
    with transaction():
        cast.guy.may_view_all = True
    assert visit(cast.guy).post(f"/opportunities/{deal.id}/wake-up", day="2030-01-01").status_code == 403


def test_the_page_asks_at_most_six_questions_however_full_the_day(olive, cast, pipeline):
    factories.many_deals(pipeline, 300, owner=cast.olive)
    with statements() as asked:
        olive.get("/today?who=team")
    assert len(asked) <= 6, asked


@pytest.mark.parametrize("since", ["2026-11-01T00:00:00", "yesterday", ""])
def test_a_place_in_a_group_that_makes_no_sense_is_refused(olive, since):
    answer = olive.get(f"/today/rotting?id=1&on=2026-11-01&since={since}&at=10:00&is_deal=1")
    assert answer.status_code == 422
