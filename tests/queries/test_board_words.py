"""A board filtered by words holds what a list filtered by them does, in its order: whether few say them or many."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from pipeline import clock
from pipeline.domain import contacts, owning
from pipeline.domain.rules import NotAllowed
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity, ShareLevel
from pipeline.models.pipeline import Pipeline
from pipeline.models.user import User
from pipeline.queries import board, board_places, matching
from pipeline.queries.board_order import Place
from pipeline.queries.filters import Filter, where
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
COUNT = board.PAGE + 9
SAID = ("kestrel", "kestrel press", "ke", "élise", "5550042", "(555) 004-2", "100%", "nowhere", "kestrel nowhere")


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    sales = factories.sales_pipeline()
    with transaction():
        firm = contacts.create("Kestrel & Söhne", by=None, is_company=True)
    elise = factories.contact("Élise Weiß", company=firm, email="elise@example.com", phone="+1 555 004 2")
    owners, titles = (cast.olive, cast.tom, cast.stan, None), ("Kestrel press", "100% press", "Keel")
    with clock.frozen(NOON):
        for number in range(COUNT):
            person = elise if number % 5 == 0 else None
            deal = factories.deal(sales, titles[number % 3], contact=person, owner=owners[number % 4])
            if number % 7 == 0:
                with transaction():
                    owning.share(deal, cast.stan, ShareLevel.READ, by=None)
    return sales


@pytest.fixture(params=(2, matching.FEW))
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """How many are few: so that the deals of this test are many, and are few. No statement made so outlives it."""
    monkeypatch.setattr(matching, "FEW", request.param)
    matching._a_few.cache_clear()
    yield
    matching._a_few.cache_clear()


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("text", SAID)
def test_each_column_holds_what_the_list_does(pipeline: Pipeline, cast: Cast, text: str) -> None:
    for person in (cast.ada, cast.olive, cast.stan):
        read, listed = pages(pipeline, text, person), in_a_list(pipeline, text, person)
        assert read == listed, person.name
        shown = board.of(pipeline, Filter(text=text), seen_by=person)
        assert sum(total.count for total in shown.columns[0].totals) == len(listed)


@pytest.mark.usefixtures("few")
def test_a_moved_card_finds_its_place_among_them(pipeline: Pipeline, cast: Cast) -> None:
    stage, filter = pipeline.stages[0], Filter(text="kestrel")
    listed = in_a_list(pipeline, "kestrel", cast.ada)
    placed = board_places.of(listed[3], stage, filter, 10, seen_by=cast.ada)
    assert placed is not None
    assert (placed.count, placed.below) == (4, listed[2])


def test_who_may_not_search_is_refused_a_further_page_too(pipeline: Pipeline, cast: Cast) -> None:
    with transaction():
        cast.olive.may_search = False
    with pytest.raises(NotAllowed, match="may not search"):
        board.more(pipeline.stages[0], Filter(text="kestrel"), Place("a0", 1), seen_by=cast.olive)


def pages(pipeline: Pipeline, text: str, person: User) -> list[int]:
    """The first column from its top to its end, page by page."""
    filter = Filter(text=text)
    cards = list(board.of(pipeline, filter, seen_by=person).columns[0].cards)
    goes_on = len(cards) == board.PAGE
    while goes_on:
        more, goes_on = board.more(pipeline.stages[0], filter, Place(cards[-1].key, cards[-1].id), seen_by=person)
        cards += more
    return [card.id for card in cards]


def in_a_list(pipeline: Pipeline, text: str, person: User) -> list[int]:
    asked = where(Filter(text=text, pipeline=pipeline.id), seen_by=person)
    return list(db.session.scalars(select(Opportunity.id).where(asked).order_by(Opportunity.rank, Opportunity.id)))
