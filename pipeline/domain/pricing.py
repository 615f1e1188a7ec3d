"""What a line costs: money in minor units, discounts and tax rates in hundredths of a percent.

Each line is rounded by itself, half a minor unit up, first the net amount and then the tax on it; a total is the sum
of rounded lines, so that every receipt adds up as it is printed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from pipeline.models.product import WHOLE


@dataclass(frozen=True)
class Price:
    """An amount without tax, and the tax on it."""

    net: int
    tax: int = 0

    @property
    def total(self) -> int:
        return self.net + self.tax

    def __add__(self, other: "Price") -> "Price":
        return Price(self.net + other.net, self.tax + other.tax)


class Priced(Protocol):
    @property
    def net(self) -> int: ...

    @property
    def tax(self) -> int: ...


def of_line(unit_price: int, quantity: int, *, discount: int = 0, tax_rate: int = 0) -> Price:
    """The price of so many pieces."""
    net = _rounded(Decimal(unit_price * quantity) * (WHOLE - discount) / WHOLE)
    return Price(net, _rounded(Decimal(net) * tax_rate / WHOLE))


def total(lines: Iterable[Priced]) -> Price:
    """What lines come to together."""
    return sum((Price(line.net, line.tax) for line in lines), Price(0))


def _rounded(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))
