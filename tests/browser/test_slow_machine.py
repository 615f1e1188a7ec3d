"""On a starved machine timers come late, and keys do not: what is put in place takes keys at once, and as it should.

Timers are kept from running at all here: what still works needs none. The script is kept back by its route.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests import factories
from tests.browser.boards import card, column, focused
from tests.cast import Cast

pytestmark = pytest.mark.once

NO_TIMERS = "window.setTimeout = window.setInterval = () => 0"


@pytest.fixture
def board(cast: Cast, browse: Callable[..., Page]) -> Page:
    """Without timers, from before its first line."""
    pipeline = factories.sales_pipeline()
    factories.deal(pipeline, "Acme", stage="New Opportunity", owner=cast.olive)
    page = browse(cast.olive)
    page.add_init_script(NO_TIMERS)
    return page


@pytest.mark.parametrize("key", ["?", "t", "m"])
def test_a_key_pressed_at_once_opens_its_dialog_and_no_other_page(board: Page, key: str) -> None:
    board.goto("/board")
    board.keyboard.press("j")
    board.keyboard.press(key)
    expect(board.get_by_role("dialog")).to_be_visible()
    assert board.url.endswith("/board")


def test_what_was_put_in_place_takes_a_key_at_once(board: Page) -> None:
    board.goto("/board")
    for key in ("j", "m"):
        board.keyboard.press(key)
    expect(board.get_by_role("dialog")).to_be_visible()
    board.keyboard.press("3")
    expect(card(column(board, "Engaging")).get_by_role("link")).to_be_focused()
    board.keyboard.press("m")
    expect(board.get_by_role("dialog")).to_be_visible()
    assert board.url.endswith("/board")


def test_until_the_script_has_come_the_page_is_a_plain_one(board: Page) -> None:
    kept: list[Route] = []

    def keep(route: Route) -> None:
        kept.append(route)

    board.route("**/app.*.js", keep)
    with board.expect_request("**/app.*.js"):
        board.goto("/board", wait_until="commit")
    expect(card(board)).to_be_visible()
    for key in ("j", "?"):
        board.keyboard.press(key)
    assert focused(board) == ""
    for route in kept:
        route.continue_()
    board.wait_for_load_state()
    for key in ("j", "?"):
        board.keyboard.press(key)
    expect(board.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
