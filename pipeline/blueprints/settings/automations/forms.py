"""The forms of an automation: its trigger, and when an action is taken. What it is told is in `action_forms`."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from pipeline.domain.automations import LONGEST, Trigger
from pipeline.models.automation import Automation, DelayUnit, TriggerKind
from pipeline.models.pipeline import Pipeline
from pipeline.web.fields import choice

ANY = 0
MOVE = TriggerKind.STAGE_MOVE
KINDS = {
    TriggerKind.STAGE_MOVE: "A deal is moved",
    TriggerKind.BUY_CLICKED: "A prospect presses Buy now",
    TriggerKind.PURCHASED: "A deal is bought through its buy-now link",
    TriggerKind.BUY_EXPIRED: "A buy-now link expires",
}
UNITS = {DelayUnit.MINUTES: "minutes", DelayUnit.HOURS: "hours", DelayUnit.DAYS: "days"}


class TriggerForm(FlaskForm):  # type: ignore[misc]
    name = StringField("Name", [InputRequired("An automation needs a name."), Length(max=LONGEST)])
    trigger = SelectField(
        "When", choices=[choice(kind.value, words) for kind, words in KINDS.items()], coerce=TriggerKind, default=MOVE
    )
    source_id = SelectField("Moved from", coerce=int, default=ANY)
    target_id = SelectField("Moved to", coerce=int, default=ANY)
    only_by_person = BooleanField("Only when a person moved it")

    @classmethod
    def offering(cls, pipeline: Pipeline, automation: Automation | None = None, *, wanted: str = MOVE) -> "TriggerForm":
        """For an automation as it is, or for a new one that is wanted to follow from this."""
        form = cls(obj=automation, data={"trigger": next((kind for kind in KINDS if kind == wanted), MOVE)})
        stages = [choice(ANY, "any stage"), *(choice(stage.id, stage.name) for stage in pipeline.stages)]
        form.source_id.choices = form.target_id.choices = stages
        if automation and not form.is_submitted():
            form.source_id.data = _offered(automation.source_id, pipeline)
            form.target_id.data = _offered(automation.target_id, pipeline)
        return form

    def chosen(self, pipeline: Pipeline) -> Trigger:
        stages = {stage.id: stage for stage in pipeline.stages}
        return Trigger(
            kind=self.trigger.data,
            source=stages.get(self.source_id.data),
            target=stages.get(self.target_id.data),
            only_by_person=self.only_by_person.data,
        )


class TimingForm(FlaskForm):  # type: ignore[misc]
    delay = IntegerField(
        "Wait", [InputRequired("0 is at once."), NumberRange(0, 525_600, "Wait 0 or more.")], default=0
    )
    unit = SelectField(
        "Unit",
        choices=[choice(unit.value, word) for unit, word in UNITS.items()],
        coerce=DelayUnit,
        default=DelayUnit.MINUTES,
    )


class SwitchForm(FlaskForm):  # type: ignore[misc]
    cancel_pending = BooleanField("Cancel what is pending")


def _offered(stage_id: int | None, pipeline: Pipeline) -> int:
    """A stage that was retired is not on offer any more."""
    return next((stage.id for stage in pipeline.stages if stage.id == stage_id), ANY)
