"""Finding things by keyboard: the search box, the filters of the list, and a move from a row."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests import factories
from tests.cast import Cast

Browse = Callable[..., Page]


def test_search_answers_while_one_types_and_is_walked_by_keys(browse: Browse, cast: Cast) -> None:
    factories.deal(factories.sales_pipeline(), "Kestrel audit", owner=cast.olive)
    page = browse(cast.olive)
    page.goto("/opportunities")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search")).to_be_focused()
    page.keyboard.type("kest")
    found = page.get_by_role("region", name="Opportunities found").get_by_role("link")
    expect(found).to_contain_text("Kestrel audit")
    page.keyboard.press("ArrowDown")
    expect(found).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary", name="Kestrel audit")).to_be_visible()


def test_escape_lets_go_of_what_was_found(browse: Browse, cast: Cast) -> None:
    factories.deal(factories.sales_pipeline(), "Kestrel audit", owner=cast.olive)
    page = browse(cast.olive)
    page.goto("/opportunities")
    page.get_by_role("searchbox", name="Search").press_sequentially("kest")
    found = page.get_by_role("region", name="Opportunities found")
    expect(found).to_be_visible()
    page.keyboard.press("Escape")
    expect(found).to_be_hidden()


def test_a_filter_goes_into_the_url_and_leaves_nothing_empty_there(browse: Browse, cast: Cast) -> None:
    pipeline = factories.sales_pipeline()
    factories.deal(pipeline, "Mine", owner=cast.olive)
    factories.deal(pipeline, "Tom's", owner=cast.tom)
    page = browse(cast.olive)
    page.goto("/opportunities")
    page.get_by_label("Owner", exact=True).select_option("Mine")
    expect(page.get_by_role("rowheader")).to_have_text(["Mine"])
    assert page.url.endswith("/opportunities?owner=mine")
    page.get_by_role("link", name="Remove filter Owner: Me").click()
    expect(page.get_by_role("rowheader")).to_have_count(2)


def test_a_row_is_moved_from_the_list(browse: Browse, cast: Cast) -> None:
    factories.deal(factories.sales_pipeline(), "Kestrel audit", owner=cast.olive)
    page = browse(cast.olive)
    page.goto("/opportunities")
    page.get_by_role("link", name="Move Kestrel audit to…").click()
    page.get_by_role("dialog").get_by_role("button", name="Qualified").click()
    expect(page.get_by_role("row", name="Kestrel audit")).to_contain_text("Qualified")
    assert page.url.endswith("/opportunities")


def test_the_list_is_read_and_filtered_on_a_narrow_phone(browse: Browse, cast: Cast) -> None:
    deal = factories.deal(factories.sales_pipeline(), "A long title to be broken somewhere", owner=cast.olive)
    page = browse(cast.olive)
    page.set_viewport_size({"width": 320, "height": 700})
    for url in ("/opportunities", "/contacts", f"/contacts/{deal.contact_id}", "/contacts/new", "/search?q=long"):
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, url
