"""The list of contacts: what is searched for, the kind, the order and the page stand in its URL."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from pipeline.blueprints.contacts.blueprint import bp
from pipeline.domain.access import Permission
from pipeline.queries import contact_list, reading
from pipeline.queries.contact_list import BY_NAME, By, Kind, Wanted
from pipeline.queries.sorting import Sort
from pipeline.web.auth import me, requires


@bp.get("")
@requires(Permission.CONTACT_VIEW)
def index() -> ResponseReturnValue:
    wanted, sort = Wanted.read(request.args), Sort.read(request.args, BY_NAME)
    page = reading.number(request.args, "page") or 1
    return render_template(
        "contacts/list.html",
        By=By,
        Kind=Kind,
        listed=contact_list.listed(wanted, sort, page, seen_by=me()),
        sort=sort,
        wanted=wanted,
    )
