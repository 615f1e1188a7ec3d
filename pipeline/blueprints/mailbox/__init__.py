"""The mailbox inside the app: every mail that was written, where it went, and what it says."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from pipeline.domain.access import Permission
from pipeline.queries import mailbox, reading
from pipeline.web.auth import requires
from pipeline.web.htmx import page

bp = Blueprint("mailbox", __name__, url_prefix="/mailbox")


@bp.get("")
@requires(Permission.ADMINISTER)
def index() -> ResponseReturnValue:
    return page("mailbox/index.html", box=mailbox.box(before=reading.number(request.args, "before")))


@bp.get("/<int:mail_id>")
@requires(Permission.ADMINISTER)
def show(mail_id: int) -> ResponseReturnValue:
    return page("mailbox/show.html", mail=mailbox.mail(mail_id))
