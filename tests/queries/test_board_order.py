"""A board sorted by choice: each order from the top, page by page, for whoever may see what."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from pipeline import clock
from pipeline.domain import owning
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity, ShareLevel
from pipeline.models.pipeline import Pipeline
from pipeline.models.user import User
from pipeline.queries import board, board_places
from pipeline.queries.board_order import BoardOrder, Place
from pipeline.queries.board_places import Placed
from pipeline.queries.filters import Filter
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
COUNT = board.PAGE + 9


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    sales = factories.sales_pipeline()
    owners = (cast.olive, cast.tom, cast.stan, None)
    for number in range(COUNT):
        with clock.frozen(NOON + timedelta(minutes=(number * 7) % 11)):
            day = date(2026, 3, 1 + number % 5) if number % 3 else None
            deal = factories.deal(
                sales, str(number), typed_value=number * 37 % 20, next_action_on=day, owner=owners[number % 4]
            )
        if number % 9 == 0:
            with transaction():
                owning.share(deal, cast.stan, ShareLevel.READ, by=None)
                owning.share(deal, cast.olive, ShareLevel.WRITE, by=None)
    return sales


def wanted(pipeline: Pipeline, order: BoardOrder, person: User) -> list[int]:
    """What Python's sort says of all that the person sees."""
    everything = board.of(pipeline, Filter(), seen_by=person, sizes={pipeline.stages[0].id: COUNT}).columns[0].cards
    late = date.max
    keys = {
        BoardOrder.MANUAL: lambda card: card.key,
        BoardOrder.VALUE: lambda card: (-card.value, -card.id),
        BoardOrder.AGE: lambda card: ((card.id - first) * 7 % 11, card.id),
        BoardOrder.NEXT_ACTION: lambda card: (card.next_action_on or late, card.id),
    }
    first = db.session.scalar(select(func.min(Opportunity.id))) or 0
    return [card.id for card in sorted(everything, key=keys[order])]


@pytest.mark.parametrize("order", BoardOrder)
def test_a_column_is_sorted_from_top_to_bottom(pipeline: Pipeline, cast: Cast, order: BoardOrder) -> None:
    for person in (cast.ada, cast.olive, cast.stan):
        is_sorted(pipeline, order, person)


def is_sorted(pipeline: Pipeline, order: BoardOrder, person: User) -> None:
    """Page by page, and card by card where each one lies."""
    filter, stage = Filter(order=order), pipeline.stages[0]
    cards = list(board.of(pipeline, filter, seen_by=person).columns[0].cards)
    goes_on = len(cards) == board.PAGE
    while goes_on:
        more, goes_on = board.more(stage, filter, Place(cards[-1].key, cards[-1].id), seen_by=person)
        cards += more
    assert [card.id for card in cards] == wanted(pipeline, order, person)
    above = None
    for place, card in enumerate(cards[:7], start=1):
        placed = board_places.of(card.id, stage, filter, 6, seen_by=person)
        assert placed == Placed(card, above, place)
        above = card.id
    assert board_places.of(cards[7].id, stage, filter, 6, seen_by=person) is None


@pytest.mark.parametrize("order", BoardOrder)
def test_a_place_that_makes_no_sense_is_no_error(pipeline: Pipeline, cast: Cast, order: BoardOrder) -> None:
    for key in ("", "nonsense", "-1", "2026-99-99"):
        cards, _ = board.more(pipeline.stages[0], Filter(order=order), Place(key, 1), seen_by=cast.ada)
        assert len(cards) <= board.PAGE


def test_an_order_stands_in_the_url_and_narrows_nothing() -> None:
    filter = Filter.read({"order": "value"})
    assert (filter.order, filter.query()) == (BoardOrder.VALUE, {"order": "value"})
    assert not Filter.read({"order": "value", "status": "all"}).narrowed_by
    assert Filter.read({"order": "; DROP TABLE"}).order is BoardOrder.MANUAL
