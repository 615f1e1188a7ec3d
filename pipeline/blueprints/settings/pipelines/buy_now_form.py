"""The form of what buy-now links start with in a pipeline. Skins and reasons are chosen by number."""

from typing import Any

from sqlalchemy import select
from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from pipeline.blueprints.settings.pipelines.forms import NONE, Form
from pipeline.domain.pipelines import LONGEST_OFFER
from pipeline.extensions import db
from pipeline.models.pipeline import Outcome, Pipeline
from pipeline.models.skin import Skin
from pipeline.web.fields import choice


class BuyNowForm(Form):
    buy_link_days = IntegerField(
        "Links are good for, days",
        [
            InputRequired("Give a number of days."),
            NumberRange(1, LONGEST_OFFER, f"Give a number of days from 1 to {LONGEST_OFFER}."),
        ],
    )
    skin = SelectField("Skin")
    buy_reason = SelectField("Win reason of a purchase")

    @classmethod
    def of(cls, pipeline: Pipeline, *, sent: bool = False) -> "BuyNowForm":
        """As the pipeline is now, or as it was just sent."""
        known = {
            "buy_link_days": pipeline.buy_link_days,
            "skin": str(pipeline.skin_id or NONE),
            "buy_reason": str(pipeline.buy_reason_id or NONE),
        }
        form = cls(data=known) if sent else cls(formdata=None, data=known)
        reasons = pipeline.reasons(Outcome.WON)
        form.skin.choices = [choice(NONE, "Plain, with the company’s name"), *_skins()]
        form.buy_reason.choices = [choice(NONE, "None"), *(choice(str(each.id), each.text) for each in reasons)]
        return form

    def chosen(self, pipeline: Pipeline) -> dict[str, Any]:
        """What was said, with the skin and the reason themselves."""
        reasons = {str(reason.id): reason for reason in pipeline.reasons(Outcome.WON)}
        return {
            "buy_link_days": self.buy_link_days.data,
            "skin": db.session.get(Skin, int(self.skin.data)) if self.skin.data else None,
            "buy_reason": reasons.get(self.buy_reason.data),
        }


def _skins() -> list[tuple[str, str]]:
    known = db.session.execute(select(Skin.id, Skin.name).where(Skin.archived_at.is_(None)).order_by(Skin.name))
    return [choice(str(number), name) for number, name in known]
