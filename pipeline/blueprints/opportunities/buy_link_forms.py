"""What a rep says of a link: until when it is good, in their own zone, how it looks, and a word to the prospect."""

from datetime import UTC, datetime
from typing import Any, cast

from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import DateTimeLocalField, IntegerField, SelectField, TextAreaField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from pipeline.domain import buy_links
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink
from pipeline.models.opportunity import Opportunity
from pipeline.models.skin import Skin
from pipeline.web import formats
from pipeline.web.fields import choice, no_longer_than

WRITTEN = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


class MomentField(DateTimeLocalField):
    """A date and a time as the person's clock has them; `moment` is what they mean, in UTC."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, format=WRITTEN, **options)

    @property
    def moment(self) -> datetime:
        """For one that was sent and is valid."""
        return cast(datetime, self.data).replace(tzinfo=formats.zone()).astimezone(UTC)


def _on_the_clock(moment: datetime) -> datetime:
    return moment.astimezone(formats.zone()).replace(tzinfo=None)


class ExtensionForm(FlaskForm):  # type: ignore[misc]
    expires_at = MomentField("Good until", validators=[InputRequired("Say until when it is good.")])

    @classmethod
    def about(cls, link: BuyLink) -> "ExtensionForm":
        """Filled with what was sent, else with the time of a new link, or with its own where that is later."""
        suggested = max(link.expires_at, buy_links.default_expiry(link.opportunity.pipeline))
        return cls(expires_at=_on_the_clock(suggested))


class LinkForm(FlaskForm):  # type: ignore[misc]
    """`seen_id` is the open link that the person saw, if there was one: another made meanwhile is not overridden."""

    expires_at = MomentField("Good until", validators=[InputRequired("Say until when it is good.")])
    skin_id = SelectField("Skin", coerce=int, default=0)
    message = TextAreaField("A word to the prospect", validators=[no_longer_than(buy_links.LONGEST_MESSAGE)])
    seen_id = IntegerField(widget=HiddenInput())
    standing: BuyLink | None = None

    @classmethod
    def about(cls, opportunity: Opportunity) -> "LinkForm":
        standing = buy_links.open_of(opportunity)
        form = cls(
            expires_at=_on_the_clock(buy_links.default_expiry(opportunity.pipeline)),
            message=standing.message if standing else "",
            skin_id=standing.skin_id or 0 if standing else 0,
            seen_id=standing.id if standing else 0,
        )
        usual = opportunity.pipeline.skin
        form.skin_id.choices = [choice(0, f"{usual.name}, as always" if usual else "Plain, as always"), *_skins()]
        form.standing = standing
        return form

    def terms(self) -> dict[str, Any]:
        return {
            "expires_at": self.expires_at.moment,
            "skin": db.session.get(Skin, self.skin_id.data) if self.skin_id.data else None,
            "message": self.message.data or "",
            "seen_id": self.seen_id.data or None,
        }


def _skins() -> list[Any]:
    known = db.session.execute(select(Skin.id, Skin.name).where(Skin.archived_at.is_(None)).order_by(Skin.name))
    return [choice(number, name) for number, name in known]
