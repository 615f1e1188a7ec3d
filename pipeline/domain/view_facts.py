"""What people do to the views they keep."""

from dataclasses import dataclass, field

from pipeline.domain.facts import Change, Fact


@dataclass(frozen=True)
class ViewSaved(Fact):
    view_id: int
    name: str
    place: str
    shared: bool


@dataclass(frozen=True)
class ViewChanged(Fact):
    view_id: int
    name: str
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class ViewDeleted(Fact):
    view_id: int
    name: str


@dataclass(frozen=True)
class ViewRestored(Fact):
    view_id: int
    name: str
