"""Two people at one board, each in a browser of their own."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from pipeline.models.opportunity import Opportunity
from pipeline.transaction import transaction
from tests import factories
from tests.browser.boards import card, column, drag, look
from tests.cast import Cast


@pytest.fixture
def acme(cast: Cast) -> Opportunity:
    with transaction():
        cast.tom.may_view_all = cast.tom.may_edit_all = True
    return factories.deal(factories.sales_pipeline(), "Acme", owner=cast.olive, typed_value=120_000)


@pytest.fixture
def olive(browse: Callable[..., Page], cast: Cast, acme: Opportunity) -> Page:
    return at_the_board(browse(cast.olive))


@pytest.fixture
def tom(browse: Callable[..., Page], cast: Cast, acme: Opportunity) -> Page:
    return at_the_board(browse(cast.tom))


def at_the_board(page: Page) -> Page:
    page.goto("/board")
    return page


def opened(page: Page) -> Locator:
    card(page).get_by_role("link").first.click()
    panel = page.get_by_role("complementary", name="Acme")
    expect(panel).to_be_visible()
    return panel


def edit(panel: Locator, what: str, label: str, value: str) -> None:
    """Begin to change a field, and leave it open."""
    panel.get_by_role("link", name=f"Edit {what}").click()
    panel.get_by_label(label, exact=True).fill(value)


def save(panel: Locator) -> None:
    panel.get_by_role("button", name="Save").click()


def test_different_fields_of_one_card_merge(olive: Page, tom: Page) -> None:
    hers, his = opened(olive), opened(tom)
    edit(hers, "value", "Value", "99")
    edit(his, "next action", "What is next", "Ring Ana")
    save(his)
    expect(his.get_by_text("Ring Ana").first).to_be_visible()
    save(hers)
    expect(card(olive)).to_contain_text("$99")
    expect(olive.get_by_role("alert")).to_have_count(0)
    look(tom)
    expect(card(tom)).to_contain_text("$99")
    expect(hers.get_by_text("Ring Ana").first).to_be_visible()


@pytest.mark.parametrize(("decides", "then"), [("Keep theirs", "$77"), ("Apply mine", "$99")])
def test_the_same_field_asks_whose_shall_stand(olive: Page, tom: Page, decides: str, then: str) -> None:
    hers, his = opened(olive), opened(tom)
    edit(hers, "value", "Value", "99")
    edit(his, "value", "Value", "77")
    save(his)
    expect(card(tom)).to_contain_text("$77")
    save(hers)
    expect(hers.get_by_role("alert")).to_contain_text("Tom Team changed value meanwhile")
    expect(hers.get_by_role("alert")).to_contain_text("$77")
    hers.get_by_text(decides, exact=True).click()
    expect(hers.get_by_role("alert")).to_have_count(0)
    look(olive)
    expect(card(olive)).to_contain_text(then)
    look(tom)
    expect(card(tom)).to_contain_text(then)


def test_a_move_and_a_change_of_value_merge_too(olive: Page, tom: Page) -> None:
    hers = opened(olive)
    edit(hers, "value", "Value", "99")
    drag(tom, "Acme", "Engaging")
    expect(tom.locator("#live")).to_have_text("Moved Acme to Engaging.")
    save(hers)
    expect(card(column(olive, "Engaging"))).to_contain_text("$99")
    expect(card(olive)).to_have_count(1)


def test_each_sees_what_the_other_moves_one_after_the_other(olive: Page, tom: Page) -> None:
    drag(tom, "Acme", "Contacting")
    expect(tom.locator("#live")).to_have_text("Moved Acme to Contacting.")
    look(olive)
    expect(olive.locator("#live")).to_have_text("Tom Team moved 1 card.")
    drag(olive, "Acme", "Qualified")
    expect(olive.locator("#live")).to_have_text("Moved Acme to Qualified.")
    look(tom)
    expect(card(column(tom, "Qualified"))).to_be_visible()
    expect(card(tom)).to_have_count(1)


def test_an_undo_is_seen_in_the_other_browser(olive: Page, tom: Page) -> None:
    drag(tom, "Acme", "Contacting")
    expect(tom.locator("#live")).to_have_text("Moved Acme to Contacting.")
    look(olive)
    expect(card(column(olive, "Contacting"))).to_be_visible()
    tom.keyboard.press("u")
    expect(card(column(tom, "New Opportunity"))).to_be_visible()
    expect(tom.get_by_role("button", name="Undo")).to_have_count(0)
    look(olive)
    expect(card(column(olive, "New Opportunity"))).to_be_visible()
    expect(card(olive)).to_have_count(1)
