"""Every way into a move. A new one joins by a class here; the test that scans the code says so when one is missing."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from flask import Flask
from sqlalchemy import select

from pipeline.domain import moves
from pipeline.domain.bulk import change_of, runs
from pipeline.domain.importing import batches, plans
from pipeline.domain.importing.settings import ImportSettings
from pipeline.domain.rules import RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.bulk_run import BulkItem, BulkVerb
from pipeline.models.importing import ImportRow
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Stage
from pipeline.models.user import User
from pipeline.transaction import transaction
from pipeline.web.errors import status_of
from tests.support import buying
from tests.support.visiting import Visitor


@dataclass
class Scene:
    """A deal, where somebody wants it, and the version of it that they saw."""

    app: Flask
    deal: Opportunity
    target: Stage
    person: User
    version: int


@dataclass
class Answer:
    """What came back: an HTTP status where there is one, and all that was said."""

    status: int | None
    said: str


@dataclass
class EntryPoint:
    """`reaches` are the modules that call the verb for it; `spares` the causes that it cannot meet, and why not."""

    KNOWN: ClassVar[list["EntryPoint"]] = []

    name: str
    attempt: Callable[[Scene], Answer]
    reaches: set[str]
    spares: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        EntryPoint.KNOWN.append(self)


def _posted(noun: str, *, htmx: bool, **fields: object) -> Callable[[Scene], Answer]:
    def post(scene: Scene) -> Answer:
        sent = {"status": scene.target.kind, **fields} if noun == "status" else {"stage_id": scene.target.id, **fields}
        answer = Visitor(scene.app, scene.person).post(
            f"/opportunities/{scene.deal.id}/{noun}", htmx=htmx, page="/board", version=scene.version, **sent
        )
        return Answer(answer.status_code, html.unescape(re.sub(r"<[^>]+>", " ", answer.text)))

    return post


def _imported(*, as_person: bool) -> Callable[[Scene], Answer]:
    def run(scene: Scene) -> Answer:
        columns = {"external_id": "Id", "stage": "Stage"}
        plan = plans.read(
            f"Id,Stage\n{scene.deal.external_id},{scene.target.name}\n".encode(), ImportSettings(columns=columns)
        )
        by = scene.person if as_person else None
        with transaction():
            batch = batches.draw_up("deals.csv", plan.sheet, plan.settings, by=by)
            batches.start(batch, plan, dry_run=False)
        with transaction():
            batches.advance(batch, plan, by=by)
        reasons = db.session.scalars(select(ImportRow.reason).where(ImportRow.batch_id == batch.id))
        return Answer(None, " ".join(filter(None, reasons)))

    return run


def _in_bulk(verb: BulkVerb) -> Callable[[Scene], Answer]:
    def run(scene: Scene) -> Answer:
        known = {"stage_id": scene.target.id} if verb is BulkVerb.MOVE else {"status": scene.target.kind}
        chosen = select(Opportunity.id).where(Opportunity.id == scene.deal.id)
        asked = change_of(verb).Arguments(**known)
        with transaction():
            begun = runs.start(verb, asked, chosen, by=scene.person, expected=1, with_automation=True)
        with transaction():
            runs.go_on(begun.id)
        return Answer(None, " ".join(filter(None, db.session.scalars(select(BulkItem.message)))))

    return run


def _called(via: Via, *, as_person: bool) -> Callable[[Scene], Answer]:
    def call(scene: Scene) -> Answer:
        by = scene.person if as_person else None
        try:
            with transaction():
                moves.move(scene.deal, scene.target, by=by, via=via, seen_version=scene.version)
        except RuleBroken as broken:
            return Answer(status_of(broken), broken.message)
        return Answer(200, "")

    return call


def _purchased(scene: Scene) -> Answer:
    """A prospect buys what the deal offers."""
    (payment,) = buying.pay(buying.begun(buying.offer(deal=scene.deal)))
    return Answer(200, payment.remark)


def _ordered_by_hand(scene: Scene) -> Answer:
    """A rep places an order of what the deal offers, and wins it in the same breath."""
    buying.put_on(scene.deal, buying.product())
    answer = Visitor(scene.app, scene.person).post(
        f"/opportunities/{scene.deal.id}/orders", htmx=True, page="/board", wins="y", order_note=""
    )
    status = 200 if answer.status_code == 204 else answer.status_code
    return Answer(status, html.unescape(re.sub(r"<[^>]+>", " ", answer.text)))


VIEWS = {"pipeline.blueprints.opportunities.moves"}
IMPORTING = {"pipeline.domain.importing.applying", "pipeline.domain.importing.updating"}
NO_PERSON = "the system sees and may change everything"
NO_VERSION = "it never saw a version: what is true now is what it changes"
NAMES_NO_STAGE = "it names a status; without a stage for it the deal stays where it is"
BY_NAME = "it names a stage, and a retired one has no name any more"

EntryPoint("drag on the board", _posted("moves", htmx=True, via="drag"), VIEWS)
EntryPoint("menu without JavaScript", _posted("moves", htmx=False, via="menu", back="/board"), VIEWS)
EntryPoint("stage bar of the record", _posted("moves", htmx=False, back="record"), VIEWS)
EntryPoint("status, on the board", _posted("status", htmx=True), VIEWS, {"retired": NAMES_NO_STAGE})
EntryPoint("status, on the record", _posted("status", htmx=False, back="record"), VIEWS, {"retired": NAMES_NO_STAGE})
EntryPoint("import by a person", _imported(as_person=True), IMPORTING, {"stale": NO_VERSION, "retired": BY_NAME})
EntryPoint(
    "import by the system",
    _imported(as_person=False),
    IMPORTING,
    {"hidden": NO_PERSON, "read-only": NO_PERSON, "stale": NO_VERSION, "retired": BY_NAME},
)
CELLS = {"pipeline.blueprints.opportunities.cells"}
EntryPoint("cell of the list", _posted("cells/stage", htmx=True), CELLS)
IN_BULK = {"pipeline.domain.bulk.moving"}
EntryPoint("moving many", _in_bulk(BulkVerb.MOVE), IN_BULK, {"stale": NO_VERSION})
EntryPoint("closing many", _in_bulk(BulkVerb.SET_STATUS), IN_BULK, {"stale": NO_VERSION, "retired": NAMES_NO_STAGE})
EntryPoint(
    "an order by hand",
    _ordered_by_hand,
    {"pipeline.blueprints.orders.placing"},
    {"stale": NO_VERSION, "retired": NAMES_NO_STAGE, "reason": "it only wins, and this case asks why a deal was lost"},
)
EntryPoint(
    "a purchase",
    _purchased,
    {"pipeline.domain.paying.winning"},
    {
        "hidden": NO_PERSON,
        "read-only": NO_PERSON,
        "stale": NO_VERSION,
        "retired": NAMES_NO_STAGE,
        "checklist": "who paid has won it, whatever a rep still had to do",
        "reason": "a purchase has its own win reason, or none",
    },
)
for way in Via:
    if way in {Via.PURCHASE, Via.AUTOMATION, Via.SYSTEM}:
        spared = {"hidden": NO_PERSON, "read-only": NO_PERSON, "checklist": "checklists are for people"}
        reasons = {"reason": "a purchase has its own win reason, or none"} if way is Via.PURCHASE else {}
        EntryPoint(f"the verb, via {way}", _called(way, as_person=False), set(), spared | reasons)
    else:
        EntryPoint(f"the verb, via {way}", _called(way, as_person=True), set())
