from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline import clock
from pipeline.domain import activities, contacts, moves, owning
from pipeline.models.opportunity import ShareLevel, Status
from pipeline.models.pipeline import Pipeline
from pipeline.models.user import User
from pipeline.queries import board, opportunity_list, totals
from pipeline.queries.conditions import Whose
from pipeline.queries.filters import Filter, Shown
from pipeline.queries.next_action import Due
from pipeline.queries.opportunity_list import Listed
from pipeline.queries.opportunity_order import NEWEST, By
from pipeline.queries.sorting import Sort
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.support.counting import statements

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return factories.sales_pipeline()


def listed(person: User, filter: Filter = Filter(), sort: Sort[By] = NEWEST, page: int = 1) -> Listed:  # noqa: B008
    return opportunity_list.listed(filter, sort, page, seen_by=person)


def titles(shown: Listed) -> list[str]:
    return [line.title for line in shown.lines]


def test_a_line_says_what_the_columns_ask_for(pipeline: Pipeline, cast: Cast) -> None:
    with transaction():
        company = contacts.create("Acme", by=None, is_company=True)
    with clock.frozen(NOON):
        factories.deal(
            pipeline,
            "Audit",
            stage="Closing",
            owner=cast.olive,
            contact=factories.contact("Ana Lima", company=company),
            typed_value=12345,
            expected_close=date(2026, 4, 1),
            next_action="Call",
            next_action_on=date(2026, 3, 12),
        )
    with clock.frozen(NOON + timedelta(days=3)):
        [line] = listed(cast.olive).lines
    assert (line.title, line.contact, line.company, line.stage) == ("Audit", "Ana Lima", "Acme", "Closing")
    assert (line.owner, line.owner_initials, line.value, line.currency) == ("Olive Owner", "OO", 12345, "USD")
    assert (line.due, line.days_in_stage) == (Due.OVERDUE, 3)


def test_days_stop_when_a_deal_is_closed_and_its_next_action_is_due_no_more(pipeline: Pipeline, cast: Cast) -> None:
    with clock.frozen(NOON):
        deal = factories.deal(pipeline, next_action_on=date(2026, 3, 9))
    with clock.frozen(NOON + timedelta(days=2)), transaction():
        moves.set_status(deal, Status.ABANDONED, by=cast.ada)
    with clock.frozen(NOON + timedelta(days=30)):
        [line] = listed(cast.ada, Filter(status=Shown.ALL)).lines
    assert (line.days_in_stage, line.due) == (2, Due.NONE)


def test_what_is_next_is_the_first_task_where_there_is_no_next_action(pipeline: Pipeline, cast: Cast) -> None:
    with clock.frozen(NOON):
        for title, next_action in (("Audit", None), ("Books", "Call")):
            deal = factories.deal(pipeline, title, owner=cast.olive, next_action=next_action)
            with transaction():
                activities.plan(deal, "Send it", by=cast.olive, due_on=NOON.date())
        lines = {line.title: (line.step_on, line.due) for line in listed(cast.olive).lines}
    assert lines == {"Audit": (NOON.date(), Due.TODAY), "Books": (None, Due.NONE)}


def test_a_company_is_its_own_company(pipeline: Pipeline, cast: Cast) -> None:
    with transaction():
        company = contacts.create("Acme", by=None, is_company=True)
    factories.deal(pipeline, contact=company)
    assert listed(cast.ada).lines[0].company == "Acme"


def test_the_newest_come_first_and_each_order_can_be_turned(pipeline: Pipeline, cast: Cast) -> None:
    for number, title in enumerate(("b", "A", "c")):
        with clock.frozen(NOON + timedelta(hours=number)):
            factories.deal(pipeline, title, typed_value=number)
    assert titles(listed(cast.ada)) == ["c", "A", "b"]
    assert titles(listed(cast.ada, sort=Sort(By.TITLE))) == ["A", "b", "c"]
    assert titles(listed(cast.ada, sort=Sort(By.VALUE, descending=True))) == ["c", "A", "b"]
    assert titles(listed(cast.ada, sort=Sort(By.DAYS, descending=True))) == ["b", "A", "c"]


@pytest.mark.parametrize("by", By)
@pytest.mark.parametrize("descending", [False, True])
def test_every_order_shows_every_row_once_over_its_pages(
    pipeline: Pipeline, cast: Cast, by: By, descending: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opportunity_list, "PAGE", 3)
    for number in range(7):
        factories.deal(pipeline, f"Deal {number % 2}", owner=[cast.olive, cast.tom, None][number % 3])
    seen = [line.id for page in (1, 2, 3) for line in listed(cast.ada, sort=Sort(by, descending), page=page).lines]
    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize("descending", [False, True])
