"""The settings of automations, as an admin's browser without JavaScript meets them."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from pipeline.domain.actions.create_task import CreateTaskSettings
from pipeline.extensions import db
from pipeline.models.automation import ActionKind, Automation, DelayUnit
from pipeline.models.pipeline import Pipeline
from pipeline.models.user import User
from tests import factories
from tests.cast import Cast
from tests.support.visiting import Visitor

Visit = Callable[[User], Visitor]
CALL = (ActionKind.CREATE_TASK, CreateTaskSettings(title="Call"), 0, DelayUnit.MINUTES)
MEET = (ActionKind.CREATE_TASK, CreateTaskSettings(title="Meet"), 2, DelayUnit.DAYS)


@pytest.fixture
def sales(cast: Cast) -> Pipeline:
    return factories.sales_pipeline()


@pytest.fixture
def ada(cast: Cast, visit: Visit) -> Visitor:
    return visit(cast.ada)


def only() -> Automation:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Automation)).one()


def test_an_automation_is_made_told_what_to_do_and_switched_on(sales: Pipeline, ada: Visitor) -> None:
    won = factories.stage_named(sales, "Won")
    ada.get(f"/settings/automations/new?pipeline={sales.id}")
    answer = ada.post(
        f"/settings/automations?pipeline={sales.id}", name="Welcome", source_id=0, target_id=won.id, only_by_person="y"
    )
    assert answer.status_code == 303
    page = answer.location
    ada.get(f"{page}/actions/new?kind=create_task")
    told = {"title": "Call {{ contact.name }}", "activity": "call", "due_in_days": 1, "assignee_id": 0}
    answer = ada.post(f"{page}/actions?kind=create_task", delay=3, unit="days", **told)
    assert answer.status_code == 303
    assert ada.post(f"{page}/activation").status_code == 303
    made = only()
    assert (made.is_on, made.only_by_person, made.source, made.target_id) == (True, True, None, won.id)
    assert "after 3 days" in ada.get("/settings/automations").text
    assert "When a deal moves to Won" in ada.get("/settings/automations").text


@pytest.mark.parametrize("kind", list(ActionKind))
def test_every_kind_of_action_asks_what_it_needs(sales: Pipeline, ada: Visitor, kind: ActionKind) -> None:
    rule = factories.automation(sales, CALL)
    assert ada.get(f"/settings/automations/{rule.id}/actions/new?kind={kind}").status_code == 200


def test_an_unknown_merge_field_is_refused_with_the_list_of_known_ones(sales: Pipeline, ada: Visitor) -> None:
    rule = factories.automation(sales, CALL)
    answer = ada.post(
        f"/settings/automations/{rule.id}/actions?kind=notify_owner", text="{{ deal.name }}", delay=0, unit="minutes"
    )
    assert answer.status_code == 422
    assert "There is no merge field deal.name" in answer.text
    assert "contact.first_name" in answer.text
    assert len(only().actions) == 1


def test_a_new_tag_named_by_an_action_is_made(sales: Pipeline, ada: Visitor) -> None:
    rule = factories.automation(sales, CALL)
    ada.post(f"/settings/automations/{rule.id}/actions?kind=apply_tag", tag="hot", delay=0, unit="minutes")
    assert "apply the tag “hot”" in ada.get(f"/settings/automations/{rule.id}").text


def test_an_action_shows_again_what_it_was_told(sales: Pipeline, ada: Visitor, cast: Cast) -> None:
    rule = factories.automation(sales, CALL)
    here = f"/settings/automations/{rule.id}/actions"
    ada.post(f"{here}?kind=remove_tag", tag="hot", delay=0, unit="minutes")
    told = {"title": "Write", "activity": "mail", "due_in_days": "", "assignee_id": cast.tom.id}
    ada.post(f"{here}?kind=create_task", delay=0, unit="minutes", **told)
    _, untag, write = only().actions
    assert 'value="hot"' in ada.get(f"{here}/{untag.id}").text
    page = ada.get(f"{here}/{write.id}").text
    assert f'<option selected value="{cast.tom.id}">' in page
    assert '<option selected value="mail">' in page


def test_actions_are_changed_reordered_and_removed(sales: Pipeline, ada: Visitor) -> None:
    rule = factories.automation(sales, CALL, MEET)
    call, meet = rule.actions
    here = f"/settings/automations/{rule.id}/actions"
    assert 'value="Meet"' in ada.get(f"{here}/{meet.id}").text
    told = {"title": "Meet them", "activity": "meeting", "assignee_id": 0}
    assert ada.post(f"{here}/{meet.id}", delay=1, unit="hours", **told).status_code == 303
    assert ada.post(f"{here}/{meet.id}/place", to="earlier").status_code == 303
    assert [action.settings["title"] for action in only().actions] == ["Meet them", "Call"]
    assert ada.post(f"{here}/{call.id}/removal").status_code == 303
    [left] = only().actions
    assert (left.position, left.delay, left.delay_unit) == (0, 1, DelayUnit.HOURS)


def test_a_trigger_from_a_stage_to_itself_is_refused(sales: Pipeline, ada: Visitor) -> None:
    won = factories.stage_named(sales, "Won")
    answer = ada.post(f"/settings/automations?pipeline={sales.id}", name="Loop", source_id=won.id, target_id=won.id)
    assert answer.status_code == 422
    assert "cannot move from a stage to itself" in answer.text
    assert db.session.scalars(select(Automation)).all() == []


def test_switching_off_and_deleting(sales: Pipeline, ada: Visitor) -> None:
    rule = factories.automation(sales, CALL)
    assert ada.post(f"/settings/automations/{rule.id}/deactivation").status_code == 303
    assert only().is_on is False
    assert ada.post(f"/settings/automations/{rule.id}/deletion").status_code == 303
    assert ada.get(f"/settings/automations/{rule.id}").status_code == 404


@pytest.mark.parametrize("url", ["", "/new?pipeline=1", "/1"])
def test_only_admins_get_in_and_who_is_signed_out_goes_to_sign_in(
    sales: Pipeline, cast: Cast, visit: Visit, client: object, url: str
) -> None:
    factories.automation(sales, CALL)
    assert visit(cast.olive).get(f"/settings/automations{url}").status_code == 403
    assert client.get(f"/settings/automations{url}").status_code == 303  # type: ignore[attr-defined]
