"""All that a deal's page shows, in a fixed number of queries."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline import clock
from pipeline.domain import activities, checklists, moves, notes, opportunities, owning, tags
from pipeline.domain.rules import NotVisible
from pipeline.extensions import db
from pipeline.models.automation import Automation, Run, Step, StepState
from pipeline.models.opportunity import ShareLevel, Status
from pipeline.queries import opportunity_page
from pipeline.transaction import transaction
from tests import factories
from tests.support.counting import statements
from tests.support.history import last_event

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def pipeline(cast):
    return factories.sales_pipeline()


@pytest.fixture
def deal(cast, pipeline):
    with clock.frozen(START):
        return factories.deal(pipeline, owner=cast.olive)


def move(deal, stage, *, on):
    with clock.frozen(START + timedelta(days=on)), transaction():
        moves.move(deal, factories.stage_named(deal.pipeline, stage), by=None)


def seen(deal, cast, *, on=30):
    with clock.frozen(START + timedelta(days=on)):
        return opportunity_page.whole(deal.id, to=cast.olive)


def test_days_in_each_stage_add_up_over_all_stays(deal, cast):
    move(deal, "Engaging", on=3)
    move(deal, "New Opportunity", on=5)
    move(deal, "Engaging", on=6)
    page = seen(deal, cast, on=10)
    assert {stage.name: stage.days for stage in page.stages if stage.days is not None} == {
        "New Opportunity": 4,
        "Engaging": 6,
    }
    assert [(stay.stage, stay.days) for stay in page.history] == [
        ("Engaging", 4),
        ("New Opportunity", 1),
        ("Engaging", 2),
        ("New Opportunity", 3),
    ]


def test_a_closed_deal_grows_no_older(deal, cast):
    with clock.frozen(START + timedelta(days=4)), transaction():
        moves.set_status(deal, Status.ABANDONED, by=None)
    assert seen(deal, cast, on=50).history[0].days == 4


def test_the_stage_it_stands_in_warns_when_it_stands_too_long(deal, cast):
    assert not seen(deal, cast, on=2).stages[0].is_over_target
    assert seen(deal, cast, on=3).stages[0].is_over_target


def test_tasks_come_soonest_first_and_done_ones_apart(deal, cast):
    with transaction():
        activities.plan(deal, "undated", by=None)
        activities.plan(deal, "later", by=None, due_on=date(2026, 5, 2))
        activities.plan(deal, "soon", by=None, due_on=date(2026, 5, 1))
        done = activities.plan(deal, "done", by=None)
        activities.complete(done, by=None)
    page = seen(deal, cast)
    assert [task.title for task in page.tasks] == ["soon", "later", "undated"]
    assert [task.title for task in page.done_tasks] == ["done"]


def test_other_deals_of_the_contact_are_those_one_may_see(deal, cast, pipeline):
    factories.deal(pipeline, "Mine too", owner=cast.olive, contact=deal.contact)
    factories.deal(pipeline, "Stans", owner=cast.stan, contact=deal.contact)
    assert [other.title for other in seen(deal, cast).others] == ["Mine too"]


def test_what_one_may_not_see_does_not_exist(deal, cast):
    with pytest.raises(NotVisible):
        opportunity_page.whole(deal.id, to=cast.stan)


def test_a_reader_learns_why_they_may_not_change_it(deal, cast):
    with transaction():
        owning.share(deal, cast.stan, ShareLevel.READ, by=None)
    page = opportunity_page.whole(deal.id, to=cast.stan)
    assert (page.may_edit, page.may_hand_over, page.may_delete) == (False, False, False)
    assert "Its owner or an admin" in page.refusal


def test_rights_are_each_persons_own_whoever_asked_before(deal, cast):
    with transaction():
        cast.stan.may_view_all = cast.tom.may_view_all = cast.tom.may_edit_all = True

    def rights(person):
        page = opportunity_page.whole(deal.id, to=person)
        return page.may_edit, page.may_hand_over

    for _ in "twice":
        assert rights(cast.ada) == (True, True)
        assert rights(cast.tom) == (True, False)
        assert rights(cast.stan) == (False, False)
        assert rights(cast.olive) == (True, True)


def test_what_automations_will_do_is_told_soonest_first_and_only_while_it_waits(deal, cast, visit):
    with transaction():
        automation = Automation(pipeline_id=deal.pipeline_id, name="Follow up", created_at=START)
        event = last_event(deal)
        run = Run(automation=automation, version=1, event=event, opportunity=deal, started_at=START)
        for position, (words, days, state) in enumerate(
            (
                ("send the mail “Later”", 9, StepState.WAITING),
                ("send the mail “Proposal”", 1, StepState.WAITING),
                ("create the task “Call”", 0, StepState.DONE),
            )
        ):
            due = clock.now() + timedelta(days=days)
            run.steps.append(
                Step(position=position, kind="send_mail", settings={}, description=words, due_at=due, state=state)
            )
        db.session.add(run)
    page = opportunity_page.whole(deal.id, to=cast.olive)
    assert [step.description for step in page.pending] == ["send the mail “Proposal”", "send the mail “Later”"]
    told = visit(cast.olive).soup(f"/opportunities/{deal.id}").select_one(".pending").get_text(" ", strip=True)
    assert told.startswith("Will send the mail “Proposal” Tomorrow")
    assert "Follow up" in told


def test_the_page_takes_as_many_queries_at_three_hundred_entries_as_at_one(deal, cast, visit):
    _queries(deal, cast, visit)  # the first request of all asks for the installation, too
    few = _queries(deal, cast, visit)
    _grow(deal, cast)
    assert _queries(deal, cast, visit) == few <= 4  # one of them for who asks


def _queries(deal, cast, visit):
    """Of the whole request: who asks, what they may see, the page, and the frame around it."""
    number, browser = deal.id, visit(cast.olive)
    with statements() as asked:
        assert browser.get(f"/opportunities/{number}").status_code == 200
    return len(asked)


def _grow(deal, cast):
    item = factories.required_item(deal.stage)
    for number in range(75):
        with transaction():
            tag = tags.named(f"tag {number % 8}")
            notes.write(deal, f"note {number}", by=cast.olive)
            task = activities.plan(deal, f"task {number}", by=cast.olive, assignee=cast.tom)
            (activities.complete(task, by=cast.olive) if number % 2 else None)
            (tags.remove if tag in deal.tags else tags.apply)(tag, deal, by=cast.olive)
            opportunities.change(deal, by=cast.olive, typed_value=number + 1)
    with transaction():
        checklists.tick(deal, item, by=cast.olive)
        for person in (cast.tom, cast.stan, cast.guy):
            owning.share(deal, person, ShareLevel.WRITE, by=cast.olive)
    move(deal, "Contacting", on=30)
    move(deal, "Engaging", on=31)
