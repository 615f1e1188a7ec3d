from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline import clock
from pipeline.domain import activities, moves, opportunities, owning, tags
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity, ShareLevel, Status
from pipeline.models.pipeline import Pipeline, Stage, StageKind
from pipeline.models.user import User
from pipeline.queries import board
from pipeline.queries.board import Board, Column
from pipeline.queries.board_cards import Pace
from pipeline.queries.board_order import Place
from pipeline.queries.conditions import Whose
from pipeline.queries.filters import Filter, Shown
from pipeline.queries.next_action import Due
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.support.counting import statements

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return factories.sales_pipeline()


def seen(pipeline: Pipeline, by: User, **asked: object) -> Board:
    return board.of(pipeline, Filter(**asked), seen_by=by)  # type: ignore[arg-type]


def column(shown: Board, name: str) -> Column:
    return next(column for column in shown.columns if column.stage.name == name)


def titles(shown: Column) -> list[str]:
    return [card.title for card in shown.cards]


def test_every_stage_is_a_column_in_order(pipeline: Pipeline, cast: Cast) -> None:
    names = [column.stage.name for column in seen(pipeline, cast.ada).columns]
    assert names == ["New Opportunity", "Contacting", "Engaging", "Qualified", "Closing", "Won", "Lost"]


def test_a_pipeline_without_stages_is_an_empty_board(cast: Cast) -> None:
    blank = factories.sales_pipeline("Blank", template="blank")
    assert not seen(blank, cast.ada).columns


def test_the_newest_lies_on_top(pipeline: Pipeline, cast: Cast) -> None:
    for title in ("First", "Second", "Third"):
        factories.deal(pipeline, title)
    assert titles(seen(pipeline, cast.ada).columns[0]) == ["Third", "Second", "First"]


def test_totals_count_all_rows_not_only_the_cards(pipeline: Pipeline, cast: Cast) -> None:
    for number in range(board.PAGE + 5):
        factories.deal(pipeline, f"Deal {number}", typed_value=1000)
    first = seen(pipeline, cast.ada).columns[0]
    assert len(first.cards) == board.PAGE
    assert (first.count, first.totals[0].value, first.totals[0].weighted) == (30, 30_000, 3_000)


def test_an_override_weighs_instead_of_the_stage(pipeline: Pipeline, cast: Cast) -> None:
    factories.deal(pipeline, typed_value=1000, probability_override=90)
    assert seen(pipeline, cast.ada).columns[0].totals[0].weighted == 900


def test_currencies_are_never_added(pipeline: Pipeline, cast: Cast) -> None:
    factories.deal(pipeline, "Dollars", typed_value=1000)
    with transaction():
        pipeline.currency = "EUR"
    factories.deal(pipeline, "Euros", typed_value=500)
    totals = seen(pipeline, cast.ada).columns[0].totals
    assert [(total.currency, total.value) for total in totals] == [("EUR", 500), ("USD", 1000)]


def test_closed_ones_are_counted_but_not_shown(pipeline: Pipeline, cast: Cast) -> None:
    factories.deal(pipeline, "Won", stage="Won")
    given_up = factories.deal(pipeline)
    with transaction():
        moves.set_status(given_up, Status.ABANDONED, by=None)
    shown = seen(pipeline, cast.ada)
    assert not shown.totals
    assert shown.closed_not_shown == 2
    assert column(shown, "Won").is_folded
    assert column(shown, "Won").not_shown == 1
    assert titles(column(seen(pipeline, cast.ada, status=Shown.WON), "Won")) == ["Won"]


def test_all_statuses_lie_in_one_order(pipeline: Pipeline, cast: Cast) -> None:
    deals = [factories.deal(pipeline, title) for title in ("Low", "Middle", "High")]
    with transaction():
        moves.set_status(deals[1], Status.ABANDONED, by=None)
    shown = seen(pipeline, cast.ada, status=Shown.ALL)
    assert titles(shown.columns[0]) == ["High", "Middle", "Low"]
    assert shown.closed_not_shown == 0


def test_a_stranger_sees_neither_cards_nor_sums(pipeline: Pipeline, cast: Cast) -> None:
    factories.deal(pipeline, owner=cast.olive, typed_value=1000)
    shown = seen(pipeline, cast.stan, status=Shown.ALL)
    assert not shown.totals
    assert not shown.columns[0].totals
    assert seen(pipeline, cast.olive).totals[0].count == 1


def test_what_is_shared_or_of_ones_team_is_seen(pipeline: Pipeline, cast: Cast) -> None:
    shared = factories.deal(pipeline, "Shared", owner=cast.olive)
    factories.deal(pipeline, "Tom's", owner=cast.tom)
    with transaction():
        owning.share(shared, cast.stan, ShareLevel.READ, by=None)
    assert titles(seen(pipeline, cast.stan).columns[0]) == ["Shared"]
    assert titles(seen(pipeline, cast.olive).columns[0]) == ["Tom's", "Shared"]


def test_deleted_ones_are_gone(pipeline: Pipeline, cast: Cast) -> None:
    deal = factories.deal(pipeline)
    with transaction():
        opportunities.delete(deal, by=None)
    assert not seen(pipeline, cast.ada, status=Shown.ALL).totals


