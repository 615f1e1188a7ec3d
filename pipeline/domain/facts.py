"""Everything that can happen, each a frozen dataclass named in the past.

A fact carries names beside ids: the stage may be renamed and the sentence must stay true. Money is in minor units.
Its class name, in snake case, is the event's kind. Other modules add theirs by subclassing `Fact`.
"""

import re
from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True)
class Fact:
    """Something that happened. A contact, done by a person, shows that somebody is looking after the deal."""

    KINDS: ClassVar[dict[str, type["Fact"]]] = {}
    is_receipt: ClassVar[bool] = False
    is_contact: ClassVar[bool] = False

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        Fact.KINDS[cls.kind()] = cls

    @classmethod
    def kind(cls) -> str:
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


@dataclass(frozen=True)
class Change:
    """One field of a record, before and after, as the person would read it."""

    field: str
    before: str
    after: str


# opportunities


@dataclass(frozen=True)
class OpportunityCreated(Fact):
    title: str
    stage_id: int
    stage: str
    pipeline: str


@dataclass(frozen=True)
class OpportunityChanged(Fact):
    version: int
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class OpportunityMoved(Fact):
    is_contact: ClassVar[bool] = True

    pipeline_id: int
    source_id: int
    source: str
    target_id: int
    target: str
    days: int
    reason: str = ""
    note: str = ""
    wake_on: str = ""
    skipped: list[int] = field(default_factory=list)
    """The actions that whoever moved it did not want this once."""


@dataclass(frozen=True)
class MoveUndone(Fact):
    """A move or a change of status was taken back. `taken_back` names what had followed, `left` what stays done."""

    source: str
    target: str
    before: str
    after: str
    taken_back: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class StatusChanged(Fact):
    before: str
    after: str
    reason: str = ""
    note: str = ""


@dataclass(frozen=True)
class OwnerChanged(Fact):
    before_id: int | None
    before: str
    after_id: int | None
    after: str
    version: int


@dataclass(frozen=True)
class OpportunityShared(Fact):
    user_id: int
    user: str
    level: str


@dataclass(frozen=True)
class OpportunityUnshared(Fact):
    user_id: int
    user: str


@dataclass(frozen=True)
class OpportunityDeleted(Fact):
    title: str


@dataclass(frozen=True)
class OpportunityRestored(Fact):
    title: str


@dataclass(frozen=True)
class TagApplied(Fact):
    tag_id: int
    tag: str


@dataclass(frozen=True)
class TagRemoved(Fact):
    tag_id: int
    tag: str


@dataclass(frozen=True)
class ItemTicked(Fact):
    item_id: int
    text: str


@dataclass(frozen=True)
class ItemUnticked(Fact):
    item_id: int
    text: str


# activities


@dataclass(frozen=True)
class NoteWritten(Fact):
    is_contact: ClassVar[bool] = True

    note_id: int
    body: str


@dataclass(frozen=True)
class CallLogged(Fact):
    is_contact: ClassVar[bool] = True

    activity_id: int
    outcome: str
    notes: str


@dataclass(frozen=True)
class ActivityPlanned(Fact):
    activity_id: int
    activity: str
    title: str
    due_on: str
    assignee: str


@dataclass(frozen=True)
class ActivityChanged(Fact):
    activity_id: int
    title: str
    changes: list[Change] = field(default_factory=list)
    version: int = 0


@dataclass(frozen=True)
class ActivityDone(Fact):
    is_contact: ClassVar[bool] = True

    activity_id: int
    activity: str
    title: str
    outcome: str = ""


@dataclass(frozen=True)
class ActivityReopened(Fact):
    activity_id: int
    title: str


@dataclass(frozen=True)
class ActivityDropped(Fact):
    activity_id: int
    title: str


# automation and mail: what became of what was promised


@dataclass(frozen=True)
class StepSettled(Fact):
    """`action` says what was to be done, `receipt` what became of it."""

    is_receipt: ClassVar[bool] = True

    step_id: int
    automation: str
    action: str
    state: str
    receipt: str


@dataclass(frozen=True)
class MailWritten(Fact):
    """A person wrote to the contact. Whether it left is told by `MailSettled`."""

    is_contact: ClassVar[bool] = True

    mail_id: int
    to: str
    subject: str
    text: str


@dataclass(frozen=True)
class MailSettled(Fact):
    """A mail that no automation wrote left, or did not."""

    is_receipt: ClassVar[bool] = True

    mail_id: int
    to: str
    subject: str
    state: str
    remark: str


# contacts


@dataclass(frozen=True)
class ContactCreated(Fact):
    name: str


@dataclass(frozen=True)
class ContactChanged(Fact):
    changes: list[Change] = field(default_factory=list)
    version: int = 0


@dataclass(frozen=True)
class ContactDeleted(Fact):
    name: str


@dataclass(frozen=True)
class ContactRestored(Fact):
    name: str


# settings: what admins changed


@dataclass(frozen=True)
class PipelineCreated(Fact):
    pipeline_id: int
    name: str


@dataclass(frozen=True)
class SettingChanged(Fact):
    """An admin changed how a part of the house works; `what` names the part."""

    what: str
    changes: list[Change] = field(default_factory=list)


# the demo


@dataclass(frozen=True)
class DemoClockMoved(Fact):
    days: int
