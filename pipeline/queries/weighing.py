"""What an opportunity counts for in a forecast: its value times its chance."""

from sqlalchemy import ColumnElement, case, func

from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.pipeline import Stage


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
