"""Single keys: what they open, where the focus comes back to, and that a person can switch them off."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.cast import Cast


@pytest.fixture
def board(cast: Cast, browse: Callable[..., Page]) -> Page:
    pipeline = factories.sales_pipeline()
    for stage in ("New Opportunity", "Contacting"):
        for name in ("First", "Second"):
            factories.deal(pipeline, f"{name} in {stage}", stage=stage, owner=cast.olive)
    page = browse(cast.olive)
    page.goto("/board")
    return page


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.closest('.card')?.getAttribute('aria-label') ?? ''"))


def test_m_asks_where_to_and_escape_comes_back(board: Page) -> None:
    board.keyboard.press("j")
    here = focused(board)
    board.keyboard.press("m")
    expect(board.get_by_role("dialog")).to_be_visible()
    board.keyboard.press("Escape")
    expect(board.get_by_role("dialog")).to_have_count(0)
    assert focused(board) == here


def test_single_keys_can_be_switched_off(board: Page) -> None:
    board.keyboard.press("?")
    board.get_by_role("button", name="Switch single keys off").click()
    expect(board.get_by_role("button", name="Switch single keys on")).to_be_visible()
    board.goto("/board")
    board.keyboard.press("j")
    assert focused(board) == ""
