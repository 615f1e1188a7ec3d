"""Short lists that come along in one column of another query: JSON on the way, plain values on arrival.

    select(Opportunity, gathered(select(Tag.id, Tag.name).where(…)))

What costs a round trip a list by itself costs one for all of them this way. The two databases name the functions
differently; nothing else here knows which one it is.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BindParameter, ScalarSelect, Select, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

Rows = list[list[Any]]
OneId = BindParameter[int]
"""What the lists hang on, for queries that are built once: which one it is, they are told when they are asked."""


class _Rows(FunctionElement[Rows]):
    """Its columns, row by row, as a list of lists."""

    name = "rows"
    type = JSON()
    inherit_cache = True


def gathered(rows: Select[*tuple[Any, ...]]) -> ScalarSelect[Rows]:
    """The rows of a query as one value: a list for each row, its values in the order selected."""
    found = rows.subquery()
    return select(_Rows(*found.c)).select_from(found).scalar_subquery()


def moment(word: str) -> datetime:
    """A moment as it arrives in a gathered row."""
    found = datetime.fromisoformat(word)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@compiles(_Rows, "sqlite")
def _in_sqlite(rows: _Rows, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_group_array(json_array({compiler.process(rows.clauses, **options)}))"


@compiles(_Rows, "postgresql")
def _in_postgresql(rows: _Rows, compiler: SQLCompiler, **options: Any) -> str:
    return f"coalesce(json_agg(json_build_array({compiler.process(rows.clauses, **options)})), '[]')"
