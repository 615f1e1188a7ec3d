"""A company of any size, written in seconds: eight stages, twenty reps, and deals of which a quarter are closed.

The tables grow as they would by use. PostgreSQL then vacuums them, as it would by itself; SQLite is left as it is.
"""

import random
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from fractional_indexing import generate_n_keys_between
from sqlalchemy import Connection, Table, func, insert, select, text

from pipeline import clock
from pipeline.domain import pipelines
from pipeline.domain.facts import OpportunityCreated
from pipeline.domain.founding import meaningful
from pipeline.extensions import db
from pipeline.models.activity import Activity
from pipeline.models.base import Base, Numbered
from pipeline.models.contact import Contact, Tag, contact_tags
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity, StageMove, Status, opportunity_tags
from pipeline.models.pipeline import Colour, Pipeline, Stage, StageKind
from pipeline.models.user import GroupKind, Membership, User
from pipeline.transaction import transaction

WORKING = ("New", "Contacting", "Engaging", "Qualified", "Proposal", "Negotiating")
REPS = 20
TAGS = ("Urgent", "Partner", "Renewal", "Fair", "Referral", "Public sector", "Upsell", "Pilot")
FIRST = ("Ada", "Björn", "Chen", "Dana", "Élise", "Farid", "Grace", "Hugo", "Ines", "Jonas", "Keiko", "Lars")
LAST = ("Almeida", "Berg", "Costa", "Dubois", "Eriksen", "Fischer", "García", "Haas", "Ivanova", "Jansen", "Kowalski")
FIRMS = ("Acorn", "Birch", "Cedar", "Delta", "Ember", "Falcon", "Granite", "Harbour", "Iris", "Juniper", "Kestrel")
GOODS = ("press", "licences", "fleet", "warehouse", "redesign", "audit", "training", "machines", "roof", "network")
ACTIONS = ("Call back", "Send the offer", "Arrange a demo", "Ask for the budget", "Follow up")
PACE = 10_000
Row = dict[str, Any]


def found() -> tuple[Pipeline, User]:
    """The company without a deal, and the rep who sees everything."""
    with transaction():
        reps = meaningful(GroupKind.SALES_REPS)
        people = [
            User(name=f"{FIRST[n % 12]} {LAST[n % 11]}", email=f"rep{n}@example.com", created_at=clock.now())
            for n in range(REPS)
        ]
        for person in people:
            person.memberships.append(Membership(group=reps))
        people[0].may_view_all = people[0].may_edit_all = True
        hues = list(Colour)
        db.session.add_all([*people, *(Tag(name=name, colour=hues[n]) for n, name in enumerate(TAGS))])
        pipeline = pipelines.create("Sales", currency="USD", by=None)
        kinds = [*((name, StageKind.WORKING) for name in WORKING), ("Won", StageKind.WON), ("Lost", StageKind.LOST)]
        for position, (name, kind) in enumerate(kinds):
            chance = 100 if kind is StageKind.WON else 0 if kind is StageKind.LOST else 10 + 15 * position
            stage = Stage(name=name, kind=kind, position=position, probability=chance, colour=hues[position])
            stage.target_days = 14 if kind is StageKind.WORKING else 0
            pipeline.all_stages.append(stage)
    return pipeline, people[0]


def grow_to(count: int, pipeline: Pipeline) -> None:
    """Have this many opportunities, those there are included."""
    here = db.session.scalar(select(func.count(Opportunity.id))) or 0
    rank = db.session.scalar(select(func.max(Opportunity.rank)))
    db.session.rollback()
    while here < count:
        upto = min(count, here + PACE)
        ranks = generate_n_keys_between(rank, None, upto - here)
        with transaction():
            _write(db.session.connection(), _Deals(pipeline, here + 1, ranks))
        here, rank = upto, ranks[-1]
    _settle()


