"""The page, and the rest of what it shows only the beginning of."""

from datetime import date, datetime, time

from flask import render_template, request
from flask.typing import ResponseReturnValue

from pipeline.blueprints.today import agenda
from pipeline.blueprints.today.blueprint import bp
from pipeline.domain import access
from pipeline.domain.access import Permission
from pipeline.domain.rules import RuleBroken
from pipeline.models.activity import ActivityKind
from pipeline.queries import reading, today
from pipeline.queries.today_groups import Group, Mark
from pipeline.web.auth import me, requires
from pipeline.web.htmx import is_htmx


@bp.get("")
@requires(Permission.SIGNED_IN)
def show() -> ResponseReturnValue:
    """With `next` and `about` it offers the next task of a deal, as it does when one was just done."""
    offered, about = request.args.get("next"), reading.number(request.args, "about")
    if offered not in set(ActivityKind) or about is None:
        return agenda.whole()
    return agenda.whole(offered=offered, about=access.opportunity(about, to=me()))


@bp.get("/agenda")
@requires(Permission.SIGNED_IN)
def lists() -> ResponseReturnValue:
    return agenda.redrawn()


@bp.get("/<any('" + "', '".join(Group) + "'):name>")
@requires(Permission.SIGNED_IN)
def more(name: str) -> ResponseReturnValue:
    """The next lines of one group: in their place with htmx, as a page of their own without."""
    part = today.more(me(), Group(name), after=_mark(), of_team=agenda.whose() == agenda.TEAM)
    template = "today/_more.html" if is_htmx() else "today/group.html"
    return render_template(template, part=part, who=agenda.whose())


def _mark() -> Mark | None:
    """The entry that they come after."""
    sent = request.args
    if "id" not in sent:
        return None
    try:
        return Mark(
            date.fromisoformat(sent["on"]),
            _aware(datetime.fromisoformat(sent["since"])),
            time.fromisoformat(sent["at"]),
            int(sent["is_deal"]) % 2,
            int(sent["id"]) % 2**31,
        )
    except (KeyError, ValueError):
        raise RuleBroken("There is no such place in the list; reload the page.") from None


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment says where its time is meant")
    return moment
