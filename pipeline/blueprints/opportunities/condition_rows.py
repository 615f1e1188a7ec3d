"""The rows of the form that joins conditions by *and* and *or*, as they were sent: some not yet whole.

A row's fields are named after its group and its place in it: `g0r1.field`, `g0r1.operator`, `g0r1.value`.
"""

import dataclasses
import re
from collections.abc import Iterable
from itertools import groupby

from werkzeug.datastructures import MultiDict

from pipeline.queries import conditions
from pipeline.queries.conditions import FIELDS, OPERATORS, Condition, Field, Group, Kind, Operator
from pipeline.queries.ranges import Period

ROW = re.compile(r"g(\d{1,2})r(\d{1,2})\.field")


@dataclasses.dataclass
class Row:
    field: Field
    operator: Operator
    words: list[str] = dataclasses.field(default_factory=list)
    problem: str = ""

    @property
    def condition(self) -> Condition | None:
        return conditions.condition(self.field, self.operator, self.words)

    @property
    def kind(self) -> Kind:
        return FIELDS[self.field]

    @property
    def operators(self) -> tuple[Operator, ...]:
        return OPERATORS[self.kind]

    @property
    def word(self) -> str:
        return self.words[0] if self.words else ""


Rows = list[list[Row]]


def blank() -> Row:
    return Row(Field.OWNER, Operator.ANY)


def of(groups: Iterable[Group]) -> Rows:
    """The rows that show these conditions; one to begin with when there are none."""
    rows = [[Row(one.field, one.operator, [str(value) for value in one.values]) for one in group] for group in groups]
    return rows or [[blank()]]


def sent(fields: MultiDict[str, str]) -> Rows:
    """The rows as a form sends them. A field that was changed begins with its first operator and without a value."""
    places = sorted((int(found[1]), int(found[2])) for name in fields if (found := ROW.fullmatch(name)))
    return [
        [_row(fields, f"g{group}r{place}") for _, place in several]
        for group, several in groupby(places[: conditions.MOST_GROUPS * conditions.MOST_CONDITIONS], lambda it: it[0])
    ]


def change(rows: Rows, act: str) -> Rows:
    """What a button of the form asks for: `group`, `row-0` (a row more in a group) or `drop-0-1`."""
    verb, *places = act.split("-")
    numbers = [int(place) for place in places if place.isdecimal()]
    match verb, numbers:
        case "group", []:
            rows.append([blank()])
        case "row", [group] if group < len(rows):
            rows[group].append(blank())
        case "drop", [group, place] if group < len(rows) and place < len(rows[group]):
            del rows[group][place]
    return [group[: conditions.MOST_CONDITIONS] for group in rows if group][: conditions.MOST_GROUPS]


def to_go_on_with(rows: Rows, act: str) -> str | None:
    """The field for the keyboard after a button: in the row that came, beside the one that went, or what is wrong."""
    verb, *places = act.split("-")
    last = len(rows) - 1
    match verb, [int(place) for place in places if place.isdecimal()]:
        case "group", []:
            return f"g{last}r0-field"
        case "row", [group] if group <= last:
            return f"g{group}r{len(rows[group]) - 1}-field"
        case "drop", [group, place] if group <= last:
            return f"g{group}r{min(place, len(rows[group]) - 1)}-field"
        case "drop", _:
            return f"g{last}r{len(rows[last]) - 1}-field"
    each = ((f"g{group}r{place}", row) for group, several in enumerate(rows) for place, row in enumerate(several))
    return next((f"{name}-value" for name, row in each if row.problem), None)


def complain(rows: Rows) -> bool:
    """Say at each row that is not whole what it lacks; whether any is so."""
    for row in (row for group in rows for row in group):
        if row.condition is None:
            row.problem = "Tick at least one." if row.kind in {Kind.THINGS, Kind.WORDS} else "Fill this in."
    return any(row.problem for group in rows for row in group)


def groups_of(rows: Rows) -> tuple[Group, ...]:
    """The conditions of the rows that are whole."""
    read = (tuple(found for row in group if (found := row.condition)) for group in rows)
    return tuple(group for group in read if group)


def _row(fields: MultiDict[str, str], name: str) -> Row:
    word = fields[f"{name}.field"]
    asked = Field(word) if word in set(Field) else Field.OWNER
    operators = OPERATORS[FIELDS[asked]]
    operator = fields.get(f"{name}.operator", "")
    way = next((one for one in operators if one == operator), operators[0])
    values = [value for value in fields.getlist(f"{name}.value") if value]
    if fields.get(f"{name}.was") not in {None, asked}:
        way, values = operators[0], []
    if way is Operator.DURING and not set(values) & set(Period):
        values = [Period.TODAY]  # what the list of periods shows when none was chosen
    return Row(asked, way, values)
