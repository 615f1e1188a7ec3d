"""Stories of changing many at once: on the board, on the list, by keyboard, by touch, and without JavaScript."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Pipeline
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast

NAMES = ("Acme", "Bolt", "Crane", "Dune")


@pytest.fixture
def sales(app: Flask) -> Pipeline:
    return factories.sales_pipeline()


@pytest.fixture
def deals(sales: Pipeline, cast: Cast) -> dict[str, Opportunity]:
    """On the board from top to bottom: Dune, Crane, Bolt, Acme."""
    return {name: factories.deal(sales, name, owner=cast.olive) for name in NAMES}


def column(page: Page, name: str) -> list[str]:
    return page.get_by_role("region", name=name, exact=True).get_by_role("article").locator("h3").all_inner_texts()


def said(page: Page) -> Locator:
    return page.locator("toast-note").last


def count(page: Page, words: str) -> None:
    expect(page.locator(".selection-count")).to_have_text(words)


def test_some_cards_are_ticked_and_moved_and_who_was_refused_is_named(
    browse: Callable[..., Page], cast: Cast, sales: Pipeline, deals: dict[str, Opportunity]
) -> None:
    ready = factories.deal(sales, "Ready", stage="Contacting", owner=cast.olive)
    factories.required_item(deals["Acme"].stage, "Budget confirmed")
    page = browse(cast.olive)
    page.goto("/board")
    expect(page.locator(".selection")).to_be_hidden()
    for name in ("Acme", ready.title):
        page.get_by_role("article", name=name).hover()
        page.get_by_label(f"Select {name}").check()
    count(page, "2 selected")
    page.get_by_role("button", name="Move", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Qualified").click()
    expect(page.get_by_role("dialog", name="Move 2 opportunities to Qualified")).to_be_visible()
    dialog.get_by_role("button", name="Move 2").click()
    expect(page.get_by_role("heading", name="Refused")).to_be_visible()
    row = page.get_by_role("row", name="Acme")
    expect(row).to_contain_text("tick “Budget confirmed”")
    page.get_by_label("Select the 1 refused again").check()
    count(page, "1 selected")
    page.get_by_role("button", name="Tag", exact=True).click()
    page.get_by_label("Tag", exact=True).fill("later")
    page.get_by_role("button", name="Tag 1").click()
    expect(page.get_by_role("heading", name="Add the tag “later”")).to_be_visible()
    page.get_by_role("link", name="Back to where you were").click()
    page.goto("/board")
    assert column(page, "Qualified") == ["Ready"]


def test_a_range_a_column_and_all_are_ticked_and_let_go(
    browse: Callable[..., Page], cast: Cast, sales: Pipeline, deals: dict[str, Opportunity]
) -> None:
    factories.deal(sales, "Elsewhere", stage="Contacting", owner=cast.olive)
    page = browse(cast.olive)
    page.goto("/board")
    page.get_by_label("Select Dune").check()
    page.keyboard.down("Shift")
    page.get_by_label("Select Bolt").click()
    page.keyboard.up("Shift")
    count(page, "3 selected")
    page.get_by_label("Select all in New Opportunity").check()
    count(page, "4 selected")
    page.get_by_label("Select Crane").uncheck()
    count(page, "3 selected")
    expect(page.get_by_label("Select all in New Opportunity")).not_to_be_checked()
    page.get_by_label("All 5 that the filter shows").check()
    count(page, "5 selected")
    page.keyboard.press("Escape")
    expect(page.locator(".selection")).to_be_hidden()
    expect(page.get_by_label("Select Dune")).not_to_be_checked()


@pytest.mark.once
def test_all_on_a_page_of_the_list_are_ticked_by_its_head_from_the_keyboard(
    browse: Callable[..., Page], cast: Cast, deals: dict[str, Opportunity]
) -> None:
    page = browse(cast.olive)
    page.goto("/opportunities")
    head = page.get_by_label("Select all on this page")
    head.press("Space")
    count(page, "4 selected")
    page.get_by_label("Select Bolt").uncheck()
    count(page, "3 selected")
    expect(head).to_be_checked(indeterminate=True)
    head.press("Space")
    count(page, "4 selected")
    head.press("Space")
    expect(page.locator(".selection")).to_be_hidden()
    plain = browse(cast.olive, javascript=False)
    plain.goto("/opportunities")
    expect(plain.get_by_label("Select Bolt")).to_be_visible()
    expect(plain.get_by_label("Select all on this page")).to_be_hidden()


def test_what_is_ticked_stays_so_when_its_column_is_drawn_anew(
    browse: Callable[..., Page], cast: Cast, deals: dict[str, Opportunity]
) -> None:
    page = browse(cast.olive)
    page.goto("/board")
    page.get_by_label("Select Acme").check()
    page.get_by_label("Select Bolt").check()
    page.get_by_role("article", name="Acme").get_by_role("button", name="Move to…").click()
    page.get_by_role("dialog").get_by_role("button", name="Contacting").click()
    expect(page.get_by_role("region", name="Contacting").get_by_role("article", name="Acme")).to_be_visible()
    expect(page.get_by_label("Select Acme")).to_be_checked()
    expect(page.get_by_label("Select Bolt")).to_be_checked()
    count(page, "2 selected")


def test_by_keyboard_alone(browse: Callable[..., Page], cast: Cast, deals: dict[str, Opportunity]) -> None:
    page = browse(cast.olive)
    page.goto("/board")
    page.get_by_role("link", name="Dune").focus()
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    count(page, "2 selected")
    expect(page.locator("#live")).to_have_text("2 selected")
    page.get_by_role("button", name="Assign").focus()
    page.keyboard.press("Enter")
    page.get_by_label("New owner").select_option("Tom Team")
    page.get_by_role("button", name="Assign 2").focus()
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("Assign to Tom Team: 2 assigned.")
    expect(page).to_have_url(re.compile(r"/board$"))
    page.wait_for_load_state()
    page.keyboard.press("u")
    expect(said(page)).to_contain_text("2 put back")
    expect(page).to_have_url(re.compile(r"/board$"))


def test_by_touch_a_button_shows_the_boxes_and_a_tap_on_a_card_ticks_it(
    browse: Callable[..., Page], cast: Cast, deals: dict[str, Opportunity]
) -> None:
    page = browse(cast.olive, phone=True)
    page.goto("/board")
    expect(page.get_by_label("Select Acme")).to_be_hidden()
    page.get_by_text("Select", exact=True).tap()
    page.get_by_role("article", name="Acme").tap()
    page.get_by_role("article", name="Bolt").tap()
    count(page, "2 selected")
    page.get_by_role("button", name="Close or open").tap()
    page.get_by_role("dialog").get_by_role("button", name="Abandoned").tap()
    page.get_by_role("button", name="Save 2").tap()
    expect(said(page)).to_contain_text("2 changed")
    expect(page.get_by_role("article", name="Acme")).to_be_hidden()
    said(page).get_by_role("button", name="Undo").tap()
    expect(page.get_by_role("article", name="Acme")).to_be_visible()


def test_all_that_the_list_shows_is_put_away_and_brought_back(
    browse: Callable[..., Page], cast: Cast, deals: dict[str, Opportunity]
) -> None:
    with transaction():
        cast.olive.may_delete = True
    page = browse(cast.olive)
    page.goto("/opportunities")
    page.get_by_label("Select Acme").check()
    page.get_by_label("All 4 that the filter shows").check()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog", name="Delete 4 opportunities?").get_by_role("button", name="Delete 4").click()
    expect(said(page)).to_contain_text("4 deleted")
    expect(page.get_by_role("link", name="Acme", exact=True)).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    expect(said(page)).to_contain_text("4 put back")
    expect(page.get_by_role("link", name="Acme", exact=True)).to_be_visible()


def test_without_javascript_boxes_and_buttons_do_it(
    browse: Callable[..., Page], cast: Cast, sales: Pipeline, deals: dict[str, Opportunity]
) -> None:
    page = browse(cast.olive, javascript=False)
    page.goto("/board")
    page.get_by_label("Select Acme").check()
    page.get_by_label("Select Dune").check()
    page.get_by_role("button", name="Move", exact=True).click()
    page.get_by_role("button", name="Engaging").click()
    expect(page.get_by_role("heading", name="Move 2 opportunities to Engaging", level=1)).to_be_visible()
    page.get_by_role("button", name="Move 2").click()
    expect(said(page)).to_contain_text("2 moved")
    assert sorted(column(page, "Engaging")) == ["Acme", "Dune"]


def test_the_ticked_ones_are_downloaded(browse: Callable[..., Page], cast: Cast, deals: dict[str, Opportunity]) -> None:
    page = browse(cast.olive)
    page.goto("/opportunities")
    page.get_by_label("Select Acme").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export", exact=True).click()
    content = download.value.path().read_text()
    assert ("Acme" in content, "Bolt" in content) == (True, False)
