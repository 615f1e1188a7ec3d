"""What has to be asked before many are changed, and the beginning of it. Asking changes nothing."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.bulk import endings
from pipeline.blueprints.bulk.blueprint import bp
from pipeline.blueprints.bulk.forms import Asked, arguments
from pipeline.domain.access import Permission
from pipeline.domain.bulk import runs
from pipeline.domain.bulk.runs import CountChanged
from pipeline.domain.rules import RuleBroken
from pipeline.models.bulk_run import BulkVerb
from pipeline.models.opportunity import Status
from pipeline.models.pipeline import Stage
from pipeline.queries import board, bulk_question, selection, staff
from pipeline.queries.bulk_question import ENDINGS, Met
from pipeline.transaction import transaction
from pipeline.web import origin
from pipeline.web.auth import me, requires
from pipeline.web.htmx import dialog_page, is_htmx

NOTHING = "Select some opportunities first: tick their boxes, or the one of a whole column."


@bp.post("/questions")
@requires(Permission.OPPORTUNITY_EDIT)
def ask() -> ResponseReturnValue:
    """The dialog of what was chosen to be done with the selected ones."""
    asked = Asked.read(request.form)
    template, context = _question(asked)
    if is_htmx():
        return render_template(template, level=2, **context)
    return render_template("bulk/page.html", dialog=template, level=1, **context)


@bp.post("")
@requires(Permission.OPPORTUNITY_EDIT)
def create() -> ResponseReturnValue:
    """Begin; the workers do it, but for a few."""
    asked = Asked.read(request.form)
    with transaction():
        run = runs.start(
            asked.verb,
            arguments(asked, request.form),
            selection.chosen(asked.selection, seen_by=me()),
            by=me(),
            expected=asked.expected,
            with_automation=asked.with_automation,
            came_from=_back(),
        )
    return endings.lead_on(run)


@bp.errorhandler(CountChanged)
def ask_again(changed: CountChanged) -> ResponseReturnValue:
    """The same dialog with the number that is true now."""
    template, context = _question(Asked.read(request.form))
    return dialog_page(template, page="bulk/page.html", status=422, **context | {"warning": changed.message})


def _question(asked: Asked) -> tuple[str, dict[str, Any]]:
    met = bulk_question.met(asked.selection, seen_by=me())
    if not met.count:
        raise RuleBroken(NOTHING)
    context = {"asked": asked, "back": _back(), "met": met, "verb": asked.verb, "warning": ""}
    match asked.verb:
        case BulkVerb.MOVE:
            return _move(asked, met, context)
        case BulkVerb.SET_STATUS:
            return _status(asked, met, context)
        case BulkVerb.ASSIGN:
            return "bulk/_question.html", context | {"title": f"Assign {_them(met)}", "owners": staff.who_may_own()}
        case BulkVerb.ADD_TAG:
            return "bulk/_question.html", context | {"title": f"Tag {_them(met)}", "tags": bulk_question.every_tag()}
        case BulkVerb.REMOVE_TAG:
            worn = bulk_question.tags_worn(asked.selection, seen_by=me())
            return "bulk/_question.html", context | {"title": f"Take a tag off {_them(met)}", "tags": worn}
        case BulkVerb.DELETE:
            return "bulk/_question.html", context | {"title": f"Delete {_them(met)}?"}


def _move(asked: Asked, met: Met, context: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    if asked.stage_id is None:
        return "bulk/_stages.html", context | {"title": f"Move {_them(met)}"}
    stage = board.stage(asked.stage_id)
    title = f"Move {_them(met)} to {stage.name}"
    context |= {"title": title, "stage": stage, "reasons": bulk_question.reasons(met, stage.outcome)}
    return "bulk/_question.html", context | _consequences(met, {stage.pipeline_id: stage})


def _status(asked: Asked, met: Met, context: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    status = asked.status
    if status is None:
        return "bulk/_statuses.html", context | {"title": f"Close or open {_them(met)}"}
    title = f"Open {_them(met)} again" if status is Status.OPEN else f"Close {_them(met)} as {status}"
    context |= {"title": title, "reasons": bulk_question.reasons(met, ENDINGS.get(status))}
    return "bulk/_question.html", context | _consequences(met, bulk_question.targets(met, status))


def _consequences(met: Met, targets: dict[int, Stage]) -> dict[str, Any]:
    return {
        "items": bulk_question.required_items(met, targets),
        "following": bulk_question.following(met, targets),
    }


def _them(met: Met) -> str:
    return "1 opportunity" if met.count == 1 else f"{met.count} opportunities"


def _back() -> str:
    return origin.asked_from(url_for("board.show"))[:1000]
