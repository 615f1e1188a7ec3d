"""Pipelines: start one, from a template or blank, say how it works, and put it away."""

from sqlalchemy import func, select, update

from pipeline import clock
from pipeline.domain import access, changes, events, money, naming
from pipeline.domain.access import Permission
from pipeline.domain.facts import Change, PipelineCreated, SettingChanged
from pipeline.domain.holding import hold_setup
from pipeline.domain.pipeline_templates import TEMPLATES, StageSketch
from pipeline.domain.rules import RuleBroken
from pipeline.domain.setup_facts import PipelineArchived, PipelineRestored
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.pipeline import Outcome, Pipeline, Stage, StageKind
from pipeline.models.skin import Skin
from pipeline.models.user import User

ADMINS_ONLY = "Only an administrator sets up pipelines."
LONGEST = 60
CHANGEABLE = {
    "name",
    "currency",
    "default_stage",
    "requires_win_reason",
    "requires_loss_reason",
    "rotting_days",
    "buy_link_days",
    "skin",
    "buy_reason",
}
LONGEST_OFFER = 365
LONGEST_REST = 3650


def create(name: str, *, currency: str, by: User | None, template: str = "blank") -> Pipeline:
    """A new pipeline with the template's stages; the first one becomes the default. Refuses a name that is taken."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    if template not in TEMPLATES:
        raise RuleBroken("There is no such template.")
    _refuse_currency(currency)
    count = db.session.scalar(select(func.count(Pipeline.id))) or 0
    pipeline = Pipeline(
        name=naming.free(Pipeline, name, noun="pipeline", longest=LONGEST),
        currency=currency,
        position=count,
        is_default=db.session.scalar(select(Pipeline.id).where(Pipeline.is_default)) is None,
        requires_win_reason=False,
        requires_loss_reason=False,
        created_at=clock.now(),
        all_stages=[_drawn(sketch, position) for position, sketch in enumerate(TEMPLATES[template].stages)],
    )
    db.session.add(pipeline)
    db.session.flush()
    events.record(PipelineCreated(pipeline_id=pipeline.id, name=pipeline.name), about=pipeline, by=by)
    return pipeline


def change(pipeline: Pipeline, *, by: User | None, **values: object) -> list[str]:
    """Change some of the `CHANGEABLE` fields; names those that did change.

    Refuses a name that is taken, another currency once there are opportunities, a default stage where deals end, to
    require a reason while there is none to choose, and for purchases an archived skin or another pipeline's reason.
    """
    if unknown := values.keys() - CHANGEABLE:
        raise TypeError(f"not changeable here: {', '.join(sorted(unknown))}")
    refuse_unless_changeable(pipeline, by=by)
    if "name" in values:
        values["name"] = naming.free(Pipeline, str(values["name"]), noun="pipeline", longest=LONGEST, but=pipeline)
    made = changes.between(pipeline, values)
    fields = [change.field for change in made]
    for field in fields:
        _refuse(pipeline, field, values[field])
    if made:
        events.record(SettingChanged(what=f"the pipeline {pipeline.name}", changes=made), about=pipeline, by=by)
    for field in fields:
        setattr(pipeline, field, values[field])
    return fields


def make_default(pipeline: Pipeline, *, by: User | None) -> None:
    """The one that opens first and takes what names no pipeline."""
    refuse_unless_changeable(pipeline, by=by)
    if pipeline.is_default:
        return
    before = db.session.scalar(select(Pipeline.name).where(Pipeline.is_default)) or ""
    db.session.execute(update(Pipeline).where(Pipeline.is_default).values(is_default=False))
    pipeline.is_default = True
    made = [Change(field="default pipeline", before=before, after=pipeline.name)]
    events.record(SettingChanged(what="which pipeline opens first", changes=made), about=pipeline, by=by)


def archive(pipeline: Pipeline, *, by: User | None) -> None:
    """Put it away: its opportunities stay readable, nothing moves in it any more.

    Refuses the default pipeline, and one with open opportunities.
    """
    refuse_unless_changeable(pipeline, by=by)
    if pipeline.is_default:
        raise RuleBroken(f"{pipeline.name} is the default pipeline; make another one the default first.")
    if remaining := open_opportunities(pipeline):
        deals = "1 open opportunity" if remaining == 1 else f"{remaining} open opportunities"
        raise RuleBroken(f"{pipeline.name} still has {deals}; close or abandon them before you archive it.")
    pipeline.archived_at = clock.now()
    events.record(PipelineArchived(pipeline_id=pipeline.id, name=pipeline.name), about=pipeline, by=by)


def restore(pipeline: Pipeline, *, by: User | None) -> None:
    """Bring an archived pipeline back, as it was. Bringing back what is in use changes nothing."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    hold_setup(pipeline)
    if pipeline.archived_at is None:
        return
    pipeline.archived_at = None
    events.record(PipelineRestored(pipeline_id=pipeline.id, name=pipeline.name), about=pipeline, by=by)


