"""Values on their way through a file: what JSON has no word for is written in one way for both databases."""

import base64
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Date, DateTime, LargeBinary, Numeric, Time


def outward(value: Any) -> Any:
    """As JSON can hold it. Moments are UTC and say so."""
    match value:
        case datetime():
            return (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
        case date() | time():
            return value.isoformat()
        case Decimal():
            return str(value)
        case bytes() | memoryview():
            return base64.b64encode(value).decode()
        case _:
            return value


def inward(column: Column[Any], dialect: str) -> Callable[[Any], Any] | None:
    """What makes this column's values of those in the file; None when they are what they should be."""
    kind = column.type
    if isinstance(kind, DateTime):
        return _moment if dialect == "postgresql" else _naive
    if isinstance(kind, Date):
        return date.fromisoformat
    if isinstance(kind, Time):
        return time.fromisoformat
    if isinstance(kind, LargeBinary):
        return base64.b64decode
    return Decimal if isinstance(kind, Numeric) else None


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _naive(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=None)
