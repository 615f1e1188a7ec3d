from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from pipeline.domain.importing import dates
from pipeline.domain.importing.dates import Order
from pipeline.domain.rules import RuleBroken

DAYS = ["2017-03-01", "2017/03/01", "20170301", "1.3.2017", "01.03.17", "1 Mar 2017", "1-Mar-17", "March 1, 2017"]
TIMES = ["2017-03-01 14:30", "2017-03-01T14:30:00.000Z", "2017-03-01T14:30:00+02:00", "1.3.2017 2:30 PM"]


@pytest.mark.parametrize("text", [*DAYS, *TIMES])
def test_dates_that_can_mean_one_day_are_read_wherever_they_stand(text: str) -> None:
    moment = dates.parse(text, None)

    assert moment is not None
    assert moment.day == date(2017, 3, 1)


@pytest.mark.parametrize(
    ("values", "order"),
    [(["3/1/2017", "3/31/2017"], Order.MONTH_FIRST), (["3/1/2017", "31/3/2017"], Order.DAY_FIRST)],
)
def test_a_column_tells_which_number_is_the_month(values: list[str], order: Order) -> None:
    assert dates.decide({"closed": values}) == {"closed": order}


def test_columns_of_one_file_vouch_for_each_other() -> None:
    decided = dates.decide({"created": ["3/1/2017"], "closed": ["12/31/2017"]})

    assert decided["created"] is Order.MONTH_FIRST


def test_a_column_that_could_be_both_is_not_guessed() -> None:
    with pytest.raises(RuleBroken, match=r"could be day/month or month/day \(3/1/2017\).*--date-format"):
        dates.decide({"closed": ["5/5/2017", "3/1/2017"]})


def test_equal_days_and_months_leave_nothing_to_guess() -> None:
    assert dates.parse("5/5/2017", dates.decide({"closed": ["5/5/2017"]})["closed"]) == dates.Moment(date(2017, 5, 5))


def test_a_column_that_writes_both_ways_asks() -> None:
    with pytest.raises(RuleBroken, match="both ways"):
        dates.decide({"closed": ["31/1/2017", "1/31/2017"]})


def test_nonsense_is_no_evidence() -> None:
    assert dates.decide({"closed": ["31/31/2017", "31/2/2017", "soon", "1/31/2017"]}) == {"closed": Order.MONTH_FIRST}
    assert dates.parse("31/2/2017", Order.MONTH_FIRST) is None


@pytest.mark.parametrize("said", ["month/day/year", "%m/%d/%Y", "MM/DD/YYYY", "m/d/yyyy", "M/D/Y"])
def test_a_format_is_understood_as_people_write_it(said: str) -> None:
    known = dates.format_said(said)
    text = "3/1/17" if known.endswith("%y") else "3/1/2017"

    assert dates.parse(text, None, known) == dates.Moment(date(2017, 3, 1))


@pytest.mark.parametrize("said", ["soon", "%H:%M", "", "%Q"])
def test_what_is_no_format_is_refused(said: str) -> None:
    with pytest.raises(RuleBroken, match="no date format"):
        dates.format_said(said)


def test_with_a_format_said_other_orders_do_not_pass() -> None:
    assert dates.parse("31/1/2017", None, "%m/%d/%Y") is None


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "America/New_York", "UTC", "Asia/Kolkata", "Pacific/Chatham"])
@pytest.mark.parametrize("day", [date(2017, 1, 1), date(2017, 3, 26), date(2017, 7, 31)])
def test_a_bare_day_is_the_same_day_from_hawaii_to_new_zealand(zone: str, day: date) -> None:
    kept = dates.instant(dates.Moment(day), "UTC")

    assert kept.astimezone(ZoneInfo(zone)).date() == day


@pytest.mark.parametrize("zone", ["Pacific/Pago_Pago", "Pacific/Kiritimati", "Pacific/Tongatapu", "Pacific/Auckland"])
def test_whoever_imports_sees_the_day_that_the_file_says_even_where_the_date_line_runs(zone: str) -> None:
    for day in (date(2017, 1, 1), date(2017, 7, 31)):
        assert dates.instant(dates.Moment(day), zone).astimezone(ZoneInfo(zone)).date() == day


def test_a_written_time_is_meant_where_the_person_is_unless_the_file_says_where() -> None:
    bare, zoned = dates.parse("2017-03-01 14:30", None), dates.parse("2017-03-01T14:30:00+02:00", None)

    assert bare is not None
    assert zoned is not None
    assert dates.instant(bare, "America/New_York") == datetime(2017, 3, 1, 19, 30, tzinfo=UTC)
    assert dates.instant(zoned, "America/New_York") == datetime(2017, 3, 1, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["0001-01-01 00:00:00", "01.01.0001", "9999-12-31T23:59:59Z", "2017-03-01 10:00 +99:00"]
)
def test_what_programs_write_where_they_know_no_date_is_none(text: str) -> None:
    assert dates.parse(text, None) is None
