"""Money is minor units with a currency beside it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain import money
from pipeline.domain.rules import RuleBroken


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("123.45", "USD", 12345), ("123", "JPY", 123), ("1.234", "KWD", 1234), ("0.005", "EUR", 1), ("0", "USD", 0)],
)
def test_an_amount_becomes_minor_units_of_its_currency(amount: str, currency: str, minor: int) -> None:
    assert money.minor(amount, currency) == minor


@pytest.mark.parametrize("nonsense", ["", "abc", "-1", "NaN", "Infinity", "1e99", "12,5"])
def test_what_is_no_amount_is_refused(nonsense: str) -> None:
    with pytest.raises(RuleBroken):
        money.minor(nonsense, "USD")


@given(st.integers(0, money.MOST), st.sampled_from(["USD", "JPY", "KWD"]))
def test_there_and_back_again_loses_nothing(minor: int, currency: str) -> None:
    assert money.minor(money.decimal(minor, currency), currency) == minor


def test_a_decimal_keeps_its_places() -> None:
    assert money.decimal(5, "USD") == Decimal("0.05")
