"""What each stage of a board holds, over all its rows: count, value and weighted value, each currency by itself."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pipeline.extensions import db
from pipeline.models.pipeline import Pipeline
from pipeline.models.user import User
from pipeline.queries import anyone, kept_sums
from pipeline.queries.built import Built
from pipeline.queries.filters import Filter, Shown
from pipeline.queries.totals import Total, added

_KEPT: Built[kept_sums.Sums] = Built()


@dataclass(slots=True)
class Sums:
    """The totals of what the filter shows, and how many it would show had they another status."""

    totals: list[Total] = field(default_factory=list)
    not_shown: int = 0


def of(pipeline: Pipeline, filter: Filter, *, seen_by: User) -> Mapping[int, Sums]:
    """By the stage's id; one query, whatever the status asked for."""
    shown: dict[int, list[Total]] = defaultdict(list)
    sums: dict[int, Sums] = defaultdict(Sums)
    whatever = replace(filter, status=Shown.ALL, pipeline=pipeline.id)

    def build(reader: User) -> kept_sums.Sums:
        return kept_sums.by_stage(whatever, seen_by=reader)

    asked = _KEPT.for_all_like(seen_by, whatever, build=build)
    rows = db.session.execute(asked, anyone.who(seen_by))
    for stage_id, status, currency, count, value, weight in rows:
        if status in filter.status.statuses:
            shown[stage_id].append(Total(currency, int(count), int(value), int(weight)))
        else:
            sums[stage_id].not_shown += int(count)
    for stage_id, totals in shown.items():
        sums[stage_id].totals = added(totals)
    return sums
