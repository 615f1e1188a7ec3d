"""What a line costs: money in minor units, discounts and tax rates in hundredths of a percent.

Each line is rounded by itself, half a minor unit up, first the net amount and then the tax on it; a total is the sum
of rounded lines, so that every receipt adds up as it is printed.
"""

from collections.abc import Iterable, Sequence
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


@dataclass(frozen=True)
class TaxAtRate:
    """The tax on all that is taxed at one `rate`, which is in hundredths of a percent."""

    rate: int
    net: int
    tax: int


class Priced(Protocol):
    @property
    def net(self) -> int: ...

    @property
    def tax(self) -> int: ...


class Taxed(Priced, Protocol):
    @property
    def tax_rate(self) -> int: ...


def of_line(unit_price: int, quantity: int, *, discount: int = 0, tax_rate: int = 0) -> Price:
    """The price of so many pieces."""
    net = _rounded(Decimal(unit_price * quantity) * (WHOLE - discount) / WHOLE)
    return Price(net, _rounded(Decimal(net) * tax_rate / WHOLE))


def total(lines: Iterable[Priced]) -> Price:
    """What lines come to together."""
    return sum((Price(line.net, line.tax) for line in lines), Price(0))


def taxes(lines: Sequence[Taxed]) -> list[TaxAtRate]:
    """The tax of each rate by itself, the highest first; what is not taxed stands in none."""
    rates = sorted({line.tax_rate for line in lines if line.tax_rate}, reverse=True)
    by_rate = {rate: total(line for line in lines if line.tax_rate == rate) for rate in rates}
    return [TaxAtRate(rate, price.net, price.tax) for rate, price in by_rate.items()]


def _rounded(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))
