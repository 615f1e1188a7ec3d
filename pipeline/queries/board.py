"""The board of a pipeline: a column for each stage, with totals over all its rows and its first cards.

Six queries, however many cards and stages there are: pipeline, stages, totals, cards, their tags, what to filter by.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from pipeline.domain.rules import NotVisible
from pipeline.extensions import db
from pipeline.models.pipeline import Pipeline, Stage
from pipeline.models.user import User
from pipeline.queries import board_cards, board_sums
from pipeline.queries.board_cards import Card, Place
from pipeline.queries.filters import Filter, Shown
from pipeline.queries.totals import Total

PAGE = 25
MOST = 500


@dataclass(frozen=True, slots=True)
class Column:
    """A stage's first cards; `totals` count all it shows, `not_shown` what its status keeps from view."""

    stage: Stage
    cards: Sequence[Card]
    totals: Sequence[Total]
    not_shown: int
    filter: Filter

    @property
    def count(self) -> int:
        return sum(total.count for total in self.totals)

    @property
    def is_folded(self) -> bool:
        """An ending while only open ones are shown: a place to drop on, with nothing to show."""
        return self.filter.status is Shown.OPEN and self.stage.outcome is not None and not self.count

    @property
    def status_not_shown(self) -> Shown:
        """The filter that would show what is not."""
        return Shown(self.stage.outcome) if self.stage.outcome else Shown.CLOSED


@dataclass(frozen=True, slots=True)
class Board:
    pipeline: Pipeline
    columns: Sequence[Column]
    filter: Filter

    @property
    def count(self) -> int:
        return sum(column.count for column in self.columns)

    @property
    def closed_not_shown(self) -> int:
        return sum(column.not_shown for column in self.columns) if self.filter.status is Shown.OPEN else 0

    @property
    def endings(self) -> Sequence[Column]:
        return [column for column in self.columns if column.stage.outcome]


def pipelines() -> Sequence[Pipeline]:
    """Those in use, in their order."""
    return db.session.scalars(
        select(Pipeline).where(Pipeline.archived_at.is_(None)).order_by(Pipeline.position, Pipeline.id)
    ).all()


def of(pipeline: Pipeline, filter: Filter, *, seen_by: User) -> Board:
    """The whole board as the filter shows it to this person."""
    asked = replace(filter, pipeline=pipeline.id, stage=None)
    return Board(pipeline, columns(pipeline.stages, asked, seen_by=seen_by), asked)


def columns(
    stages: Sequence[Stage], filter: Filter, *, seen_by: User, sizes: dict[int, int] | None = None
) -> Sequence[Column]:
    """Some columns of a board, with as many cards as `sizes` says of a stage, else a page of them."""
    if not stages:
        return []
    sizes = {stage.id: min(max((sizes or {}).get(stage.id, PAGE), PAGE), MOST) for stage in stages}
    cards = board_cards.on_top(stages, filter, sizes, seen_by=seen_by)
    sums = board_sums.of(stages, filter, seen_by=seen_by)
    return [Column(stage, cards[stage.id], sums[stage.id].totals, sums[stage.id].not_shown, filter) for stage in stages]


def more(stage: Stage, filter: Filter, below: Place, *, seen_by: User) -> tuple[Sequence[Card], bool]:
    """The next page of a column's cards, and whether there are still more."""
    cards = board_cards.on_top([stage], filter, {stage.id: PAGE + 1}, seen_by=seen_by, below=below)[stage.id]
    return cards[:PAGE], len(cards) > PAGE


def stage(stage_id: int) -> Stage:
    """A stage in use."""
    found = db.session.get(Stage, stage_id)
    if found is None or found.retired_at is not None:
        raise NotVisible("stage")
    return found
