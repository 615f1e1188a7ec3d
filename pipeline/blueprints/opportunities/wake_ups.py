"""When a deal at rest shall ask for attention again: asked after it was parked or lost, and wherever it waits."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from pipeline import clock
from pipeline.blueprints.opportunities import beneath
from pipeline.blueprints.settings.refusals import refused, refusing_into
from pipeline.blueprints.today import agenda
from pipeline.domain import access, waking
from pipeline.domain.access import Permission
from pipeline.domain.rules import RuleBroken
from pipeline.models.opportunity import Opportunity
from pipeline.transaction import transaction
from pipeline.web import formats, later, origin
from pipeline.web.auth import me, requires
from pipeline.web.htmx import NO_DIALOG, dialog_page, go, is_htmx, partials
from pipeline.web.later import LaterForm

bp = Blueprint("wake_ups", __name__, url_prefix="/opportunities/<int:opportunity_id>/wake-up")
bp.register_error_handler(RuleBroken, refused)


@bp.get("")
@requires(Permission.OPPORTUNITY_EDIT)
def ask(opportunity_id: int) -> ResponseReturnValue:
    opportunity = access.editable_opportunity(opportunity_id, by=me())
    return _asked(opportunity, LaterForm(day=opportunity.wake_on), status=200)


@bp.post("")
@requires(Permission.OPPORTUNITY_EDIT)
def choose(opportunity_id: int) -> ResponseReturnValue:
    """No day takes it back."""
    opportunity, form = access.opportunity(opportunity_id, to=me()), LaterForm()
    again = refusing_into(form, lambda: _asked(opportunity, form, status=422), at="day")
    if not form.validate():
        return again()
    day = form.day.data
    with transaction():
        waking.wake_on(opportunity, day, by=me())
    words = f"wakes up {formats.day_within(day)}" if day else "has no wake-up day any more"
    flash(f"{opportunity.title} {words}.", "good")
    page = _page(opportunity_id)
    if agenda.is_there(page):
        return agenda.redrawn(NO_DIALOG)
    if page == _record(opportunity_id) or not is_htmx():
        return go(page)
    return partials(*beneath.card(opportunity, page=page), NO_DIALOG)


def _asked(opportunity: Opportunity, form: LaterForm, *, status: int) -> ResponseReturnValue:
    return dialog_page(
        "later/_dialog.html",
        page="later/page.html",
        status=status,
        title="Wake up when?",
        hint=f"{opportunity.title} rests until then, and stands on its owner’s Today page on that day.",
        url=url_for("wake_ups.choose", opportunity_id=opportunity.id),
        choices=later.choices(me()),
        form=form,
        earliest=clock.days_from_today(1, me()),
        known=opportunity.wake_on,
        back=_page(opportunity.id),
    )


def _page(opportunity_id: int) -> str:
    return origin.asked_from(_record(opportunity_id))


def _record(opportunity_id: int) -> str:
    return url_for("opportunities.show", opportunity_id=opportunity_id)
