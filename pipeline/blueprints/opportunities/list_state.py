"""What a list shows, as its URL says it: which opportunities, in which order, with which columns."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.domain import saved_views
from pipeline.models.user import User
from pipeline.queries import filter_bar, list_columns
from pipeline.queries.filters import Filter
from pipeline.queries.list_columns import Column
from pipeline.queries.opportunity_order import NEWEST, By
from pipeline.queries.sorting import Sort

BESIDE = ("sort", "columns", "view")
"""What stands in the URL of a list besides its filter."""


@dataclass(frozen=True)
class ListState:
    filter: Filter
    sort: Sort[By]
    columns: tuple[Column, ...]

    def asked(self) -> dict[str, str]:
        """All of it, as a saved view or an export keeps it."""
        order = {} if self.sort == NEWEST else {"sort": str(self.sort)}
        return {**self.filter.query(), **order, "columns": list_columns.written(self.columns)}


def read(asked: Mapping[str, str], *, seen_by: User) -> ListState:
    """For those who draw no filters: what is gone is left out of the filter all the same."""
    kept = "" if asked.get("columns") else saved_views.columns_of(seen_by)
    filter = filter_bar.honoured(Filter.read(asked))
    columns = list_columns.chosen(asked.get("columns", ""), kept, filter=filter)
    return ListState(filter, Sort.read(asked, NEWEST), columns)


def hidden(asked: Mapping[str, str]) -> dict[str, str]:
    """What forms and links of the list carry on besides the filter."""
    return {name: asked[name] for name in BESIDE if asked.get(name)}
