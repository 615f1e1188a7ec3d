"""A record opened over the board: edited there, left by Escape, by its button and by Back, opened again by Forward."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.browser.test_every_page import ALL_BUT_COLOUR, AXE, COLOUR, GRAVE

pytestmark = pytest.mark.once


@pytest.fixture
def pipeline(cast):
    return factories.sales_pipeline()


@pytest.fixture
def deal(cast, pipeline):
    for number in range(40):
        factories.deal(pipeline, f"Deal {number}", owner=cast.olive)
    return factories.deal(pipeline, "Bakery books", owner=cast.olive, typed_value=120000)


def panel(page: Page):
    return page.get_by_role("complementary", name="Bakery books")


def on_board(page: Page, column: str, title: str = "Bakery books"):
    return page.get_by_role("region", name=column, exact=True).get_by_role("article", name=title)


def opened(page: Page, deal) -> Page:
    page.goto(f"/board/{deal.pipeline_id}?owner=mine")
    page.get_by_role("link", name="Bakery books").click()
    expect(panel(page)).to_be_focused()
    return page


def test_the_board_stays_beneath_as_it_was(browse, cast, deal):
    page = browse(cast.olive)
    page.goto(f"/board/{deal.pipeline_id}?owner=mine")
    page.get_by_role("link", name="Show more").click()
    expect(page.locator(".card")).to_have_count(41)
    page.get_by_role("link", name="Deal 1", exact=True).scroll_into_view_if_needed()
    below = page.evaluate("document.querySelector('.column .cards').scrollTop")
    page.evaluate("document.querySelector('.board').dataset.witness = 'the same'")
    page.get_by_role("link", name="Deal 1", exact=True).click()
    expect(page.get_by_role("complementary", name="Deal 1")).to_be_focused()
    expect(page).to_have_url(re.compile(r"/opportunities/\d+$"))
    expect(page).to_have_title("Deal 1 · Pipeline")
    expect(page.get_by_role("link", name="Deal 1", exact=True)).to_have_attribute("aria-current", "true")

    page.go_back()
    expect(page.get_by_role("complementary")).to_have_count(0)
    expect(page).to_have_url(re.compile(rf"/board/{deal.pipeline_id}\?owner=mine$"))
    expect(page).to_have_title("Sales · Pipeline")
    expect(page.get_by_role("link", name="Deal 1", exact=True)).to_be_focused()
    expect(page.locator(".card")).to_have_count(41)
    moved = abs(page.evaluate("document.querySelector('.column .cards').scrollTop") - below)
    assert moved < 16, "beside the panel the head has another height, so the column's end may stand a little elsewhere"
    assert page.evaluate("document.querySelector('.board').dataset.witness") == "the same"

    page.go_forward()
    expect(page.get_by_role("complementary", name="Deal 1")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/opportunities/\d+$"))


def test_one_step_back_leaves_the_panel_however_many_records_it_showed(browse, cast, deal):
    page = opened(browse(cast.olive), deal)
    page.get_by_role("link", name="Deal 39", exact=True).click()
    expect(page.get_by_role("complementary", name="Deal 39")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"/board/\d+\?owner=mine$"))
    expect(page.get_by_role("link", name="Deal 39", exact=True)).to_be_focused()
    page.get_by_role("link", name="Bakery books", exact=True).press("Enter")
    panel(page).get_by_role("button", name="Close").click()
    expect(page.get_by_role("link", name="Bakery books", exact=True)).to_be_focused()
    expect(page).to_have_url(re.compile(r"/board/\d+\?owner=mine$"))


def test_the_view_that_is_open_stays_marked_and_the_filters_make_room(browse, cast, deal):
    page = browse(cast.olive)
    page.goto(f"/board/{deal.pipeline_id}?order=value")
    page.get_by_role("link", name="Bakery books").click()
    expect(panel(page)).to_be_focused()
    expect(page.get_by_role("link", name="All open")).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("form", name="Filters")).to_be_hidden()
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_role("form", name="Filters")).to_be_visible()


def test_what_is_changed_in_the_panel_is_changed_on_the_card(browse, cast, deal):
    page = opened(browse(cast.olive), deal)
    panel(page).get_by_role("link", name="Edit value").click()
    panel(page).get_by_label("Value", exact=True).fill("99")
    page.keyboard.press("Enter")
    expect(on_board(page, "New Opportunity")).to_contain_text("$99")
    panel(page).get_by_role("link", name="Edit next action").click()
    expect(panel(page).get_by_label("What is next")).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel(page).get_by_label("What is next")).to_have_count(0)
    panel(page).get_by_role("button", name="Move to Engaging").click()
    expect(on_board(page, "Engaging")).to_be_visible()
    expect(panel(page).locator("[aria-current=step]")).to_contain_text("Engaging")
    expect(panel(page)).to_be_visible()


def test_a_move_that_asks_is_answered_over_the_panel(browse, cast, deal, pipeline):
    factories.loss_reasons(pipeline, "Too dear")
    page = opened(browse(cast.olive), deal)
    panel(page).get_by_role("button", name="Lost", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").select_option(label="Too dear")
    dialog.get_by_role("button", name=re.compile("Move to Lost")).click()
    expect(dialog).to_have_count(0)
    expect(panel(page)).to_contain_text("Lost: Too dear")
    expect(page.locator(".card").filter(has_text="Bakery books")).to_have_count(0)


def test_reloading_with_the_panel_open_gives_the_page_and_back_gives_the_board(browse, cast, deal):
    page = opened(browse(cast.olive), deal)
    page.reload()
    expect(page.get_by_role("heading", level=1, name="Bakery books")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="Sales")).to_be_visible()
    page.go_forward()
    expect(panel(page)).to_be_visible()


def test_from_a_list_a_change_shows_once_the_panel_is_left(browse, cast, deal):
    page = browse(cast.olive)
    page.goto("/opportunities")
    page.get_by_role("link", name="Bakery books", exact=True).click()
    panel(page).get_by_role("link", name="Edit value").click()
    panel(page).get_by_label("Value", exact=True).fill("99")
    page.keyboard.press("Enter")
    expect(panel(page).locator(".record-value")).to_have_text("$99")
    page.keyboard.press("Escape")
    expect(page.get_by_role("row").filter(has_text="Bakery books")).to_contain_text("$99")


def test_on_a_phone_the_panel_is_all_there_is(browse, cast, deal):
    page = opened(browse(cast.olive, phone=True), deal)
    expect(page.locator(".rail[inert], main[inert]")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    panel(page).get_by_role("button", name="Close").click()
    expect(page.locator("[inert]")).to_have_count(0)


def test_without_javascript_and_with_a_key_held_it_is_a_page(browse, cast, deal):
    page = browse(cast.olive, javascript=False)
    page.goto(f"/board/{deal.pipeline_id}")
    page.get_by_role("link", name="Bakery books").click()
    expect(page.get_by_role("heading", level=1, name="Bakery books")).to_be_visible()
    page = browse(cast.olive)
    page.goto(f"/board/{deal.pipeline_id}")
    with page.context.expect_page() as another:
        page.get_by_role("link", name="Bakery books").click(modifiers=["Control"])
    expect(another.value.get_by_role("heading", level=1, name="Bakery books")).to_be_visible()
    expect(page.get_by_role("complementary")).to_have_count(0)


def test_nothing_grave_is_found_with_the_panel_open(browse, cast, deal):
    page = opened(browse(cast.olive, bypass_csp=True), deal)
    page.emulate_media(reduced_motion="reduce")
    page.add_script_tag(content=AXE.read_text())
    assert page.evaluate(GRAVE, ALL_BUT_COLOUR) == []
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(GRAVE, COLOUR) == []
