"""Changing many, done at once instead of by the workers."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline.domain.bulk import change_of, runs
from pipeline.extensions import db
from pipeline.models.bulk_run import BulkItem, BulkRun, BulkVerb, ItemState
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Pipeline
from pipeline.models.user import User
from pipeline.transaction import transaction
from tests import factories

Begin = Callable[..., BulkRun]


@pytest.fixture
def sales(app: Flask) -> Pipeline:
    return factories.sales_pipeline()


@pytest.fixture
def begin(app: Flask) -> Begin:
    """Starts a run over some deals: `begin("assign", [deal], by=cast.olive, owner_id=cast.tom.id)`."""

    def begun(
        verb: str, deals: list[Opportunity], *, by: User, with_automation: bool = False, **arguments: Any
    ) -> BulkRun:
        verb, ids = BulkVerb(verb), [deal.id for deal in deals]
        with transaction():
            return runs.start(
                verb,
                change_of(verb).Arguments(**arguments),
                select(Opportunity.id).where(Opportunity.id.in_(ids)),
                by=by,
                expected=len(ids),
                with_automation=with_automation,
            )

    return begun


@pytest.fixture
def change(begin: Begin) -> Begin:
    """Starts a run and does all of it."""

    def changed(*asked: Any, **more: Any) -> BulkRun:
        return finish(begin(*asked, **more))

    return changed


def finish(run: BulkRun) -> BulkRun:
    while run.is_running:
        with transaction():
            runs.go_on(run.id)
    return run


def undone(run: BulkRun) -> BulkRun:
    with transaction():
        back = runs.undo(run, by=run.started_by)
    return finish(back)


def causes(run: BulkRun) -> dict[int, str]:
    """Why each refused one was refused."""
    refused = select(BulkItem.opportunity_id, BulkItem.message).where(
        BulkItem.run_id == run.id, BulkItem.state == ItemState.REFUSED
    )
    return {row.opportunity_id: row.message or "" for row in db.session.execute(refused)}
