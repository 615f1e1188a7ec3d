"""The board of a pipeline: a column for each stage, with totals over all its rows and its first cards.

Six queries, however many cards and stages there are: pipeline, stages, totals, cards, their tags, what to filter by.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from pipeline import clock
from pipeline.domain.rules import NotVisible
from pipeline.extensions import db
from pipeline.models.pipeline import Pipeline, Stage
from pipeline.models.user import User
from pipeline.queries import board_cards, board_stamps, board_sums
from pipeline.queries.board_cards import Card
from pipeline.queries.board_order import Place
from pipeline.queries.filters import Filter, Shown
from pipeline.queries.totals import Total, added

PAGE = 25
MOST = 500
IN_USE = (
    select(Pipeline)
    .where(Pipeline.archived_at.is_(None))
    .options(joinedload(Pipeline.all_stages))
    .order_by(Pipeline.position, Pipeline.id)
)


@dataclass(frozen=True, slots=True)
class Column:
    """A stage's first cards; `totals` count all it shows, `not_shown` what its status keeps from view."""

    stage: Stage
    cards: Sequence[Card]
    totals: Sequence[Total]
    not_shown: int
    status: Shown

    @property
    def count(self) -> int:
        return sum(total.count for total in self.totals)

    @property
    def is_folded(self) -> bool:
        """An ending while only open ones are shown: a place to drop on, with nothing to show."""
        return self.status is Shown.OPEN and self.stage.outcome is not None and not self.count

    @property
    def stamp(self) -> str:
        """The same for as long as the column looks the same."""
        return board_stamps.of(self.stage, self.cards, self.totals, self.not_shown)

    @property
    def status_not_shown(self) -> Shown:
        """The filter that would show what is not."""
        if self.status is not Shown.OPEN:
            return Shown.ALL
        return Shown(self.stage.outcome.value) if self.stage.outcome else Shown.CLOSED


@dataclass(frozen=True, slots=True)
class Board:
    """A pipeline's columns, as they were `as_of` that moment."""

    pipeline: Pipeline
    filter: Filter
    columns: Sequence[Column]
    as_of: datetime

    @property
    def totals(self) -> Sequence[Total]:
        """What all columns come to."""
        return added(total for column in self.columns for total in column.totals)

    @property
    def count(self) -> int:
        """How many the filter shows."""
        return sum(column.count for column in self.columns)

    @property
    def closed_not_shown(self) -> int:
        return sum(column.not_shown for column in self.columns) if self.filter.status is Shown.OPEN else 0

    @property
    def endings(self) -> Sequence[Column]:
        return [column for column in self.columns if column.stage.outcome]


def pipelines() -> Sequence[Pipeline]:
    """Those in use, in their order, with their stages."""
    return db.session.scalars(IN_USE).unique().all()


def of(
    pipeline: Pipeline,
    filter: Filter,
    *,
    seen_by: User,
    only: Collection[int] | None = None,
    sizes: Mapping[int, int] | None = None,
) -> Board:
    """The board as the filter shows it to this person.

    With the cards of `only` some stages, when the others are not wanted; and with as many as `sizes` says of a stage.
    """
    as_of = clock.now()
    shown = [stage for stage in pipeline.stages if filter.stage in {None, stage.id}]
    if not shown:
        return Board(pipeline, filter, [], as_of)
    drawn = [stage for stage in shown if only is None or stage.id in only]
    wanted = {stage.id: min(max((sizes or {}).get(stage.id, PAGE), PAGE), MOST) for stage in drawn}
    cards = board_cards.on_top(drawn, filter, wanted, seen_by=seen_by)
    sums = board_sums.of(pipeline, filter, seen_by=seen_by)
    columns = [
        Column(stage, cards.get(stage.id, ()), sums[stage.id].totals, sums[stage.id].not_shown, filter.status)
        for stage in shown
    ]
    return Board(pipeline, filter, columns, as_of)


def more(stage: Stage, filter: Filter, below: Place, *, seen_by: User) -> tuple[Sequence[Card], bool]:
    """The next page of a column's cards, and whether there are still more."""
    cards = board_cards.on_top([stage], filter, {stage.id: PAGE + 1}, seen_by=seen_by, below=below)[stage.id]
    return cards[:PAGE], len(cards) > PAGE


def pipeline(pipeline_id: int) -> Pipeline:
    """A pipeline in use."""
    found = db.session.get(Pipeline, pipeline_id, options=[joinedload(Pipeline.all_stages)])
    if found is None or found.archived_at is not None:
        raise NotVisible("pipeline")
    return found


def stage(stage_id: int) -> Stage:
    """A stage in use."""
    found = db.session.get(Stage, stage_id)
    if found is None or found.retired_at is not None:
        raise NotVisible("stage")
    return found
