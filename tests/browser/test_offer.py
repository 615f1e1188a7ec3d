"""A prospect at an offer's address, with a browser that runs no scripts and keeps no cookies of ours."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from pipeline.models.buy_link import BuyLink
from tests import factories
from tests.browser.test_every_page import look_at, watched
from tests.cast import Cast
from tests.offers import expired, in_every_state

Browse = Callable[..., Page]


@pytest.fixture
def link(cast: Cast) -> BuyLink:
    ana = factories.contact("Ana Lima", email="ana@lima.example")
    return factories.buy_link(factories.deal(factories.sales_pipeline(), contact=ana, owner=cast.olive))


def test_an_offer_can_be_read_and_used_however_it_stands(app: Flask, cast: Cast, browse: Browse) -> None:
    page, findings = watched(browse, None), []
    offers = in_every_state(cast.olive)
    addresses = [f"/buy/{link.token}" for link in offers.values()]
    thanked = [f"{addresses[0]}?said=asked", f"{addresses[4]}?said=fresh"]
    receipt = f"/buy/{offers['bought'].token}/receipt"
    for address in (*addresses, *thanked, receipt, "/buy/nothing"):
        findings += look_at(page, address)
    assert not findings, "\n".join(findings)


def test_a_question_is_asked_without_scripts(browse: Browse, cast: Cast, link: BuyLink) -> None:
    page = browse(None, javascript=False, phone=True)
    page.goto(f"/buy/{link.token}")
    page.get_by_role("textbox", name="Where to answer").fill("kim@lima")
    page.get_by_role("textbox", name="Your question").fill("Is the handbook included?")
    page.get_by_role("button", name="Ask Olive Owner").click()
    page.get_by_role("textbox", name="Where to answer").fill("kim@lima.example")
    page.get_by_role("button", name="Ask Olive Owner").click()
    expect(page.get_by_role("status")).to_contain_text("your question is on its way")
    assert page.context.cookies() == []

    olive = browse(cast.olive, javascript=False)
    olive.goto(f"/opportunities/{link.opportunity_id}")
    expect(olive.get_by_role("main")).to_contain_text("Is the handbook included?")


def test_a_fresh_link_is_asked_for_without_scripts(browse: Browse, cast: Cast, link: BuyLink) -> None:
    expired(link)
    page = browse(None, javascript=False, dark=True)
    page.goto(f"/buy/{link.token}")
    expect(page.get_by_role("heading", level=1)).to_have_text("This offer has expired")
    page.get_by_role("button", name="Ask for a fresh link").click()
    expect(page.get_by_role("status")).to_contain_text("Olive Owner has been asked for a fresh link")
    expect(page.get_by_role("button", name="Ask for a fresh link")).to_have_count(0)
    assert urlsplit(page.url).path == f"/buy/{link.token}"

    olive = browse(cast.olive, javascript=False)
    olive.goto("/today")
    expect(olive.get_by_role("main")).to_contain_text("Send Ana Lima a fresh buy-now link")


def test_an_updated_offer_is_gone_on_to_by_one_press(browse: Browse, link: BuyLink) -> None:
    page = browse(None, javascript=False)
    factories.line(link.opportunity, factories.product("Handbook", 4_900))
    page.goto(f"/buy/{link.token}")
    expect(page.get_by_role("main")).to_contain_text("$149.00")
    page.get_by_role("button", name="Show the updated offer").click()
    expect(page.get_by_role("button", name="Pay $149.00")).to_be_visible()


def test_on_paper_there_is_nothing_to_press(browse: Browse, link: BuyLink) -> None:
    page = browse(None, javascript=False)
    page.goto(f"/buy/{link.token}")
    page.emulate_media(media="print")
    for button in page.get_by_role("button", include_hidden=True).all():
        expect(button).to_be_hidden()
    expect(page.get_by_role("main")).to_contain_text("This offer is good until")


def test_a_skin_is_seen_while_it_is_changed(browse: Browse, cast: Cast) -> None:
    page = browse(cast.ada)
    page.goto("/settings/skins/new")
    page.get_by_label("Name").fill("Harbor")
    page.get_by_label("Header").fill("By the **sea**")
    frame = page.frame_locator("iframe").first
    expect(frame.get_by_text("By the sea")).to_be_visible()
    page.get_by_label("Text", exact=True).fill("#aaaaaa")
    expect(page.get_by_text("Text on the page: 2.32 of 4.5")).to_be_visible()
    page.get_by_role("button", name="Save skin").click()
    expect(page.get_by_role("alert")).to_contain_text("needs 4.5 to be read")
    page.get_by_label("Text", exact=True).fill("#222222")
    page.get_by_role("button", name="Save skin").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbor")
