"""Pipelines: start one, from a template or blank, and say how it works."""

from sqlalchemy import func, select, update

from pipeline import clock
from pipeline.domain import access, events, money
from pipeline.domain.access import Permission
from pipeline.domain.facts import PipelineCreated
from pipeline.domain.pipeline_templates import TEMPLATES, StageSketch
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.pipeline import Pipeline, Stage, StageKind
from pipeline.models.user import User

ADMINS_ONLY = "Only an administrator sets up pipelines."
LONGEST = 60


def create(name: str, *, currency: str, by: User | None, template: str = "blank") -> Pipeline:
    """A new pipeline with the template's stages; the first one becomes the default. Refuses a name that is taken."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    if template not in TEMPLATES:
        raise RuleBroken("There is no such template.")
    if not money.is_currency(currency):
        raise RuleBroken(f"“{currency}” is not a currency; use a code like USD or EUR.")
    count = db.session.scalar(select(func.count(Pipeline.id))) or 0
    pipeline = Pipeline(
        name=free_name(name),
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


def make_default(pipeline: Pipeline, *, by: User | None) -> None:
    """The one that opens first and takes what names no pipeline."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    db.session.execute(update(Pipeline).where(Pipeline.is_default).values(is_default=False))
    pipeline.is_default = True


def free_name(name: str, *, but: Pipeline | None = None) -> str:
    """The name, tidied. Refuses an empty or overlong one, and one that another pipeline has."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST:
        raise RuleBroken(f"A pipeline needs a name of at most {LONGEST} letters.")
    taken = db.session.scalar(select(Pipeline.id).where(func.lower(Pipeline.name) == name.lower()))
    if taken is not None and (but is None or taken != but.id):
        raise RuleBroken(f"There is a pipeline called {name} already; choose another name.")
    return name


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
