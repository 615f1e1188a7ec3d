"""Groups: who is in them, and who manages a team."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length

from pipeline.blueprints.settings.refusals import refused, refusing_into
from pipeline.domain import groups
from pipeline.domain.access import Permission
from pipeline.domain.rules import RuleBroken
from pipeline.models.user import Group, GroupKind, User
from pipeline.queries import settings_people
from pipeline.transaction import transaction
from pipeline.web.auth import me, requires
from pipeline.web.htmx import go, page

bp = Blueprint("groups", __name__, url_prefix="/settings/groups")
bp.register_error_handler(RuleBroken, refused)


def kinds() -> list[tuple[str, str]]:
    """What a new group can be for."""
    return [
        (GroupKind.TEAM.value, "A team: its managers see what its members own"),
        (GroupKind.OTHER.value, "Another group, for your own order"),
    ]


class NewGroupForm(FlaskForm):  # type: ignore[misc]
    name = StringField("Name", [InputRequired("A group needs a name."), Length(max=60)])
    kind = RadioField("What it is for", choices=kinds, default=GroupKind.TEAM.value)


class GroupForm(FlaskForm):  # type: ignore[misc]
    name = StringField("Name", [InputRequired("A group needs a name."), Length(max=60)])


@bp.get("")
@requires(Permission.ADMINISTER)
def index() -> ResponseReturnValue:
    return listed(NewGroupForm())


@bp.post("")
@requires(Permission.ADMINISTER)
def create() -> ResponseReturnValue:
    form = NewGroupForm()
    again = refusing_into(form, lambda: listed(form, status=422))
    if not form.validate_on_submit():
        return again()
    with transaction():
        group = groups.create(form.name.data or "", GroupKind(form.kind.data), by=me())
    flash(f"{group.name} was created. Say who is in it.", "good")
    return go(url_for("groups.show", group_id=group.id))


@bp.get("/<int:group_id>")
@requires(Permission.ADMINISTER)
def show(group_id: int) -> ResponseReturnValue:
    group = settings_people.group(group_id)
    return shown(group, GroupForm(obj=group))


@bp.post("/<int:group_id>")
@requires(Permission.ADMINISTER)
def update(group_id: int) -> ResponseReturnValue:
    group, form = settings_people.group(group_id), GroupForm()
    again = refusing_into(form, lambda: shown(group, form, status=422))
    if not form.validate_on_submit():
        return again()
    with transaction():
        groups.change(group, name=form.name.data or "", members=ticked("member"), managers=ticked("manager"), by=me())
    flash(f"{group.name} was saved.", "good")
    return go(url_for("groups.show", group_id=group.id))


@bp.post("/<int:group_id>/deletion")
@requires(Permission.ADMINISTER)
def delete(group_id: int) -> ResponseReturnValue:
    group = settings_people.group(group_id)
    with transaction():
        groups.delete(group, by=me())
    flash("The group was deleted; its people stay.", "good")
    return redirect(url_for("groups.index"), 303)


def ticked(name: str) -> list[User]:
    chosen = set(request.form.getlist(name, type=int))
    return [user for user in settings_people.users() if user.id in chosen]


def listed(form: NewGroupForm, *, status: int = 200) -> ResponseReturnValue:
    return page("settings/groups/index.html", form=form, groups=settings_people.groups(), status=status)


def shown(group: Group, form: GroupForm, *, status: int = 200) -> ResponseReturnValue:
    standing = {membership.user_id: membership for membership in group.memberships}
    context = {"group": group, "form": form, "users": settings_people.users(), "standing": standing}
    return page("settings/groups/show.html", status=status, **context)
