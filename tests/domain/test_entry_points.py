"""Whichever way a move is asked for, the same cause is refused in the same words, and nothing has changed."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

import pipeline
from pipeline import clock
from pipeline.domain import moves, owning
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity, ShareLevel
from pipeline.models.outbox import OutboxMessage
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.support.entry_points import EntryPoint, Scene

CODE = Path(pipeline.__file__).parent
STORYTELLERS = "pipeline.demo"


def missing_reason(scene: Scene, cast: Cast) -> tuple[int, list[str]]:
    factories.loss_reasons(scene.deal.pipeline, "Price")
    scene.target = factories.stage_named(scene.deal.pipeline, "Lost")
    return 422, ["loss reason"]


def open_checklist(scene: Scene, cast: Cast) -> tuple[int, list[str]]:
    factories.required_item(scene.deal.stage, "Budget confirmed")
    return 422, ["Budget confirmed"]


def not_visible(scene: Scene, cast: Cast) -> tuple[int, list[str]]:
    scene.person = cast.stan
    return 404, []


def shared_to_read(scene: Scene, cast: Cast) -> tuple[int, list[str]]:
    scene.person = cast.stan
    with transaction():
        owning.share(scene.deal, cast.stan, ShareLevel.READ, by=None)
    return 403, ["You can see this opportunity but not change it."]


def stale_version(scene: Scene, cast: Cast) -> tuple[int, list[str]]:
    with transaction():
        moves.move(scene.deal, factories.stage_named(scene.deal.pipeline, "Qualified"), by=cast.ada)
    return 409, ["Ada Admin moved it to Qualified meanwhile."]


def retired_stage(scene: Scene, cast: Cast) -> tuple[int, list[str]]:
    with transaction():
        scene.target.retired_at = clock.now()
    return 422, ["That stage is not part of this pipeline any more"]


CAUSES: dict[str, Callable[[Scene, Cast], tuple[int, list[str]]]] = {
    "reason": missing_reason,
    "checklist": open_checklist,
    "hidden": not_visible,
    "read-only": shared_to_read,
    "stale": stale_version,
    "retired": retired_stage,
}
TABLE = [
    pytest.param(entry, cause, id=f"{entry.name}-{cause}")
    for entry in EntryPoint.KNOWN
    for cause in CAUSES
    if cause not in entry.spares
]


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    """Olive's deal in the first stage, and she wants it won."""
    sales = factories.sales_pipeline()
    deal = factories.deal(sales, "Acme", owner=cast.olive, system="import", external_id="A-1")
    return Scene(app, deal, factories.stage_named(sales, "Won"), cast.olive, deal.version)


def all_there_is(deal: Opportunity) -> list[object]:
    db.session.rollback()
    db.session.expire_all()
    counts = [db.session.scalar(select(func.count(column))) for column in (Event.id, OutboxMessage.event_id)]
    return [deal.stage_id, deal.status, deal.version, deal.rank, len(deal.moves), len(deal.ticks), *counts]


@pytest.mark.parametrize(("entry", "cause"), TABLE)
def test_the_same_cause_is_refused_alike_and_nothing_changes(
    scene: Scene, cast: Cast, entry: EntryPoint, cause: str
) -> None:
    status, words = CAUSES[cause](scene, cast)
    before = all_there_is(scene.deal)
    answer = entry.attempt(scene)
    assert answer.status in {status, None}
    assert [word for word in words if word.lower() not in answer.said.lower()] == []
    assert answer.said or status == 404
    assert all_there_is(scene.deal) == before


@pytest.mark.parametrize("entry", EntryPoint.KNOWN, ids=lambda entry: entry.name)
def test_where_nothing_stands_in_the_way_each_of_them_moves(scene: Scene, entry: EntryPoint) -> None:
    assert entry.attempt(scene).status in {200, 303, None}
    db.session.rollback()
    db.session.expire_all()
    assert scene.deal.stage.name == "Won"


@pytest.mark.parametrize(
    ("entry", "cause"),
    [
        pytest.param(entry, cause, id=f"{entry.name}-{cause}")
        for entry in EntryPoint.KNOWN
        for cause in sorted({"checklist", "reason"} & entry.spares.keys())
    ],
)
def test_what_a_way_is_spared_it_is_spared_on_purpose(scene: Scene, cast: Cast, entry: EntryPoint, cause: str) -> None:
    CAUSES[cause](scene, cast)
    assert entry.attempt(scene).status == 200


def test_every_module_that_moves_deals_belongs_to_an_entry_point() -> None:
    reached = set.union(*(entry.reaches for entry in EntryPoint.KNOWN))
    missing = {name for name in _movers() if not name.startswith(STORYTELLERS)} - reached
    assert not missing, f"give these ways of moving an EntryPoint in tests/support/entry_points.py: {sorted(missing)}"
    assert not reached - _movers(), "these entry points name modules that move nothing any more"


def _movers() -> set[str]:
    """The modules that call `moves.move` or `moves.set_status`."""
    return {
        ".".join(("pipeline", *path.relative_to(CODE).with_suffix("").parts))
        for path in CODE.rglob("*.py")
        if any(_moves(node) for node in ast.walk(ast.parse(path.read_text())))
    }


def _moves(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr in {"move", "set_status"}
        and isinstance(node.value, ast.Name)
        and node.value.id == "moves"
    )
