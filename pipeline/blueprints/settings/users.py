"""Users, managed by administrators: invite, change, hand over, deactivate."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.settings.refusals import refused, refusing_into
from pipeline.blueprints.settings.user_forms import UserForm
from pipeline.domain import handing_over, password_mails, people
from pipeline.domain.access import Permission
from pipeline.domain.people import Newcomer
from pipeline.domain.rules import RuleBroken
from pipeline.models.user import User
from pipeline.queries import reading, settings_people
from pipeline.transaction import transaction
from pipeline.web import links
from pipeline.web.auth import me, requires
from pipeline.web.htmx import go, page

bp = Blueprint("users", __name__, url_prefix="/settings/users")
bp.register_error_handler(RuleBroken, refused)


@bp.get("")
@requires(Permission.ADMINISTER)
def index() -> ResponseReturnValue:
    return render_template(
        "settings/users/index.html", users=settings_people.users(), deals=settings_people.open_deals()
    )


@bp.get("/new")
@requires(Permission.ADMINISTER)
def new() -> ResponseReturnValue:
    return render_template("settings/users/new.html", form=UserForm().offer_groups())


@bp.post("")
@requires(Permission.ADMINISTER)
def create() -> ResponseReturnValue:
    form = UserForm().offer_groups()
    again = refusing_into(form, lambda: page("settings/users/new.html", form=form, status=422))
    if not form.validate_on_submit():
        return again()
    with transaction():
        person = people.invite(newcomer(form), groups=form.chosen_groups, rights=form.rights, by=me())
        invite(person)
    flash(f"{person.name} is invited by mail.", "good")
    return go(url_for("users.show", user_id=person.id))


@bp.get("/<int:user_id>")
@requires(Permission.ADMINISTER)
def show(user_id: int) -> ResponseReturnValue:
    person = settings_people.user(user_id)
    form = UserForm(obj=person, groups=[membership.group_id for membership in person.memberships]).offer_groups()
    return shown(person, form)


@bp.post("/<int:user_id>")
@requires(Permission.ADMINISTER)
def update(user_id: int) -> ResponseReturnValue:
    person, form = settings_people.user(user_id), UserForm().offer_groups()
    again = refusing_into(form, lambda: shown(person, form, status=422))
    if not form.validate_on_submit():
        return again()
    who = {name: form[name].data for name in ("name", "email", "time_zone", "locale")}
    with transaction():
        people.change(person, by=me(), groups=form.chosen_groups, **who, **form.rights)
    flash(f"{person.name} was saved.", "good")
    return go(url_for("users.show", user_id=person.id))


@bp.post("/<int:user_id>/invitations")
@requires(Permission.ADMINISTER)
def invite_again(user_id: int) -> ResponseReturnValue:
    person = settings_people.user(user_id)
    with transaction():
        invite(person)
    flash(f"A link to choose a password is on its way to {person.email}.", "good")
    return redirect(url_for("users.show", user_id=person.id), 303)


@bp.post("/<int:user_id>/successor")
@requires(Permission.ADMINISTER)
def hand_over(user_id: int) -> ResponseReturnValue:
    person = settings_people.user(user_id)
    heir = settings_people.user(reading.number(request.form, "to") or 0)
    with transaction():
        count = handing_over.hand_over(person, heir, by=me())
    flash(f"{count} open deals of {person.name} belong to {heir.name} now.", "good")
    return redirect(url_for("users.show", user_id=person.id), 303)


@bp.post("/<int:user_id>/deactivation")
@requires(Permission.ADMINISTER)
def deactivate(user_id: int) -> ResponseReturnValue:
    person = settings_people.user(user_id)
    with transaction():
        people.deactivate(person, by=me())
    flash(f"{person.name} cannot sign in any more.", "good")
    return redirect(url_for("users.show", user_id=person.id), 303)


@bp.post("/<int:user_id>/reactivation")
@requires(Permission.ADMINISTER)
def reactivate(user_id: int) -> ResponseReturnValue:
    person = settings_people.user(user_id)
    with transaction():
        people.reactivate(person, by=me())
    flash(f"{person.name} can sign in again.", "good")
    return redirect(url_for("users.show", user_id=person.id), 303)


def shown(person: User, form: UserForm, *, status: int = 200) -> ResponseReturnValue:
    context = {
        "person": person,
        "form": form,
        "deals": people.open_deals(person),
        "heirs": settings_people.heirs(person),
    }
    return page("settings/users/show.html", status=status, **context)


def newcomer(form: UserForm) -> Newcomer:
    return Newcomer(form.name.data or "", form.email.data or "", form.time_zone.data, form.locale.data)


def invite(person: User) -> None:
    password_mails.invitation(person, links.password_link(person, links.INVITATION), by=me())
