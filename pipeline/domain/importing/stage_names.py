"""Pipelines and stages that a file names: found by name whatever the case, made in their order when asked for."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from pipeline import folding
from pipeline.domain import installation, pipelines, stages
from pipeline.domain.importing.mapping import folded
from pipeline.extensions import db
from pipeline.models.pipeline import Colour, Pipeline, Stage, StageKind
from pipeline.models.user import User

WORDS = {
    "won": StageKind.WON,
    "closedwon": StageKind.WON,
    "lost": StageKind.LOST,
    "closedlost": StageKind.LOST,
}
HUES = (Colour.SLATE, Colour.BLUE, Colour.TEAL, Colour.VIOLET, Colour.AMBER, Colour.ORANGE)
CLOSING = {StageKind.WON: (100, Colour.GREEN), StageKind.LOST: (0, Colour.RED)}
FALLBACK_NAME = "Imported"


def pipeline_named(name: str | None) -> Pipeline | None:
    """The pipeline of that name, whatever the case; the default one for no name."""
    wanted = folding.folded(Pipeline.name) == name.lower() if name else Pipeline.is_default
    return db.session.scalar(select(Pipeline).where(wanted, Pipeline.archived_at.is_(None)))


def stage_named(pipeline: Pipeline, name: str) -> Stage | None:
    """The stage in use of that name; else, for a name that means won or lost, the pipeline's stage of that kind."""
    for stage in pipeline.stages:
        if stage.name.lower() == name.lower():
            return stage
    kind = WORDS.get(folded(name))
    return pipeline.stage_of_kind(kind) if kind else None


def make_pipeline(name: str | None, names: Sequence[str], *, by: User | None) -> Pipeline:
    """A pipeline with these stages: working ones in the order given, with rising probabilities, then won and lost.

    A file that names no stages gets those of direct sales.
    """
    currency = installation.current().currency
    if not names:
        return pipelines.create(name or FALLBACK_NAME, currency=currency, by=by, template="direct")
    pipeline = pipelines.create(name or FALLBACK_NAME, currency=currency, by=by)
    add_stages(pipeline, sorted(names, key=_kind), by=by)
    working = [stage for stage in pipeline.stages if stage.kind is StageKind.WORKING]
    for place, stage in enumerate(working, start=1):
        stage.probability = round(100 * place / (len(working) + 1))
    db.session.flush()
    return pipeline


def add_stages(pipeline: Pipeline, names: Iterable[str], *, by: User | None) -> None:
    """Add the stages that are missing, before the closing ones. Their probability is 0 until an admin sets it."""
    for name in names:
        if stage_named(pipeline, name) is not None:
            continue
        kind = WORDS.get(folded(name), StageKind.WORKING)
        probability, colour = CLOSING.get(kind, (0, HUES[len(pipeline.all_stages) % len(HUES)]))
        stages.add(pipeline, name, by=by, kind=kind, probability=probability, colour=colour)
        db.session.expire(pipeline, ["all_stages"])  # read again in the new order


def _kind(name: str) -> int:
    """Working stages first, then won, then lost."""
    return [StageKind.WORKING, StageKind.WON, StageKind.LOST].index(WORDS.get(folded(name), StageKind.WORKING))
