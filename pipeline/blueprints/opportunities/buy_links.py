"""Buy-now links on the record: made, given more time, published and revoked by a rep; and the QR code of each."""

from io import BytesIO

import segno
from flask import Blueprint, Response, flash, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.opportunities import record
from pipeline.blueprints.opportunities.buy_link_forms import ExtensionForm, LinkForm
from pipeline.domain import access, buy_links, pricing
from pipeline.domain.access import Permission
from pipeline.domain.rules import Conflict, NotAllowed, NotVisible, RuleBroken
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink
from pipeline.models.opportunity import Opportunity
from pipeline.transaction import transaction
from pipeline.web import formats, origin
from pipeline.web.auth import me, requires
from pipeline.web.htmx import NO_DIALOG, dialog_page, on_refusal, partials

bp = Blueprint("buy_links", __name__, url_prefix="/opportunities/<int:opportunity_id>/buy-links")


@bp.get("/new")
@requires(Permission.OPPORTUNITY_EDIT)
def new(opportunity_id: int) -> ResponseReturnValue:
    """What would be offered, and until when."""
    opportunity = access.editable_opportunity(opportunity_id, by=me())
    if refusal := buy_links.why_not_on_offer(opportunity, buy_links.offered(opportunity)):
        raise RuleBroken(refusal)
    return _asked_to_make(opportunity, LinkForm.about(opportunity))


@bp.post("")
@requires(Permission.OPPORTUNITY_EDIT)
def create(opportunity_id: int) -> ResponseReturnValue:
    opportunity = access.editable_opportunity(opportunity_id, by=me())
    form = LinkForm.about(opportunity)
    if not form.validate():
        return _asked_to_make(opportunity, form, status=422)
    try:
        with transaction():
            link = buy_links.make(opportunity, by=me(), **form.terms())
    except Conflict:
        on_refusal(lambda: [*record.as_it_is(opportunity_id, "buy_now", "timeline"), NO_DIALOG])
        raise
    except RuleBroken as broken:
        if isinstance(broken, NotVisible | NotAllowed):
            raise
        form.form_errors = [broken.message]
        return _asked_to_make(opportunity, form, status=422)
    flash(f"The link is good until {formats.to_the_minute(link.expires_at)}.", "good")
    return _redrawn(opportunity)


@bp.get("/<int:link_id>/extension")
@requires(Permission.OPPORTUNITY_EDIT)
def ask_extension(opportunity_id: int, link_id: int) -> ResponseReturnValue:
    link = _link(access.editable_opportunity(opportunity_id, by=me()), link_id)
    return _asked_to_extend(link, ExtensionForm.about(link))


@bp.post("/<int:link_id>/extension")
@requires(Permission.OPPORTUNITY_EDIT)
def extend(opportunity_id: int, link_id: int) -> ResponseReturnValue:
    opportunity = access.editable_opportunity(opportunity_id, by=me())
    link = _link(opportunity, link_id)
    form = ExtensionForm.about(link)
    if not form.validate():
        return _asked_to_extend(link, form, status=422)
    try:
        with transaction():
            buy_links.extend(link, form.expires_at.moment, by=me())
    except RuleBroken as broken:
        if isinstance(broken, NotVisible | NotAllowed):
            raise
        form.form_errors = [broken.message]
        return _asked_to_extend(link, form, status=422)
    flash(f"The link is good until {formats.to_the_minute(link.expires_at)}.", "good")
    return _redrawn(opportunity)


@bp.post("/<int:link_id>/publication")
@requires(Permission.OPPORTUNITY_EDIT)
def publish(opportunity_id: int, link_id: int) -> ResponseReturnValue:
    opportunity = access.editable_opportunity(opportunity_id, by=me())
    link = _link(opportunity, link_id)
    with transaction():
        buy_links.publish(link, by=me())
    flash("The updated offer is published. The old address leads to it.", "good")
    return _redrawn(opportunity)


@bp.get("/<int:link_id>/revocation")
@requires(Permission.OPPORTUNITY_EDIT)
def ask_revocation(opportunity_id: int, link_id: int) -> ResponseReturnValue:
    link = _link(access.editable_opportunity(opportunity_id, by=me()), link_id)
    return _asked(link, "buy_links/_revocation_dialog.html", "Revoke this link?")


@bp.post("/<int:link_id>/revocation")
@requires(Permission.OPPORTUNITY_EDIT)
def revoke(opportunity_id: int, link_id: int) -> ResponseReturnValue:
    opportunity = access.editable_opportunity(opportunity_id, by=me())
    link = _link(opportunity, link_id)
    with transaction():
        buy_links.revoke(link, by=me())
    flash("The link was revoked. Nobody can buy by it any more.", "good")
    return _redrawn(opportunity)


@bp.get("/<int:link_id>/code.svg")
@requires(Permission.OPPORTUNITY_VIEW)
def code(opportunity_id: int, link_id: int) -> ResponseReturnValue:
    """The address as a QR code, black on white for any theme and any printer."""
    link = _link(access.opportunity(opportunity_id, to=me()), link_id)
    drawing = BytesIO()
    segno.make_qr(buy_links.address(link), error="m").save(drawing, kind="svg", scale=8, light="#fff", xmldecl=False)
    return Response(drawing.getvalue(), mimetype="image/svg+xml")


def _link(opportunity: Opportunity, link_id: int) -> BuyLink:
    link = db.session.get(BuyLink, link_id)
    if link is None or link.opportunity_id != opportunity.id:
        raise NotVisible("buy-now link")
    return link


def _redrawn(opportunity: Opportunity) -> ResponseReturnValue:
    """On its record; a link may be revoked on other pages, when the deal was just won there."""
    if origin.here() and not record.is_shown(opportunity.id):
        return partials(NO_DIALOG)
    return record.redrawn(opportunity, "buy_now", beside=(NO_DIALOG,))


def _asked_to_make(opportunity: Opportunity, form: LinkForm, *, status: int = 200) -> ResponseReturnValue:
    lines = buy_links.offered(opportunity)
    return dialog_page(
        "buy_links/_new_dialog.html",
        page="later/page.html",
        status=status,
        title="Create buy-now link",
        opportunity=opportunity,
        lines=lines,
        price=pricing.total(lines),
        form=form,
        back=url_for("opportunities.show", opportunity_id=opportunity.id),
    )


def _asked_to_extend(link: BuyLink, form: ExtensionForm, *, status: int = 200) -> ResponseReturnValue:
    return _asked(link, "buy_links/_extension_dialog.html", "Extend this link", status=status, form=form)


def _asked(link: BuyLink, template: str, title: str, *, status: int = 200, **more: object) -> ResponseReturnValue:
    back = url_for("opportunities.show", opportunity_id=link.opportunity_id)
    return dialog_page(template, page="later/page.html", status=status, title=title, link=link, back=back, **more)
