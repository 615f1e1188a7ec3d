"""A board that is open follows what others do, and never gets in the way of who works on it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from pipeline.domain import moves, opportunities, owning
from pipeline.models.opportunity import Opportunity, ShareLevel
from pipeline.models.pipeline import Pipeline
from pipeline.transaction import transaction
from tests import factories
from tests.browser.boards import card, column, come_back, drag, focused, look, pick_up
from tests.cast import Cast

Browse = Callable[..., Page]


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return factories.sales_pipeline()


@pytest.fixture
def acme(pipeline: Pipeline, cast: Cast) -> Opportunity:
    factories.deal(pipeline, "Below", owner=cast.olive)
    return factories.deal(pipeline, "Acme", owner=cast.olive, typed_value=120_000)


@pytest.fixture
def olive(browse: Browse, cast: Cast, acme: Opportunity) -> Page:
    page: Page = browse(cast.olive)
    page.goto("/board")
    return page


def moved(deal: Opportunity, to: str, cast: Cast) -> None:
    with transaction():
        moves.move(deal, factories.stage_named(deal.pipeline, to), by=cast.ada)


def test_moves_creations_and_deletions_of_others_come_by_themselves(
    olive: Page, cast: Cast, pipeline: Pipeline, acme: Opportunity
) -> None:
    assert look(olive) == 204
    moved(acme, "Engaging", cast)
    look(olive)
    expect(card(column(olive, "Engaging"))).to_be_visible()
    expect(card(olive)).to_have_count(1)
    expect(card(olive)).to_have_class("card pace-quiet news")
    expect(column(olive, "Engaging").get_by_role("heading", level=2)).to_contain_text("1")
    expect(olive.locator("#live")).to_have_text("Ada Admin moved 1 card.")
    factories.deal(pipeline, "Newcomer", owner=cast.olive)
    look(olive)
    expect(card(column(olive, "New Opportunity"), "Newcomer")).to_be_visible()
    expect(olive.locator(".board-summary")).to_contain_text("3 opportunities")
    expect(olive.locator(".selection-all")).to_have_text("All 3 that the filter shows")
    with transaction():
        opportunities.delete(acme, by=cast.ada)
    look(olive)
    expect(card(olive)).to_have_count(0)
    expect(card(olive, "Below")).to_be_visible()


def test_a_closed_one_goes_and_the_head_counts_it(olive: Page, cast: Cast, acme: Opportunity) -> None:
    moved(acme, "Won", cast)
    look(olive)
    expect(card(olive)).to_have_count(0)
    expect(olive.locator(".board-summary")).to_contain_text("1 closed not shown")


def test_a_permission_that_is_lost_takes_the_card_away(browse: Browse, cast: Cast, acme: Opportunity) -> None:
    with transaction():
        owning.share(acme, cast.stan, ShareLevel.READ, by=None)
    stan = browse(cast.stan)
    stan.goto("/board")
    expect(card(stan)).to_be_visible()
    with transaction():
        owning.unshare(acme, cast.stan, by=cast.ada)
    look(stan)
    expect(card(stan)).to_have_count(0)
    assert "1,200" not in stan.content()


def test_what_comes_during_a_drag_waits_until_it_is_over(olive: Page, cast: Cast, acme: Opportunity) -> None:
    olive.route("**/changes?*", lambda route: (pick_up(olive, "Acme"), route.continue_()))
    factories.deal(acme.pipeline, "Latest", owner=cast.olive)
    look(olive)
    olive.unroute("**/changes?*")
    expect(olive.locator("deal-board.dragging")).to_be_visible()
    expect(card(olive, "Latest")).to_have_count(0)
    olive.mouse.move(5, 5)
    olive.mouse.up()
    expect(card(olive, "Latest")).to_be_visible()
    expect(card(column(olive, "New Opportunity"))).to_be_visible()


def test_what_comes_while_a_dialog_is_open_waits_until_it_is_closed(olive: Page, cast: Cast, acme: Opportunity) -> None:
    card(olive).get_by_role("button", name="Move to…").click()
    expect(olive.get_by_role("dialog")).to_be_visible()
    moved(acme, "Engaging", cast)
    come_back(olive)
    expect(card(column(olive, "New Opportunity"))).to_be_attached()
    olive.keyboard.press("Escape")
    card(olive, "Below").get_by_role("link").focus()
    expect(card(column(olive, "Engaging"))).to_be_visible()


def test_the_card_in_focus_stays_until_it_is_let_go(olive: Page, cast: Cast, acme: Opportunity) -> None:
    olive.keyboard.press("j")
    assert focused(olive) == "Acme"
    moved(acme, "Engaging", cast)
    factories.deal(acme.pipeline, "Newcomer", owner=cast.olive)
    look(olive)
    expect(card(olive, "Newcomer")).to_be_visible()
    assert focused(olive) == "Acme"
    expect(card(column(olive, "New Opportunity"))).to_be_visible()
    expect(card(olive)).to_have_count(1)
    olive.keyboard.press("j")
    expect(card(column(olive, "Engaging"))).to_be_visible()
    expect(card(olive)).to_have_count(1)
    assert focused(olive) == "Below"


def test_typing_in_the_filter_goes_on(olive: Page, cast: Cast, acme: Opportunity) -> None:
    field = olive.get_by_role("searchbox", name="Text")
    field.press_sequentially("Be")
    moved(acme, "Engaging", cast)
    look(olive)
    expect(card(column(olive, "Engaging"))).to_be_visible()
    field.press_sequentially("low")
    expect(field).to_have_value("Below")
    expect(field).to_be_focused()


def test_an_answer_older_than_ones_own_move_is_let_go(olive: Page, cast: Cast, acme: Opportunity) -> None:
    factories.deal(acme.pipeline, "Newcomer", owner=cast.olive)

    def overtaken(route: object) -> None:
        old = route.fetch()  # type: ignore[attr-defined]
        with olive.expect_response("**/moves"):
            drag(olive, "Acme", "Closing")
        route.fulfill(response=old)  # type: ignore[attr-defined]

    olive.route("**/changes?*", overtaken, times=1)
    look(olive)
    expect(card(column(olive, "Closing"))).to_be_visible()
    expect(card(olive, "Newcomer")).to_be_visible()
    expect(card(olive)).to_have_count(1)


def test_more_cards_that_were_loaded_stay_and_so_does_the_place(browse: Browse, cast: Cast, pipeline: Pipeline) -> None:
    deals = [factories.deal(pipeline, f"Deal {number:02}", owner=cast.olive) for number in range(35)]
    olive = browse(cast.olive)
    olive.goto("/board?owner=mine")
    first = column(olive, "New Opportunity")
    first.get_by_role("link", name="Show more").click()
    expect(first.get_by_role("article")).to_have_count(35)
    card(olive, "Deal 05").scroll_into_view_if_needed()
    before = card(olive, "Deal 05").bounding_box()
    with transaction():
        opportunities.change(deals[4], by=cast.ada, title="Deal 04, renamed")
    look(olive)
    expect(card(olive, "Deal 04, renamed")).to_be_visible()
    expect(first.get_by_role("article")).to_have_count(35)
    assert card(olive, "Deal 05").bounding_box() == before


def test_who_is_signed_out_is_told_quietly_and_asked_no_more(olive: Page, cast: Cast, acme: Opportunity) -> None:
    with transaction():
        cast.olive.session_epoch += 1
    assert look(olive) == 401
    expect(olive.locator("#toasts")).to_contain_text("You are signed out")
    expect(olive.locator("#toasts").get_by_role("link", name="Sign in again")).to_have_attribute(
        "href", f"/sign-in?next=/board/{acme.pipeline_id}"
    )
    expect(card(olive)).to_be_visible()
    come_back(olive)
    expect(olive.locator("#toasts .toast")).to_have_count(1)


def test_a_server_that_fails_is_asked_again_later_without_a_word(olive: Page, cast: Cast, acme: Opportunity) -> None:
    olive.route("**/changes?*", lambda route: route.fulfill(status=500, body="<h1>Broken</h1>"), times=1)
    assert look(olive) == 500
    moved(acme, "Engaging", cast)
    look(olive)
    expect(card(column(olive, "Engaging"))).to_be_visible()
    expect(olive.locator("#toasts .toast")).to_have_count(0)
