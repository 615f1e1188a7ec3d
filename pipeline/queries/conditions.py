"""Conditions that can be combined: all of a group, any of the groups. Read from one word of a URL and written back.

    owner.any.3,mine;value.min.10000|tag.any.4

means: owned by the third person or me and worth 10,000 or more; or else tagged with the fourth tag. What a field can be
asked, and with which values, comes from `FIELDS`; whatever else stands in a URL is left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import chain
from urllib.parse import quote, unquote

from pipeline.models.opportunity import Status
from pipeline.queries import reading

MOST_GROUPS = 6
MOST_CONDITIONS = 10
MOST_VALUES = 50


class Whose(StrEnum):
    ANYONE = "all"
    MINE = "mine"
    TEAM = "team"
    NOBODY = "none"


class Field(StrEnum):
    OWNER = "owner"
    STAGE = "stage"
    PIPELINE = "pipeline"
    STATUS = "status"
    TAG = "tag"
    SOURCE = "source"
    VALUE = "value"
    CLOSE = "close"
    NEXT = "next"
    CREATED = "created"
    ENTERED = "entered"
    CLOSED = "closed"
    STEP = "step"
    TEXT = "text"


class Operator(StrEnum):
    ANY = "any"
    NONE = "none"
    AT_LEAST = "min"
    AT_MOST = "max"
    DURING = "in"
    SINCE = "from"
    UNTIL = "to"
    SAYS = "says"
    SAYS_NOT = "not"


class Unset(StrEnum):
    """In place of a thing, that there is none."""

    NONE = "none"


class Step(StrEnum):
    """Whether a deal that is being worked has a dated next step, or is even forgotten."""

    MISSING = "missing"
    PLANNED = "planned"
    ROTTING = "rotting"


Value = int | Decimal | date | str


class Kind(StrEnum):
    """What the values of a field are."""

    THINGS = "things"
    WORDS = "words"
    AMOUNT = "amount"
    DATES = "dates"
    TEXT = "text"


OPERATORS: dict[Kind, tuple[Operator, ...]] = {
    Kind.THINGS: (Operator.ANY, Operator.NONE),
    Kind.WORDS: (Operator.ANY, Operator.NONE),
    Kind.AMOUNT: (Operator.AT_LEAST, Operator.AT_MOST),
    Kind.DATES: (Operator.DURING, Operator.SINCE, Operator.UNTIL),
    Kind.TEXT: (Operator.SAYS, Operator.SAYS_NOT),
}
DATES = (Field.CLOSE, Field.NEXT, Field.CREATED, Field.ENTERED, Field.CLOSED)
FIELDS: dict[Field, Kind] = {
    Field.OWNER: Kind.THINGS,
    Field.STAGE: Kind.THINGS,
    Field.PIPELINE: Kind.THINGS,
    Field.STATUS: Kind.WORDS,
    Field.TAG: Kind.THINGS,
    Field.SOURCE: Kind.THINGS,
    Field.VALUE: Kind.AMOUNT,
    **dict.fromkeys(DATES, Kind.DATES),
    Field.STEP: Kind.WORDS,
    Field.TEXT: Kind.TEXT,
}
WORDS: dict[Field, tuple[StrEnum, ...]] = {
    Field.OWNER: (Whose.MINE, Whose.TEAM, Whose.NOBODY),
    Field.STATUS: tuple(Status),
    Field.SOURCE: (Unset.NONE,),
    Field.STEP: tuple(Step),
}
"""What may be said beside, or in place of, the number of a thing."""


@dataclass(frozen=True)
class Condition:
    """One thing asked of a deal. Those with several values ask for any, or none, of them."""

    field: Field
    operator: Operator
    values: tuple[Value, ...]

    def __str__(self) -> str:
        return f"{self.field}.{self.operator}.{','.join(quote(str(value), safe='') for value in self.values)}"


Group = tuple[Condition, ...]
"""All of these must be so."""


def condition(field: str, operator: str, words: Sequence[str]) -> Condition | None:
    """The condition that these words make, without the values that make no sense; none when nothing is left of it."""
    if field not in set(Field):
        return None
    asked = Field(field)
    if operator not in OPERATORS[FIELDS[asked]]:
        return None
    way = Operator(operator)
    read = [_value(asked, way, word) for word in words[:MOST_VALUES]]
    values = tuple(dict.fromkeys(value for value in read if value is not None))
    if way not in {Operator.ANY, Operator.NONE}:
        values = values[:1]
    return Condition(asked, way, values) if values else None


def read(text: str) -> tuple[Group, ...]:
    """The groups that a word of a URL asks for, without what makes no sense."""
    groups = []
    for part in text.split("|")[:MOST_GROUPS]:
        found = [_read(one) for one in part.split(";")[:MOST_CONDITIONS]]
        if group := tuple(dict.fromkeys(one for one in found if one is not None)):
            groups.append(group)
    return tuple(dict.fromkeys(groups))


def written(groups: Iterable[Group]) -> str:
    """The word that stands for them in a URL."""
    return "|".join(";".join(str(one) for one in group) for group in groups)


def count(text: str) -> int:
    """How many conditions a word of a URL asks for, whether they make sense or not."""
    return sum(bool(one) for part in text.split("|") for one in part.split(";"))


def each(groups: Iterable[Group]) -> Iterable[Condition]:
    return chain.from_iterable(groups)


def _read(text: str) -> Condition | None:
    field, _, rest = text.partition(".")
    operator, _, values = rest.partition(".")
    return condition(field, operator, [unquote(word) for word in values.split(",")])


def _value(field: Field, operator: Operator, word: str) -> Value | None:
    asked = {"": word}
    for known in WORDS.get(field, ()):
        if word == known:
            return known
    match FIELDS[field]:
        case Kind.THINGS:
            return reading.number(asked, "")
        case Kind.AMOUNT:
            return reading.amount(asked, "")
        case Kind.DATES:
            return reading.period(asked, "") if operator is Operator.DURING else reading.day(asked, "")
        case Kind.TEXT:
            return reading.text(asked, "") or None
        case Kind.WORDS:
            return None
