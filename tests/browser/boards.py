"""What stories about boards do over and over."""

from playwright.sync_api import Locator, Page, expect


def column(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def card(where: Page | Locator, title: str = "Acme") -> Locator:
    return where.get_by_role("article", name=title, exact=True)


def drag(page: Page, title: str, to: str) -> None:
    card(page, title).drag_to(column(page, to), target_position={"x": 60, "y": 200})


def pick_up(page: Page, title: str) -> None:
    """Begin to drag a card, and hold it."""
    card(page, title).hover()
    page.mouse.down()
    card(page, title).hover(position={"x": 80, "y": 30})
    expect(page.locator("deal-board.dragging")).to_be_visible()


def come_back(page: Page) -> None:
    """To the tab that shows the board: it looks at once what happened meanwhile."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def look(page: Page) -> int:
    """Let the board ask what changed, and wait for the answer; its status."""
    with page.expect_response("**/changes?*") as answer:
        come_back(page)
    return answer.value.status


def focused(page: Page) -> str:
    """The title of the card that has the focus."""
    return str(page.evaluate("document.activeElement.closest('.card')?.getAttribute('aria-label') ?? ''"))