class _Deals:
    """A batch of deals, the same ones every time, with all that hangs on them."""

    def __init__(self, pipeline: Pipeline, first: int, ranks: Sequence[str]) -> None:
        self.chance = random.Random(first)  # noqa: S311 — names and numbers, not secrets
        self.now = clock.now()
        self.pipeline = pipeline
        self.working = [stage for stage in pipeline.stages if stage.outcome is None]
        self.ends = [stage for stage in pipeline.stages if stage.outcome]
        self.numbers = range(first, first + len(ranks))
        self.deals = [self._deal(number, rank) for number, rank in zip(self.numbers, ranks, strict=True)]

    def _deal(self, number: int, rank: str) -> Row:
        any_of, upto = self.chance.choice, self.chance.randrange
        closed = number % 4 == 0
        stage = any_of(self.ends if closed else self.working)
        status = Status(stage.outcome.value) if stage.outcome else Status.OPEN
        born = self.now - timedelta(days=30 + upto(400), minutes=upto(1440))
        value = 100 * (500 + upto(99_500))
        planned = not closed and upto(10) > 2  # noqa: PLR2004 — seven of ten have a next step
        day = (self.now + timedelta(days=upto(60) - 10)).date()
        return {
            "id": number,
            "title": f"{any_of(FIRMS)} {any_of(GOODS)} {number}",
            "contact_id": 2 * number,
            "pipeline_id": self.pipeline.id,
            "stage_id": stage.id,
            "status": status,
            "owner_id": None if number % 50 == 0 else 1 + upto(REPS),
            "currency": "USD",
            "typed_value": value,
            "value": value,
            "next_action": any_of(ACTIONS) if planned else None,
            "next_action_on": day if planned else None,
            "expected_close": (self.now + timedelta(days=upto(120))).date(),
            "is_committed": False,
            "reason_note": "",
            "rank": rank,
            "version": 1,
            "created_at": born,
            "entered_stage_at": born + timedelta(days=upto(30)),
            "closed_at": self.now - timedelta(days=upto(30)) if closed else None,
        }

    def contacts(self) -> Iterable[Row]:
        """A company and a person for each deal."""
        for number, deal in zip(self.numbers, self.deals, strict=True):
            firm, who = f"{self.chance.choice(FIRMS)} {number} Ltd", self.chance.choice(FIRST)
            both = {"notes": "", "owner_id": deal["owner_id"], "version": 1, "created_at": deal["created_at"]}
            mail, last = f"{who}.{number}@example.com".lower(), self.chance.choice(LAST)
            phone = f"+1555{number:07}"
            yield both | {"id": 2 * number - 1, "name": firm, "is_company": True, "company_id": None} | _reached()
            person = {"id": 2 * number, "name": f"{who} {last}", "is_company": False, "company_id": 2 * number - 1}
            yield both | person | _reached(mail, phone)

    def moves(self) -> Iterable[Row]:
        names = {stage.id: stage.name for stage in self.pipeline.stages}
        for deal in self.deals:
            stage = deal["stage_id"]
            yield {
                "opportunity_id": deal["id"],
                "target_id": stage,
                "target_name": names[stage],
                "mover_id": deal["owner_id"],
                "via": "screen",
                "version": 1,
                "moved_at": deal["entered_stage_at"],
            }

    def events(self) -> Iterable[Row]:
        names = {stage.id: stage.name for stage in self.pipeline.stages}
        for deal in self.deals:
            stage = deal["stage_id"]
            told = {"title": deal["title"], "stage_id": stage, "stage": names[stage], "pipeline": self.pipeline.name}
            yield {
                "kind": OpportunityCreated.kind(),
                "particulars": told,
                "actor_id": deal["owner_id"],
                "via": "screen",
                "opportunity_id": deal["id"],
                "subject": f"opportunity:{deal['id']}",
                "depth": 0,
                "happened_at": deal["created_at"],
            }

    def tasks(self) -> Iterable[Row]:
        """One for every third deal."""
        for deal in self.deals[::3]:
            yield {
                "kind": "call",
                "title": self.chance.choice(ACTIONS),
                "notes": "",
                "priority": "normal",
                "opportunity_id": deal["id"],
                "assignee_id": deal["owner_id"],
                "due_on": (self.now + timedelta(days=self.chance.randrange(60) - 5)).date(),
                "outcome": "",
                "created_at": deal["created_at"],
                "done_at": deal["closed_at"],
            }

    def tags(self, column: str, ids: Iterable[int]) -> Iterable[Row]:
        for number in ids:
            yield {column: number, "tag_id": 1 + self.chance.randrange(len(TAGS))}


def _reached(mail: str | None = None, phone: str | None = None) -> Row:
    return {"email": mail, "phone": phone, "phone_digits": phone and phone[1:]}


def _write(connection: Connection, deals: _Deals) -> None:
    numbers = deals.numbers
    for table, rows in (
        (Contact.__table__, deals.contacts()),
        (Opportunity.__table__, deals.deals),
        (StageMove.__table__, deals.moves()),
        (Event.__table__, deals.events()),
        (Activity.__table__, deals.tasks()),
        (opportunity_tags, deals.tags("opportunity_id", numbers[::2])),
        (contact_tags, deals.tags("contact_id", numbers[::3])),
    ):
        assert isinstance(table, Table)  # noqa: S101 — for the type checker
        connection.execute(insert(table), list(rows))


def _settle() -> None:
    """What a PostgreSQL does a minute later by itself; and its counters go on behind the numbers written."""
    if db.engine.dialect.name != "postgresql":
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for model in (Contact, Opportunity):
            _count_on(connection, model)
        connection.execute(text("VACUUM ANALYZE"))


def _count_on(connection: Connection, model: type[Numbered]) -> None:
    name = Base.metadata.tables[model.__tablename__].name
    highest = select(func.max(model.id)).scalar_subquery()
    connection.execute(select(func.setval(func.pg_get_serial_sequence(name, "id"), highest)))
