"""Working through a list: each one's neighbours are those it has in the list, in every order."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline import clock
from pipeline.domain import moves
from pipeline.models.pipeline import Pipeline
from pipeline.queries import neighbours, opportunity_list
from pipeline.queries.filters import Filter, Shown
from pipeline.queries.neighbours import Neighbours
from pipeline.queries.opportunity_order import By
from pipeline.queries.sorting import Sort
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.support.counting import statements

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return factories.sales_pipeline()


def varied(pipeline: Pipeline, cast: Cast) -> None:
    for number in range(9):
        with clock.frozen(NOON + timedelta(hours=number // 2)):
            factories.deal(
                pipeline,
                "bACa"[number % 4],
                stage=("Closing", "Engaging", "Won")[number % 3],
                owner=(cast.olive, None, cast.stan)[number % 3],
                typed_value=number % 2 * 100,
                expected_close=date(2026, 4, 1 + number % 3) if number % 2 else None,
                next_action_on=date(2026, 3, 9) if number % 3 else None,
            )


@pytest.mark.parametrize("by", list(By))
@pytest.mark.parametrize("descending", [False, True])
def test_neighbours_are_those_of_the_list(pipeline: Pipeline, cast: Cast, by: By, descending: bool) -> None:
    varied(pipeline, cast)
    filter, sort = Filter(status=Shown.ALL), Sort(by, descending)
    ids = [line.id for line in opportunity_list.every_line(filter, sort, seen_by=cast.ada)]
    for before, own, after in zip([None, *ids], ids, [*ids[1:], None], strict=False):
        assert neighbours.of(own, filter, sort, seen_by=cast.ada) == Neighbours(before, after)


def test_what_left_the_list_still_has_its_place_in_it(pipeline: Pipeline, cast: Cast) -> None:
    first, left, last = (factories.deal(pipeline, title) for title in "ABC")
    factories.deal(pipeline, "B0", stage="Won")
    open_ones = Sort(By.TITLE)
    with transaction():
        moves.move(left, factories.stage_named(pipeline, "Won"), by=cast.ada)
    assert neighbours.of(left.id, Filter(), open_ones, seen_by=cast.ada) == Neighbours(first.id, last.id)


def test_nobody_is_shown_a_neighbour_they_may_not_see(pipeline: Pipeline, cast: Cast) -> None:
    mine = factories.deal(pipeline, "B", owner=cast.stan)
    for title in "AC":
        factories.deal(pipeline, title, owner=cast.olive)
    assert neighbours.of(mine.id, Filter(), Sort(By.TITLE), seen_by=cast.stan) == Neighbours()
    assert neighbours.of(999, Filter(), Sort(By.TITLE), seen_by=cast.stan) == Neighbours()


def test_two_questions_are_asked_however_long_the_list(pipeline: Pipeline, cast: Cast) -> None:
    factories.many_deals(pipeline, 300)
    [line, *_] = opportunity_list.listed(Filter(), Sort(By.TITLE), 3, seen_by=cast.ada).lines
    with statements() as asked:
        neighbours.of(line.id, Filter(), Sort(By.TITLE), seen_by=cast.ada)
    assert len(asked) == 2
