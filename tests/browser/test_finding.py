"""Finding things by keyboard: the search box, the filters of the list, and a move from a row."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests import factories
from tests.cast import Cast

Browse = Callable[..., Page]


def test_search_answers_while_one_types_and_a_choice_is_made_by_keys(browse: Browse, cast: Cast) -> None:
    factories.deal(factories.sales_pipeline(), "Kestrel audit", owner=cast.olive)
    page = browse(cast.olive)
    page.goto("/opportunities")
    page.keyboard.press("/")
    box = page.get_by_role("combobox", name="Search")
    expect(box).to_be_focused()
    page.keyboard.type("kest")
    found = page.get_by_role("group", name="Opportunities").get_by_role("option")
    expect(found).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(found).to_have_attribute("aria-selected", "true")
    expect(box).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Kestrel audit")).to_be_visible()
    expect(found).to_be_hidden()


def test_a_choice_outlasts_results_that_come_late(browse: Browse, cast: Cast) -> None:
    factories.deal(factories.sales_pipeline(), "Kestrel audit", owner=cast.olive)
    page = browse(cast.olive)
    late: list[Route] = []

    def keep(route: Route) -> None:
        late.append(route)

    page.route("**/search?q=kestrel", keep)
    page.goto("/opportunities")
    page.keyboard.press("/")
    page.keyboard.type("kest")
    found = page.get_by_role("group", name="Opportunities").get_by_role("option")
    expect(found).to_be_visible()
    with page.expect_request("**/search?q=kestrel"):
        page.keyboard.type("rel")
    page.keyboard.press("ArrowDown")
    expect(found).to_have_attribute("aria-selected", "true")
    late.pop().continue_()
    expect(page.get_by_role("option", name="All results for “kestrel”")).to_be_visible()
    expect(found).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Kestrel audit")).to_be_visible()


def test_enter_without_a_choice_leads_to_all_results(browse: Browse, cast: Cast) -> None:
    factories.deal(factories.sales_pipeline(), "Kestrel audit", owner=cast.olive)
    page = browse(cast.olive)
    page.goto("/opportunities")
    page.get_by_role("combobox", name="Search").press_sequentially("kest")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Search for “kest”")


def test_escape_shuts_what_was_found_and_gives_the_focus_back(browse: Browse, cast: Cast) -> None:
    factories.deal(factories.sales_pipeline(), "Kestrel audit", owner=cast.olive)
    page = browse(cast.olive)
    page.goto("/opportunities")
    before = page.get_by_role("rowheader").get_by_role("link", name="Kestrel audit", exact=True)
    before.focus()
    page.keyboard.press("/")
    page.keyboard.type("kest")
    found = page.get_by_role("group", name="Opportunities").get_by_role("option")
    expect(found).to_be_visible()
    page.keyboard.press("Escape")
    expect(found).to_be_hidden()
    expect(before).to_be_focused()


def test_the_box_teaches_before_anything_is_typed(browse: Browse, cast: Cast) -> None:
    page = browse(cast.olive)
    page.goto("/opportunities")
    page.keyboard.press("/")
    expect(page.get_by_text("Several words narrow it down")).to_be_visible()


def test_search_works_without_javascript(browse: Browse, cast: Cast) -> None:
    factories.deal(factories.sales_pipeline(), "Kestrel audit", owner=cast.olive)
    page = browse(cast.olive, javascript=False)
    page.goto("/opportunities")
    page.get_by_role("searchbox", name="Search").fill("audit")
    page.keyboard.press("Enter")
    page.get_by_role("region", name="Opportunities found").get_by_role("link", name="Kestrel audit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kestrel audit")


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
    page.get_by_label("Status", exact=True).select_option("Won")
    page.wait_for_url("**/opportunities?status=won")
    page.go_back()
    expect(page.get_by_role("rowheader")).to_have_count(2)
    expect(page.get_by_label("Status", exact=True)).to_have_value("")


@pytest.mark.once
@pytest.mark.parametrize(
    ("url", "name", "query", "following"),
    [
        ("/opportunities", "Owner", "owner=team", "Stage"),
        ("/board", "Owner", "owner=team", "Stage"),
        ("/board", "Sort cards", "order=value", "Sort cards"),
        ("/orders", "State", "state=partly_paid", "Placed from"),
    ],
)
def test_a_filter_is_looked_through_by_keyboard_and_sent_when_it_is_chosen(
    browse: Browse, cast: Cast, url: str, name: str, query: str, following: str
) -> None:
    factories.deal(factories.sales_pipeline(), owner=cast.olive)
    page = browse(cast.olive)
    page.goto(url)
    field = page.get_by_label(name, exact=True)
    field.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(field).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**?{query}")
    expect(field).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    page.wait_for_url(lambda at: query not in at)
    expect(page.get_by_label(following, exact=True)).to_be_focused()


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
