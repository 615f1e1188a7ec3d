"""What retiring a stage would touch, before anyone does it."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select

from pipeline.domain import stage_retirement
from pipeline.extensions import db
from pipeline.models.automation import Automation, Run, Step, StepState
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.pipeline import Reason, Stage
from pipeline.queries import view_bar

CONTRARY = stage_retirement.CONTRARY


@dataclass(frozen=True, slots=True)
class Retirement:
    """A stage, where its opportunities would go, and all that this means. Deleted opportunities are counted apart."""

    stage: Stage
    target: Stage | None
    standing: Counter[Status]
    deleted: int
    waiting_steps: int
    automations: list[Automation]
    views: int = 0

    @property
    def opportunities(self) -> int:
        return self.standing.total()

    @property
    def needs_target(self) -> bool:
        return bool(self.opportunities or self.deleted)

    @property
    def is_default(self) -> bool:
        return self.stage.pipeline.default_stage_id == self.stage.id

    @property
    def targets(self) -> list[Stage]:
        """Where its opportunities may go: won ones not where deals are lost, nor the other way round."""
        others = [stage for stage in self.stage.pipeline.stages if stage is not self.stage]
        return [stage for stage in others if not (stage.outcome and self.standing[CONTRARY[stage.outcome]])]

    @property
    def closing(self) -> int:
        """How many open ones would become won or lost."""
        return self.standing[Status.OPEN] if self.target is not None and self.target.outcome else 0

    @property
    def reasons(self) -> list[Reason]:
        if not self.closing or self.target is None or self.target.outcome is None:
            return []
        return self.stage.pipeline.reasons(self.target.outcome)

    @property
    def needs_reason(self) -> bool:
        ends = self.target.outcome if self.target and self.closing else None
        return ends is not None and self.stage.pipeline.requires_reason(ends)


def preview(stage: Stage, target: Stage | None) -> Retirement:
    standing, deleted = Counter[Status](), 0
    counted = (
        select(Opportunity.status, Opportunity.deleted_at.is_not(None), func.count())
        .where(Opportunity.stage_id == stage.id)
        .group_by(Opportunity.status, Opportunity.deleted_at.is_not(None))
    )
    for status, is_deleted, count in db.session.execute(counted):
        if is_deleted:
            deleted += count
        else:
            standing[status] += count
    automations, views = stage_retirement.touching(stage), view_bar.naming_stage(stage.id)
    return Retirement(stage, target, standing, deleted, _waiting_steps(stage), automations, views)


def _waiting_steps(stage: Stage) -> int:
    waiting = (
        select(func.count(Step.id))
        .join(Step.run)
        .join(Run.opportunity)
        .where(Step.state == StepState.WAITING, Opportunity.stage_id == stage.id, Opportunity.deleted_at.is_(None))
    )
    return db.session.scalar(waiting) or 0
