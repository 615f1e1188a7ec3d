"""What a change to many would meet: how many, where they stand, what it has to ask, and what would follow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from pipeline.domain import automations
from pipeline.extensions import db
from pipeline.models.automation import Automation, TriggerKind
from pipeline.models.contact import Tag
from pipeline.models.opportunity import Opportunity, Status, opportunity_tags
from pipeline.models.pipeline import ChecklistItem, Outcome, Pipeline, Reason, Stage, StageKind
from pipeline.models.user import User
from pipeline.queries import selection
from pipeline.queries.selection import Selection

EXAMPLES = 3
FEW = 10
"""Up to so many, automations run unless one says no; beyond, only if one says yes."""
ENDINGS = {Status.WON: Outcome.WON, Status.LOST: Outcome.LOST}


@dataclass(frozen=True)
class Group:
    """So many of them stand in this stage."""

    stage: Stage
    count: int


@dataclass(frozen=True)
class Asking:
    """The reasons of one pipeline for the ending that its deals come to."""

    pipeline: Pipeline
    outcome: Outcome
    reasons: Sequence[Reason]
    is_required: bool


@dataclass(frozen=True)
class Following:
    """An automation that so many of them would set off, and what it does."""

    automation: Automation
    does: list[str]
    count: int


@dataclass(frozen=True)
class Met:
    """What is selected, as the dialog tells it."""

    count: int
    examples: Sequence[str]
    groups: Sequence[Group]
    targets: dict[int, Stage] = field(default_factory=dict)
    """Where the deals of a pipeline would go, by the pipeline's id."""

    @property
    def pipelines(self) -> list[Pipeline]:
        found = {group.stage.pipeline.id: group.stage.pipeline for group in self.groups}
        return sorted(found.values(), key=lambda pipeline: pipeline.position)

    @property
    def are_few(self) -> bool:
        return self.count <= FEW

    def outside(self, stage: Stage) -> int:
        """How many of another pipeline there are, which cannot go there."""
        return sum(group.count for group in self.groups if group.stage.pipeline_id != stage.pipeline_id)


def met(selected: Selection, *, seen_by: User) -> Met:
    """How many, the first few by name, and in which stages they stand."""
    within = selection.within(selected, seen_by=seen_by)
    counted = select(Opportunity.stage_id, func.count()).where(within).group_by(Opportunity.stage_id)
    counts = {row[0]: row[1] for row in db.session.execute(counted)}
    stages = db.session.scalars(select(Stage).where(Stage.id.in_(counts)).order_by(Stage.pipeline_id, Stage.position))
    titles = db.session.scalars(select(Opportunity.title).where(within).order_by(Opportunity.id).limit(EXAMPLES))
    return Met(sum(counts.values()), titles.all(), [Group(stage, counts[stage.id]) for stage in stages])


def reasons(met: Met, outcome: Outcome | None) -> list[Asking]:
    """What each pipeline has to ask about an ending; nothing where it offers no reason."""
    if outcome is None:
        return []
    asked = [
        Asking(pipeline, outcome, pipeline.reasons(outcome), pipeline.requires_reason(outcome))
        for pipeline in met.pipelines
    ]
    return [asking for asking in asked if asking.reasons or asking.is_required]


def targets(met: Met, status: Status) -> dict[int, Stage]:
    """The stage that a status leads to in each pipeline that has one for it."""
    if status not in ENDINGS:
        return {}
    stages = {pipeline.id: pipeline.stage_of_kind(StageKind(status)) for pipeline in met.pipelines}
    return {pipeline_id: stage for pipeline_id, stage in stages.items() if stage is not None}


def required_items(met: Met, targets: dict[int, Stage]) -> list[tuple[ChecklistItem, Group]]:
    """What has to be ticked before they may go on, and how many stand there; whether they wear it shows each."""
    return [
        (item, group)
        for group, target in _travelling(met, targets)
        if target.kind is StageKind.WON or (target.kind is StageKind.WORKING and target.position > group.stage.position)
        for item in group.stage.checklist
        if item.is_required
    ]


def following(met: Met, targets: dict[int, Stage]) -> list[Following]:
    """What going there would set off."""
    watching = db.session.scalars(
        select(Automation)
        .where(Automation.trigger == TriggerKind.STAGE_MOVE, Automation.is_on, Automation.archived_at.is_(None))
        .where(Automation.pipeline_id.in_(targets))
        .order_by(Automation.name, Automation.id)
    )
    found = [
        Following(each, [automations.sentence(action) for action in each.actions], _setting_off(each, met, targets))
        for each in watching
    ]
    return [each for each in found if each.count]


def tags_worn(selected: Selection, *, seen_by: User) -> list[Tag]:
    """The tags that some of them wear, by name."""
    within = selection.within(selected, seen_by=seen_by)
    worn = (
        select(opportunity_tags.c.tag_id)
        .join(Opportunity, Opportunity.id == opportunity_tags.c.opportunity_id)
        .where(within)
    )
    return list(db.session.scalars(select(Tag).where(Tag.id.in_(worn)).order_by(Tag.name)))


def every_tag() -> list[Tag]:
    return list(db.session.scalars(select(Tag).order_by(Tag.name)))


def _travelling(met: Met, targets: dict[int, Stage]) -> Iterator[tuple[Group, Stage]]:
    for group in met.groups:
        target = targets.get(group.stage.pipeline_id)
        if target is not None and target is not group.stage:
            yield group, target


def _setting_off(automation: Automation, met: Met, targets: dict[int, Stage]) -> int:
    return sum(
        group.count
        for group, target in _travelling(met, targets)
        if automation.pipeline_id == target.pipeline_id
        and automation.source_id in {None, group.stage.id}
        and automation.target_id in {None, target.id}
    )
