"""Everything that can happen to a deal's sums, by chance: through the domain's verbs, and past them."""

import random
from collections.abc import Callable, Mapping
from contextlib import suppress

from sqlalchemy import select, update

from pipeline import create_app
from pipeline.domain import holding, moves, opportunities, owning, stage_retirement, stages
from pipeline.domain.opportunities import Details
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.kept import stage_sums
from pipeline.models.contact import Contact
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.pipeline import Pipeline, Stage, StageKind
from pipeline.models.user import User
from pipeline.settings import Settings
from pipeline.transaction import transaction

Chance = random.Random


def stir(settings: Settings, seed: int, steps: int) -> None:
    """What one process of several does."""
    app = create_app(settings)
    with app.app_context():
        chance = Chance(seed)
        for _ in range(steps):
            step(chance.choice(list(STEPS)), chance)
        db.engine.dispose()


def step(name: str, chance: Chance) -> None:
    with suppress(RuleBroken), transaction():
        STEPS[name](chance)


def create(chance: Chance) -> None:
    pipeline = db.session.scalars(select(Pipeline)).one()
    details = Details(title="New", typed_value=chance.randrange(10_000))
    person = db.session.scalars(select(Contact)).first()
    assert person
    opportunities.create(pipeline, person, by=None, details=details, owner=some_owner(chance))


def change(chance: Chance) -> None:
    deal = some_deal(chance)
    if chance.random() < 0.5:
        opportunities.change(deal, by=None, typed_value=chance.randrange(10_000))
    else:
        opportunities.change(deal, by=None, probability_override=chance.choice((None, 33)))


def move(chance: Chance) -> None:
    moves.move(some_deal(chance), some_stage(chance), by=None)


def close(chance: Chance) -> None:
    moves.set_status(some_deal(chance), chance.choice(list(Status)), by=None)


def own(chance: Chance) -> None:
    owning.assign(some_deal(chance), some_owner(chance), by=None)


def delete(chance: Chance) -> None:
    opportunities.delete(some_deal(chance), by=None)


def restore(chance: Chance) -> None:
    gone = select(Opportunity).where(Opportunity.deleted_at.is_not(None)).order_by(Opportunity.id)
    found = db.session.scalars(gone).first()
    if found:
        opportunities.restore(found, by=None)


def reweigh(chance: Chance) -> None:
    stages.change(some_stage(chance), by=None, probability=chance.randrange(101))


def retire(chance: Chance) -> None:
    if len(open_stages()) > 3:
        stage_retirement.retire(open_stages()[-1], open_stages()[0], by=None)


def write_many(chance: Chance) -> None:
    """A statement over many rows at once, past every verb, but in the order in which all take what they write."""
    holding.hold_all_places()
    ids = sorted(chance.sample(range(1, 40), 8))
    held = select(Opportunity.id).where(Opportunity.id.in_(ids)).order_by(Opportunity.id).with_for_update()
    db.session.execute(held)
    other = {"value": Opportunity.value + chance.randrange(1000), "currency": chance.choice(("USD", "EUR"))}
    db.session.execute(update(Opportunity).where(Opportunity.id.in_(ids)).values(other))


def fail(chance: Chance) -> None:
    """What is taken back counts for nothing."""
    close(chance)
    raise RuleBroken("Changed my mind.")


def fold(chance: Chance) -> None:
    stage_sums.fold(db.session.connection(), at_once=True)


STEPS: Mapping[str, Callable[[Chance], None]] = {
    step.__name__: step
    for step in (create, change, move, close, own, delete, restore, reweigh, retire, write_many, fail, fold)
}


def some_deal(chance: Chance) -> Opportunity:
    numbers = db.session.scalars(
        select(Opportunity.id).where(Opportunity.deleted_at.is_(None)).order_by(Opportunity.id)
    ).all()
    if not numbers:
        raise RuleBroken("There is none.")
    return db.session.get_one(Opportunity, chance.choice(numbers))


def some_stage(chance: Chance) -> Stage:
    pipeline = db.session.scalars(select(Pipeline)).one()
    return chance.choice(pipeline.stages)


def open_stages() -> list[Stage]:
    pipeline = db.session.scalars(select(Pipeline)).one()
    return [stage for stage in pipeline.stages if stage.kind is StageKind.WORKING]


def some_owner(chance: Chance) -> User | None:
    reps = db.session.scalars(select(User).where(User.name.in_(("Olive Owner", "Tom Team"))).order_by(User.id)).all()
    return chance.choice([None, *reps])
