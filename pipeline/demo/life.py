"""How one deal of the demo lives: a list of acts, each at its time, told by a seeded storyteller."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select

from pipeline.demo import goods, names
from pipeline.domain import activities, contacts, moves, notes, opportunities, tags
from pipeline.domain.opportunities import Details
from pipeline.domain.readiness import Answers
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.activity import ActivityKind
from pipeline.models.contact import Contact
from pipeline.models.opportunity import LeadSource, Opportunity, Status
from pipeline.models.pipeline import Outcome, Pipeline, StageKind
from pipeline.models.product import Bundle, Product
from pipeline.models.user import User

Act = tuple[datetime, Callable[[], None]]
OFFICE_OPENS, OFFICE_CLOSES = 8, 17
LONG_AGO = 55


@dataclass
class Setting:
    """Where the story plays: who sells what to whom, and what day it is."""

    pipeline: Pipeline
    sources: list[LeadSource]
    products: dict[str, Product]
    starter: Bundle
    present: datetime
    dice: Random


class Life:
    """One deal, from the first call to where it stands today."""

    def __init__(self, number: int, owner: User, setting: Setting) -> None:
        self.number = number
        self.owner = owner
        self.setting = setting
        self.dice = setting.dice
        self.opportunity: Opportunity | None = None
        self.offer = ""
        self.age = int(self.dice.triangular(1, 170, 10))

    def acts(self) -> Iterator[Act]:
        """Everything that happens to it, in order of time and none of it in the future."""
        at = self._office_hours(self.setting.present - timedelta(days=self.age))
        yield at, self._begin
        for step in self._road():
            at = self._office_hours(at + timedelta(days=self.dice.randint(1, 9)))
            if at >= self.setting.present - timedelta(hours=2):
                break
            yield at, step
        yield self.setting.present - timedelta(minutes=self.dice.randint(30, 110)), self._plan_next_step

    def _road(self) -> Iterator[Callable[[], None]]:
        working = [stage for stage in self.setting.pipeline.stages if stage.kind is StageKind.WORKING]
        for stage in working[1 : self.dice.randint(1, len(working) + 2)]:
            if self.dice.random() < 0.5:  # noqa: PLR2004 — every second step is preceded by a word
                yield self.dice.choice((self._call, self._note))
            yield lambda stage=stage: self._move(stage.id)  # type: ignore[misc]
            if stage is working[2] and self.number % 7:
                yield self.quote
        if self.age > LONG_AGO or self.number % 4 == 0:
            yield self.dice.choices((self._win, self._lose, self._abandon), weights=(5, 3, 1))[0]

    def _begin(self) -> None:
        self.offer, price = self.dice.choice(names.OFFERS)
        value = int(price * self.dice.uniform(0.7, 2.2)) // 10_000 * 10_000
        contact = self._contact()
        self.opportunity = opportunities.create(
            self.setting.pipeline,
            contact,
            by=self.owner,
            details=Details(
                title=f"{contact.company_name or contact.name}: {self.offer}",
                typed_value=value,
                low=value * 4 // 5 if self.number % 3 == 0 else None,
                high=value if self.number % 3 == 0 else None,
                products=[self.setting.products[self.offer]],
                source=self.dice.choice(self.setting.sources),
                expected_close=self._day(self.dice.randint(-5, 60)),
                tags=[tags.named(self.dice.choice(names.TAGS))] if self.number % 2 else [],
            ),
        )

    def _contact(self) -> Contact:
        """A person at a company: known already when they bought before."""
        name = names.PEOPLE[self.number % len(names.PEOPLE)]
        known = db.session.scalar(select(Contact).where(Contact.name == name))
        if known is not None:
            return known
        company = contacts.company_named(names.COMPANIES[self.number % len(names.COMPANIES)], by=self.owner)
        local, host = name.lower().replace(" ", "."), company.name.lower().split()[0]
        return contacts.create(
            name,
            by=self.owner,
            company=company,
            email=f"{local}@{host}.example" if self.number % 9 else None,
            phone=f"+1 555 {self.number:03} {self.dice.randint(1000, 9999)}",
        )

    def _move(self, stage_id: int) -> None:
        deal = self._deal
        stage = next(stage for stage in deal.pipeline.stages if stage.id == stage_id)
        if deal.is_open:
            moves.move(deal, stage, by=self.owner, via=Via.DRAG, answers=self._all_ticked())

    def quote(self) -> None:
        """Put products on it, once."""
        if self._deal.lines_total is not None:
            return
        goods.quote(self._deal, self.number, self.offer, self.setting.products, self.setting.starter, by=self.owner)

    def _win(self) -> None:
        self._end(Status.WON, Outcome.WON)

    def _lose(self) -> None:
        self._end(Status.LOST, Outcome.LOST)

    def _abandon(self) -> None:
        moves.set_status(self._deal, Status.ABANDONED, by=self.owner)

    def _end(self, status: Status, outcome: Outcome) -> None:
        reason = self.dice.choice(self._deal.pipeline.reasons(outcome))
        ticks = self._all_ticked().ticks
        answers = Answers(reason_id=reason.id, ticks=ticks)
        moves.set_status(self._deal, status, by=self.owner, via=Via.DRAG, answers=answers)

    def _call(self) -> None:
        outcome, said = self.dice.choice(names.CALLS)
        activities.log_call(self._deal, outcome, by=self.owner, notes=said)

    def _note(self) -> None:
        notes.write(self._deal, self.dice.choice(names.NOTES), by=self.owner)

    def _plan_next_step(self) -> None:
        """Some are overdue, some due today, some later, and some were forgotten."""
        if not self._deal.is_open or self.number % 6 == 0:
            return
        due = self._day(self.dice.choice((-9, -2, 0, 0, 1, 2, 5, 12)))
        step = self.dice.choice(names.NEXT_STEPS)
        opportunities.change(self._deal, by=self.owner, next_action=step, next_action_on=due)
        if self.number % 2:
            task = names.NEXT_STEPS[names.NEXT_STEPS.index(step) - 1]
            kind = ActivityKind.CALL if "Call" in task else ActivityKind.TODO
            activities.plan(self._deal, task, by=self.owner, kind=kind, due_on=due)

    @property
    def _deal(self) -> Opportunity:
        if self.opportunity is None:
            raise RuntimeError("the deal has not begun")
        return self.opportunity

    def _all_ticked(self) -> Answers:
        return Answers(ticks=frozenset(item.id for item in self._deal.stage.checklist))

    def _day(self, days: int) -> date:
        return (self.setting.present + timedelta(days=days)).date()

    def _office_hours(self, at: datetime) -> datetime:
        return at.replace(
            hour=self.dice.randint(OFFICE_OPENS, OFFICE_CLOSES),
            minute=self.dice.randint(0, 59),
            second=0,
            microsecond=0,
        )
