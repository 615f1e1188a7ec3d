"""A rep's whole round on a phone, by fingers alone: no key but those of the words, no mouse, no drag."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from pipeline.models.pipeline import Pipeline
from tests import factories
from tests.browser.boards import card, column
from tests.cast import Cast

pytestmark = pytest.mark.once

FINGER = 44


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    pipeline = factories.sales_pipeline()
    factories.loss_reasons(pipeline, "Price", "Timing")
    factories.deal(pipeline, "Kestrel audit", stage="Contacting", owner=cast.olive)
    return pipeline


@pytest.fixture
def phone(browse: Callable[..., Page], cast: Cast, pipeline: Pipeline) -> Page:
    page: Page = browse(cast.olive, phone=True)
    page.goto("/board")
    return page


def swipe(page: Page, sideways: int, down: int) -> None:
    """Put a finger on the board, slide it, and lift it."""
    touch = page.context.new_cdp_session(page)
    x, y = 300, 500
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 11):
        point = {"x": x + sideways * step / 10, "y": y + down * step / 10}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_create_find_move_lose_undo_complete_a_task_and_log_a_call(phone: Page, pipeline: Pipeline) -> None:
    phone.get_by_role("link", name="New", exact=True).tap()  # create
    dialog = phone.get_by_role("dialog", name="New opportunity")
    dialog.get_by_label("Contact").fill("Ana Lima")
    dialog.get_by_label("Title").fill("Books for Ana")
    dialog.get_by_role("button", name="Create opportunity").tap()
    expect(card(column(phone, "New Opportunity"), "Books for Ana")).to_be_visible()

    phone.get_by_role("button", name="Filter").tap()  # find
    phone.get_by_role("searchbox", name="Text").fill("books")
    phone.get_by_role("searchbox", name="Text").press("Enter")
    expect(phone).to_have_url(re.compile(r"/board/\d+\?q=books$"))
    expect(card(phone, "Kestrel audit")).to_have_count(0)

    move(phone, "Engaging")  # move
    expect(phone.locator("#live")).to_contain_text("Moved Books for Ana to Engaging.")
    phone.get_by_role("navigation", name="Stages").get_by_role("link", name="Engaging 1").tap()
    expect(card(column(phone, "Engaging"), "Books for Ana")).to_be_in_viewport()

    move(phone, "Lost")  # lose with a reason
    lost = phone.get_by_role("dialog", name="Move Books for Ana to Lost")
    lost.get_by_label("Loss reason").select_option("Timing")
    lost.get_by_role("button", name="Move to Lost").tap()
    expect(card(phone, "Books for Ana")).to_have_count(0)

    phone.get_by_role("button", name="Undo").tap()  # undo
    expect(card(column(phone, "Engaging"), "Books for Ana")).to_be_visible()

    card(phone, "Books for Ana").get_by_role("link").first.tap()  # plan a task, complete it, log a call
    panel = phone.get_by_role("complementary", name="Books for Ana")
    panel.locator("summary").filter(has_text="Task").tap()
    panel.get_by_label("Task", exact=True).fill("Send the brochure")
    panel.get_by_role("button", name="Plan task").tap()
    panel.get_by_role("button", name="Done: Send the brochure").tap()
    expect(panel.get_by_role("heading", name="Done. What is next?")).to_be_visible()
    panel.locator("summary").filter(has_text="Call").tap()
    panel.get_by_role("button", name="No answer").tap()
    expect(panel.get_by_text("called: No answer").first).to_be_visible()


def move(phone: Page, to: str) -> None:
    card(phone, "Books for Ana").get_by_role("button", name="Move to…").tap()
    sheet = phone.get_by_role("dialog", name="Move Books for Ana")
    expect(sheet).to_be_visible()
    for target in sheet.locator("button:visible").all():
        box = target.bounding_box()
        assert box
        assert round(box["height"], 1) >= FINGER, target.inner_text()
    sheet.get_by_role("button", name=to, exact=True).tap()


def test_a_finger_scrolls_up_and_sideways_and_never_drags(phone: Page, cast: Cast, pipeline: Pipeline) -> None:
    for number in range(15):
        factories.deal(pipeline, f"Deal {number:02}", owner=cast.olive)
    phone.reload()
    phone.evaluate("document.addEventListener('dragstart', () => { document.body.dataset.dragged = 'yes' })")
    first = column(phone, "New Opportunity").locator(".cards")
    swipe(phone, 0, -300)
    phone.wait_for_function("document.querySelector('.column .cards').scrollTop > 100")
    swipe(phone, -250, 0)
    expect(column(phone, "Contacting")).to_be_in_viewport(ratio=0.9)
    tab = phone.get_by_role("navigation", name="Stages").get_by_role("link", name="Contacting 1")
    expect(tab).to_have_attribute("aria-current", "true")
    expect(first.get_by_role("article")).to_have_count(15)
    assert phone.evaluate("document.body.dataset.dragged") is None


def test_the_filters_are_folded_away_until_asked_for(phone: Page) -> None:
    expect(phone.get_by_role("searchbox", name="Text")).to_be_hidden()
    phone.get_by_role("button", name="Filter").tap()
    phone.get_by_label("Owner", exact=True).select_option("Mine")
    expect(phone).to_have_url(re.compile(r"/board/\d+\?owner=mine$"))
    expect(phone.get_by_role("searchbox", name="Text")).to_be_hidden()


def test_a_narrow_phone_shows_one_whole_column(browse: Callable[..., Page], cast: Cast, pipeline: Pipeline) -> None:
    page = browse(cast.olive, phone=True)
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("/board")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    box = column(page, "New Opportunity").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320


def test_a_card_goes_up_its_column_step_by_step(phone: Page, pipeline: Pipeline, cast: Cast) -> None:
    for title in ("Second", "First"):
        factories.deal(pipeline, title, stage="Contacting", owner=cast.olive)
    phone.goto("/board")
    phone.get_by_role("link", name="Contacting 3").tap()
    card(phone, "Kestrel audit").get_by_role("button", name="Move to…").tap()
    sheet = phone.get_by_role("dialog", name="Move Kestrel audit")
    for place in (3, 2, 1):
        expect(sheet.get_by_role("status")).to_have_text(f"{place} of 3 in Contacting")
        sheet.get_by_role("button", name="Up one").tap()
    sheet.get_by_role("link", name="Close").tap()
    expect(column(phone, "Contacting").get_by_role("article").nth(0)).to_have_accessible_name("Kestrel audit")
