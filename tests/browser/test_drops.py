"""Where a dragged card may be let go, and what happens to it when the move comes to nothing."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from pipeline.domain import moves
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Pipeline
from pipeline.transaction import transaction
from tests import factories
from tests.browser.boards import card, column, drag, drag_to_ending, hold_over, pick_up
from tests.cast import Cast

Browse = Callable[..., Page]


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return factories.sales_pipeline()


@pytest.fixture
def acme(pipeline: Pipeline, cast: Cast) -> Opportunity:
    factories.deal(pipeline, "Below", owner=cast.olive)
    return factories.deal(pipeline, "Acme", owner=cast.olive, typed_value=120_000)


@pytest.fixture
def olive(browse: Browse, cast: Cast, acme: Opportunity) -> Page:
    page: Page = browse(cast.olive)
    page.goto("/board")
    return page


def test_a_deal_is_abandoned_by_a_drop_and_keeps_its_stage(olive: Page, acme: Opportunity) -> None:
    drag_to_ending(olive, "Acme", "Abandon")
    expect(olive.locator("#live")).to_have_text("Acme is abandoned.")
    expect(card(olive)).to_have_count(0)
    olive.goto("/board?status=abandoned")
    expect(card(column(olive, "New Opportunity"))).to_be_visible()


def test_without_a_won_stage_a_drop_sets_the_status(browse: Browse, cast: Cast) -> None:
    blank = factories.sales_pipeline("Feedback", template="feedback")
    factories.deal(blank, "Acme", owner=cast.olive, stage=blank.stages[0].name)
    olive = browse(cast.olive)
    olive.goto(f"/board/{blank.id}")
    drag_to_ending(olive, "Acme", "Won")
    expect(olive.locator("#live")).to_have_text("Acme is won.")
    expect(card(olive)).to_have_count(0)


def test_on_a_sorted_board_a_drop_within_the_column_says_why_it_does_nothing(olive: Page, acme: Opportunity) -> None:
    olive.get_by_label("Sort cards").select_option("By value")
    expect(olive).to_have_url(re.compile(r"/board/\d+\?order=value$"))
    expect(olive.get_by_text("Order by hand is off")).to_be_visible()
    cards = column(olive, "New Opportunity").get_by_role("article")
    expect(cards.nth(0)).to_have_accessible_name("Acme")
    pick_up(olive, "Acme")
    hold_over(column(olive, "New Opportunity"), y=400)
    expect(cards.nth(1)).to_have_accessible_name("Acme")
    olive.mouse.up()
    expect(olive.locator("#toasts")).to_contain_text("Sorted by value, so cards have no order by hand.")
    expect(cards.nth(0)).to_have_accessible_name("Acme")
    drag(olive, "Acme", "Engaging")
    expect(card(column(olive, "Engaging"))).to_be_visible()
    olive.get_by_role("searchbox", name="Text").fill("Be")
    olive.keyboard.press("Enter")
    expect(olive).to_have_url(re.compile(r"/board/\d+\?order=value&q=Be$"))


def test_no_answer_in_time_puts_the_card_back_and_is_spoken(olive: Page, acme: Opportunity) -> None:
    olive.evaluate("htmx.config.defaultTimeout = 200")
    olive.route("**/moves", lambda route: None)
    drag(olive, "Acme", "Engaging")
    expect(olive.locator("#toasts")).to_contain_text("No answer came")
    expect(card(column(olive, "New Opportunity"))).to_be_visible()
    expect(card(olive)).not_to_have_attribute("aria-busy", "true")


def test_a_move_that_a_rule_refuses_comes_back_with_the_reason(
    olive: Page, pipeline: Pipeline, acme: Opportunity
) -> None:
    factories.required_item(acme.stage, "Budget confirmed")
    drag(olive, "Acme", "Engaging")
    dialog = olive.get_by_role("dialog", name="Move Acme to Engaging")
    expect(dialog).to_be_visible()
    expect(card(column(olive, "New Opportunity"))).to_be_visible()
    expect(card(olive)).to_have_count(1)
    dialog.get_by_role("link", name="Cancel").click()
    expect(card(column(olive, "New Opportunity"))).to_be_visible()


def test_a_card_that_somebody_closed_meanwhile_is_shown_as_it_is(
    olive: Page, pipeline: Pipeline, acme: Opportunity
) -> None:
    with transaction():
        moves.move(acme, factories.stage_named(pipeline, "Won"), by=None)
    drag(olive, "Acme", "Engaging")
    dialog = olive.get_by_role("dialog")
    expect(dialog).to_contain_text("Now in")
    dialog.get_by_role("link", name="Keep theirs").click()
    expect(card(olive)).to_have_count(0)
    expect(column(olive, "Won")).to_contain_text("1 won not shown")
