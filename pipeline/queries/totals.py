"""What a filter's opportunities come to: count, value and weighted value, each currency by itself, never added."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pipeline.extensions import db
from pipeline.models.user import User
from pipeline.queries import kept_sums
from pipeline.queries.filters import Filter, Shown


@dataclass(frozen=True, slots=True)
class Total:
    """Minor units of one currency."""

    currency: str
    count: int
    value: int
    weighted: int


@dataclass(frozen=True, slots=True)
class Sums:
    """One total for each currency; and how many a list of open ones leaves out because they are closed."""

    totals: list[Total]
    closed_not_shown: int

    @property
    def count(self) -> int:
        return sum(total.count for total in self.totals)


def of(filter: Filter, *, seen_by: User) -> Sums:
    """Over all that the filter shows, not only a page of it; one query."""
    asked = replace(filter, status=Shown.ALL) if filter.status is Shown.OPEN else filter
    found = db.session.execute(kept_sums.by_stage(asked, seen_by=seen_by))
    shown, left_out = [], 0
    for _, status, currency, count, value, weight in found:
        if status in filter.status.statuses:
            shown.append(Total(currency, int(count), int(value), int(weight)))
        else:
            left_out += int(count)
    return Sums(added(shown), left_out)


def added(totals: Iterable[Total]) -> list[Total]:
    """One total for each currency, in their order."""
    by_currency: dict[str, Total] = {}
    for total in totals:
        so_far = by_currency.get(total.currency, Total(total.currency, 0, 0, 0))
        by_currency[total.currency] = Total(
            total.currency,
            so_far.count + total.count,
            so_far.value + total.value,
            so_far.weighted + total.weighted,
        )
    return [by_currency[currency] for currency in sorted(by_currency)]
