"""Admins and reps at the same time: no deal is left in a stage that was retired meanwhile."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import cycle, islice
from threading import Barrier, Thread

from flask import Flask
from sqlalchemy import select

from pipeline.domain import moves, stage_retirement
from pipeline.domain.holding import take
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Stage
from pipeline.models.user import User
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.factories import stage_named

REPS = 3
MOVES = 12


def test_a_stage_that_is_retired_while_deals_move_ends_up_empty(app: Flask, cast: Cast) -> None:
    sales = factories.sales_pipeline()
    deals = [factories.deal(sales, str(number), stage="Contacting").id for number in range(REPS)]
    old, new = stage_named(sales, "Contacting").id, stage_named(sales, "Engaging").id
    start, failures = Barrier(REPS + 1), list[BaseException]()
    movers = zip(deals, (None, cast.ada.id, cast.olive.id), strict=True)
    threads = [Thread(target=work, args=(app, start, *one, (new, old), failures)) for one in movers]
    threads.append(Thread(target=retire, args=(app, start, old, new, cast.ada.id, failures)))
    db.session.rollback()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert set(db.session.scalars(select(Opportunity.stage_id).where(Opportunity.id.in_(deals)))) == {new}


def work(
    app: Flask,
    start: Barrier,
    deal_id: int,
    person_id: int | None,
    stages: tuple[int, int],
    failures: list[BaseException],
) -> None:
    """Move one deal to and fro, as long as that is allowed: as the system, or as a person who takes it to move it."""
    with app.app_context():
        try:
            start.wait()
            for stage_id in to_and_fro(stages):
                with suppress(RuleBroken), transaction():
                    person = db.session.get_one(User, person_id) if person_id else None
                    deal = take(deal_id, to=person) if person else db.session.get_one(Opportunity, deal_id)
                    moves.move(deal, db.session.get_one(Stage, stage_id), by=person)
        except BaseException as failure:
            failures.append(failure)


def retire(app: Flask, start: Barrier, old: int, new: int, admin_id: int, failures: list[BaseException]) -> None:
    with app.app_context():
        try:
            start.wait()
            with transaction():
                stages = db.session.get_one(Stage, old), db.session.get_one(Stage, new)
                stage_retirement.retire(*stages, by=db.session.get_one(User, admin_id))
        except BaseException as failure:
            failures.append(failure)


def to_and_fro(stages: tuple[int, int]) -> Iterator[int]:
    return islice(cycle(stages), MOVES)
