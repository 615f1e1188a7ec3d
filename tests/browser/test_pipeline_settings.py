"""An admin sets up a pipeline: with the mouse, by keyboard alone, and without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from pipeline.models.pipeline import Pipeline
from tests import factories
from tests.browser.boards import hold_over
from tests.cast import Cast
from tests.factories import stage_named

Browse = Callable[..., Page]
NAMES = ["New Opportunity", "Contacting", "Engaging", "Qualified", "Closing", "Won", "Lost"]


@pytest.fixture
def sales(cast: Cast) -> Pipeline:
    return factories.sales_pipeline()


def stands(page: Page, *names: str) -> None:
    expect(page.get_by_role("region", name="Stages").locator("tbody tr:first-child .stage-name .tag")).to_have_text(
        list(names)
    )


def toast(page: Page, words: str) -> None:
    expect(page.locator("#toasts").get_by_text(words)).to_be_visible()


def test_a_first_pipeline_from_a_template(browse: Browse, cast: Cast) -> None:
    page = browse(cast.ada)
    page.goto("/settings/pipelines")
    page.get_by_role("link", name="Start one from a template").click()
    page.get_by_role("textbox", name="Name").fill("New business")
    page.get_by_role("radio", name="Classic").check()
    page.get_by_role("button", name="Create pipeline").click()
    expect(page.get_by_role("heading", level=1, name="New business")).to_be_visible()
    expect(page.get_by_role("rowheader")).to_have_count(9)


def test_a_stage_is_dragged_and_stays_there(browse: Browse, cast: Cast, sales: Pipeline) -> None:
    page = browse(cast.ada)
    page.goto(f"/settings/pipelines/{sales.id}")
    contacting, closing = (page.locator(f"#stage-{stage_named(sales, name).id}") for name in ("Contacting", "Closing"))
    order = ["New Opportunity", "Engaging", "Qualified", "Closing", "Contacting", "Won", "Lost"]
    contacting.locator(".handle").hover()
    page.mouse.down()
    contacting.locator(".handle").hover(position={"x": 2, "y": 2})
    expect(page.locator(".dragged")).to_contain_text("Contacting")
    hold_over(closing.locator("td").first, 5, 40)
    stands(page, *order)
    page.mouse.up()
    toast(page, "Contacting is stage")
    stands(page, *order)
    page.reload()
    stands(page, *order)


def test_all_of_it_by_keyboard(browse: Browse, cast: Cast, sales: Pipeline) -> None:
    page = browse(cast.ada)
    page.goto(f"/settings/pipelines/{sales.id}")
    page.get_by_role("button", name="Move Contacting down").focus()
    page.keyboard.press("Enter")
    toast(page, "Contacting is stage 3 of 7.")
    expect(page.get_by_role("button", name="Move Contacting down")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    name = page.locator(f"#stage-{stage_named(sales, 'Contacting').id}-name")
    expect(name).to_be_focused()
    name.fill("closing")
    page.keyboard.press("Enter")
    expect(page.get_by_text("There is “Closing” in Sales already")).to_be_visible()
    name.fill("Reaching out")
    page.keyboard.press("Enter")
    toast(page, "Reaching out was saved.")
    expect(page.get_by_role("button", name="Edit Reaching out")).to_be_focused()
    stands(page, "New Opportunity", "Engaging", "Reaching out", *NAMES[3:])


@pytest.mark.parametrize("javascript", [True, False])
def test_retiring_a_stage_shows_what_it_touches_first(
    browse: Browse, cast: Cast, sales: Pipeline, javascript: bool, afresh: Callable[[], None]
) -> None:
    factories.loss_reasons(sales, "No budget")
    deals = [factories.deal(sales, title, stage="Engaging") for title in ("one", "two")]
    page = browse(cast.ada, javascript=javascript)
    page.goto(f"/settings/pipelines/{sales.id}")
    page.get_by_role("button", name="Retire Engaging").click()
    page.get_by_label("Its opportunities go to").select_option(label="Lost")
    page.get_by_role("button", name="See what happens").click()
    expect(page.get_by_text("2 open ones become lost.")).to_be_visible()
    retire = page.locator("button.danger", has_text="Retire Engaging")
    retire.click()
    expect(page.get_by_text("Choose the reason that all open opportunities get")).to_be_visible()
    page.get_by_label("Reason", exact=True).select_option(label="No budget")
    retire.click()
    toast(page, "Engaging was retired; 2 opportunities went to Lost.")
    stands(page, *(name for name in NAMES if name != "Engaging"))
    afresh()
    assert {(deal.status.value, deal.reason and deal.reason.text) for deal in deals} == {("lost", "No budget")}


@pytest.mark.parametrize("javascript", [True, False])
def test_settings_checklist_and_reasons_work_with_javascript_and_without(
    browse: Browse, cast: Cast, sales: Pipeline, javascript: bool
) -> None:
    page = browse(cast.ada, javascript=javascript)
    page.goto(f"/settings/pipelines/{sales.id}")
    page.get_by_role("textbox", name="New loss reason").fill("No budget")
    page.get_by_role("region", name="Loss reasons").get_by_role("button", name="Add").click()
    toast(page, "“No budget” was added.")
    page.get_by_label("Require a loss reason").check()
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Nothing is saved yet.")).to_be_visible()
    page.get_by_role("button", name="Save all the same").click()
    toast(page, "Sales was saved.")
    expect(page.get_by_label("Require a loss reason")).to_be_checked()

    page.get_by_role("button", name="Checklist Closing").click()
    page.get_by_label("What has to be done").fill("Terms agreed")
    page.get_by_label("Required").check()
    page.get_by_role("button", name="Add item").click()
    toast(page, "“Terms agreed” was added")
    expect(page.get_by_label("What has to be done")).to_have_value("")
    expect(page.get_by_role("button", name="Checklist · 1 Closing")).to_be_visible()


def test_it_all_fits_on_a_phone(browse: Browse, cast: Cast, sales: Pipeline) -> None:
    page = browse(cast.ada, phone=True)
    stage = stage_named(sales, "Engaging")
    for url in ("", "/new", f"/{sales.id}", f"/{sales.id}?panel=stage&id={stage.id}"):
        page.goto(f"/settings/pipelines{url}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
