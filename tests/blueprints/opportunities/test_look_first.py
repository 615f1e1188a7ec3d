"""Looking at what a move leads to before it is made, and leaving some of it out."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup

from pipeline.domain.actions.create_task import CreateTaskSettings
from pipeline.extensions import db
from pipeline.models.automation import ActionKind, Automation
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.pipeline import Pipeline
from tests import factories
from tests.factories import stage_named
from tests.support.visiting import Visitor


@pytest.fixture
def rule(pipeline: Pipeline) -> Automation:
    tasks = [(ActionKind.CREATE_TASK, CreateTaskSettings(title=title)) for title in ("Call", "Write")]
    return factories.automation(pipeline, *tasks, target="Engaging", name="Proposal")


def last_move() -> list[int]:
    db.session.rollback()
    event = db.session.query(Event).filter_by(kind="opportunity_moved").order_by(Event.id.desc()).first()
    return list(event.particulars["skipped"]) if event else []


@pytest.mark.parametrize("htmx", [True, False])
def test_the_menu_leads_to_what_will_happen_with_a_tick_to_skip_each(
    olive: Visitor, pipeline: Pipeline, deal: Opportunity, rule: Automation, *, htmx: bool
) -> None:
    menu = olive.soup(f"/opportunities/{deal.id}/moves/new")
    look = next(link for link in menu.find_all("a") if link.find(attrs={"aria-label": "Look first: Engaging"}))
    page = BeautifulSoup(olive.get(look["href"], htmx=htmx, page="/board").text, "html.parser")
    assert "Creates the task “Call” for Olive Owner, due today" in page.find("dialog").get_text()
    form = page.find("dialog").find("form")
    carried = {field["name"]: field["value"] for field in form.find_all("input", {"type": "hidden"})}
    carried.pop("csrf_token")
    skips = [box["value"] for box in form.find_all("input", {"name": "skips"})]
    assert skips == [str(action.id) for action in rule.actions]
    olive.post(form["action"], **carried, skips=skips[1])
    assert last_move() == [rule.actions[1].id]


def test_looking_at_an_ending_offers_its_reasons_though_none_is_required(
    olive: Visitor, pipeline: Pipeline, deal: Opportunity, afresh: Callable[[], None]
) -> None:
    [price] = factories.loss_reasons(pipeline, "Price", required=False)
    lost = stage_named(pipeline, "Lost").id
    page = olive.soup(f"/opportunities/{deal.id}/moves/new?stage_id={lost}&back=/board")
    assert page.find("select", {"name": "reason_id", "required": False})
    olive.post(f"/opportunities/{deal.id}/moves", stage_id=lost, reason_id=price.id)
    afresh()
    assert (deal.status, deal.reason) == (Status.LOST, price)


def test_the_dialog_that_asks_for_answers_says_it_too_and_keeps_what_was_ticked(
    olive: Visitor, pipeline: Pipeline, deal: Opportunity, rule: Automation
) -> None:
    factories.required_item(deal.stage, "Budget confirmed")
    sent = {"stage_id": stage_named(pipeline, "Engaging").id, "skips": rule.actions[0].id}
    answer = olive.post(f"/opportunities/{deal.id}/moves", htmx=True, page="/board", **sent)
    dialog = BeautifulSoup(answer.text, "html.parser").find("dialog")
    ticked = [box.has_attr("checked") for box in dialog.find_all("input", {"name": "skips"})]
    assert (answer.status_code, ticked) == (422, [True, False])


def test_while_a_card_is_dragged_there_is_a_line_for_each_stage_that_leads_to_something(
    olive: Visitor, pipeline: Pipeline, deal: Opportunity, rule: Automation
) -> None:
    answer = olive.get(f"/opportunities/{deal.id}/moves/foreseen", htmx=True)
    lines = BeautifulSoup(answer.text, "html.parser").find_all("p")
    assert [line["data-for"] for line in lines] == [str(stage_named(pipeline, "Engaging").id)]
    assert "“Call”" in lines[0].get_text()
    assert "“Write”" in lines[0].get_text()


@pytest.mark.parametrize("where", ["moves/foreseen", "moves/new?stage_id=1"])
def test_strangers_and_readers_may_not_look(
    visit: Callable[..., Visitor], cast: object, deal: Opportunity, reader: Visitor, where: str
) -> None:
    assert reader.get(f"/opportunities/{deal.id}/{where}", htmx=True).status_code == 403
    assert visit(cast["tom"]).get(f"/opportunities/{deal.id}/{where}", htmx=True).status_code == 404  # type: ignore[index]


@pytest.mark.parametrize("stage_id", ["", "x", "424242"])
def test_a_stage_that_is_none_is_refused(olive: Visitor, deal: Opportunity, stage_id: str) -> None:
    assert olive.get(f"/opportunities/{deal.id}/moves/new?stage_id={stage_id}", htmx=True).status_code == 422
