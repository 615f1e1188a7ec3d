"""What admins do to pipelines, their stages, checklists and reasons; plain changes of a field are `SettingChanged`."""

from dataclasses import dataclass

from pipeline.domain.facts import Fact


@dataclass(frozen=True)
class PipelineArchived(Fact):
    pipeline_id: int
    name: str


@dataclass(frozen=True)
class PipelineRestored(Fact):
    pipeline_id: int
    name: str


@dataclass(frozen=True)
class StageAdded(Fact):
    stage_id: int
    stage: str
    pipeline: str


@dataclass(frozen=True)
class StageRetired(Fact):
    """`moved` opportunities went to the target; there is none when the stage was empty."""

    stage_id: int
    stage: str
    pipeline: str
    target_id: int | None = None
    target: str = ""
    moved: int = 0


@dataclass(frozen=True)
class ChecklistItemAdded(Fact):
    item_id: int
    text: str
    stage: str


@dataclass(frozen=True)
class ChecklistItemDropped(Fact):
    item_id: int
    text: str
    stage: str


@dataclass(frozen=True)
class ReasonAdded(Fact):
    reason_id: int
    text: str
    outcome: str


@dataclass(frozen=True)
class ReasonArchived(Fact):
    reason_id: int
    text: str
    outcome: str


@dataclass(frozen=True)
class ReasonRestored(Fact):
    reason_id: int
    text: str
    outcome: str
