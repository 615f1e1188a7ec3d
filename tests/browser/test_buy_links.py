"""A rep offers a deal for buying: with JavaScript and without, by keyboard, on a phone, in the panel over the board."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from pipeline import clock
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink, LinkState
from tests import factories


@pytest.fixture
def deal(cast):
    ana = factories.contact("Ana Lima", email="ana@lima.example")
    deal = factories.deal(factories.sales_pipeline(), "Bakery books", owner=cast.olive, contact=ana)
    factories.line(deal, factories.product("Books", 10_000, tax_rate=2000), quantity=2)
    return deal


def section(page: Page):
    return page.get_by_role("region", name="Buy now")


def the_link() -> BuyLink:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(BuyLink).order_by(BuyLink.id.desc())).first()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_link_is_made_given_more_time_mailed_and_revoked(browse, cast, deal, javascript):
    page = browse(cast.olive, javascript=javascript)
    page.goto(f"/opportunities/{deal.id}")
    section(page).get_by_role("link", name="Create buy-now link").click()
    dialog = page.get_by_role("dialog", name="Create buy-now link")
    expect(dialog.get_by_role("row", name="Total")).to_contain_text("$240.00")
    dialog.get_by_label("A word to the prospect").fill("As agreed on the phone")
    dialog.get_by_role("button", name="Create link").click()
    expect(section(page)).to_contain_text("Active")
    expect(section(page).get_by_label("Address of the link")).to_have_value(re.compile(f"/buy/{the_link().token}$"))

    section(page).get_by_role("link", name="Extend").click()
    dialog = page.get_by_role("dialog", name="Extend this link")
    dialog.get_by_label("Good until").fill(f"{clock.now() + timedelta(days=30):%Y-%m-%dT10:00}")
    dialog.get_by_role("button", name="Extend link").click()
    expect(section(page)).to_contain_text("10:00")

    section(page).get_by_role("link", name="Mail it").click()
    composer = page.get_by_role("region", name="Add to the timeline")
    expect(composer.get_by_label("Subject")).to_have_value("Your offer")
    composer.get_by_role("button", name="Preview").click()
    expect(composer.get_by_label("Preview")).to_contain_text(f"/buy/{the_link().token}")

    section(page).get_by_role("link", name="Revoke").click()
    page.get_by_role("dialog", name="Revoke this link?").get_by_role("button", name="Revoke link").click()
    expect(section(page)).to_contain_text("Revoked")
    assert the_link().state is LinkState.REVOKED


def test_it_is_made_by_keyboard_and_the_focus_comes_back(browse, cast, deal):
    page = browse(cast.olive)
    page.goto(f"/opportunities/{deal.id}")
    create = section(page).get_by_role("link", name="Create buy-now link")
    create.press("Enter")
    expect(page.get_by_label("Good until")).to_be_focused()
    page.get_by_label("Good until").press("Enter")
    expect(section(page)).to_contain_text("Active")
    expect(section(page).get_by_role("link", name="Create a fresh link")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").press("Escape")
    expect(section(page).get_by_role("link", name="Create a fresh link")).to_be_focused()


def test_changed_products_show_a_draft_that_is_published_in_the_panel(browse, cast, deal):
    factories.buy_link(deal, by=cast.olive)
    page = browse(cast.olive)
    page.goto("/board")
    page.get_by_role("link", name="Bakery books").click()
    products = page.get_by_role("region", name="Products")
    products.get_by_role("link", name="Change Books").click()
    products.get_by_label("Quantity").fill("3")
    products.get_by_role("button", name=re.compile("Save|Change")).click()
    expect(section(page)).to_contain_text("The products changed")
    section(page).get_by_role("button", name="Publish").click()
    expect(section(page)).to_contain_text("Active")
    expect(section(page)).to_contain_text("$360")
    expect(page).to_have_url(re.compile(f"/opportunities/{deal.id}$"))


def test_the_code_is_shown_and_nothing_is_too_wide_on_a_phone(browse, cast, deal):
    factories.buy_link(deal, by=cast.olive)
    page = browse(cast.olive, phone=True)
    page.goto(f"/opportunities/{deal.id}")
    section(page).get_by_text("QR code").click()
    code = section(page).get_by_role("img", name="QR code of the address")
    expect(code).to_be_visible()
    assert code.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_who_wins_the_deal_on_the_board_may_revoke_its_link_there(browse, cast, deal):
    link = factories.buy_link(deal, by=cast.olive)
    page = browse(cast.olive)
    page.goto("/board")
    page.get_by_role("article", name="Bakery books").get_by_role("button", name="Move to…").click()
    page.get_by_role("dialog").get_by_role("button", name="Won").click()
    said = page.locator("toast-note").filter(has_text="Its buy-now link can still be paid.")
    said.get_by_role("link", name="Revoke link").press("Enter")
    page.get_by_role("dialog", name="Revoke this link?").get_by_role("button", name="Revoke link").press("Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("toast-note").last).to_contain_text("The link was revoked")
    assert the_link().id == link.id
    assert the_link().state is LinkState.REVOKED
