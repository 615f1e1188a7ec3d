"""A believable demo company: Harbor Bookkeeping, its people, and half a year of deals told by the verbs.

Only into an empty database. Everything is told at the time it happened, so days in stage, timelines and reports hold.
"""

from datetime import timedelta
from operator import itemgetter
from random import Random

from sqlalchemy import delete, select

from pipeline import clock
from pipeline.demo import automations, goods, house, looks, names, offers, orders
from pipeline.demo.house import ADDRESSES, PASSWORD
from pipeline.demo.life import Life, Setting
from pipeline.domain import installation
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.opportunity import LeadSource
from pipeline.models.outbox import OutboxMessage
from pipeline.models.user import User

__all__ = ["ADDRESSES", "DEALS", "PASSWORD", "fill", "is_possible"]

DEALS = 110
SEED = 1494  # Pacioli's year


def is_possible() -> bool:
    """Whether nobody is here yet."""
    return db.session.scalar(select(User.id).limit(1)) is None


def fill() -> None:
    """Write the demo into the caller's transaction. Refuses a database that has people in it."""
    if not is_possible():
        raise RuleBroken("The demo goes only into an empty database, and this one has people in it.")
    here = installation.kept()
    here.is_demo, here.company_name, here.currency = True, "Harbor Bookkeeping", "USD"
    present = clock.now()
    with clock.frozen(present - timedelta(days=200)):
        people = house.people()
        pipeline = house.selling(by=people["ada"])
        sources = [LeadSource(name=name) for name in names.SOURCES]
        db.session.add_all(sources)
        db.session.flush()
        sold = goods.price_list(by=people["ada"])
        starter = goods.starter(sold, by=people["ada"])
        looks.dress(pipeline, by=people["ada"])
    dice = Random(SEED)  # noqa: S311 — a story, not a secret
    _live(Setting(pipeline, sources, sold, starter, present, dice), people)
    house.share(people)
    house.keep_views(people)
    # What the past promised was kept in the past: nothing of it falls due today.
    db.session.execute(delete(OutboxMessage))
    automations.write(pipeline, by=people["ada"])
    automations.set_off(pipeline, by=people["olive"])


def _live(setting: Setting, people: dict[str, User]) -> None:
    reps = [people[name] for name in ("olive", "olive", "tom", "stan")]
    lives = [Life(number, reps[number % len(reps)], setting) for number in range(DEALS)]
    acts = [act for life in lives for act in life.acts()]
    acts += offers.acts(lives, people, setting)
    acts += orders.acts(setting)
    for at, act in sorted(acts, key=itemgetter(0)):
        with clock.frozen(at):
            act()
