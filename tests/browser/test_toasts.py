"""What was done is said at the foot of the page, and the way back stays within reach."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from pipeline.models.pipeline import Pipeline
from tests import factories
from tests.browser.boards import card, column, drag, drag_to_ending
from tests.cast import Cast

pytestmark = pytest.mark.once

Browse = Callable[..., Page]
UNBROKEN = "Supercalifragilistic" * 9


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    pipeline = factories.sales_pipeline()
    for title in ("Below", "Acme"):
        factories.deal(pipeline, title, owner=cast.olive)
    return pipeline


def undo(page: Page) -> Locator:
    return page.locator("#toasts").get_by_role("button", name="Undo")


def test_asking_when_to_wake_a_lost_deal_leaves_the_way_back(browse: Browse, cast: Cast, pipeline: Pipeline) -> None:
    olive = browse(cast.olive)
    olive.goto("/board")
    drag_to_ending(olive, "Acme", "Lost")
    olive.get_by_role("link", name="Wake up when?").click()
    expect(olive.get_by_role("dialog")).to_be_visible()
    olive.keyboard.press("Escape")
    expect(olive.get_by_role("dialog")).to_have_count(0)
    expect(undo(olive)).to_be_visible()
    olive.keyboard.press("u")
    expect(card(column(olive, "New Opportunity"))).to_be_visible()


def test_a_look_of_the_page_that_fails_is_not_told_and_takes_no_way_back(
    browse: Browse, cast: Cast, pipeline: Pipeline
) -> None:
    olive = browse(cast.olive)
    olive.goto("/board")
    olive.route("**/changes?*", lambda route: route.abort("internetdisconnected"))
    drag(olive, "Acme", "Engaging")
    expect(undo(olive)).to_be_visible()
    with olive.expect_event("requestfailed"):
        olive.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    olive.keyboard.press("u")
    expect(card(column(olive, "New Opportunity"))).to_be_visible()
    expect(olive.locator("#toasts")).not_to_contain_text("No answer came")


def test_that_no_answer_came_is_said_until_one_comes(browse: Browse, cast: Cast, pipeline: Pipeline) -> None:
    olive = browse(cast.olive)
    olive.goto("/board")
    olive.route("**/moves", lambda route: route.abort("internetdisconnected"), times=1)
    drag(olive, "Acme", "Engaging")
    expect(olive.locator("#toasts")).to_contain_text("No answer came")
    drag(olive, "Acme", "Engaging")
    expect(olive.locator("#toasts")).to_contain_text("Moved Acme to Engaging.")
    expect(olive.locator("#toasts")).not_to_contain_text("No answer came")


@pytest.mark.parametrize("phone", [False, True])
def test_the_way_back_lies_over_no_button_however_long_the_title(
    browse: Browse, cast: Cast, pipeline: Pipeline, phone: bool
) -> None:
    factories.deal(pipeline, UNBROKEN, owner=cast.olive, contact=factories.contact())
    olive = browse(cast.olive, phone=phone)
    olive.goto("/board")
    card(olive, UNBROKEN).get_by_role("button", name="Move to…").click()
    olive.get_by_role("dialog").get_by_role("button", name="Lost", exact=True).click()
    expect(undo(olive)).to_be_in_viewport(ratio=1)
    expect(olive.locator("#toasts").get_by_role("button", name="Dismiss")).to_be_in_viewport(ratio=1)
    olive.get_by_text("Select", exact=True).click()
    card(olive, "Below").get_by_label("Select Below").check()
    for name in ("Move", "Assign", "Clear"):
        olive.locator(".selection").get_by_role("button", name=name, exact=True).click(trial=True)
    undo(olive).click(trial=True)
