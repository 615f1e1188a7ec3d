"""A filter in words: a short label for each of its parts, and a sentence for conditions joined by *and* and *or*."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pipeline.queries.conditions import Condition, Field, Group, Operator, Step, Value, Whose
from pipeline.queries.filters import Filter, Shown
from pipeline.queries.matching import at_beginnings
from pipeline.queries.ranges import Dates, Period, Values

Names = Mapping[str, Mapping[int, str]]
"""What things are called, by kind and number; those that are gone have no name."""

STATUSES = {
    Shown.OPEN: "Open",
    Shown.WON: "Won",
    Shown.LOST: "Lost",
    Shown.ABANDONED: "Abandoned",
    Shown.CLOSED: "All closed",
    Shown.ALL: "All statuses",
}
OWNERS = {Whose.ANYONE: "Anyone", Whose.MINE: "Me", Whose.TEAM: "My team", Whose.NOBODY: "No owner"}
DAYS = {
    "close": "Expected close",
    "next": "Next action",
    "created": "Created",
    "entered": "Entered stage",
    "closed": "Closed",
}
PERIODS = {
    Period.TODAY: "today",
    Period.WEEK: "this week",
    Period.MONTH: "this month",
    Period.QUARTER: "this quarter",
    Period.NEXT_7: "in the next 7 days",
    Period.NEXT_30: "in the next 30 days",
    Period.LAST_7: "in the last 7 days",
    Period.LAST_30: "in the last 30 days",
    Period.OVERDUE: "before today",
    Period.NEVER: "not set",
}
STEPS = {Step.MISSING: "No next step", Step.PLANNED: "Has a next step", Step.ROTTING: "Rotting"}
PARTS = {
    "pipeline": "pipeline", "stage": "stage", "status": "status", "owner": "owner", "tag": "tag", "source": "source",
    "q": "text", "where": "conditions", "step": "next step", "value": "value",
    "order": "order",
} | {name: spoken.lower() for name, spoken in DAYS.items()}  # fmt: skip
FIELDS = {
    Field.OWNER: "Owner", Field.STAGE: "Stage", Field.PIPELINE: "Pipeline", Field.STATUS: "Status", Field.TAG: "Tag",
    Field.SOURCE: "Source", Field.VALUE: "Value", Field.STEP: "Next step", Field.TEXT: "Text",
} | {Field(name): spoken for name, spoken in DAYS.items()}  # fmt: skip
OPERATORS = {
    Operator.ANY: "is any of",
    Operator.NONE: "is none of",
    Operator.AT_LEAST: "is at least",
    Operator.AT_MOST: "is at most",
    Operator.DURING: "is",
    Operator.SINCE: "is on or after",
    Operator.UNTIL: "is on or before",
    Operator.SAYS: "has",
    Operator.SAYS_NOT: "has not",
}
WORDS: Mapping[str, str] = {
    Whose.MINE: "me", Whose.TEAM: "my team", Whose.NOBODY: "nobody", Step.MISSING: "missing", Step.PLANNED: "planned",
    Step.ROTTING: "overdue by the rotting clock",
}  # fmt: skip


def parts(filter: Filter, names: Names) -> Mapping[str, str]:
    """The label of each part that may be active, by its name."""

    def name(kind: str) -> str:
        return names[kind].get(getattr(filter, kind), "one that is gone")

    return {
        "pipeline": f"Pipeline: {name('pipeline')}",
        "stage": f"Stage: {name('stage')}",
        "status": STATUSES[filter.status],
        "owner": f"Owner: {' or '.join(_owner(owner, names) for owner in filter.owners)}",
        "tag": f"Tag: {name('tag')}",
        "source": f"Source: {name('source')}",
        "text": quoted(filter.text),
        "value": f"Value {_span(filter.value)}",
        "step": STEPS.get(filter.step or Step.MISSING, ""),
    } | {day: f"{spoken} {_span(getattr(filter, day))}" for day, spoken in DAYS.items()}


def sentence(groups: Iterable[Group], names: Names) -> str:
    """“Owner is Olive and value is at least 10,000, or tagged VIP”."""
    said = ", or ".join(together(group, names) for group in groups)
    return said[:1].upper() + said[1:]


def together(group: Group, names: Names) -> str:
    return " and ".join(clause(one, names) for one in group)


def clause(asked: Condition, names: Names) -> str:
    """One condition, to stand within a sentence."""
    field, values = asked.field, list(_values(asked, names))
    what = FIELDS[field].lower()
    match asked.operator:
        case Operator.ANY | Operator.NONE:
            no = asked.operator is Operator.NONE
            listed = " or ".join(values)
            if field is Field.TAG:
                return f"{'not ' if no else ''}tagged {listed}"
            return f"{what} is {'not ' if no else ''}{listed}"
        case Operator.SAYS | Operator.SAYS_NOT:
            return f"text {OPERATORS[asked.operator]} {quoted(values[0])}"
        case _:
            return f"{what} {OPERATORS[asked.operator]} {values[0]}"


def _values(asked: Condition, names: Names) -> Iterator[str]:
    for value in asked.values:
        if isinstance(value, StrEnum):
            yield PERIODS[value] if isinstance(value, Period) else _word(asked.field, value)
        elif isinstance(value, int):
            yield names.get(asked.field, {}).get(value, "one that is gone")
        else:
            yield written(value)


def _word(field: Field, word: StrEnum) -> str:
    return "not known" if field is Field.SOURCE else WORDS.get(word, str(word))


def quoted(text: str) -> str:
    """What is looked for; and which of its words are found only where one begins, being short."""
    short = " and ".join(f"“{word}”" for word in at_beginnings(text))
    whole = f"“{text}”"
    if not short:
        return whole
    return f"{whole} where a word begins" if len(text.split()) == 1 else f"{whole}, {short} where a word begins"


def written(value: Value) -> str:
    """A day or an amount, as people write them."""
    if isinstance(value, date):
        return f"{value.day} {value:%b %Y}"
    return f"{value:,}" if isinstance(value, Decimal) else str(value)


def _owner(owner: Any, names: Names) -> str:
    return OWNERS[owner] if isinstance(owner, Whose) else names["owner"].get(owner, "one that is gone")


def _span(span: Values | Dates) -> str:
    if isinstance(span, Dates) and span.period is not None:
        return PERIODS[span.period]
    if span.start is None:
        return f"up to {written(span.end)}" if span.end is not None else ""
    return f"from {written(span.start)}" + (f" to {written(span.end)}" if span.end is not None else "")
