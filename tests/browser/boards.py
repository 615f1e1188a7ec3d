"""What stories about boards do over and over."""

from playwright.sync_api import Locator, Page, expect


def column(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def card(where: Page | Locator, title: str = "Acme") -> Locator:
    return where.get_by_role("article", name=title, exact=True)


def pick_up(page: Page, title: str) -> None:
    """Begin to drag a card, and hold it."""
    card(page, title).hover()
    page.mouse.down()
    card(page, title).hover(position={"x": 80, "y": 30})
    expect(page.locator("deal-board.dragging")).to_be_visible()


def hold_over(where: Locator, x: int = 60, y: int = 200) -> None:
    """Bring what is dragged here, pixel by pixel at last: a browser tells first that it comes, then where it is."""
    where.scroll_into_view_if_needed()
    where.element_handle().wait_for_element_state("stable")
    box = where.bounding_box()
    assert box is not None
    for short in (2, 1, 0):
        where.page.mouse.move(box["x"] + x - short, box["y"] + y - short)


def drag(page: Page, title: str, to: str) -> None:
    """Into another column, and let go when the card is seen to lie there."""
    pick_up(page, title)
    hold_over(column(page, to))
    expect(card(column(page, to), title)).to_be_visible()
    page.mouse.up()


def drag_to_ending(page: Page, title: str, to: str) -> None:
    """Onto the zone that comes up from the bottom edge while a card is dragged."""
    pick_up(page, title)
    hold_over(page.locator(".ending", has_text=to), 20, 20)
    expect(page.locator(".ending[data-over]")).to_contain_text(to)
    page.mouse.up()


def hears_nothing(page: Page) -> None:
    """From now on this board is not told what others do."""
    page.route("**/changes?*", lambda route: route.fulfill(status=204))


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