def refuse_unless_changeable(pipeline: Pipeline, *, by: User | None) -> None:
    """Admins change a pipeline, one at a time, and not while it is archived."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    hold_setup(pipeline)
    if pipeline.archived_at is not None:
        raise RuleBroken(f"{pipeline.name} is archived; bring it back before you change it.")


def open_opportunities(pipeline: Pipeline) -> int:
    return _count(pipeline, Opportunity.status == Status.OPEN, Opportunity.deleted_at.is_(None))


def _refuse(pipeline: Pipeline, field: str, value: object) -> None:
    match field:
        case "currency":
            _refuse_currency(str(value))
            _refuse_if_used(pipeline)
        case "default_stage" if isinstance(value, Stage):
            _refuse_as_start(pipeline, value)
        case "rotting_days":
            _refuse_days(value)
        case "buy_link_days":
            _refuse_offer_days(value)
        case "skin" if isinstance(value, Skin):
            _refuse_archived_skin(value)
        case "buy_reason" if value not in (None, *pipeline.reasons(Outcome.WON)):
            raise RuleBroken(f"A purchase is explained by one of the win reasons that {pipeline.name} has on offer.")
        case "requires_win_reason" if value:
            _refuse_without_reasons(pipeline, Outcome.WON)
        case "requires_loss_reason" if value:
            _refuse_without_reasons(pipeline, Outcome.LOST)


def _refuse_currency(currency: str) -> None:
    if not money.is_currency(currency):
        raise RuleBroken(f"“{currency}” is not a currency; use a code like USD or EUR.")


def _refuse_days(days: object) -> None:
    if not isinstance(days, int) or not 0 <= days <= LONGEST_REST:
        raise RuleBroken(f"Say after how many days without contact a deal rots: 0 (never) to {LONGEST_REST}.")


def _refuse_offer_days(days: object) -> None:
    if not isinstance(days, int) or not 1 <= days <= LONGEST_OFFER:
        raise RuleBroken(f"A buy-now link is good for 1 to {LONGEST_OFFER} days.")


def _refuse_archived_skin(skin: Skin) -> None:
    if skin.archived_at is not None:
        raise RuleBroken(f"The skin “{skin.name}” is archived; choose another, or bring it back.")


def _refuse_if_used(pipeline: Pipeline) -> None:
    if count := _count(pipeline):
        deals = "an opportunity" if count == 1 else f"{count} opportunities"
        raise RuleBroken(
            f"The currency cannot change: {deals} in {pipeline.name} already count in {pipeline.currency}, and amounts "
            "are never converted. Start a pipeline in the other currency instead."
        )


def _refuse_as_start(pipeline: Pipeline, stage: Stage) -> None:
    if stage not in pipeline.stages:
        raise RuleBroken("The default stage must be one of this pipeline’s stages.")
    if stage.outcome:
        raise RuleBroken(f"New opportunities cannot start in {stage.name}: it is where deals end.")


def _refuse_without_reasons(pipeline: Pipeline, outcome: Outcome) -> None:
    if not pipeline.reasons(outcome):
        kind = "win" if outcome is Outcome.WON else "loss"
        raise RuleBroken(f"Add a {kind} reason before you require one; with an empty list nobody could choose any.")


def _count(pipeline: Pipeline, *only: object) -> int:
    of_pipeline = select(func.count(Opportunity.id)).where(Opportunity.pipeline_id == pipeline.id, *only)  # type: ignore[arg-type]
    return db.session.scalar(of_pipeline) or 0


def _drawn(sketch: StageSketch, position: int) -> Stage:
    return Stage(
        name=sketch.name,
        position=position,
        kind=sketch.kind,
        probability=sketch.probability,
        target_days=sketch.target_days,
        is_active=sketch.kind is StageKind.WORKING,
        colour=sketch.colour,
    )