def test_what_is_empty_comes_last_either_way(pipeline: Pipeline, cast: Cast, descending: bool) -> None:
    factories.deal(pipeline, "Never")
    factories.deal(pipeline, "Soon", expected_close=date(2026, 4, 1))
    assert titles(listed(cast.ada, sort=Sort(By.CLOSE, descending))) == ["Soon", "Never"]


def test_an_order_that_is_not_on_the_list_is_the_usual_one() -> None:
    assert Sort.read({"sort": "password_hash"}, NEWEST) == NEWEST
    assert Sort.read({"sort": "-value"}, NEWEST) == Sort(By.VALUE, descending=True)
    assert str(Sort(By.VALUE, descending=True)) == "-value"
    assert Sort(By.VALUE).turned_to(By.VALUE) == Sort(By.VALUE, descending=True)


def test_a_page_beyond_the_last_is_the_last(pipeline: Pipeline, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opportunity_list, "PAGE", 2)
    for number in range(5):
        factories.deal(pipeline, str(number))
    paging = listed(cast.ada, page=99).paging
    assert (paging.number, paging.first, paging.last, paging.newer, paging.older) == (3, 5, 5, 2, None)


def test_an_empty_list_has_one_empty_page(pipeline: Pipeline, cast: Cast) -> None:
    shown = listed(cast.ada)
    assert (shown.lines, shown.totals, shown.paging.first, shown.paging.count) == ([], [], 0, 0)


def test_totals_are_of_all_rows_each_currency_apart(
    pipeline: Pipeline, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opportunity_list, "PAGE", 1)
    euro = factories.sales_pipeline("Europe", currency="EUR")
    for currency_pipeline in (pipeline, pipeline, euro):
        factories.deal(currency_pipeline, stage="Closing", typed_value=1001)
    shown = listed(cast.ada)
    assert [(total.currency, total.count, total.value, total.weighted) for total in shown.totals] == [
        ("EUR", 1, 1001, 801),
        ("USD", 2, 2002, 1602),
    ]


def test_what_is_won_weighs_whole_and_what_is_lost_nothing(pipeline: Pipeline, cast: Cast) -> None:
    factories.deal(pipeline, stage="Won", typed_value=100)
    factories.deal(pipeline, stage="Lost", typed_value=1000)
    factories.deal(pipeline, stage="Closing", typed_value=10_000, probability_override=50)
    [total] = listed(cast.ada, Filter(status=Shown.ALL)).totals
    assert total.weighted == 100 + 5000


def test_closed_ones_that_an_open_list_leaves_out_are_counted(pipeline: Pipeline, cast: Cast) -> None:
    for stage in (None, "Won", "Lost"):
        factories.deal(pipeline, stage=stage, owner=cast.olive)
    factories.deal(pipeline, stage="Won", owner=cast.stan)
    assert listed(cast.olive).closed_not_shown == 2
    assert listed(cast.olive, Filter(status=Shown.ALL)).closed_not_shown == 0


def test_columns_list_and_export_come_to_the_same(pipeline: Pipeline, cast: Cast) -> None:
    """In three currencies, over pages, under filters, for each person."""
    pipelines = [pipeline, *(factories.sales_pipeline(code, currency=code) for code in ("EUR", "JPY"))]
    for number in range(60):
        chosen = pipelines[number % 3]
        stage = chosen.stages[number % len(chosen.stages)].name
        owner = [cast.olive, cast.tom, cast.stan, None][number % 4]
        deal = factories.deal(chosen, f"Deal {number}", stage=stage, owner=owner, typed_value=number * 37)
        if number % 5 == 0:
            with transaction():
                owning.share(deal, cast.stan, ShareLevel.READ, by=cast.ada)
    for person in (cast.ada, cast.olive, cast.stan):
        for filter in (Filter(), Filter(status=Shown.ALL), Filter(owner=Whose.MINE), Filter(text="deal 1")):
            shown = listed(person, filter)
            exported = list(opportunity_list.every_line(filter, NEWEST, seen_by=person))
            columns = totals.added(
                total for each in pipelines for total in board.of(each, filter, seen_by=person).totals
            )
            assert list(shown.totals) == columns
            assert sum(total.value for total in shown.totals) == sum(line.value for line in exported)
            assert shown.paging.count == len(exported)


def test_a_list_asks_the_same_few_questions_of_few_and_of_many(pipeline: Pipeline, cast: Cast) -> None:
    def asked() -> int:
        cast.olive.is_admin  # noqa: B018 — who asks is known before the page begins
        with statements() as sent:
            listed(cast.olive)
        return len(sent)

    factories.many_deals(pipeline, 10, owner=cast.olive)
    few = asked()
    factories.many_deals(pipeline, 990, owner=cast.olive)
    assert asked() == few <= 3
