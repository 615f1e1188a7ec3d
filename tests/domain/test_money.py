"""Money is minor units with a currency beside it."""

from decimal import Decimal

import pytest
from babel import Locale
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


@pytest.mark.parametrize(
    ("locale", "text", "currency", "minor"),
    [
        ("en", "1,234.56", "USD", 123456),
        ("de", "1.234,56", "EUR", 123456),
        ("en", "1.234,56", "USD", 123456),  # no other reading is possible
        ("de", "1.234", "EUR", 123400),
        ("de_CH", "1'234.50", "CHF", 123450),
        ("fr", "1\u202f234,56 €", "EUR", 123456),
        ("en", "$ 1,200", "USD", 120000),
        ("en", "USD 12", "USD", 1200),
        ("ja", "1,200", "JPY", 1200),
        ("hi", "1,00,000", "INR", 10000000),
    ],
)
def test_an_amount_is_read_as_the_persons_locale_writes_it(locale: str, text: str, currency: str, minor: int) -> None:
    assert money.read(text, currency, Locale.parse(locale)) == minor


@pytest.mark.parametrize("text", ["", "a lot", "1.234", "1e5", "NaN", "-3", "9" * 30, "1,2,3"])
def test_what_could_be_misread_is_refused_rather_than_guessed(text: str) -> None:
    with pytest.raises(RuleBroken):
        money.read(text, "USD", Locale("en"))


@pytest.mark.parametrize(
    ("locale", "typed", "currency", "most"),
    [
        ("en", "-3", "USD", "10,000,000,000,000 USD"),
        ("de", "9" * 20, "EUR", "10.000.000.000.000 EUR"),
        ("en", "9" * 20, "JPY", "1,000,000,000,000,000 JPY"),
    ],
)
def test_what_is_beyond_reason_is_refused_in_the_persons_own_writing(
    locale: str, typed: str, currency: str, most: str
) -> None:
    with pytest.raises(RuleBroken, match=f"between 0 and {most}"):
        money.read(typed, currency, Locale.parse(locale))


@given(
    minor=st.integers(min_value=0, max_value=10**12), locale=st.sampled_from(["en", "de", "fr", "de_CH", "hi", "ar"])
)
def test_what_is_shown_to_be_typed_is_read_back_the_same(minor: int, locale: str) -> None:
    where = Locale.parse(locale)
    assert money.read(money.typed(minor, "EUR", where), "EUR", where) == minor
