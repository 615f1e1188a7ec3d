"""Asking what to do with the selected ones, and beginning it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from pipeline.domain import tags
from pipeline.domain.actions.apply_tag import TagSettings
from pipeline.domain.actions.create_task import CreateTaskSettings
from pipeline.extensions import db
from pipeline.models.activity import ActivityKind
from pipeline.models.automation import ActionKind, DelayUnit
from pipeline.models.bulk_run import BulkRun
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.pipeline import Pipeline
from pipeline.transaction import transaction
from tests import factories
from tests.blueprints.bulk.conftest import ids, many
from tests.cast import Cast
from tests.support.visiting import Visitor

Visit = Callable[..., Visitor]


def begun() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(BulkRun.id))) or 0


def test_the_dialog_says_how_many_and_some_by_name(visit: Visit, cast: Cast, deals: list[Opportunity]) -> None:
    answer = visit(cast.olive).post("/bulk/questions", htmx=True, verb="assign", ids=ids(deals))
    assert answer.status_code == 200
    assert "Assign 3 opportunities" in answer.text
    assert "Acme, Bolt, Crane" in answer.text
    assert "Tom Team" in answer.text


def test_without_javascript_the_dialog_is_a_page(visit: Visit, cast: Cast, deals: list[Opportunity]) -> None:
    for asked in (
        {"verb": "assign"},
        {"verb": "move"},
        {"verb": "set_status"},
        {"verb": "add_tag"},
        {"verb": "delete"},
    ):
        answer = visit(cast.ada).post("/bulk/questions", ids=ids(deals), **asked)
        assert answer.status_code == 200
        assert "3 opportunities" in answer.text


def test_moving_asks_for_the_stage_and_then_once_for_what_is_missing(
    visit: Visit, cast: Cast, sales: Pipeline, deals: list[Opportunity]
) -> None:
    factories.loss_reasons(sales, "Price")
    first = visit(cast.olive).post("/bulk/questions", htmx=True, verb="move", ids=ids(deals))
    assert "Closing" in first.text
    lost = factories.stage_named(sales, "Lost")
    then = visit(cast.olive).post("/bulk/questions", htmx=True, verb="move", ids=ids(deals), stage_id=lost.id)
    assert "Move 3 opportunities to Lost" in then.text
    assert "Price" in then.text


@pytest.mark.parametrize(("count", "runs_by_itself"), [(10, True), (11, False)])
def test_what_would_follow_is_always_said_and_many_run_no_automations_unless_asked(
    visit: Visit, cast: Cast, sales: Pipeline, count: int, runs_by_itself: bool
) -> None:
    with transaction():
        vip = TagSettings(tag_id=tags.named("vip").id)
    factories.automation(sales, (ActionKind.APPLY_TAG, vip), target="Qualified", name="Mark it")
    factories.automation(sales, (ActionKind.APPLY_TAG, vip), target="Closing", name="Not this")
    some = [factories.deal(sales, f"Deal {number}", owner=cast.olive) for number in range(count)]
    stage = factories.stage_named(sales, "Qualified")
    answer = visit(cast.olive).post("/bulk/questions", htmx=True, verb="move", ids=ids(some), stage_id=stage.id)
    assert f"Run automations for these {count} opportunities" in answer.text
    assert "Mark it" in answer.text
    assert "apply the tag “vip”" in answer.text
    assert "Not this" not in answer.text
    assert ('value="yes" checked' in answer.text) is runs_by_itself


def test_what_would_follow_later_says_after_how_long(
    visit: Visit, cast: Cast, sales: Pipeline, deals: list[Opportunity]
) -> None:
    ask = CreateTaskSettings(title="Ask {{ contact.name }} again", activity=ActivityKind.CALL)
    factories.automation(sales, (ActionKind.CREATE_TASK, ask, 182, DelayUnit.DAYS), target="Lost")
    lost = factories.stage_named(sales, "Lost")
    answer = visit(cast.olive).post("/bulk/questions", htmx=True, verb="move", ids=ids(deals), stage_id=lost.id)
    assert "after 182 days create the call “Ask ‹contact name› again”" in answer.text


@pytest.mark.parametrize("htmx", [True, False])
def test_it_begins_and_leads_to_its_progress(
    visit: Visit, cast: Cast, sales: Pipeline, finish: Callable[[], BulkRun], htmx: bool
) -> None:
    deals = many(sales, cast)
    sent = {"verb": "assign", "ids": ids(deals), "owner_id": cast.tom.id, "expected": len(deals), "back": "/board"}
    answer = visit(cast.olive).post("/bulk", htmx=htmx, **sent)
    where = answer.headers["HX-Redirect"] if htmx else answer.headers["Location"]
    assert answer.status_code == (204 if htmx else 303)
    run = finish()
    assert where == f"/bulk/{run.id}"
    assert {deal.owner for deal in deals} == {cast.tom}
    assert run.came_from == "/board"


@pytest.mark.parametrize(
    ("asked", "means"),
    [
        ({"verb": "set_status", "status": "abandoned"}, lambda deal: deal.status is Status.ABANDONED),
        ({"verb": "add_tag", "tag": "vip"}, lambda deal: [tag.name for tag in deal.tags] == ["vip"]),
        ({"verb": "delete"}, lambda deal: deal.deleted_at is not None),
    ],
)
def test_each_verb_can_be_asked_for(
    visit: Visit,
    cast: Cast,
    deals: list[Opportunity],
    finish: Callable[[], BulkRun],
    asked: dict[str, Any],
    means: Callable[[Opportunity], bool],
) -> None:
    visit(cast.ada).post("/bulk", ids=ids(deals), expected=3, **asked)
    assert finish().done == 3
    assert all(means(deal) for deal in deals)


def test_a_double_click_begins_it_once(visit: Visit, cast: Cast, deals: list[Opportunity]) -> None:
    person = visit(cast.olive)
    sent = {"verb": "add_tag", "tag": "vip", "ids": ids(deals), "expected": 3, "form_key": "once"}
    person.post("/bulk", **sent)
    person.post("/bulk", **sent)
    assert begun() == 1


def test_when_there_are_more_than_were_agreed_to_it_asks_again(
    visit: Visit, cast: Cast, sales: Pipeline, deals: list[Opportunity]
) -> None:
    asked = {"verb": "add_tag", "tag": "vip", "all": "1", "filter": f"pipeline={sales.id}"}
    factories.deal(sales, "New meanwhile", owner=cast.olive)
    answer = visit(cast.olive).post("/bulk", htmx=True, expected=3, **asked)
    assert answer.status_code == 422
    assert "Meanwhile it would be 4" in answer.text
    assert 'name="expected" value="4"' in answer.text
    assert begun() == 0


@pytest.mark.parametrize(
    "said",
    [
        {"verb": "nonsense"},
        {"verb": "assign"},
        {"verb": "move", "stage_id": "x"},
        {"verb": "set_status"},
        {"verb": "add_tag"},
        {},
    ],
)
def test_nonsense_is_refused_and_begins_nothing(
    visit: Visit, cast: Cast, deals: list[Opportunity], said: dict[str, str]
) -> None:
    answer = visit(cast.olive).post("/bulk", ids=ids(deals), expected=3, **said)
    assert (answer.status_code, begun()) == (422, 0)


def test_with_nothing_selected_it_says_what_to_do(visit: Visit, cast: Cast) -> None:
    answer = visit(cast.olive).post("/bulk/questions", htmx=True, verb="assign")
    assert answer.status_code == 422
    assert "Select some opportunities first" in answer.text


def test_a_stranger_selects_nothing_that_is_not_theirs(
    visit: Visit, cast: Cast, sales: Pipeline, deals: list[Opportunity]
) -> None:
    for said in ({"ids": ids(deals)}, {"all": "1"}, {"stages": str(deals[0].stage_id)}):
        assert visit(cast.stan).post("/bulk/questions", verb="assign", **said).status_code == 422
        assert visit(cast.stan).post("/bulk", verb="add_tag", tag="x", expected=3, **said).status_code == 422
    assert "Acme" not in visit(cast.stan).post("/bulk/export", ids=ids(deals)).text


def test_one_must_be_signed_in(client: FlaskClient) -> None:
    assert client.get("/bulk").status_code == 303
