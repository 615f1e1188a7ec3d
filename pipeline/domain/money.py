"""Money is a whole number of minor units with its currency beside it; here it becomes a decimal and back."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from babel.core import Locale, get_global
from babel.numbers import NumberFormatError, format_decimal, get_currency_precision, get_currency_symbol, parse_decimal

from pipeline.domain.rules import RuleBroken

MOST = 10**15
ENGLISH = Locale("en")


def decimal(minor: int, currency: str) -> Decimal:
    """12345 USD → 123.45; 12345 JPY → 12345."""
    return Decimal(minor).scaleb(-get_currency_precision(currency))


def minor(amount: Decimal | int | str, currency: str, locale: Locale = ENGLISH) -> int:
    """123.45 USD → 12345, half a minor unit rounded up. Refuses what is no amount, is negative or is beyond reason.

    The locale is that of whoever reads the refusal.
    """
    try:
        exact = Decimal(amount).scaleb(get_currency_precision(currency))
        whole = int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise RuleBroken(f"“{amount}” is not an amount of money.") from error
    if not 0 <= whole <= MOST:
        most = format_decimal(decimal(MOST, currency), locale=locale)
        raise RuleBroken(f"An amount must be between 0 and {most} {currency}.")
    return whole


def read(text: str, currency: str, locale: Locale) -> int:
    """What a person typed, as their locale writes it: “1.234,56” or “1,234.56”, with the currency's sign or without.

    Where the locale cannot have meant it but another way of writing is plain, that is taken. Refuses the rest.
    """
    bare = text.replace(get_currency_symbol(currency, locale), "").replace(currency, "")
    bare = "".join(bare.split()).replace("'", "’")
    for candidate in (locale, ENGLISH, Locale("de"), Locale("de", "CH")):
        try:
            amount = parse_decimal(bare, locale=candidate, strict=True)
        except NumberFormatError:
            continue
        if "e" not in bare.lower() and amount == decimal(exact := minor(amount, currency, locale), currency):
            return exact
        break
    raise RuleBroken(f"“{text}” is not an amount in {currency}. Write it like {typed(123456, currency, locale)}.")


def typed(minor: int, currency: str, locale: Locale) -> str:
    """Minor units as the person would type them: 123456 USD → 1,234.56 or 1.234,56."""
    places = get_currency_precision(currency)
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return format_decimal(decimal(minor, currency), format=pattern, locale=locale)


def is_currency(code: str) -> bool:
    """Whether the code is an ISO 4217 currency that Babel knows."""
    return code in get_global("all_currencies")
