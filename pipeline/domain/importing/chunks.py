"""Some rows at a time: each is known again or not, read, applied, and gets its verdict; a bad row loses only itself."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, or_, select
from sqlalchemy.exc import DBAPIError

from pipeline.domain.holding import hold_all_places
from pipeline.domain.importing import applying, drafts, preparing, updating
from pipeline.domain.importing.drafts import Draft, Said
from pipeline.domain.importing.known import Known
from pipeline.domain.importing.plans import Plan
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.importing import ImportOrigin, Verdict
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User

A_MOMENT = 1.5
"""How many seconds others may have to wait with their writes, where only one can write at a time."""

Apply = Callable[[Draft, str], tuple[Verdict, int | None]]


@dataclass(frozen=True)
class Judgement:
    """The verdict on a row; for a rejected one why, and what it said."""

    line: int
    verdict: Verdict
    reason: str | None = None
    cells: list[str] | None = None
    opportunity_id: int | None = None


class Stumbled(Exception):
    """A row of the chunk has problems: it has to be gone through with a way back from each row."""


class Chunk:
    """Some rows of a plan, with what is known of them and of what they name."""

    def __init__(self, plan: Plan, *, by: User | None) -> None:
        self.plan = plan
        self.known = Known(plan.settings, by=by, via=Via.IMPORT_LIVE if plan.settings.with_automation else Via.IMPORT)
        self.standing: dict[str, Opportunity] = {}
        self.origins: dict[str, ImportOrigin] = {}
        self.new_origins: list[dict[str, Any]] = []

    def judge(self, numbers: range) -> list[Judgement]:
        """The verdicts on the first of these rows, as many as fit into a moment, each applied.

        Refuses an import without a pipeline to go into. What looks faultless goes in faster, without a savepoint each.
        """
        hold_all_places()
        preparing.prepare(self.plan, self.known)
        with db.session.no_autoflush:  # verbs flush what they need; a flush before each question would double the work
            try:
                with db.session.begin_nested():
                    return self._go_through(numbers, self._apply_boldly)
            except (Stumbled, DBAPIError):
                self.known.forget_all()
                return self._go_through(numbers, self._apply_carefully)

    def _go_through(self, numbers: range, apply: Apply) -> list[Judgement]:
        self.new_origins = []
        self._recall([self.plan.keys[number] for number in numbers])
        judgements: list[Judgement] = []
        until = time.monotonic() + A_MOMENT
        for number in numbers:
            judgements.append(self._judge(number, apply))
            if time.monotonic() > until:
                break
        db.session.flush()
        if self.new_origins:
            db.session.execute(insert(ImportOrigin), self.new_origins)
        return judgements

    def _recall(self, keys: list[str]) -> None:
        """What is here already of these rows: imported before, or made with the same external id by other ways."""
        system = self.plan.settings.system
        origins = db.session.scalars(
            select(ImportOrigin).where(ImportOrigin.system == system, ImportOrigin.key.in_(keys))
        ).all()
        self.origins = {origin.key: origin for origin in origins}
        key_of = {origin.opportunity_id: origin.key for origin in origins}
        alike = (Opportunity.system == system) & Opportunity.external_id.in_(keys)
        for opportunity in db.session.scalars(select(Opportunity).where(or_(alike, Opportunity.id.in_(key_of)))):
            self.standing[key_of.get(opportunity.id) or str(opportunity.external_id)] = opportunity

    def _judge(self, number: int, apply: Apply) -> Judgement:
        row, key, said = self.plan.sheet.rows[number], self.plan.keys[number], self.plan.said[number]
        if number in self.plan.repeats:
            return self._judge_repeat(number, said)
        origin = self.origins.get(key)
        if origin is not None and origin.said == said:
            return Judgement(row.line, Verdict.UNCHANGED, opportunity_id=origin.opportunity_id)
        draft = drafts.read(row, self.plan.sheet.headers, self.plan.conventions)
        verdict, opportunity_id = (self._apply_carefully if draft.problems else apply)(draft, key)
        if draft.problems:
            return Judgement(row.line, Verdict.REJECTED, " ".join(draft.problems), row.cells)
        return Judgement(row.line, verdict, opportunity_id=opportunity_id)

    def _apply_boldly(self, draft: Draft, key: str) -> tuple[Verdict, int | None]:
        applied = self._apply(draft, key)
        if draft.problems:
            raise Stumbled
        return applied

    def _apply_carefully(self, draft: Draft, key: str) -> tuple[Verdict, int | None]:
        savepoint, remembered = db.session.begin_nested(), len(self.new_origins)
        applied: tuple[Verdict, int | None] = Verdict.REJECTED, None
        try:
            applied = self._apply(draft, key)
            db.session.flush()
        except DBAPIError as error:
            draft.problems.append(f"The database refused it: {str(error.orig).splitlines()[0]}.")
        if draft.problems:
            savepoint.rollback()
            self.known.forget()
            del self.new_origins[remembered:]
        else:
            savepoint.commit()
            self.known.keep()
        return applied

    def _judge_repeat(self, number: int, said: Said) -> Judgement:
        """An external id for the second time: the same row again is nothing new, another one contradicts the first."""
        row, first = self.plan.sheet.rows[number], self.plan.repeats[number]
        if self.plan.said[first] == said:
            return Judgement(row.line, Verdict.UNCHANGED)
        line = self.plan.sheet.rows[first].line
        reason = f"Line {line} has the same external id, “{self.plan.keys[number]}”, but says something else; keep one."
        return Judgement(row.line, Verdict.REJECTED, reason, row.cells)

    def _apply(self, draft: Draft, key: str) -> tuple[Verdict, int | None]:
        standing, origin = self.standing.get(key), self.origins.get(key)
        if standing is None:
            created = applying.create(draft, self.known, self.plan.conventions)
            self._remember(created, key, draft)
            return Verdict.IMPORTED, created.id if created else None
        before = origin.said if origin else {}
        changed = updating.update(standing, draft, before, self.known, self.plan.conventions)
        if origin is None:
            self._remember(standing, key, draft)
        elif not draft.problems:
            origin.said = draft.said
        return Verdict.UPDATED if changed else Verdict.UNCHANGED, standing.id

    def _remember(self, opportunity: Opportunity | None, key: str, draft: Draft) -> None:
        if opportunity is not None and not draft.problems:
            system = self.plan.settings.system
            origin = {"opportunity_id": opportunity.id, "system": system, "key": key, "said": draft.said}
            self.new_origins.append(origin)
