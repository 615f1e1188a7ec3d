"""The whole board where JavaScript is off: plain links, plain forms, and every move by its menu."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from pipeline.models.pipeline import Pipeline
from tests import factories
from tests.browser.boards import card, column
from tests.cast import Cast


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    pipeline = factories.sales_pipeline()
    factories.loss_reasons(pipeline, "Price", "Timing")
    for number in range(27):
        factories.deal(pipeline, f"Deal {number:02}", owner=cast.olive, typed_value=100 * number)
    return pipeline


def test_create_filter_sort_move_close_and_reopen(browse: Callable[..., Page], cast: Cast, pipeline: Pipeline) -> None:
    page = browse(cast.olive, javascript=False, phone=True)
    page.goto("/board")
    page.get_by_role("link", name="New", exact=True).click()
    page.get_by_label("Contact").fill("Ana Lima")
    page.get_by_label("Title").fill("Books for Ana")
    page.get_by_role("button", name="Create opportunity").click()

    page.goto("/board")
    page.get_by_role("searchbox", name="Text").fill("books")
    page.get_by_role("button", name="Filter", exact=True).click()
    expect(page).to_have_url(re.compile(r"q=books"))
    expect(page.get_by_role("article")).to_have_count(1)
    card(page, "Books for Ana").get_by_role("button", name="Move to…").click()
    page.get_by_role("button", name="Qualified", exact=True).click()
    expect(page).to_have_url(re.compile(r"q=books"))
    expect(card(column(page, "Qualified"), "Books for Ana")).to_be_visible()

    card(page, "Books for Ana").get_by_role("button", name="Move to…").click()
    page.get_by_role("button", name="Lost", exact=True).click()
    page.get_by_label("Loss reason").select_option("Timing")
    page.get_by_role("button", name="Move to Lost").click()
    column(page, "Lost").get_by_role("link", name="Show it").click()
    card(page, "Books for Ana").get_by_role("button", name="Move to…").click()
    page.get_by_role("button", name="Contacting", exact=True).click()
    page.goto("/board")
    expect(card(column(page, "Contacting"), "Books for Ana")).to_be_visible()

    page.get_by_label("Sort cards").select_option("By value")
    page.get_by_role("button", name="Sort", exact=True).click()
    expect(page.get_by_text("Order by hand is off")).to_be_visible()
    first = column(page, "New Opportunity")
    expect(first.get_by_role("article").first).to_have_accessible_name("Deal 26")
    first.get_by_role("link", name="Show more").click()
    expect(page).to_have_url(re.compile(r"/opportunities\?"))
