"""Some rows at a time: each is known again or not, read, applied, and gets its verdict; a bad row loses only itself."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.exc import DBAPIError

from pipeline.domain.importing import applying, drafts, preparing, updating
from pipeline.domain.importing.drafts import Draft, Said
from pipeline.domain.importing.known import Known
from pipeline.domain.importing.plans import Plan
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.importing import ImportOrigin, Verdict
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User


@dataclass(frozen=True)
class Judgement:
    """The verdict on a row; for a rejected one why, and what it said."""

    line: int
    verdict: Verdict
    reason: str | None = None
    cells: list[str] | None = None
    opportunity_id: int | None = None


class Chunk:
    """Some rows of a plan, with what is known of them and of what they name."""

    def __init__(self, plan: Plan, *, by: User | None) -> None:
        self.plan = plan
        self.known = Known(plan.settings, by=by, via=Via.IMPORT_LIVE if plan.settings.with_automation else Via.IMPORT)
        self.standing: dict[str, Opportunity] = {}
        self.origins: dict[str, ImportOrigin] = {}

    def judge(self, numbers: range) -> list[Judgement]:
        """The verdicts on these rows, each applied. Refuses an import without a pipeline to go into."""
        preparing.prepare(self.plan, self.known)
        self._recall([self.plan.keys[number] for number in numbers])
        with db.session.no_autoflush:  # verbs flush what they need; a flush before each question would double the work
            return [self._judge(number) for number in numbers]

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

    def _judge(self, number: int) -> Judgement:
        row, key, said = self.plan.sheet.rows[number], self.plan.keys[number], self.plan.said[number]
        if number in self.plan.repeats:
            return self._judge_repeat(number, said)
        origin = self.origins.get(key)
        if origin is not None and origin.said == said:
            return Judgement(row.line, Verdict.UNCHANGED, opportunity_id=origin.opportunity_id)
        draft = drafts.read(row, self.plan.sheet.headers, self.plan.conventions)
        savepoint = db.session.begin_nested()
        try:
            verdict, opportunity = self._apply(draft, key)
            db.session.flush()
        except DBAPIError as error:
            draft.problems.append(f"The database refused it: {str(error.orig).splitlines()[0]}.")
        if draft.problems:
            savepoint.rollback()
            self.known.forget()
            return Judgement(row.line, Verdict.REJECTED, " ".join(draft.problems), row.cells)
        savepoint.commit()
        self.known.keep()
        return Judgement(row.line, verdict, opportunity_id=opportunity.id if opportunity else None)

    def _judge_repeat(self, number: int, said: Said) -> Judgement:
        """An external id for the second time: the same row again is nothing new, another one contradicts the first."""
        row, first = self.plan.sheet.rows[number], self.plan.repeats[number]
        if self.plan.said[first] == said:
            return Judgement(row.line, Verdict.UNCHANGED)
        line = self.plan.sheet.rows[first].line
        reason = f"Line {line} has the same external id, “{self.plan.keys[number]}”, but says something else; keep one."
        return Judgement(row.line, Verdict.REJECTED, reason, row.cells)

    def _apply(self, draft: Draft, key: str) -> tuple[Verdict, Opportunity | None]:
        standing, origin = self.standing.get(key), self.origins.get(key)
        if standing is None:
            opportunity = applying.create(draft, self.known, self.plan.conventions)
            self._remember(opportunity, key, draft)
            return Verdict.IMPORTED, opportunity
        before = origin.said if origin else {}
        changed = updating.update(standing, draft, before, self.known, self.plan.conventions)
        if origin is None:
            self._remember(standing, key, draft)
        else:
            origin.said = draft.said
        return Verdict.UPDATED if changed else Verdict.UNCHANGED, standing

    def _remember(self, opportunity: Opportunity | None, key: str, draft: Draft) -> None:
        if opportunity is None or draft.problems:
            return
        system = self.plan.settings.system
        db.session.add(ImportOrigin(opportunity_id=opportunity.id, system=system, key=key, said=draft.said))
