"""A batch of deals as rows, the same ones every time, with all that hangs on them; a quarter of them closed."""

import random
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from bench.company import FIRST, LAST, REPS, SOURCES, TAGS
from pipeline import clock
from pipeline.domain.facts import OpportunityCreated
from pipeline.models.opportunity import Status
from pipeline.models.pipeline import Pipeline

FIRMS = ("Acorn", "Birch", "Cedar", "Delta", "Ember", "Falcon", "Granite", "Harbour", "Iris", "Juniper", "Kestrel")
GOODS = ("press", "licences", "fleet", "warehouse", "redesign", "audit", "training", "machines", "roof", "network")
ACTIONS = ("Call back", "Send the offer", "Arrange a demo", "Ask for the budget", "Follow up")
CURRENCIES = ("USD",) * 16 + ("EUR",) * 3 + ("GBP",)
Row = dict[str, Any]


class Deals:
    """The deals of some numbers; each has a person and a company to itself, and most a next action."""

    def __init__(self, pipeline: Pipeline, first: int, ranks: Sequence[str]) -> None:
        self.chance = random.Random(first)  # noqa: S311 — names and numbers, not secrets
        self.now = clock.now()
        self.pipeline = pipeline
        self.names = {stage.id: stage.name for stage in pipeline.stages}
        self.working = [stage for stage in pipeline.stages if stage.outcome is None]
        self.ends = [stage for stage in pipeline.stages if stage.outcome]
        self.numbers = range(first, first + len(ranks))
        self.deals = [self._deal(number, rank) for number, rank in zip(self.numbers, ranks, strict=True)]

    def _deal(self, number: int, rank: str) -> Row:
        any_of, upto = self.chance.choice, self.chance.randrange
        closed = number % 4 == 0
        stage = any_of(self.ends if closed else self.working)
        born = self.now - timedelta(days=30 + upto(400), minutes=upto(1440))
        value = 100 * (500 + upto(99_500))
        planned = not closed and upto(10) > 2  # noqa: PLR2004 — seven of ten have a next step
        day = (self.now + timedelta(days=upto(60) - 10)).date() if planned else None
        return {
            "id": number,
            "title": f"{any_of(FIRMS)} {any_of(GOODS)} {number}",
            "contact_id": 2 * number,
            "pipeline_id": self.pipeline.id,
            "stage_id": stage.id,
            "status": Status(stage.outcome.value) if stage.outcome else Status.OPEN,
            "owner_id": None if number % 50 == 0 else 1 + upto(REPS),
            "source_id": 1 + upto(len(SOURCES)) if upto(3) else None,
            "currency": any_of(CURRENCIES),
            "typed_value": value,
            "value": value,
            "next_action": any_of(ACTIONS) if planned else None,
            "next_action_on": day,
            "expected_close": (self.now + timedelta(days=upto(120))).date(),
            "is_committed": False,
            "reason_note": "",
            "rank": rank,
            "version": 1,
            "created_at": born,
            "entered_stage_at": born + timedelta(days=upto(30)),
            "last_contact_at": self.now - timedelta(days=upto(25)),
            "planned_until": day,
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
        for deal in self.deals:
            yield {
                "opportunity_id": deal["id"],
                "target_id": deal["stage_id"],
                "target_name": self.names[deal["stage_id"]],
                "mover_id": deal["owner_id"],
                "via": "screen",
                "version": 1,
                "moved_at": deal["entered_stage_at"],
            }

    def events(self) -> Iterable[Row]:
        for deal in self.deals:
            stage = deal["stage_id"]
            told = {"title": deal["title"], "stage_id": stage, "stage": self.names[stage]}
            yield {
                "kind": OpportunityCreated.kind(),
                "particulars": told | {"pipeline": self.pipeline.name},
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
