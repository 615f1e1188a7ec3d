"""A rep who moves cards faster than the server answers."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from pipeline.models.pipeline import Pipeline
from tests import factories
from tests.browser.boards import card, column, drag, hold_over, pick_up
from tests.cast import Cast

MOVES = "**/opportunities/*/moves"


@pytest.fixture
def olive(browse: Callable[..., Page], cast: Cast) -> Page:
    pipeline: Pipeline = factories.sales_pipeline()
    for title in ("Acme", "Bravo", "Cargo"):
        factories.deal(pipeline, title, owner=cast.olive)
    page: Page = browse(cast.olive)
    page.goto("/board")
    return page


@pytest.fixture
def held(olive: Page) -> list[Route]:
    """Moves on their way to the server, which wait."""
    routes: list[Route] = []
    olive.route(MOVES, lambda route: routes.append(route))  # noqa: PLW0108 — Playwright marks it
    return routes


def let_through(page: Page, held: list[Route]) -> None:
    page.route(MOVES, lambda route: route.continue_())
    for route in held:
        route.continue_()


def lies(page: Page, title: str, stage: str) -> None:
    there = card(column(page, stage), title)
    expect(there).to_be_visible()
    expect(there).not_to_have_attribute("aria-busy", "true")
    expect(card(page, title)).to_have_count(1)


def test_all_moves_arrive_one_after_the_other(olive: Page, held: list[Route]) -> None:
    for title, stage in (("Acme", "Engaging"), ("Bravo", "Engaging"), ("Cargo", "Qualified")):
        drag(olive, title, stage)
        expect(card(column(olive, stage), title)).to_have_attribute("aria-busy", "true")
    assert len(held) == 1
    let_through(olive, held)
    expect(olive.locator("#live")).to_have_text("Moved Cargo to Qualified.")
    for _ in ("as it is", "as it was kept"):
        lies(olive, "Acme", "Engaging")
        lies(olive, "Bravo", "Engaging")
        lies(olive, "Cargo", "Qualified")
        expect(column(olive, "New Opportunity")).to_contain_text("Nothing in New Opportunity")
        olive.reload()


def test_a_card_in_hand_stays_there_while_an_earlier_move_is_answered(olive: Page, held: list[Route]) -> None:
    drag(olive, "Acme", "Engaging")
    pick_up(olive, "Bravo")
    hold_over(column(olive, "Engaging"))
    let_through(olive, held)
    lies(olive, "Acme", "Engaging")
    expect(olive.locator("deal-board.dragging .card.dragged")).to_have_accessible_name("Bravo")
    olive.mouse.up()
    expect(olive.locator("#live")).to_have_text("Moved Bravo to Engaging.")
    lies(olive, "Bravo", "Engaging")
    lies(olive, "Acme", "Engaging")


def test_one_that_is_not_answered_goes_back_and_the_next_one_is_sent(olive: Page, held: list[Route]) -> None:
    drag(olive, "Acme", "Engaging")
    drag(olive, "Bravo", "Qualified")
    olive.route(MOVES, lambda route: route.continue_())
    held[0].fulfill(status=503)
    lies(olive, "Acme", "New Opportunity")
    expect(olive.locator("#live")).to_have_text("Moved Bravo to Qualified.")
    lies(olive, "Bravo", "Qualified")


def test_a_card_on_its_way_is_not_picked_up_again(olive: Page, held: list[Route]) -> None:
    drag(olive, "Acme", "Engaging")
    card(olive).hover()
    olive.mouse.down()
    hold_over(column(olive, "Qualified"))
    expect(card(column(olive, "Engaging"))).to_be_visible()
    expect(olive.locator("deal-board.dragging")).to_have_count(0)
    olive.mouse.up()
    let_through(olive, held)
    lies(olive, "Acme", "Engaging")
