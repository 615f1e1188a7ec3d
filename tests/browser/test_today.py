"""A morning on the Today page, without a mouse; and by touch."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from pipeline import clock
from pipeline.domain import activities, notifications
from pipeline.models.opportunity import Opportunity
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast


@pytest.fixture
def deal(cast: Cast) -> Opportunity:
    deal = factories.deal(factories.sales_pipeline(), "Acme", owner=cast.olive)
    with transaction():
        for days, title in ((-2, "Call Ana"), (0, "Send the offer"), (0, "Ask for the budget")):
            activities.plan(deal, title, by=cast.olive, due_on=clock.days_from_today(days))
        notifications.tell(cast.olive, "Ada made you the owner of Acme.", purpose="test")
    return deal


def line(page: Page, group: str, text: str) -> object:
    return page.get_by_role("region", name=group).get_by_role("listitem").filter(has_text=text)


def test_a_morning_by_keyboard(deal: Opportunity, cast: Cast, browse: Callable[..., Page]) -> None:
    page = browse(cast.olive)
    page.goto("/today")

    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Call Ana", exact=True)).to_be_focused()
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="What is next for Acme?")).to_be_visible()
    page.keyboard.type("Visit them")
    page.keyboard.press("Enter")
    expect(line(page, "Next 7 days", "Visit them")).to_be_visible()
    expect(page.get_by_role("region", name="Overdue")).to_have_count(0)

    expect(page.get_by_role("link", name="Send the offer", exact=True)).to_be_focused()
    page.keyboard.press("s")
    expect(page.get_by_role("dialog").get_by_role("button", name="Tomorrow")).to_be_focused()
    page.keyboard.press("Enter")
    expect(line(page, "Next 7 days", "Send the offer")).to_be_visible()

    expect(page.get_by_role("link", name="Ask for the budget", exact=True)).to_be_focused()
    page.keyboard.press("e")
    expect(page.get_by_label("Task", exact=True)).to_be_focused()
    page.keyboard.type("Never mind")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Task", exact=True)).to_have_count(0)

    expect(page.get_by_role("link", name="Ask for the budget", exact=True)).to_be_focused()
    page.keyboard.press("t")
    expect(page.get_by_role("dialog").get_by_label("Task")).to_be_focused()
    page.keyboard.type("Thank them")
    page.keyboard.press("Enter")
    expect(line(page, "Next 7 days", "Thank them")).to_be_visible()

    expect(page.get_by_role("link", name="Ask for the budget", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary", name="Acme")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Send the offer", exact=True)).to_be_visible()


def test_the_day_is_walked_deal_by_deal(deal: Opportunity, cast: Cast, browse: Callable[..., Page]) -> None:
    factories.deal(deal.pipeline, "Bolt", owner=cast.olive)
    page = browse(cast.olive)
    page.goto("/today")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary", name="Acme")).to_contain_text("1 of 2")
    page.keyboard.press(".")
    expect(page.get_by_role("complementary", name="Bolt")).to_contain_text("2 of 2")
    page.keyboard.press(",")
    expect(page.get_by_role("complementary", name="Acme")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Call Ana", exact=True)).to_be_focused()


def test_the_bell_by_keyboard(deal: Opportunity, cast: Cast, browse: Callable[..., Page]) -> None:
    page = browse(cast.olive)
    page.goto("/today")
    bell = page.get_by_role("link", name="Notifications, 1 unread")
    bell.focus()
    page.keyboard.press("Enter")
    newest = page.get_by_role("dialog", name="Newest notifications")
    expect(newest.get_by_role("button", name="Mark all as read")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Notifications", exact=True)).to_be_attached()
    page.keyboard.press("Escape")
    expect(newest).to_be_hidden()
    expect(page.get_by_role("link", name="Notifications", exact=True)).to_be_focused()


def test_a_task_is_done_and_another_put_off_by_touch(
    deal: Opportunity, cast: Cast, browse: Callable[..., Page]
) -> None:
    page = browse(cast.olive, phone=True)
    page.goto("/today")
    page.get_by_role("button", name="Done: Call Ana").tap()
    page.get_by_role("link", name="Nothing", exact=True).tap()
    expect(page.get_by_role("button", name="Done: Call Ana")).to_have_count(0)
    page.get_by_role("link", name="Snooze Send the offer").tap()
    page.get_by_role("dialog").get_by_role("button", name="Next week").tap()
    expect(line(page, "Next 7 days", "Send the offer")).to_be_visible()


def test_a_sample_card_follows_the_layout_that_is_being_chosen(cast: Cast, browse: Callable[..., Page]) -> None:
    page = browse(cast.olive)
    page.goto("/settings/card-layout")
    sample = page.locator("#card-preview")
    expect(sample.get_by_text("$12,500")).to_be_visible()
    page.get_by_label("Value", exact=True).uncheck()
    expect(sample.get_by_text("$12,500")).to_have_count(0)
