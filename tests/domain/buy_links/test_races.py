"""Several at the same moment: one link is made, each expires once, and nobody waits for each other for ever."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

from flask import Flask
from sqlalchemy import select

from pipeline import clock
from pipeline.domain import buy_links, lines
from pipeline.domain.buying_facts import BuyLinkExpired
from pipeline.domain.rules import Conflict
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink, LinkState
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User
from pipeline.transaction import transaction
from tests import factories

THREADS = 4


def at_once(app: Flask, *acts: Callable[[], object]) -> list[BaseException]:
    """Do all of these in threads of their own, in one moment. Says what went wrong."""
    start, failures = Barrier(len(acts)), list[BaseException]()

    def do(act: Callable[[], object]) -> None:
        with app.app_context():
            try:
                start.wait()
                act()
            except BaseException as failure:
                failures.append(failure)

    db.session.rollback()
    threads = [Thread(target=do, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.expire_all()
    return failures


def test_of_reps_who_make_a_link_at_the_same_moment_one_does_and_the_others_are_told(app, cast, deal):
    deal_id, rep_id = deal.id, cast.olive.id

    def make():
        with transaction():
            rep = db.session.get_one(User, rep_id)
            buy_links.make(db.session.get_one(Opportunity, deal_id), by=rep, seen_id=None)

    failures = at_once(app, *[make] * THREADS)
    assert [type(failure) for failure in failures] == [Conflict] * (THREADS - 1)
    assert db.session.scalars(select(BuyLink.state)).all() == [LinkState.ACTIVE]


def test_workers_who_sweep_at_the_same_moment_expire_each_link_once(app, cast, sales, noon):
    ids = [
        factories.buy_link(factories.deal(sales, f"Deal {n}"), expires_at=noon + timedelta(days=1)).id
        for n in range(30)
    ]

    def sweep():
        for _ in range(4):
            with transaction():
                buy_links.expire_due(limit=10)

    with clock.frozen(noon + timedelta(days=1)):
        assert at_once(app, *[sweep] * THREADS) == []
    told = db.session.scalars(select(Event.particulars).where(Event.kind == BuyLinkExpired.kind()))
    assert Counter(each["link_id"] for each in told) == Counter(ids)


def test_a_link_is_bought_changed_or_expired_but_one_thing_only(app, cast, deal, noon):
    link_id = factories.buy_link(deal, by=cast.olive, expires_at=noon + timedelta(days=1)).id
    deal_id = deal.id

    def buy():
        with transaction():
            buy_links.mark_purchased(db.session.get_one(BuyLink, link_id))

    def change():
        with transaction():
            line = lines.of(db.session.get_one(Opportunity, deal_id))[0]
            lines.change(line, by=None, quantity=5)

    def sweep():
        with transaction():
            buy_links.expire_due()

    with clock.frozen(noon + timedelta(days=1)):
        assert at_once(app, buy, change, sweep, sweep) == []
    states = dict(db.session.execute(select(BuyLink.id, BuyLink.state)).all())
    assert states.pop(link_id) is LinkState.PURCHASED
    assert set(states.values()) <= {LinkState.SUPERSEDED}
