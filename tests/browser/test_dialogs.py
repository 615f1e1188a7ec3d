"""Where dialogs begin for whoever has only keys: at what is done there, never at the cross that closes them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from pipeline.models.opportunity import Opportunity
from tests import factories
from tests.browser.boards import card
from tests.cast import Cast

pytestmark = pytest.mark.once

Browse = Callable[..., Page]


@pytest.fixture
def acme(cast: Cast) -> Opportunity:
    return factories.deal(factories.sales_pipeline(), owner=cast.olive)


def test_a_dialog_begins_at_its_first_field_else_at_its_first_button(
    browse: Browse, cast: Cast, acme: Opportunity
) -> None:
    page = browse(cast.ada)
    page.goto("/opportunities")
    page.get_by_label("Select Acme").check()
    page.get_by_role("button", name="Assign").click()
    expect(page.get_by_role("dialog", name="Assign").get_by_label("New owner")).to_be_focused()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.get_by_role("dialog", name="Move").get_by_role("button", name="New Opportunity")).to_be_focused()


def test_before_something_is_destroyed_a_dialog_begins_at_cancel(browse: Browse, cast: Cast, acme: Opportunity) -> None:
    page = browse(cast.ada)
    page.goto("/opportunities")
    page.get_by_label("Select Acme").check()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("dialog", name="Delete").get_by_role("link", name="Cancel")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("link", name="Acme", exact=True)).to_be_visible()


def test_a_dialog_that_was_refused_begins_at_what_is_to_be_mended(
    browse: Browse, cast: Cast, acme: Opportunity
) -> None:
    page = browse(cast.olive)
    page.goto("/board")
    expect(card(page)).to_be_visible()
    page.keyboard.press("n")
    dialog = page.get_by_role("dialog", name="New opportunity")
    expect(dialog.get_by_label("Contact")).to_be_focused()
    page.keyboard.type("Ana Lima")
    dialog.get_by_label("Value").fill("plenty")
    page.keyboard.press("Enter")
    expect(dialog.get_by_label("Value")).to_have_attribute("aria-invalid", "true")
    expect(dialog.get_by_label("Value")).to_be_focused()


def test_the_list_of_keys_is_not_closed_by_enter(browse: Browse, cast: Cast, acme: Opportunity) -> None:
    page = browse(cast.olive)
    page.goto("/board")
    expect(card(page)).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog").get_by_text("Plan a task for the card")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(1)
