"""The sums behind the headers equal the live sums, after any sequence of operations by any number of processes."""

import random
from dataclasses import replace

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from sqlalchemy import select, text

from pipeline.domain import owning
from pipeline.extensions import db
from pipeline.kept import stage_sums
from pipeline.models.opportunity import ShareLevel
from pipeline.models.pipeline import Stage
from pipeline.models.user import User
from pipeline.queries import kept_sums
from pipeline.queries.filters import UNFILTERED, Filter, Shown, Whose
from pipeline.settings import Settings
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.kept import stirring
from tests.support.forks import forks

PROCESSES = 4
STEPS = 40
FILTERS = (UNFILTERED, Filter(), Filter(status=Shown.CLOSED), Filter(owner=Whose.MINE), Filter(owner=Whose.NOBODY))


@pytest.fixture
def company(cast: Cast) -> Cast:
    sales = factories.sales_pipeline()
    for number in range(40):
        owner = (None, cast.olive, cast.tom, cast.stan)[number % 4]
        deal = factories.deal(sales, str(number), owner=owner, typed_value=37 * number, stage="Engaging")
        if number % 5 == 0:
            with transaction():
                owning.share(deal, cast.stan, ShareLevel.READ, by=None)
    return cast


def equal(company: Cast) -> None:
    """For everybody, whatever they filter by, everywhere, in the pipeline and in a stage of it."""
    db.session.rollback()
    stage = db.session.scalars(select(Stage).where(Stage.name == "Engaging")).one()
    places = ({}, {"pipeline": stage.pipeline_id}, {"pipeline": stage.pipeline_id, "stage": stage.id})
    for person in (company.ada, company.olive, company.tom, company.stan):
        for filter in (replace(filter, **place) for filter in FILTERS for place in places):
            assert kept(filter, person) == live(filter, person)


def kept(filter: Filter, person: User) -> set[tuple[object, ...]]:
    sums: dict[tuple[object, ...], list[int]] = {}
    for *key, count, value, weighted in db.session.execute(kept_sums.by_stage(filter, seen_by=person)):
        so_far = sums.setdefault(tuple(key), [0, 0, 0])
        sums[tuple(key)] = [a + int(b) for a, b in zip(so_far, (count, value, weighted), strict=True)]
    return {(*key, *numbers) for key, numbers in sums.items()}


def live(filter: Filter, person: User) -> set[tuple[object, ...]]:
    rows = db.session.execute(kept_sums.counted(filter, person))
    return {(stage, status, currency, *map(int, numbers)) for stage, status, currency, *numbers in rows}


@hypothesis(max_examples=12)
@given(steps=st.lists(st.sampled_from(sorted(stirring.STEPS)), min_size=3, max_size=15), seed=st.integers(0, 10**6))
def test_any_sequence_of_operations_keeps_them_equal(company: Cast, steps: list[str], seed: int) -> None:
    chance = random.Random(seed)
    for name in steps:
        stirring.step(name, chance)
    equal(company)


def test_several_processes_at_once_keep_them_equal(company: Cast, settings: Settings) -> None:
    db.session.rollback()
    processes = [forks.Process(target=stirring.stir, args=(settings, seed, STEPS)) for seed in range(PROCESSES)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * PROCESSES
    equal(company)


def test_folding_adds_up_and_loses_nothing(company: Cast, app: Flask) -> None:
    chance = random.Random(1)
    for _ in range(30):
        stirring.step("move", chance)
    stirring.step("fold", chance)
    equal(company)
    doubled = "SELECT count(*) FROM stage_sums GROUP BY stage_id, owner_id, status, currency HAVING count(*) > 1"
    assert not db.session.execute(text(doubled)).all()


def test_they_can_be_made_again_from_the_deals(company: Cast) -> None:
    with transaction():
        db.session.execute(text("DELETE FROM stage_sums"))
        stage_sums.rebuild(db.session.connection())
    equal(company)


def test_a_filter_that_asks_for_more_is_counted_live(company: Cast) -> None:
    assert kept_sums.can_answer(Filter(owner=Whose.MINE, stage=3, pipeline=1))
    assert not kept_sums.can_answer(replace(UNFILTERED, tag=1))
    assert not kept_sums.can_answer(Filter(text="Acme"))


def test_what_is_shared_with_somebody_is_not_looked_for_among_all_deals(company: Cast) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL plans by how many there are")
    for place in ({"pipeline": 1}, {"pipeline": 1, "stage": 3}):
        asked = kept_sums.by_stage(Filter(**place), seen_by=company.stan)
        statement = asked.compile(db.engine, compile_kwargs={"literal_binds": True})
        plan = [step.detail for step in db.session.execute(text(f"EXPLAIN QUERY PLAN {statement}"))]
        found = [step for step in plan if "opportunities" in step]
        assert found == ["SEARCH opportunities USING INTEGER PRIMARY KEY (rowid=?)"], plan
