"""Where a change to many leads: a few are done while one waits, and said where one was; of more there is a page."""

from flask import url_for
from flask.typing import ResponseReturnValue

from pipeline.domain.bulk import runs
from pipeline.models.bulk_run import BulkRun
from pipeline.queries import bulk_runs
from pipeline.transaction import transaction
from pipeline.web import origin, toasts
from pipeline.web.auth import me
from pipeline.web.htmx import again, go


def lead_on(run: BulkRun) -> ResponseReturnValue:
    """To its page, where it is watched and its refusals are listed; back with a toast when it just went well."""
    if runs.is_of_few(run):
        _see_through(run)
    its_page = url_for("bulk.show", run_id=run.id)
    page = origin.asked_from(its_page)
    if run.is_running or _has_more_to_say(run) or origin.path(page).startswith(url_for("bulk.index")):
        return go(its_page)
    if run.undoes_id is not None:
        toasts.forget()
    is_undoable = runs.can_be_undone(run)
    toasts.say(runs.outcome(run), undo=toasts.way(url_for("bulk.undo", run_id=run.id)) if is_undoable else None)
    return again() if origin.here() == page else go(page)


def _see_through(run: BulkRun) -> None:
    """All of it, in as many turns as that takes: on a slow machine too, nobody else's write waits for the whole."""
    for _each in range(run.total):
        if run.is_running:
            with transaction():
                runs.go_on(run.id, is_watched=True)


def _has_more_to_say(run: BulkRun) -> bool:
    return bool(run.refused or (run.undoes_id and bulk_runs.remarks(run, seen_by=me())))
