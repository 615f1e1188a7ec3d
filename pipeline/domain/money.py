"""Money is a whole number of minor units with its currency beside it; here it becomes a decimal and back."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from babel.core import get_global
from babel.numbers import get_currency_precision

from pipeline.domain.rules import RuleBroken

MOST = 10**15


def decimal(minor: int, currency: str) -> Decimal:
    """12345 USD → 123.45; 12345 JPY → 12345."""
    return Decimal(minor).scaleb(-get_currency_precision(currency))


def minor(amount: Decimal | int | str, currency: str) -> int:
    """123.45 USD → 12345, half a minor unit rounded up. Refuses what is no amount, is negative or is beyond reason."""
    try:
        exact = Decimal(amount).scaleb(get_currency_precision(currency))
        whole = int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise RuleBroken(f"“{amount}” is not an amount of money.") from error
    if not 0 <= whole <= MOST:
        raise RuleBroken(f"An amount must be between 0 and {decimal(MOST, currency)} {currency}.")
    return whole


def is_currency(code: str) -> bool:
    """Whether the code is an ISO 4217 currency that Babel knows."""
    return code in get_global("all_currencies")
