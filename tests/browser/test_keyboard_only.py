"""A rep's whole round at the board with no mouse: every step is a key."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from pipeline.models.pipeline import Pipeline
from tests import factories
from tests.browser.boards import card, column, focused
from tests.cast import Cast


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    pipeline = factories.sales_pipeline()
    factories.loss_reasons(pipeline, "Price", "Timing")
    factories.deal(pipeline, "Kestrel audit", stage="Contacting", owner=cast.olive)
    return pipeline


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Go on with Tab until what has the focus is called so."""
    for _ in range(60):
        page.keyboard.press(key)
        if name in str(page.evaluate(NAME_OF_FOCUSED)):
            return
    raise AssertionError(f"Tab never came to {name!r}")


NAME_OF_FOCUSED = """() => {
    const one = document.activeElement;
    return [one.getAttribute('aria-label'), one.labels?.[0]?.textContent, one.textContent].filter(Boolean).join(' ');
}"""


def test_create_find_move_lose_undo_complete_a_task_and_log_a_call(
    browse: Callable[..., Page], cast: Cast, pipeline: Pipeline
) -> None:
    page = browse(cast.olive)
    page.goto("/board")
    press(page, "j")
    expect(card(page, "Kestrel audit").get_by_role("link")).to_be_focused()
    create(page)
    find(page)
    move(page)
    lose(page)
    press(page, "u")
    expect(card(column(page, "Engaging"), "Books for Ana")).to_be_visible()
    plan(page)
    log_a_call_and_complete_the_task(page)


def create(page: Page) -> None:
    press(page, "n")
    expect(page.get_by_role("dialog", name="New opportunity").get_by_label("Contact")).to_be_focused()
    page.keyboard.type("Ana Lima")
    tab_to(page, "Title")
    page.keyboard.type("Books for Ana")
    press(page, "Enter")
    expect(card(column(page, "New Opportunity"), "Books for Ana")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def find(page: Page) -> None:
    press(page, "/")
    expect(page.get_by_role("combobox", name="Search")).to_be_focused()
    page.keyboard.type("kestrel")
    expect(page.get_by_role("group", name="Opportunities").get_by_role("option")).to_be_visible()
    press(page, "ArrowDown", "Enter")
    expect(page.get_by_role("complementary", name="Kestrel audit")).to_be_focused()
    press(page, "Escape")
    expect(page.get_by_role("complementary")).to_have_count(0)
    expect(card(page, "Kestrel audit").get_by_role("link")).to_be_focused()


def move(page: Page) -> None:
    press(page, "h")
    expect(card(page, "Books for Ana").get_by_role("link")).to_be_focused()
    press(page, "m")
    expect(page.get_by_role("dialog", name="Move Books for Ana")).to_be_visible()
    press(page, "3")
    expect(card(column(page, "Engaging"), "Books for Ana").get_by_role("link")).to_be_focused()


def lose(page: Page) -> None:
    press(page, "m")
    expect(page.get_by_role("dialog", name="Move Books for Ana")).to_be_visible()
    press(page, "7")
    lost = page.get_by_role("dialog", name="Move Books for Ana to Lost")
    expect(lost.get_by_label("Loss reason")).to_be_focused()
    press(page, "T")
    expect(lost.get_by_label("Loss reason")).not_to_have_value("")
    tab_to(page, "Move to Lost")
    press(page, "Enter")
    expect(card(page, "Books for Ana")).to_have_count(0)
    expect(card(page, "Kestrel audit").get_by_role("link")).to_be_visible()


def plan(page: Page) -> None:
    if focused(page) != "Books for Ana":
        press(page, "j", "l")
    expect(card(page, "Books for Ana").get_by_role("link")).to_be_focused()
    press(page, "t")
    expect(page.get_by_role("dialog").get_by_label("Task")).to_be_focused()
    page.keyboard.type("Send the brochure")
    press(page, "Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(card(page, "Books for Ana").get_by_role("link")).to_be_focused()


def log_a_call_and_complete_the_task(page: Page) -> None:
    press(page, "Enter")
    panel = page.get_by_role("complementary", name="Books for Ana")
    expect(panel).to_be_focused()
    press(page, "c")
    tab_to(page, "What was said")
    page.keyboard.type("Rang for long")
    tab_to(page, "No answer")
    press(page, "Enter")
    expect(panel.get_by_text("called: No answer").first).to_be_visible()
    tab_to(page, "Done: Send the brochure")
    press(page, "Enter")
    expect(panel.get_by_role("heading", name="Done. What is next?")).to_be_visible()
