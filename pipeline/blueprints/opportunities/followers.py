"""Those who follow an opportunity: oneself by a click, or another who is added."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import SelectField

from pipeline.blueprints.opportunities import record
from pipeline.domain import access, following
from pipeline.domain.access import Permission
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.user import User
from pipeline.queries import reading, staff
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.fields import choice

bp = Blueprint("opportunity_followers", __name__, url_prefix="/opportunities/<int:opportunity_id>/followers")


class FollowerForm(FlaskForm):  # type: ignore[misc]
    user_id = SelectField("Who shall follow", coerce=int)

    @classmethod
    def offered(cls) -> "FollowerForm":
        form = cls()
        form.user_id.choices = [choice(id_, name) for id_, name in staff.who_can_sign_in()]
        return form


@bp.get("")
@requires(Permission.OPPORTUNITY_VIEW)
def index(opportunity_id: int) -> ResponseReturnValue:
    return record.regions(opportunity_id, "followers")


@bp.get("/new")
@requires(Permission.OPPORTUNITY_EDIT)
def new(opportunity_id: int) -> ResponseReturnValue:
    access.editable_opportunity(opportunity_id, by=me())
    return record.regions(opportunity_id, "followers", editing="followers", form=FollowerForm.offered())


@bp.post("")
@requires(Permission.OPPORTUNITY_VIEW)
def create(opportunity_id: int) -> ResponseReturnValue:
    """The person named; without a name whoever asks."""
    opportunity = access.opportunity(opportunity_id, to=me())
    with transaction():
        following.follow(opportunity, _named() if "user_id" in request.form else me(), by=me())
    return record.redrawn(opportunity, "followers", "sharing")


@bp.post("/<int:user_id>/removal")
@requires(Permission.OPPORTUNITY_VIEW)
def destroy(opportunity_id: int, user_id: int) -> ResponseReturnValue:
    opportunity = access.opportunity(opportunity_id, to=me())
    with transaction():
        if user := db.session.get(User, user_id):
            following.unfollow(opportunity, user, by=me())
    return record.redrawn(opportunity, "followers")


def _named() -> User:
    user = db.session.get(User, reading.number(request.form, "user_id") or 0)
    if user is None:
        raise RuleBroken("There is no such person to follow it.")
    return user
