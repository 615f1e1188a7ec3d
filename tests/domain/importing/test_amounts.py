import pytest

from pipeline.domain.importing import amounts
from pipeline.domain.rules import RuleBroken


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1054", 105400),
        ("1,054", 105400),
        ("1.054", 105400),
        ("1,054.00", 105400),
        ("1.054,00", 105400),
        ("$1,054", 105400),
        ("$ 1 054.50", 105450),
        ("USD 1,054.5", 105450),
        ("1'054.00", 105400),
        ("1,234,567", 123456700),
        ("1.234.567,89", 123456789),
        ("0.5", 50),
        ("1054.125", 105413),
        ("0", 0),
    ],
)
def test_an_amount_is_read_as_it_is_written(text: str, minor: int) -> None:
    assert amounts.parse(text, "USD", None) == minor


def test_the_column_tells_what_parts_the_cents() -> None:
    sign = amounts.decimal_sign(["1.054", "12,50"])

    assert amounts.parse("1.054", "EUR", sign) == 105400
    assert amounts.parse("1,054", "EUR", sign) == 105


def test_a_currency_without_cents_has_none() -> None:
    assert amounts.parse("¥1,054", "JPY", None) == 1054


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("soon", "not an amount"),
        ("-5", "less than nothing"),
        ("(500.00)", "less than nothing"),
        ("-$5", "less than nothing"),
        ("5 EUR", "counts in USD"),
        ("€5", "counts in USD"),
        ("99999999999999999999", "must be between"),
        ("1e5", "not an amount"),
        ("=1+1", "not an amount"),
    ],
)
def test_what_is_no_amount_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(RuleBroken, match=said):
        amounts.parse(text, "USD", None)
