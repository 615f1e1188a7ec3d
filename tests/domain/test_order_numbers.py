"""Numbers of orders without gaps or doubles, whoever orders at the same time and whatever is undone."""

from contextlib import suppress
from typing import NoReturn

from flask import Flask
from sqlalchemy import select

from pipeline import create_app
from pipeline.domain import orders
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity
from pipeline.models.order import Order
from pipeline.settings import Settings
from pipeline.transaction import transaction
from tests import factories, selling
from tests.support.forks import forks

PROCESSES = 4
ORDERS = 12


def test_several_processes_at_once_leave_no_gap(app: Flask, settings: Settings) -> None:
    deals = []
    for number in range(PROCESSES):
        deals.append(factories.deal(factories.sales_pipeline(f"Sales {number}")))
        selling.line(deals[-1])
    ids = [deal.id for deal in deals]
    db.session.rollback()
    processes = [forks.Process(target=order_and_regret, args=(settings, deal_id)) for deal_id in ids]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * PROCESSES
    numbers = sorted(db.session.scalars(select(Order.number)))
    assert numbers == list(range(1001, 1001 + PROCESSES * ORDERS))


def order_and_regret(settings: Settings, deal_id: int) -> None:
    """Place so many orders, and take every one back once before it is placed."""
    with create_app(settings).app_context():
        for _ in range(ORDERS):
            with suppress(RuleBroken), transaction():
                orders.place_by_hand(db.session.get_one(Opportunity, deal_id), by=None)
                change_ones_mind()
            with transaction():
                orders.place_by_hand(db.session.get_one(Opportunity, deal_id), by=None)


def change_ones_mind() -> NoReturn:
    raise RuleBroken("Rather not.")
