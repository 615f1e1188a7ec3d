"""Working a board by mouse, by keyboard and on a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from pipeline.domain import moves
from pipeline.domain.via import Via
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Pipeline
from pipeline.transaction import transaction
from tests import factories
from tests.browser.boards import card, column, drag, drag_to_ending, hears_nothing, hold_over, pick_up
from tests.cast import Cast

Browse = Callable[..., Page]


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return factories.sales_pipeline()


@pytest.fixture
def acme(pipeline: Pipeline, cast: Cast) -> Opportunity:
    factories.deal(pipeline, "Below", owner=cast.olive)
    return factories.deal(pipeline, "Acme", owner=cast.olive, typed_value=120_000)


def test_a_card_dragged_to_another_column_stays_there_and_is_spoken_of(
    browse: Browse, cast: Cast, acme: Opportunity
) -> None:
    olive = browse(cast.olive)
    olive.goto("/board")
    drag(olive, "Acme", "Engaging")
    expect(olive.locator("#live")).to_have_text("Moved Acme to Engaging.")
    expect(card(column(olive, "Engaging"))).to_be_visible()
    expect(card(column(olive, "New Opportunity"))).to_have_count(0)
    expect(column(olive, "Engaging")).to_contain_text("$1,200")
    olive.reload()
    expect(card(column(olive, "Engaging"))).to_be_visible()


def test_cards_are_put_in_order_by_dragging_them_within_a_column(browse: Browse, cast: Cast, acme: Opportunity) -> None:
    olive = browse(cast.olive)
    olive.goto("/board")
    first = column(olive, "New Opportunity").get_by_role("article")
    expect(first.nth(0)).to_have_accessible_name("Acme")
    for where, y, place in ((column(olive, "New Opportunity"), 400, 1), (card(olive, "Below"), 5, 0)):
        pick_up(olive, "Acme")
        hold_over(where, y=y)
        expect(first.nth(place)).to_have_accessible_name("Acme")
        with olive.expect_response("**/moves"):
            olive.mouse.up()
        expect(olive.locator(".card[aria-busy]")).to_have_count(0)
        expect(first.nth(place)).to_have_accessible_name("Acme")
    olive.reload()
    expect(first.nth(0)).to_have_accessible_name("Acme")


def test_the_menu_moves_by_keyboard_alone_and_keeps_the_focus_on_the_card(
    browse: Browse, cast: Cast, acme: Opportunity
) -> None:
    olive = browse(cast.olive)
    olive.goto("/board")
    card(olive).get_by_role("button", name="Move to…", exact=True).focus()
    olive.keyboard.press("Enter")
    olive.get_by_role("dialog").get_by_role("button", name="Closing", exact=True).focus()
    olive.keyboard.press("Enter")
    moved = card(column(olive, "Closing"))
    expect(moved).to_be_visible()
    expect(moved.get_by_role("button", name="Move to…")).to_be_focused()
    expect(olive.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("by", ["drag", "menu"])
def test_a_move_that_needs_answers_asks_all_of_them_in_one_dialog(
    browse: Browse, cast: Cast, pipeline: Pipeline, acme: Opportunity, by: str
) -> None:
    factories.win_reasons(pipeline, "Price", "Trust")
    factories.required_item(pipeline.stages[0], "Budget confirmed")
    olive = browse(cast.olive)
    olive.goto("/board")
    if by == "drag":
        drag_to_ending(olive, "Acme", "Won")
    else:
        card(olive).get_by_role("button", name="Move to…").click()
        olive.get_by_role("dialog").get_by_role("button", name="Won", exact=True).click()
    dialog = olive.get_by_role("dialog", name="Move Acme to Won")
    expect(card(column(olive, "New Opportunity"))).to_have_count(1)
    dialog.get_by_label("Budget confirmed").check()
    dialog.get_by_label("Win reason").select_option("Trust")
    dialog.get_by_label("Note").fill("They know us")
    dialog.get_by_role("button", name="Move to Won").click()
    expect(olive.locator("#live")).to_have_text("Moved Acme to Won.")
    expect(olive.get_by_role("dialog")).to_have_count(0)
    expect(card(olive)).to_have_count(0)
    expect(column(olive, "Won")).to_contain_text("1 won not shown")


def test_cancelling_the_answers_leaves_the_card_where_it_was(
    browse: Browse, cast: Cast, pipeline: Pipeline, acme: Opportunity
) -> None:
    factories.loss_reasons(pipeline, "Price")
    olive = browse(cast.olive)
    olive.goto("/board")
    drag_to_ending(olive, "Acme", "Lost")
    olive.get_by_role("dialog").get_by_role("link", name="Cancel").click()
    expect(olive.get_by_role("dialog")).to_have_count(0)
    expect(card(column(olive, "New Opportunity"))).to_be_visible()


def test_without_javascript_the_same_move_goes_by_plain_pages(
    browse: Browse, cast: Cast, pipeline: Pipeline, acme: Opportunity
) -> None:
    factories.loss_reasons(pipeline, "Price", "Timing")
    olive = browse(cast.olive, javascript=False)
    olive.goto("/board?owner=mine")
    card(olive).get_by_role("button", name="Move to…").click()
    olive.get_by_role("button", name="Lost", exact=True).click()
    olive.get_by_label("Loss reason").select_option("Timing")
    olive.get_by_role("button", name="Move to Lost").click()
    expect(olive).to_have_url(re.compile(r"/board\?owner=mine$"))
    expect(column(olive, "Lost")).to_contain_text("1 lost not shown")


def test_a_refused_move_puts_the_card_back_and_says_why(
    browse: Browse, cast: Cast, pipeline: Pipeline, acme: Opportunity
) -> None:
    with transaction():
        cast.stan.may_view_all = True
    stan = browse(cast.stan)
    stan.goto("/board")
    drag(stan, "Acme", "Engaging")
    expect(stan.locator("#toasts")).to_contain_text("You can see this opportunity but not change it.")
    expect(card(column(stan, "New Opportunity"))).to_be_visible()
    expect(card(column(stan, "Engaging"))).to_have_count(0)


def test_of_two_browsers_the_second_is_told_who_was_first_and_may_insist(
    browse: Browse, cast: Cast, pipeline: Pipeline, acme: Opportunity
) -> None:
    olive, ada = browse(cast.olive), browse(cast.ada)
    for page in (olive, ada):
        page.goto("/board")
    hears_nothing(olive)
    drag(ada, "Acme", "Qualified")
    expect(card(column(ada, "Qualified"))).to_be_visible()
    drag(olive, "Acme", "Contacting")
    dialog = olive.get_by_role("dialog")
    expect(dialog).to_contain_text("Ada Admin moved it to Qualified meanwhile")
    expect(column(olive, "Qualified").locator(".card")).to_have_count(1)
    dialog.get_by_role("button", name="Apply mine").click()
    expect(card(column(olive, "Contacting"))).to_be_visible()
    expect(card(olive)).to_have_count(1)


def test_keeping_theirs_shows_their_move(browse: Browse, cast: Cast, pipeline: Pipeline, acme: Opportunity) -> None:
    olive = browse(cast.olive)
    olive.goto("/board")
    hears_nothing(olive)
    with transaction():
        moves.move(acme, factories.stage_named(pipeline, "Qualified"), by=None, via=Via.SYSTEM)
    drag(olive, "Acme", "Contacting")
    olive.get_by_role("dialog").get_by_role("link", name="Keep theirs").click()
    expect(card(column(olive, "Qualified"))).to_be_visible()


def test_a_drop_while_offline_puts_the_card_back_and_says_so(browse: Browse, cast: Cast, acme: Opportunity) -> None:
    olive = browse(cast.olive)
    olive.goto("/board")
    olive.context.set_offline(True)
    drag(olive, "Acme", "Engaging")
    expect(card(column(olive, "New Opportunity"))).to_be_visible()
    expect(card(column(olive, "Engaging"))).to_have_count(0)
    expect(olive.locator("#toasts")).to_contain_text("No answer came")
    olive.context.set_offline(False)
    drag(olive, "Acme", "Engaging")
    expect(olive.locator("#live")).to_have_text("Moved Acme to Engaging.")
    expect(card(column(olive, "Engaging"))).to_be_visible()


def test_a_failing_server_puts_the_card_back(browse: Browse, cast: Cast, acme: Opportunity) -> None:
    olive = browse(cast.olive)
    olive.goto("/board")
    olive.route("**/moves", lambda route: route.fulfill(status=500, body="<h1>Broken</h1>"))
    drag(olive, "Acme", "Engaging")
    expect(olive.locator("#live")).to_contain_text("Acme was not moved")
    expect(card(column(olive, "New Opportunity"))).to_be_visible()


def test_the_next_cards_come_below_and_stay_when_a_card_is_moved(
    browse: Browse, cast: Cast, pipeline: Pipeline
) -> None:
    for number in range(30):
        factories.deal(pipeline, f"Deal {number:02}", owner=cast.olive)
    olive = browse(cast.olive)
    olive.goto("/board")
    first = column(olive, "New Opportunity")
    expect(first.get_by_role("article")).to_have_count(25)
    first.get_by_role("link", name="Show more").click()
    expect(first.get_by_role("article")).to_have_count(30)
    drag(olive, "Deal 29", "Engaging")
    expect(olive.locator("#live")).to_contain_text("Moved Deal 29 to Engaging")
    expect(card(column(olive, "Engaging"), "Deal 29")).to_be_visible()
    expect(first.get_by_role("article")).to_have_count(29)
    card(olive, "Deal 28").get_by_role("button", name="Move to…").click()
    olive.get_by_role("dialog").get_by_role("button", name="Closing", exact=True).click()
    expect(card(column(olive, "Closing"), "Deal 28")).to_be_visible()
    expect(first.get_by_role("article")).to_have_count(28)


def test_on_a_phone_a_finger_scrolls_and_the_menu_moves(browse: Browse, cast: Cast, acme: Opportunity) -> None:
    olive = browse(cast.olive, phone=True)
    olive.goto("/board")
    card(olive).get_by_role("button", name="Move to…").tap()
    olive.get_by_role("dialog").get_by_role("button", name="Contacting", exact=True).tap()
    expect(column(olive, "Contacting").get_by_role("article")).to_have_count(1)
    expect(olive.get_by_role("dialog")).to_have_count(0)
    expect(column(olive, "New Opportunity")).to_be_in_viewport()
    assert olive.evaluate("document.documentElement.scrollWidth") <= 390


def test_single_keys_walk_the_cards_and_move_the_one_in_focus(
    browse: Browse, cast: Cast, pipeline: Pipeline, acme: Opportunity
) -> None:
    factories.deal(pipeline, "Beside", stage="Engaging", owner=cast.olive)
    olive = browse(cast.olive)
    olive.goto("/board")
    for key, title in (("j", "Acme"), ("j", "Below"), ("l", "Beside"), ("ArrowLeft", "Acme")):
        olive.keyboard.press(key)
        expect(card(olive, title).get_by_role("link", name=title)).to_be_focused()
    olive.keyboard.press("m")
    expect(olive.get_by_role("dialog")).to_be_visible()
    olive.keyboard.press("4")
    expect(card(column(olive, "Qualified"))).to_be_visible()
