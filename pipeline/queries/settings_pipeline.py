"""What an admin sees of one pipeline: stages with what stands in them, reasons with how often they were given."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from pipeline.extensions import db
from pipeline.models.automation import Automation, TriggerKind
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.pipeline import Outcome, Pipeline, Reason, Stage


@dataclass(frozen=True, slots=True)
class StageRow:
    stage: Stage
    open: int
    closed: int
    automations: int


@dataclass(frozen=True, slots=True)
class ReasonRow:
    reason: Reason
    uses: int


@dataclass(frozen=True, slots=True)
class ReasonList:
    """The reasons for one ending: on offer, archived, and how many deals ended so without any."""

    outcome: Outcome
    is_required: bool
    offered: list[ReasonRow]
    archived: list[ReasonRow]
    unexplained: int

    @property
    def word(self) -> str:
        return "win" if self.outcome is Outcome.WON else "loss"

    @property
    def on_requiring(self) -> str:
        """What requiring a reason means, and for whom it means nothing."""
        asks = f"No opportunity becomes {self.outcome} without one, whichever way it gets there."
        if not self.offered:
            return f"{asks} Add a {self.word} reason first."
        return f"{asks} The {self.unexplained} without one stay as they are." if self.unexplained else asks


@dataclass(frozen=True, slots=True)
class PipelineSetup:
    pipeline: Pipeline
    stages: list[StageRow]
    reasons: list[ReasonList]
    opportunities: int
    purchase_rules: list[Automation]
    """The automations that follow from what comes of its buy-now links."""


def setup(pipeline: Pipeline) -> PipelineSetup:
    db.session.scalars(
        select(Stage).where(Stage.pipeline_id == pipeline.id).options(selectinload(Stage.all_items))
    ).all()  # the checklists of all stages at once, not one by one
    standing = _standing(pipeline)
    automations = _automations(pipeline)
    stages = [
        StageRow(
            stage,
            open=standing[stage.id, Status.OPEN],
            closed=sum(standing[stage.id, status] for status in Status if status is not Status.OPEN),
            automations=automations[stage.id],
        )
        for stage in pipeline.stages
    ]
    uses, unexplained = _uses(pipeline), _unexplained(pipeline)
    reasons = [_listed(pipeline, outcome, uses, unexplained[Status(outcome)]) for outcome in Outcome]
    return PipelineSetup(pipeline, stages, reasons, standing.total(), _purchase_rules(pipeline))


def _listed(pipeline: Pipeline, outcome: Outcome, uses: Counter[int | None], unexplained: int) -> ReasonList:
    archived = [
        reason for reason in pipeline.all_reasons if reason.outcome is outcome and reason.archived_at is not None
    ]
    return ReasonList(
        outcome,
        pipeline.requires_reason(outcome),
        [ReasonRow(reason, uses[reason.id]) for reason in pipeline.reasons(outcome)],
        [ReasonRow(reason, uses[reason.id]) for reason in archived],
        unexplained,
    )


def _standing(pipeline: Pipeline) -> Counter[tuple[int, Status]]:
    counted = (
        select(Opportunity.stage_id, Opportunity.status, func.count())
        .where(Opportunity.pipeline_id == pipeline.id, Opportunity.deleted_at.is_(None))
        .group_by(Opportunity.stage_id, Opportunity.status)
    )
    return Counter({(stage_id, status): count for stage_id, status, count in db.session.execute(counted)})


def _automations(pipeline: Pipeline) -> Counter[int]:
    """How many automations in use name each stage."""
    ids = [stage.id for stage in pipeline.stages]
    naming = select(Automation.source_id, Automation.target_id).where(
        Automation.archived_at.is_(None), or_(Automation.source_id.in_(ids), Automation.target_id.in_(ids))
    )
    found = Counter[int]()
    for sides in db.session.execute(naming):
        found.update({side for side in sides if side is not None})
    return found


def _purchase_rules(pipeline: Pipeline) -> list[Automation]:
    following = select(Automation).where(
        Automation.pipeline_id == pipeline.id,
        Automation.trigger != TriggerKind.STAGE_MOVE,
        Automation.archived_at.is_(None),
    )
    return list(db.session.scalars(following.order_by(Automation.trigger, Automation.name, Automation.id)))


def _uses(pipeline: Pipeline) -> Counter[int | None]:
    counted = (
        select(Opportunity.reason_id, func.count())
        .where(
            Opportunity.pipeline_id == pipeline.id,
            Opportunity.reason_id.is_not(None),
            Opportunity.deleted_at.is_(None),
        )
        .group_by(Opportunity.reason_id)
    )
    return Counter(dict(db.session.execute(counted).all()))


def _unexplained(pipeline: Pipeline) -> Counter[Status]:
    """How many ended without a reason."""
    counted = (
        select(Opportunity.status, func.count())
        .where(
            Opportunity.pipeline_id == pipeline.id, Opportunity.reason_id.is_(None), Opportunity.deleted_at.is_(None)
        )
        .group_by(Opportunity.status)
    )
    return Counter(dict(db.session.execute(counted).all()))
