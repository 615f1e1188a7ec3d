"""What saving a pipeline's settings would mean for the deals there are; nothing when nobody would notice."""

from collections.abc import Mapping

from pipeline.models.pipeline import Outcome, Stage, StageKind
from pipeline.queries.settings_pipeline import PipelineSetup

WAYS = "dragging, the menu, the record, lists and imports"


def consequences(setup: PipelineSetup, values: Mapping[str, object]) -> list[str]:
    """A sentence for each part of the change that people will feel."""
    said = []
    for reasons in setup.reasons:
        if values[f"requires_{reasons.word}_reason"] and not reasons.is_required:
            said.append(_on_requiring(reasons.outcome, reasons.word, reasons.unexplained))
        chosen = values[f"{reasons.word}_stage"]
        said += _on_ending(setup, reasons.outcome, chosen if isinstance(chosen, Stage) else None)
    return said


def _on_requiring(outcome: Outcome, word: str, unexplained: int) -> str:
    stays = f"The {outcome} opportunities without a reason ({unexplained}) stay as they are. " if unexplained else ""
    return f"{stays}From now on no opportunity becomes {outcome} without a {word} reason: {WAYS} all ask for one."


def _on_ending(setup: PipelineSetup, outcome: Outcome, chosen: Stage | None) -> list[str]:
    before = setup.pipeline.stage_of_kind(StageKind(outcome))
    if before is chosen:
        return []
    said = []
    if before is not None:
        said.append(f"{before.name} becomes a working stage: what goes there is no longer {outcome}.")
    if chosen is not None:
        said.append(f"From now on every opportunity that goes to {chosen.name} is {outcome}.")
    else:
        said.append(f"An opportunity that becomes {outcome} stays in the stage where it stands.")
    return said
