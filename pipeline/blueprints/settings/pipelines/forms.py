"""The forms of a pipeline's settings. They check shape; the rules are the domain's."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from pipeline.domain.pipeline_templates import TEMPLATES
from pipeline.domain.stage_retirement import Fate
from pipeline.models.pipeline import Colour, Outcome, Pipeline, Stage, StageKind
from pipeline.web.fields import CheckboxesField, choice

NONE = ""
KINDS = {
    StageKind.WORKING: "Working: deals are on their way",
    StageKind.PARKED: "Parked: deals wait here",
    StageKind.WON: "Won: deals end here, won",
    StageKind.LOST: "Lost: deals end here, lost",
}
FATES = {
    Fate.SWITCH_OFF: "Switch them off, with a note that says why",
    Fate.FOLLOW: "Point them at the stage the opportunities go to",
}


class Form(FlaskForm):  # type: ignore[misc]
    """Several of these stand on one page: `called` tells their fields' ids apart."""

    def called(self, name: str) -> "Form":
        for field in self:
            field.id = f"{name}-{field.name}".replace("_", "-")
        return self


class NewPipelineForm(Form):
    name = StringField("Name", [InputRequired("A pipeline needs a name."), Length(max=60)])
    currency = StringField("Currency", [InputRequired("Name a currency, such as USD."), Length(3, 3)])
    template = RadioField(
        "Start with",
        choices=[choice(key, template.label) for key, template in TEMPLATES.items()],
        default="direct",
        validate_choice=True,
    )


class PipelineForm(Form):
    """How one pipeline works. Stages are chosen by number."""

    name = StringField("Name", [InputRequired("A pipeline needs a name."), Length(max=60)])
    currency = StringField("Currency", [InputRequired("Name a currency, such as USD."), Length(3, 3)])
    active = CheckboxesField("Active stages")
    default_stage = SelectField("Default stage")
    win_stage = SelectField("Win stage")
    requires_win_reason = BooleanField("Require a win reason")
    loss_stage = SelectField("Loss stage")
    rotting_days = IntegerField(
        "Rotting after, days",
        [
            InputRequired("Give a number of days, 0 for never."),
            NumberRange(0, 3650, "Give a number of days between 0 (never) and 3650."),
        ],
    )
    requires_loss_reason = BooleanField("Require a loss reason")
    confirmed = BooleanField("I have read what this means")

    @classmethod
    def of(cls, pipeline: Pipeline, *, sent: bool = False) -> "PipelineForm":
        """As the pipeline is now, or as it was just sent."""
        form = cls(obj=_Known(pipeline)) if sent else cls(formdata=None, obj=_Known(pipeline))
        chosen = [choice(str(stage.id), stage.name) for stage in pipeline.stages]
        going_on = [choice(str(stage.id), stage.name) for stage in pipeline.stages if not stage.outcome]
        form.active.choices = going_on
        form.default_stage.choices = [choice(NONE, "The first working stage"), *going_on]
        form.win_stage.choices = [choice(NONE, "None: won deals stay where they are"), *chosen]
        form.loss_stage.choices = [choice(NONE, "None: lost deals stay where they are"), *chosen]
        return form

    def chosen(self, pipeline: Pipeline) -> dict[str, Any]:
        """What was said, with the stages themselves."""
        stages = {str(stage.id): stage for stage in pipeline.stages}
        return {
            "name": self.name.data,
            "currency": (self.currency.data or "").upper(),
            "active": [stages[number] for number in self.active.data or []],
            "default_stage": stages.get(self.default_stage.data),
            "win_stage": stages.get(self.win_stage.data),
            "loss_stage": stages.get(self.loss_stage.data),
            "requires_win_reason": self.requires_win_reason.data,
            "requires_loss_reason": self.requires_loss_reason.data,
            "rotting_days": self.rotting_days.data,
        }


class _Known:
    """A pipeline as its form fields hold it."""

    def __init__(self, pipeline: Pipeline) -> None:
        won, lost = pipeline.stage_of_kind(StageKind.WON), pipeline.stage_of_kind(StageKind.LOST)
        self.name, self.currency = pipeline.name, pipeline.currency
        self.active = [str(stage.id) for stage in pipeline.stages if stage.is_active]
        self.default_stage = str(pipeline.default_stage_id or NONE)
        self.win_stage = str(won.id) if won else NONE
        self.loss_stage = str(lost.id) if lost else NONE
        self.requires_win_reason = pipeline.requires_reason(Outcome.WON)
        self.requires_loss_reason = pipeline.requires_reason(Outcome.LOST)
        self.rotting_days = pipeline.rotting_days


class StageForm(Form):
    name = StringField("Name", [InputRequired("A stage needs a name."), Length(max=60)])
    kind = SelectField("Kind", choices=[choice(kind.value, text) for kind, text in KINDS.items()], coerce=StageKind)
    probability = IntegerField(
        "Probability, %",
        [
            InputRequired("Give a whole number from 0 to 100."),
            NumberRange(0, 100, "A probability is between 0 and 100 percent."),
        ],
        default=0,
    )
    target_days = IntegerField(
        "Target, days",
        [
            InputRequired("Give a number of days, 0 for no target."),
            NumberRange(0, 3650, "The target is between 0 (none) and 3650 days."),
        ],
        default=0,
    )
    colour = RadioField(
        "Colour",
        choices=[choice(colour.value, colour.value.capitalize()) for colour in Colour],
        coerce=Colour,
        default=Colour.SLATE,
    )

    @property
    def values(self) -> dict[str, Any]:
        return {name: self[name].data for name in ("name", "kind", "probability", "target_days", "colour")}


class ItemForm(Form):
    text = StringField("What has to be done", [InputRequired("Say what has to be done."), Length(max=200)])
    is_required = BooleanField("Required")


class ReasonForm(Form):
    text = StringField("Reason", [InputRequired("Say the reason in a few words."), Length(max=120)])


class PlaceForm(Form):
    position = IntegerField("Position", [InputRequired(), NumberRange(0, 1000)])


class RetirementForm(Form):
    """Where the opportunities go, what becomes of the automations, and the reason if deals end by it."""

    target = SelectField("Its opportunities go to", validators=[Optional()])
    fate = RadioField(
        "Automations that name it",
        choices=[choice(fate.value, text) for fate, text in FATES.items()],
        coerce=Fate,
        default=Fate.SWITCH_OFF,
    )
    reason = SelectField("Reason", validators=[Optional()])
    note = TextAreaField("Note", [Length(max=2000)])

    @classmethod
    def among(cls, targets: list[Stage], reasons: list[Any], **known: Any) -> "RetirementForm":
        form = cls(**known)
        form.target.choices = [
            choice(NONE, "Choose a stage"),
            *(choice(str(stage.id), stage.name) for stage in targets),
        ]
        form.reason.choices = [
            choice(NONE, "Choose a reason"),
            *(choice(str(reason.id), reason.text) for reason in reasons),
        ]
        return form
