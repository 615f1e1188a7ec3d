"""Whatever admins do to stages in whatever order, places stay dense, names unique and endings single."""

from collections import Counter
from contextlib import suppress

from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.domain import stage_retirement, stages
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.pipeline import Pipeline, StageKind
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast

SOME = st.integers(0, 8)
STEPS = st.one_of(
    st.tuples(st.just("place"), SOME, SOME),
    st.tuples(st.just("retire"), SOME, SOME),
    st.tuples(st.just("kind"), SOME, st.integers(0, 3)),
    st.tuples(st.just("add"), st.integers(0, 3), st.integers(0, 3)),
    st.tuples(st.just("rename"), SOME, st.integers(0, 3)),
)
NAMES = ("Contacting", "contacting", "New", "Later")
KINDS = tuple(StageKind)


@settings(max_examples=15)
@given(steps=st.lists(STEPS, min_size=3, max_size=10))
def test_any_sequence_keeps_a_pipeline_in_order(app: Flask, cast: Cast, steps: list[tuple[str, int, int]]) -> None:
    number = db.session.query(Pipeline).count()
    pipeline = factories.sales_pipeline(f"Sales {number}")
    for stage in ("Contacting", "Closing", "Won"):
        factories.deal(pipeline, stage=stage)
    for kind, first, second in steps:
        with suppress(RuleBroken), transaction():
            step(pipeline, cast, kind, first, second)
        stand_in_order(pipeline)


def step(pipeline: Pipeline, cast: Cast, kind: str, first: int, second: int) -> None:
    if kind == "add":
        stages.add(pipeline, NAMES[first], by=cast.ada, kind=KINDS[second])
        return
    here = pipeline.stages[first % len(pipeline.stages)]
    match kind:
        case "place":
            stages.place(here, second, by=cast.ada)
        case "retire":
            stage_retirement.retire(here, pipeline.stages[second % len(pipeline.stages)], by=cast.ada)
        case "kind":
            stages.change(here, by=cast.ada, kind=KINDS[second])
        case "rename":
            stages.change(here, by=cast.ada, name=NAMES[second])


def stand_in_order(pipeline: Pipeline) -> None:
    db.session.rollback()
    in_use = pipeline.stages
    assert [stage.position for stage in in_use] == list(range(len(in_use)))
    assert len({stage.name.casefold() for stage in in_use}) == len(in_use)
    kinds = Counter(stage.kind for stage in in_use)
    assert kinds[StageKind.WON] <= 1
    assert kinds[StageKind.LOST] <= 1
    for deal in db.session.query(Opportunity).filter_by(pipeline_id=pipeline.id):
        assert deal.stage in in_use
        if deal.stage.outcome:
            assert deal.status is Status(deal.stage.outcome)
