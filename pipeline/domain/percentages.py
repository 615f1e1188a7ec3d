"""Percentages are whole numbers of hundredths of a percent; here they become what people write, and back."""

from decimal import Decimal

from babel.core import Locale
from babel.numbers import NumberFormatError, format_decimal, parse_decimal

from pipeline.domain.rules import RuleBroken
from pipeline.models.product import WHOLE


def read(text: str, locale: Locale) -> int:
    """What a person typed, as their locale writes it or with a point: “12,5”, “12.5 %”. Refuses the rest."""
    bare = "".join(text.replace("%", "").split())
    for candidate in (locale, Locale("en"), Locale("de")):
        try:
            amount = parse_decimal(bare, locale=candidate, strict=True) * 100
        except NumberFormatError:
            continue
        if amount == amount.to_integral_value() and 0 <= amount <= WHOLE:
            return int(amount)
        break
    raise RuleBroken(f"“{text}” is not a percentage from 0 to 100. Write it like {typed(1250, locale)}.")


def typed(hundredths: int, locale: Locale) -> str:
    """1250 → 12.5 or 12,5."""
    return format_decimal(Decimal(hundredths).scaleb(-2), format="#,##0.##", locale=locale)