def test_the_owner_filter_narrows_cards_and_sums(pipeline: Pipeline, cast: Cast) -> None:
    factories.deal(pipeline, "Olive's", owner=cast.olive)
    factories.deal(pipeline, "Tom's", owner=cast.tom)
    shown = seen(pipeline, cast.olive, owner=Whose.MINE)
    assert titles(shown.columns[0]) == ["Olive's"]
    assert shown.columns[0].count == 1


def test_more_cards_follow_below_the_last_one(pipeline: Pipeline, cast: Cast) -> None:
    for number in range(board.PAGE * 2 + 3):
        factories.deal(pipeline, f"Deal {number:02}")
    stage, read = pipeline.stages[0], []
    cards = seen(pipeline, cast.ada).columns[0].cards
    more = True
    while more:
        read += [card.title for card in cards]
        cards, more = board.more(stage, Filter(), Place(cards[-1].key, cards[-1].id), seen_by=cast.ada)
    read += [card.title for card in cards]
    assert read == [f"Deal {number:02}" for number in reversed(range(53))]


def test_a_card_says_what_is_next_and_how_urgent(pipeline: Pipeline, cast: Cast) -> None:
    with clock.frozen(NOON):
        for title, day in (("Late", 9), ("Today", 10), ("Soon", 11)):
            factories.deal(pipeline, title, next_action="Call", next_action_on=date(2026, 3, day))
        factories.deal(pipeline, "Forgotten")
        for title, next_action_on in (("Task today", date(2026, 3, 11)), ("Task alone", None)):
            deal = factories.deal(pipeline, title, next_action="Call", next_action_on=next_action_on)
            with transaction():
                activities.plan(deal, "Send it", by=cast.ada, due_on=date(2026, 3, 10))
                activities.plan(deal, "Ask again", by=cast.ada, due_on=date(2026, 3, 20))
        cards = {card.title: card for card in seen(pipeline, cast.ada).columns[0].cards}
    assert [cards[title].due for title in ("Late", "Today", "Soon", "Forgotten")] == [
        Due.OVERDUE,
        Due.TODAY,
        Due.LATER,
        Due.NONE,
    ]
    assert cards["Forgotten"].lacks_step
    assert not cards["Late"].lacks_step
    assert cards["Soon"].step_on == date(2026, 3, 11)
    for title in ("Task today", "Task alone"):
        assert (cards[title].step_on, cards[title].due) == (date(2026, 3, 10), Due.TODAY)


@pytest.mark.parametrize(
    ("days", "pace"), [(0, Pace.QUIET), (5, Pace.QUIET), (5.25, Pace.NEARLY), (7, Pace.NEARLY), (7.5, Pace.OVER)]
)
def test_days_in_stage_warn_at_three_quarters_of_the_target(
    pipeline: Pipeline, cast: Cast, days: float, pace: Pace
) -> None:
    with clock.frozen(NOON):
        factories.deal(pipeline, stage="Contacting")  # whose target is seven days
    with clock.frozen(NOON + timedelta(days=days)):
        [card] = column(seen(pipeline, cast.ada), "Contacting").cards
    assert (card.days, card.pace) == (int(days), pace)


def test_a_card_carries_contact_company_owner_and_tags(pipeline: Pipeline, cast: Cast) -> None:
    company = factories.contact("Acme Inc", is_company=True)
    person = factories.contact("Ana Lima", company=company)
    deal = factories.deal(pipeline, "Website", contact=person, owner=cast.olive)
    with transaction():
        for name in ("vip", "early"):
            tags.apply(tags.named(name), deal, by=None)
    [card] = seen(pipeline, cast.ada).columns[0].cards
    assert (card.contact, card.company, card.initials) == ("Ana Lima", "Acme Inc", "OO")
    assert [tag.name for tag in card.tags] == ["early", "vip"]


@pytest.mark.parametrize("status", [Shown.OPEN, Shown.ALL])
def test_the_number_of_queries_hangs_on_neither_cards_nor_stages(cast: Cast, status: Shown) -> None:
    small, large = factories.sales_pipeline("Small", template="feedback"), _large_pipeline()
    _fill(small, 10)
    _fill(large, 1000)
    assert _queries(small, cast, status) == _queries(large, cast, status) <= 4


def _queries(pipeline: Pipeline, cast: Cast, status: Shown) -> int:
    cast.ada.is_admin  # noqa: B018 — who asks is known before the page begins
    number = pipeline.id
    db.session.expire(pipeline)
    with statements() as asked:
        found = db.session.get_one(Pipeline, number)
        assert board.of(found, Filter(status=status), seen_by=cast.ada).totals
    return len(asked)


def _large_pipeline() -> Pipeline:
    pipeline = factories.sales_pipeline("Large", template="blank")
    with transaction():
        pipeline.all_stages = [
            Stage(name=f"Stage {position}", position=position, kind=StageKind.WORKING) for position in range(12)
        ]
    return pipeline


def _fill(pipeline: Pipeline, count: int) -> None:
    stages, person = [stage.id for stage in pipeline.stages], factories.contact()
    row = {
        "contact_id": person.id,
        "pipeline_id": pipeline.id,
        "status": Status.OPEN,
        "currency": "USD",
        "created_at": NOON,
        "entered_stage_at": NOON,
        "reason_note": "",
    }
    with transaction():
        db.session.execute(
            Opportunity.__table__.insert(),
            [
                {**row, "title": f"Deal {number}", "stage_id": stages[number % len(stages)], "rank": f"a{number:05}"}
                for number in range(count)
            ],
        )
