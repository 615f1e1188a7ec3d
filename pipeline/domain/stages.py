"""The stages of a pipeline: add, change, put in order, say which are active and where deals end."""

from collections.abc import Collection

from sqlalchemy import func, select

from pipeline.domain import changes, events, ordering
from pipeline.domain.facts import Change, SettingChanged
from pipeline.domain.pipelines import refuse_unless_changeable
from pipeline.domain.rules import RuleBroken
from pipeline.domain.setup_facts import StageAdded
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Colour, Outcome, Pipeline, Stage, StageKind
from pipeline.models.user import User

LONGEST = 60
CHANGEABLE = {"name", "kind", "probability", "target_days", "is_active", "colour"}
LAST = 10**6


def add(
    pipeline: Pipeline,
    name: str,
    *,
    by: User | None,
    kind: StageKind = StageKind.WORKING,
    probability: int = 0,
    target_days: int = 0,
    is_active: bool | None = None,
    colour: Colour = Colour.SLATE,
) -> Stage:
    """A new stage after the working ones, before where deals end; active when it is a working one, unless told."""
    refuse_unless_changeable(pipeline, by=by)
    name = _free_name(pipeline, name)
    _refuse_numbers(probability, target_days)
    _refuse_second_ending(pipeline, kind)
    stage = Stage(
        name=name,
        kind=kind,
        position=LAST,
        probability=probability,
        target_days=target_days,
        is_active=kind is StageKind.WORKING if is_active is None else is_active,
        colour=colour,
    )
    order = pipeline.stages
    pipeline.all_stages.append(stage)
    ordering.put(stage, _place_for(kind, order), among=order)
    db.session.flush()
    events.record(StageAdded(stage_id=stage.id, stage=name, pipeline=pipeline.name), about=stage, by=by)
    return stage


def change(stage: Stage, *, by: User | None, **values: object) -> list[str]:
    """Change some of the `CHANGEABLE` fields; names those that did change.

    Refuses a name that another stage has, numbers out of range, a second won or lost stage, and to make a stage an
    ending or no ending while opportunities stand in it: their status would no longer fit.
    """
    if unknown := values.keys() - CHANGEABLE:
        raise TypeError(f"not changeable here: {', '.join(sorted(unknown))}")
    take(stage, by=by)
    if "name" in values:
        values["name"] = _free_name(stage.pipeline, str(values["name"]), but=stage)
    made = changes.between(stage, values)
    fields = [change.field for change in made]
    _refuse_numbers(values.get("probability", 0), values.get("target_days", 0))
    if "kind" in fields:
        _refuse_kind(stage, StageKind(str(values["kind"])))
    if made:
        events.record(SettingChanged(what=f"the stage {stage.name}", changes=made), about=stage, by=by)
    for field in fields:
        setattr(stage, field, values[field])
    return fields


def place(stage: Stage, position: int, *, by: User | None) -> None:
    """Put it at a place among the pipeline's stages, counted from 0; beyond the last is last."""
    take(stage, by=by)
    before = stage.pipeline.stages.index(stage)
    if ordering.put(stage, position, among=stage.pipeline.stages).index(stage) == before:
        return
    made = [Change(field="place", before=str(before + 1), after=str(stage.position + 1))]
    events.record(SettingChanged(what=f"the stage {stage.name}", changes=made), about=stage, by=by)


def activate(pipeline: Pipeline, active: Collection[Stage], *, by: User | None) -> None:
    """Make these, and no others, the stages in which a deal counts as being worked on."""
    refuse_unless_changeable(pipeline, by=by)
    for stage in pipeline.stages:
        change(stage, by=by, is_active=stage in active)


def set_ending(pipeline: Pipeline, outcome: Outcome, to: Stage | None, *, by: User | None) -> None:
    """Say in which stage deals are won, or lost; none if they end wherever they stand.

    The stage that was it becomes a working one. Refuses while opportunities stand in either.
    """
    refuse_unless_changeable(pipeline, by=by)
    kind = StageKind(outcome)
    before = pipeline.stage_of_kind(kind)
    if before is to:
        return
    if before is not None:
        change(before, by=by, kind=StageKind.WORKING)
        db.session.flush()
    if to is not None:
        change(to, by=by, kind=kind)
        db.session.flush()


def take(stage: Stage, *, by: User | None) -> None:
    """Admins change a stage in use, one at a time: its pipeline is held.

    The stage itself is not, while its deals may be waited for: whoever has one of those counts it to the stage.
    """
    refuse_unless_changeable(stage.pipeline, by=by)
    db.session.refresh(stage)
    if stage.retired_at is not None:
        raise RuleBroken(f"{stage.name} is retired and cannot be changed any more.")


def standing_in(stage: Stage) -> int:
    """How many opportunities stand in it, whatever their status; deleted ones do not."""
    standing = select(func.count(Opportunity.id)).where(
        Opportunity.stage_id == stage.id, Opportunity.deleted_at.is_(None)
    )
    return db.session.scalar(standing) or 0


def _free_name(pipeline: Pipeline, name: str, *, but: Stage | None = None) -> str:
    name = ordering.tidy(name, what="A stage’s name", longest=LONGEST)
    others = [stage.name for stage in pipeline.stages if stage is not but]
    ordering.refuse_taken(name, others, where=f"in {pipeline.name}")
    return name


def _refuse_numbers(probability: object, target_days: object) -> None:
    if not isinstance(probability, int) or not 0 <= probability <= 100:  # noqa: PLR2004 — percent
        raise RuleBroken("A probability is between 0 and 100 percent.")
    if not isinstance(target_days, int) or not 0 <= target_days <= 3650:  # noqa: PLR2004 — ten years
        raise RuleBroken("The target is a number of days between 0 (none) and 3650.")


def _refuse_kind(stage: Stage, kind: StageKind) -> None:
    ends = StageKind.WON, StageKind.LOST
    if stage.kind not in ends and kind not in ends:
        return
    _refuse_second_ending(stage.pipeline, kind)
    if stage.id == stage.pipeline.default_stage_id:
        raise RuleBroken(f"New opportunities start in {stage.name}; choose another default stage first.")
    if standing := standing_in(stage):
        deals = "1 opportunity stands" if standing == 1 else f"{standing} opportunities stand"
        raise RuleBroken(
            f"{deals} in {stage.name}, whose status would no longer fit its kind. Move them to another stage, or "
            "retire this stage and add a new one."
        )


def _refuse_second_ending(pipeline: Pipeline, kind: StageKind) -> None:
    if kind in (StageKind.WON, StageKind.LOST) and (other := pipeline.stage_of_kind(kind)):
        raise RuleBroken(f"{other.name} is the {kind} stage already; a pipeline has one at most.")


def _place_for(kind: StageKind, order: list[Stage]) -> int:
    if kind in (StageKind.WON, StageKind.LOST):
        return len(order)
    return next((stage.position for stage in order if stage.outcome), len(order))
