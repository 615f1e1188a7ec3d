"""Reading what a URL asks for: each of these gives the value if it makes sense, and nothing if it does not."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from pipeline.queries.ranges import Period

Word = TypeVar("Word", bound=StrEnum)

LARGEST_ID = 2**31 - 1
LONGEST_TEXT = 100
LARGEST_AMOUNT = Decimal(10**12)


def number(asked: Mapping[str, str], name: str) -> int | None:
    """An id: a whole number from 1 up that a database can hold."""
    word = asked.get(name, "")
    if not (word.isascii() and word.isdecimal() and len(word) <= len(str(LARGEST_ID))):
        return None
    return int(word) if 1 <= int(word) <= LARGEST_ID else None


def choice(asked: Mapping[str, str], name: str, words: type[Word], default: Word) -> Word:
    word = asked.get(name, "")
    return words(word) if word in set(words) else default


def text(asked: Mapping[str, str], name: str) -> str:
    """A line of text, with single spaces and without what no keyboard types."""
    typed = "".join(sign for sign in asked.get(name, "") if sign.isprintable() or sign.isspace())
    return " ".join(typed.split())[:LONGEST_TEXT].strip()


def amount(asked: Mapping[str, str], name: str) -> Decimal | None:
    """An amount of money in major units, from 0 up."""
    try:
        found = Decimal(asked.get(name, ""))
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 <= found <= LARGEST_AMOUNT else None


def day(asked: Mapping[str, str], name: str) -> date | None:
    try:
        found = date.fromisoformat(asked.get(name, ""))
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2200 else None  # noqa: PLR2004 — what lies beyond is a slip of the hand


def period(asked: Mapping[str, str], name: str) -> Period | None:
    """Days that move with the calendar."""
    word = asked.get(name, "")
    return Period(word) if word in set(Period) else None
