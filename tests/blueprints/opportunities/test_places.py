"""One place up or down in a column, from a card's menu: for hands that do not drag."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from pipeline.domain import owning
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity, ShareLevel
from pipeline.models.pipeline import Pipeline
from pipeline.models.user import User
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.support.visiting import Visitor

Visit = Callable[[User], Visitor]
Deals = dict[str, Opportunity]
Order = Callable[[], list[str]]


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return factories.sales_pipeline()


@pytest.fixture
def deals(pipeline: Pipeline, cast: Cast) -> Deals:
    """From the top: First, Second, Third, Fourth. The third is Tom's."""
    owners = {"Fourth": cast.olive, "Third": cast.tom, "Second": cast.olive, "First": cast.olive}
    return {title: factories.deal(pipeline, title, owner=owner) for title, owner in owners.items()}


@pytest.fixture
def order(afresh: Callable[[], None], deals: Deals) -> Order:
    """The titles from the top."""

    def titles() -> list[str]:
        afresh()
        return list(db.session.scalars(select(Opportunity.title).order_by(Opportunity.rank)))

    return titles


@pytest.mark.parametrize(
    ("title", "step", "then"),
    [
        ("Third", "up", ["First", "Third", "Second", "Fourth"]),
        ("Second", "up", ["Second", "First", "Third", "Fourth"]),
        ("Second", "down", ["First", "Third", "Second", "Fourth"]),
        ("First", "up", ["First", "Second", "Third", "Fourth"]),
        ("Fourth", "down", ["First", "Second", "Third", "Fourth"]),
    ],
)
def test_a_step_lays_it_beyond_its_neighbour_and_none_leads_out_of_the_column(
    visit: Visit, cast: Cast, deals: Deals, order: Order, title: str, step: str, then: list[str]
) -> None:
    answer = visit(cast.ada).post(f"/opportunities/{deals[title].id}/place", step=step, back="/board")
    assert (answer.status_code, answer.location) == (303, "/board")
    assert order() == then


def test_on_a_filtered_board_it_passes_all_that_are_not_shown(
    visit: Visit, cast: Cast, deals: Deals, order: Order
) -> None:
    visit(cast.olive).post(f"/opportunities/{deals['Second'].id}/place", step="down", back="/board?owner=mine")
    assert order() == ["First", "Third", "Fourth", "Second"]


def test_the_menu_says_where_it_lies_and_stays_open(visit: Visit, cast: Cast, deals: Deals) -> None:
    ada, third = visit(cast.ada), deals["Third"]
    menu = ada.get(f"/opportunities/{third.id}/moves/new", htmx=True, page="/board").text
    assert "3 of 4 in New Opportunity" in menu
    answer = ada.post(f"/opportunities/{third.id}/place", htmx=True, page="/board", step="up", back="/board").text
    assert "2 of 4 in New Opportunity" in answer
    assert f'id="opportunity-{third.id}-card"' in answer
    assert 'id="dialog"' not in answer


@pytest.mark.parametrize(("page", "has_top"), [("/board?order=value", False), ("/opportunities", True)])
def test_where_cards_have_no_order_by_hand_no_step_is_offered(
    visit: Visit, cast: Cast, deals: Deals, page: str, has_top: bool
) -> None:
    """Nor the top of a column that is sorted by something else, where nothing would be seen to happen."""
    menu = visit(cast.ada).get(f"/opportunities/{deals['Third'].id}/moves/new", htmx=True, page=page).text
    assert ("To the top" in menu) is has_top
    assert "Down one" not in menu


def test_who_may_not_edit_it_moves_nothing(visit: Visit, cast: Cast, deals: Deals, order: Order) -> None:
    stan = visit(cast.stan)
    assert stan.post(f"/opportunities/{deals['Third'].id}/place", step="up").status_code == 404
    with transaction():
        owning.share(deals["Third"], cast.stan, ShareLevel.READ, by=None)
    assert stan.post(f"/opportunities/{deals['Third'].id}/place", step="up").status_code == 403
    assert order() == ["First", "Second", "Third", "Fourth"]


def test_nonsense_is_refused(visit: Visit, cast: Cast, deals: Deals) -> None:
    answer = visit(cast.ada).post(f"/opportunities/{deals['Third'].id}/place", step="sideways")
    assert answer.status_code == 422
    assert "could not be understood" in answer.text
