"""Pipelines and their parts by number, for those who set them up. What is not there, or not there together, is not."""

from typing import TypeVar

from sqlalchemy import Select, select

from pipeline.domain.rules import NotVisible
from pipeline.extensions import db
from pipeline.models.pipeline import ChecklistItem, Pipeline, Reason, Stage

Part = TypeVar("Part", Pipeline, Stage, ChecklistItem, Reason)


def pipeline(pipeline_id: int) -> Pipeline:
    """Archived ones too."""
    return _found(select(Pipeline).where(Pipeline.id == pipeline_id), "pipeline")


def stage(pipeline_id: int, stage_id: int) -> Stage:
    """A stage of that pipeline that is in use."""
    wanted = select(Stage).where(Stage.id == stage_id, Stage.pipeline_id == pipeline_id, Stage.retired_at.is_(None))
    return _found(wanted, "stage")


def item(pipeline_id: int, item_id: int) -> ChecklistItem:
    """An item of a checklist in that pipeline."""
    wanted = (
        select(ChecklistItem)
        .join(ChecklistItem.stage)
        .where(ChecklistItem.id == item_id, Stage.pipeline_id == pipeline_id, ChecklistItem.dropped_at.is_(None))
    )
    return _found(wanted, "checklist item")


def reason(pipeline_id: int, reason_id: int) -> Reason:
    """A reason of that pipeline, archived ones too."""
    return _found(select(Reason).where(Reason.id == reason_id, Reason.pipeline_id == pipeline_id), "reason")


def _found(wanted: Select[Part], what: str) -> Part:
    found = db.session.scalar(wanted)
    if found is None:
        raise NotVisible(what)
    return found
