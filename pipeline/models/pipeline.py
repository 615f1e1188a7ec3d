"""A pipeline, its stages in order, what must be ticked in a stage, and why deals are won or lost."""

from datetime import datetime
from enum import StrEnum
from operator import attrgetter

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.models.base import Instant, Numbered, choice
from pipeline.models.skin import Skin

LIVE = "retired_at IS NULL"
PLACE = attrgetter("position")
CLOSING = "kind IN ('won', 'lost') AND retired_at IS NULL"


class StageKind(StrEnum):
    """What a stage means. Rules hang on this, never on the stage's name."""

    WORKING = "working"
    PARKED = "parked"
    WON = "won"
    LOST = "lost"


class Colour(StrEnum):
    """The hues a stage or a tag may wear; the stylesheet knows each."""

    SLATE = "slate"
    BLUE = "blue"
    TEAL = "teal"
    GREEN = "green"
    AMBER = "amber"
    ORANGE = "orange"
    RED = "red"
    VIOLET = "violet"


class Outcome(StrEnum):
    """The two endings a reason can explain."""

    WON = "won"
    LOST = "lost"


class Pipeline(Numbered):
    """Its buy-now links are good for `buy_link_days`, wear `skin`, and a purchase wins for `buy_reason`."""

    __tablename__ = "pipelines"
    __table_args__ = (
        CheckConstraint("buy_link_days BETWEEN 1 AND 365", name="buy_link_days"),
        Index(
            "uq_pipelines_default",
            "is_default",
            unique=True,
            sqlite_where=text("is_default"),
            postgresql_where=text("is_default"),
        ),
    )

    name: Mapped[str] = mapped_column(String(60), unique=True)
    currency: Mapped[str] = mapped_column(String(3))
    position: Mapped[int] = mapped_column(default=0)
    is_default: Mapped[bool] = mapped_column(default=False)
    requires_win_reason: Mapped[bool] = mapped_column(default=False)
    requires_loss_reason: Mapped[bool] = mapped_column(default=False)
    rotting_days: Mapped[int] = mapped_column(default=14)
    default_stage_id: Mapped[int | None] = mapped_column(ForeignKey("stages.id", use_alter=True))
    buy_link_days: Mapped[int] = mapped_column(default=14, server_default="14")
    skin_id: Mapped[int | None] = mapped_column(ForeignKey("skins.id"))
    buy_reason_id: Mapped[int | None] = mapped_column(ForeignKey("reasons.id", use_alter=True))
    created_at: Mapped[datetime] = mapped_column(Instant)
    archived_at: Mapped[datetime | None] = mapped_column(Instant)
    skin: Mapped[Skin | None] = relationship()
    default_stage: Mapped["Stage | None"] = relationship(foreign_keys=[default_stage_id], post_update=True)
    all_stages: Mapped[list["Stage"]] = relationship(
        back_populates="pipeline", order_by="Stage.position", foreign_keys="Stage.pipeline_id"
    )
    all_reasons: Mapped[list["Reason"]] = relationship(
        back_populates="pipeline", order_by="Reason.position", foreign_keys="Reason.pipeline_id"
    )
    buy_reason: Mapped["Reason | None"] = relationship(foreign_keys=[buy_reason_id], post_update=True)

    @property
    def stages(self) -> list["Stage"]:
        """The stages in use, in order."""
        return sorted((stage for stage in self.all_stages if stage.retired_at is None), key=PLACE)

    @property
    def first_stage(self) -> "Stage | None":
        """Where new opportunities start: the chosen default stage, else the first working one, else the first."""
        stages = self.stages
        chosen = [stage for stage in stages if stage.id == self.default_stage_id]
        working = [stage for stage in stages if stage.kind is StageKind.WORKING]
        return next(iter(chosen + working + stages), None)

    def stage_of_kind(self, kind: StageKind) -> "Stage | None":
        return next((stage for stage in self.stages if stage.kind is kind), None)

    def reasons(self, outcome: Outcome) -> list["Reason"]:
        """The reasons on offer for an ending, in order, without archived ones."""
        offered = (reason for reason in self.all_reasons if reason.outcome is outcome and reason.archived_at is None)
        return sorted(offered, key=PLACE)

    def requires_reason(self, outcome: Outcome) -> bool:
        return self.requires_win_reason if outcome is Outcome.WON else self.requires_loss_reason


class Stage(Numbered):
    __tablename__ = "stages"
    __table_args__ = (
        CheckConstraint("probability BETWEEN 0 AND 100", name="probability"),
        CheckConstraint("target_days >= 0", name="target_days"),
        Index(
            "uq_stages_live_name",
            "pipeline_id",
            "name",
            unique=True,
            sqlite_where=text(LIVE),
            postgresql_where=text(LIVE),
        ),
        Index(
            "uq_stages_closing_kind",
            "pipeline_id",
            "kind",
            unique=True,
            sqlite_where=text(CLOSING),
            postgresql_where=text(CLOSING),
        ),
    )

    pipeline_id: Mapped[int] = mapped_column(ForeignKey("pipelines.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    kind: Mapped[StageKind] = mapped_column(choice(StageKind), default=StageKind.WORKING)
    probability: Mapped[int] = mapped_column(default=0)
    target_days: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
    colour: Mapped[Colour] = mapped_column(choice(Colour), default=Colour.SLATE)
    retired_at: Mapped[datetime | None] = mapped_column(Instant)
    pipeline: Mapped[Pipeline] = relationship(back_populates="all_stages", foreign_keys=[pipeline_id])
    all_items: Mapped[list["ChecklistItem"]] = relationship(
        back_populates="stage", order_by="ChecklistItem.position, ChecklistItem.id"
    )

    @property
    def checklist(self) -> list["ChecklistItem"]:
        """The items a deal in this stage has to go through now."""
        return sorted((item for item in self.all_items if item.dropped_at is None), key=PLACE)

    @property
    def outcome(self) -> Outcome | None:
        return {StageKind.WON: Outcome.WON, StageKind.LOST: Outcome.LOST}.get(self.kind)


class ChecklistItem(Numbered):
    __tablename__ = "checklist_items"

    stage_id: Mapped[int] = mapped_column(ForeignKey("stages.id"), index=True)
    text: Mapped[str] = mapped_column(String(200))
    is_required: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    dropped_at: Mapped[datetime | None] = mapped_column(Instant)
    stage: Mapped[Stage] = relationship(back_populates="all_items")


class Reason(Numbered):
    """Why deals are won or lost. Archived, never deleted: history keeps pointing at it."""

    __tablename__ = "reasons"

    pipeline_id: Mapped[int] = mapped_column(ForeignKey("pipelines.id"), index=True)
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome))
    text: Mapped[str] = mapped_column(String(120))
    position: Mapped[int] = mapped_column(default=0)
    archived_at: Mapped[datetime | None] = mapped_column(Instant)
    pipeline: Mapped[Pipeline] = relationship(back_populates="all_reasons", foreign_keys=[pipeline_id])
