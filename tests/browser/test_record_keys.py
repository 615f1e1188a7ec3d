"""A record by keyboard, in the panel and on its page: the focus is never lost, and nothing that was typed is."""

import pytest
from playwright.sync_api import Page, expect

from tests import factories

pytestmark = pytest.mark.once


@pytest.fixture
def deal(cast):
    pipeline = factories.sales_pipeline()
    factories.product("Bookkeeping")
    return factories.deal(pipeline, "Bakery books", owner=cast.olive)


@pytest.fixture(params=["panel", "page"])
def record(request, browse, cast, deal) -> Page:
    page = browse(cast.olive)
    page.goto("/opportunities" if request.param == "panel" else f"/opportunities/{deal.id}")
    if request.param == "panel":
        page.get_by_role("link", name="Bakery books", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="Bakery books")).to_be_visible()
    return page


def composer(page: Page):
    return page.get_by_role("region", name="Add to the timeline")


def test_the_keyboard_stays_where_it_was_whatever_is_drawn_anew(record):
    record.get_by_role("button", name="Follow", exact=True).press("Enter")
    expect(record.get_by_role("button", name="Following")).to_be_focused()
    composer(record).get_by_label("Note").press_sequentially("They like tier two")
    composer(record).get_by_role("button", name="Add note").press("Enter")
    expect(composer(record).get_by_label("Note")).to_have_value("")
    expect(composer(record).get_by_label("Note")).to_be_focused()

    record.get_by_role("link", name="Add a product").press("Enter")
    record.get_by_role("button", name="Add", exact=True).press("Enter")
    expect(record.get_by_role("link", name="Add a product")).to_be_focused()
    record.get_by_role("button", name="Take off Bookkeeping").press("Enter")
    expect(record.get_by_role("link", name="Add a product")).to_be_focused()

    record.get_by_role("button", name="Move to Contacting").press("Enter")
    expect(record.locator("[aria-current=step]")).to_be_focused()
    record.get_by_role("button", name="Abandon").press("Enter")
    expect(record.get_by_role("button", name="Reopen")).to_be_focused()
    record.keyboard.press("Enter")
    expect(record.get_by_role("button", name="Won", exact=True)).to_be_focused()


def test_a_mouse_moves_no_focus(record):
    record.get_by_role("button", name="Abandon").click()
    expect(record.get_by_role("button", name="Reopen")).to_be_visible()
    expect(record.get_by_role("button", name="Reopen")).not_to_be_focused()


def test_escape_lets_go_of_an_edit_wherever_one_is_in_it_and_of_nothing_else(record):
    record.get_by_role("link", name="Edit title").press("Enter")
    expect(record.get_by_label("Title", exact=True)).to_be_focused()
    record.keyboard.type("Other books")
    record.keyboard.press("Tab")
    record.keyboard.press("Escape")
    expect(record.get_by_label("Title", exact=True)).to_have_count(0)
    expect(record.get_by_role("link", name="Edit title")).to_be_focused()

    record.get_by_role("link", name="Edit products of interest").press("Enter")
    expect(record.get_by_role("checkbox", name="Bookkeeping")).to_be_focused()
    record.keyboard.press("Escape")
    expect(record.get_by_role("checkbox", name="Bookkeeping")).to_have_count(0)
    expect(record.get_by_role("heading", name="Bakery books")).to_be_visible()


def test_what_is_half_written_waits_until_it_is_sent(record, cast, deal):
    composer(record).get_by_label("Note").fill("They like")
    record.goto("/opportunities")
    record.goto(f"/opportunities/{deal.id}")
    expect(composer(record).get_by_label("Note")).to_have_value("They like")
    composer(record).get_by_role("button", name="Add note").click()
    expect(composer(record).get_by_label("Note")).to_have_value("")

    composer(record).locator("summary").filter(has_text="Call").click()
    composer(record).get_by_label("What was said").fill("Rang for long")
    record.reload()
    expect(composer(record).get_by_label("What was said")).to_have_value("Rang for long")
    composer(record).get_by_role("button", name="No answer").click()
    expect(composer(record).get_by_label("What was said")).to_have_value("")
    record.reload()
    expect(composer(record).get_by_label("Note")).to_have_value("")


def test_what_is_half_written_is_gone_with_whoever_signs_out(record):
    composer(record).get_by_label("Note").fill("Between us")
    kept = "Object.values(sessionStorage).join()"
    assert "Between us" in record.evaluate(kept)
    record.evaluate("document.querySelector('form[action=\"/sign-out\"]').requestSubmit()")
    record.wait_for_url("**/sign-in")
    assert "Between us" not in record.evaluate(kept)
