"""What a filter's opportunities come to: count, value and weighted value, each currency by itself, never added."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select

from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.pipeline import Stage
from pipeline.models.user import User
from pipeline.queries.filters import Filter, where


@dataclass(frozen=True, slots=True)
class Total:
    """Minor units of one currency."""

    currency: str
    count: int
    value: int
    weighted: int


def weighted() -> ColumnElement[int]:
    """An opportunity's value times its chance, in a query joined to its `Stage`.

    What is won counts whole, what is lost or abandoned nothing. Rounded for each opportunity, so that the columns of a
    board add up to its list.
    """
    chance = case(
        (Opportunity.status == Status.WON, 100),
        (Opportunity.status.in_((Status.LOST, Status.ABANDONED)), 0),
        else_=func.coalesce(Opportunity.probability_override, Stage.probability),
    )
    return (Opportunity.value * chance + 50) // 100


def of(filter: Filter, *, seen_by: User) -> list[Total]:
    """One total for each currency, over all that the filter shows, not only a page of it."""
    found = db.session.execute(
        select(
            Opportunity.currency,
            func.count(Opportunity.id),
            func.sum(Opportunity.value),
            func.sum(weighted()),
        )
        .join(Stage, Opportunity.stage_id == Stage.id)
        .where(where(filter, seen_by=seen_by))
        .group_by(Opportunity.currency)
        .order_by(Opportunity.currency)
    )
    return [Total(currency, count, int(value), int(weight)) for currency, count, value, weight in found]


def count(filter: Filter, *, seen_by: User) -> int:
    return db.session.scalar(select(func.count(Opportunity.id)).where(where(filter, seen_by=seen_by))) or 0
