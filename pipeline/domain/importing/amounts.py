"""Amounts of money in a file: “1,054.00”, “1.054,00”, “$1 054”, as the whole column writes them."""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from babel.numbers import get_currency_precision

from pipeline.domain import money
from pipeline.domain.rules import RuleBroken

SIGNS = {"€": "EUR", "£": "GBP", "₹": "INR", "₽": "RUB", "₺": "TRY", "₩": "KRW", "zł": "PLN"}
GROUPED = re.compile(r"^\d{1,3}(?:[.,]\d{3})$")
GROUP = 3


def decimal_sign(values: Iterable[str]) -> str | None:
    """Which of `.` and `,` parts the cents in this column, where some value proves it; None when none does."""
    proofs = {sign for value in values if (sign := _proof(_bare(value)))}
    return proofs.pop() if len(proofs) == 1 else None


def parse(text: str, currency: str, sign: str | None) -> int:
    """The amount in minor units of the currency. Refuses what is no amount, another currency, and less than nothing."""
    _refuse_other_currency(text, currency)
    bare = _bare(text)
    if not re.fullmatch(r"[-(]?[\d.,]*\d[\d.,]*\)?", bare):
        raise RuleBroken(f"“{text}” is not an amount of money.")
    sign = _proof(bare) or sign
    if sign is None and GROUPED.match(bare) and get_currency_precision(currency) != GROUP:
        sign = "," if "." in bare else "."  # 1.054 and 1,054 are a thousand and some: cents have two digits
    sign = sign or "."
    plain = bare.replace("," if sign == "." else ".", "").replace(sign, ".")
    if plain.startswith(("-", "(")):
        raise RuleBroken(f"“{text}” is less than nothing; an amount must not be negative.")
    try:
        return money.minor(Decimal(plain), currency)
    except InvalidOperation:
        raise RuleBroken(f"“{text}” is not an amount of money.") from None


def _bare(text: str) -> str:
    """Digits, separators and a leading minus alone: without currency, spaces and the Swiss apostrophe."""
    bare = re.sub(r"[\s'’_]", "", text)
    bare = re.sub(r"^([-(]?)[^\d.,()-]{1,4}|[^\d.,()-]{1,4}$", r"\1", bare)
    return re.sub(r"^[^\d.,()-]{1,4}-", "-", bare)


def _proof(bare: str) -> str | None:
    """The decimal sign, if this value can mean only one."""
    signs = [sign for sign in bare if sign in ".,"]
    if not signs:
        return None
    last = signs[-1]
    other = "," if last == "." else "."
    if len(set(signs)) == 2:  # noqa: PLR2004 — both stand in it
        return last
    if len(signs) > 1:
        return other
    return None if GROUPED.match(bare) else last


def _refuse_other_currency(text: str, currency: str) -> None:
    codes = re.findall(r"\b[A-Z]{3}\b", text)
    named = [code for code in codes if money.is_currency(code)]
    named += [code for sign, code in SIGNS.items() if sign in text]
    if named and currency not in named:
        raise RuleBroken(f"“{text}” is in {named[0]}, but the pipeline counts in {currency}.")
