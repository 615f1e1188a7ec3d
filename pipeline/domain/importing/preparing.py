"""Before the first row: the pipeline to go into, and with *create missing* the stages that rows name."""

from pipeline.domain.importing import stage_names
from pipeline.domain.importing.fields import LONGEST, Field
from pipeline.domain.importing.known import Known
from pipeline.domain.importing.plans import Plan

Wanted = dict[str | None, list[str]]


def prepare(plan: Plan, known: Known) -> None:
    """Make what is missing, if the import may. Refuses when rows that name no pipeline have none to go into."""
    wanted = _wanted(plan)
    if plan.settings.create_missing:
        for name, names in wanted.items():
            _complete(name or plan.settings.pipeline, names, known)
    if None in wanted:
        known.pipeline()


def _complete(name: str | None, names: list[str], known: Known) -> None:
    pipeline = stage_names.pipeline_named(name)
    if pipeline is None:
        stage_names.make_pipeline(name, names, by=known.by)
    else:
        stage_names.add_stages(pipeline, names, by=known.by)


def _wanted(plan: Plan) -> Wanted:
    """Pipeline → the stages that rows name for it, in order of appearance; no name is the import's own pipeline."""
    wanted: Wanted = {}
    for said in plan.said:
        name, stage = said.get(Field.PIPELINE), said.get(Field.STAGE)
        names = wanted.setdefault(name if name and len(name) <= LONGEST[Field.PIPELINE] else None, [])
        if stage and len(stage) <= LONGEST[Field.STAGE] and stage not in names:
            names.append(stage)
    return wanted
