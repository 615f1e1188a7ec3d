"""Who else may see an opportunity, or also work it."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField

from pipeline.blueprints.opportunities import record
from pipeline.domain import access, owning
from pipeline.domain.access import Permission
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity, ShareLevel
from pipeline.models.user import User
from pipeline.queries import staff
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.fields import choice

bp = Blueprint("opportunity_shares", __name__, url_prefix="/opportunities/<int:opportunity_id>/shares")

LEVELS = [
    choice(ShareLevel.READ.value, "May read it"),
    choice(ShareLevel.WRITE.value, "May also change it"),
]


class ShareForm(FlaskForm):  # type: ignore[misc]
    user_id = SelectField("With", coerce=int)
    level = RadioField("How far", choices=LEVELS, default=ShareLevel.READ.value)

    @classmethod
    def about(cls, opportunity: Opportunity, **values: Any) -> "ShareForm":
        form = cls(**values)
        people = staff.who_can_sign_in()
        form.user_id.choices = [choice(id_, name) for id_, name in people if id_ != opportunity.owner_id]
        return form


@bp.get("/new")
@requires(Permission.OPPORTUNITY_EDIT)
def new(opportunity_id: int) -> ResponseReturnValue:
    opportunity = access.opportunity(opportunity_id, to=me())
    access.refuse_unless_owns(opportunity, by=me())
    return record.regions(opportunity_id, "sharing", editing="sharing", form=ShareForm.about(opportunity))


@bp.get("")
@requires(Permission.OPPORTUNITY_VIEW)
def index(opportunity_id: int) -> ResponseReturnValue:
    return record.regions(opportunity_id, "sharing")


@bp.post("")
@requires(Permission.OPPORTUNITY_EDIT)
def create(opportunity_id: int) -> ResponseReturnValue:
    opportunity = access.opportunity(opportunity_id, to=me())
    form = ShareForm.about(opportunity)
    if not form.validate():
        return record.regions(opportunity_id, "sharing", editing="sharing", form=form, status=422)
    with transaction():
        user = db.session.get_one(User, form.user_id.data)
        owning.share(opportunity, user, ShareLevel(form.level.data), by=me())
    return record.redrawn(opportunity, "sharing")


@bp.post("/<int:user_id>/removal")
@requires(Permission.OPPORTUNITY_VIEW)
def destroy(opportunity_id: int, user_id: int) -> ResponseReturnValue:
    """Take a share back; readers too may give back their own."""
    opportunity = access.opportunity(opportunity_id, to=me())
    with transaction():
        for user in [share.user for share in opportunity.shares if share.user_id == user_id]:
            owning.unshare(opportunity, user, by=me())
    return record.redrawn(opportunity, "sharing")
