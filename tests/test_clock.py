"""One clock, which tests and the demo can move."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from pipeline import clock

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Person:
    time_zone: str


def test_a_frozen_clock_stands_still_until_it_is_moved_on() -> None:
    with clock.frozen(NOON):
        assert clock.now() == NOON
        with clock.travelled(timedelta(days=1)):
            assert clock.now() == NOON + timedelta(days=1)
        assert clock.now() == NOON
    assert clock.now() != NOON


def test_today_is_where_the_person_is() -> None:
    with clock.frozen(NOON):
        assert clock.today(Person("Pacific/Auckland")) == date(2026, 3, 2)
        assert clock.today(Person("Pacific/Pago_Pago")) == date(2026, 3, 1)
    with clock.frozen(NOON - timedelta(hours=6)):
        assert clock.today(Person("Pacific/Pago_Pago")) == date(2026, 2, 28)
