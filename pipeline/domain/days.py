"""Days as deals have them: far from a year that was mistyped."""

from datetime import date

from pipeline.domain.rules import RuleBroken

FIRST, LAST = date(1970, 1, 1), date(2199, 12, 31)


def refuse_mistyped(*days: date | None) -> None:
    """Refuses a day that nobody can mean."""
    if any(day is not None and not FIRST <= day <= LAST for day in days):
        raise RuleBroken(f"Check the year; it can be from {FIRST.year} to {LAST.year}.")
