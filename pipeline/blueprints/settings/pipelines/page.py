"""The page of one pipeline, and the parts of it that a change redraws. One panel at most is open on it."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pipeline.blueprints.settings.pipelines.buy_now_form import BuyNowForm
from pipeline.blueprints.settings.pipelines.forms import Form, ItemForm, PipelineForm, ReasonForm, StageForm
from pipeline.domain.rules import NotVisible
from pipeline.models.pipeline import Outcome, Pipeline, Reason, Stage
from pipeline.queries import reading, settings_history, settings_pipeline, settings_setup
from pipeline.queries.settings_retirement import Retirement
from pipeline.web.htmx import Fragment, go, is_htmx, page, partials

PARTS = {
    "head": "_head",
    "settings": "_settings",
    "buy_now": "_buy_now",
    "stages": "_stages",
    "won": "_won",
    "lost": "_lost",
    "history": "_history",
}


@dataclass(frozen=True, slots=True)
class Panel:
    """What stands open on the page: a stage's form, its checklist, its retirement, a new stage, or a reason's form.

    `focus` names the element that has the focus again, once a panel was closed.
    """

    kind: str = ""
    id: int | None = None
    form: Form | None = None
    item_id: int | None = None
    retirement: Retirement | None = None
    focus: str = ""

    def is_open(self, kind: str, thing_id: int | None = None) -> bool:
        return self.kind == kind and self.id == thing_id


CLOSED = Panel()


def show(
    pipeline: Pipeline,
    *parts: str,
    panel: Panel = CLOSED,
    settings: PipelineForm | None = None,
    buy_now: BuyNowForm | None = None,
    consequences: list[str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """These parts of the page with htmx, the whole page without."""
    context = {
        "setup": settings_pipeline.setup(pipeline),
        "history": settings_history.latest(pipeline),
        "panel": panel,
        "form": (settings or PipelineForm.of(pipeline)).called("pipeline"),
        "buy_now": (buy_now or BuyNowForm.of(pipeline)).called("buy-now"),
        "consequences": consequences or [],
        "Outcome": Outcome,
    }
    if not is_htmx():
        return page("settings/pipelines/show.html", status=status, **context)
    return partials(*(fragment(part, context) for part in parts), status=status)


def fragment(part: str, context: dict[str, Any]) -> Fragment:
    return f"settings/pipelines/{PARTS[part]}.html", context


def changed(pipeline: Pipeline, *parts: str, panel: Panel = CLOSED) -> ResponseReturnValue:
    """The parts that a change touched; a plain browser is sent to the page, with the panel open that was."""
    if not is_htmx():
        return go(address(pipeline, panel))
    return show(pipeline, *parts, "history", panel=panel)


def address(pipeline: Pipeline, panel: Panel = CLOSED) -> str:
    return url_for(
        "pipelines.show", pipeline_id=pipeline.id, panel=panel.kind or None, id=panel.id, focus=panel.focus or None
    )


def asked(pipeline: Pipeline) -> Panel:
    """The panel that the address names, if there is such a thing to open."""
    kind, number = request.args.get("panel", ""), reading.number(request.args, "id")
    match kind, number:
        case ("stage", int()):
            return stage_panel(settings_setup.stage(pipeline.id, number))
        case ("checklist", int()):
            return checklist_panel(settings_setup.stage(pipeline.id, number), reading.number(request.args, "item"))
        case ("reason", int()):
            return reason_panel(settings_setup.reason(pipeline.id, number))
        case ("new-stage", None):
            return Panel("new-stage", form=StageForm().called("new-stage"))
        case ("", None):
            return Panel(focus=request.args.get("focus", ""))
    raise NotVisible("panel")


def stage_panel(stage: Stage, form: StageForm | None = None) -> Panel:
    return Panel("stage", stage.id, (form or StageForm(obj=stage)).called(f"stage-{stage.id}"))


def checklist_panel(stage: Stage, item_id: int | None = None, form: ItemForm | None = None) -> Panel:
    """The list of a stage, with a form for a new item; or for one of its items in place."""
    item = next((item for item in stage.checklist if item.id == item_id), None)
    filled = form or ItemForm(obj=item)
    return Panel("checklist", stage.id, filled.called(f"item-{item_id or 'new'}"), item.id if item else None)


def reason_panel(reason: Reason, form: ReasonForm | None = None) -> Panel:
    return Panel("reason", reason.id, (form or ReasonForm(obj=reason)).called(f"reason-{reason.id}"))
