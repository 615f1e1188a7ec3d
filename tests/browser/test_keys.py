"""Single keys: what they open, where the focus comes back to, and that a person can switch them off."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.browser.boards import card, column, focused
from tests.cast import Cast

pytestmark = pytest.mark.once


@pytest.fixture
def board(cast: Cast, browse: Callable[..., Page]) -> Page:
    pipeline = factories.sales_pipeline()
    for stage in ("New Opportunity", "Contacting"):
        for name in ("First", "Second"):
            factories.deal(pipeline, f"{name} in {stage}", stage=stage, owner=cast.olive)
    page = browse(cast.olive)
    page.goto("/board")
    return page


def test_m_asks_where_to_and_escape_comes_back(board: Page) -> None:
    board.keyboard.press("j")
    here = focused(board)
    board.keyboard.press("m")
    expect(board.get_by_role("dialog")).to_be_visible()
    board.keyboard.press("Escape")
    expect(board.get_by_role("dialog")).to_have_count(0)
    assert focused(board) == here


def test_shift_lays_a_card_one_place_lower_or_higher_and_keeps_the_focus_on_it(board: Page) -> None:
    cards = column(board, "New Opportunity").get_by_role("article")
    first, second = "Second in New Opportunity", "First in New Opportunity"
    for keys, now in (("Shift+J", [second, first]), ("Shift+ArrowUp", [first, second]), ("Shift+K", [first, second])):
        expect(board.locator(".card[aria-busy]")).to_have_count(0)
        card(board, first).get_by_role("link").focus()
        board.keyboard.press(keys)
        for place, title in enumerate(now):
            expect(cards.nth(place)).to_have_accessible_name(title)
        expect(card(board, first).get_by_role("link")).to_be_focused()
    card(board, first).get_by_role("link").focus()
    with board.expect_response("**/moves"):
        board.keyboard.press("Shift+ArrowDown")
    expect(board.locator("#live")).to_have_text(f"Below {second}")
    board.reload()
    expect(cards.nth(1)).to_have_accessible_name(first)


def test_the_focus_goes_with_the_card_that_is_moved(board: Page) -> None:
    for key in ("j", "m"):
        board.keyboard.press(key)
    expect(board.get_by_role("dialog")).to_be_visible()
    board.keyboard.press("3")
    title = "Second in New Opportunity"
    expect(card(column(board, "Engaging"), title).get_by_role("link")).to_be_focused()
    board.keyboard.press("h")
    expect(card(board, "Second in Contacting").get_by_role("link")).to_be_focused()


def test_of_a_card_that_leaves_the_board_the_neighbour_takes_the_focus(board: Page) -> None:
    for key in ("j", "j", "m"):
        board.keyboard.press(key)
    board.get_by_role("dialog").get_by_role("button", name="Won", exact=True).focus()
    board.keyboard.press("Enter")
    expect(card(board, "First in New Opportunity")).to_have_count(0)
    expect(card(board, "Second in New Opportunity").get_by_role("link")).to_be_focused()


def test_t_plans_a_task_for_the_card_which_then_shows_it(board: Page) -> None:
    for key in ("j", "t"):
        board.keyboard.press(key)
    dialog = board.get_by_role("dialog", name="Task for Second in New Opportunity")
    expect(dialog.get_by_label("Task")).to_be_focused()
    board.keyboard.type("Send the brochure")
    board.keyboard.press("Enter")
    expect(board.get_by_role("dialog")).to_have_count(0)
    expect(board.locator("#live")).to_have_text("Planned for Second in New Opportunity: Send the brochure.")
    expect(card(board, "Second in New Opportunity").get_by_role("link")).to_be_focused()


def test_a_question_mark_lists_the_keys_where_one_is(board: Page) -> None:
    board.keyboard.press("j")
    board.keyboard.press("?")
    dialog = board.get_by_role("dialog", name="Keyboard shortcuts")
    for what in ("Search", "New opportunity", "Open the card", "Plan a task for the card", "Undo the last move"):
        expect(dialog).to_contain_text(what)
    board.keyboard.press("Escape")
    expect(card(board, "Second in New Opportunity").get_by_role("link")).to_be_focused()


def test_single_keys_can_be_switched_off_and_arrows_go_on(board: Page) -> None:
    board.keyboard.press("j")
    board.keyboard.press("?")
    board.get_by_role("dialog").get_by_role("link", name="Switch single keys off").click()
    board.get_by_role("button", name="Switch single keys off").click()
    expect(board.get_by_role("button", name="Switch single keys on")).to_be_visible()
    board.goto("/board")
    board.keyboard.press("j")
    assert focused(board) == ""
    card(board, "Second in New Opportunity").get_by_role("link").focus()
    board.keyboard.press("ArrowDown")
    assert focused(board) == "First in New Opportunity"
    board.keyboard.press("m")
    expect(board.get_by_role("dialog")).to_have_count(0)
