"""Stages, their checklists and the reasons of a pipeline, over HTTP."""

from collections.abc import Callable

import pytest

from pipeline.models.opportunity import Status
from pipeline.models.pipeline import Colour, Outcome, Pipeline, Stage, StageKind
from pipeline.models.user import User
from tests import factories
from tests.cast import Cast
from tests.factories import stage_named
from tests.support.visiting import Visitor

Visit = Callable[[User], Visitor]
Afresh = Callable[[], None]
STAGE = {"name": "Contract sent", "kind": "working", "probability": 90, "target_days": 5, "colour": "teal"}


@pytest.fixture
def sales(cast: Cast) -> Pipeline:
    return factories.sales_pipeline()


@pytest.fixture
def root(sales: Pipeline) -> str:
    return f"/settings/pipelines/{sales.id}"


@pytest.fixture
def engaging(sales: Pipeline) -> Stage:
    return stage_named(sales, "Engaging")


@pytest.mark.parametrize(("htmx", "status"), [(True, 200), (False, 303)])
def test_a_stage_is_added_with_htmx_and_without(
    sales: Pipeline, root: str, cast: Cast, visit: Visit, afresh: Afresh, htmx: bool, status: int
) -> None:
    answer = visit(cast.ada).post(f"{root}/stages", htmx=htmx, **STAGE)
    assert answer.status_code == status
    afresh()
    made = stage_named(sales, "Contract sent")
    assert (made.position, made.probability, made.target_days, made.colour) == (5, 90, 5, Colour.TEAL)


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "closing"}, {"kind": "won"}, {"kind": "x"}, {"probability": 101}, {"target_days": "x"}],
)
def test_a_wrong_stage_is_asked_again_and_keeps_nothing(
    sales: Pipeline, root: str, cast: Cast, visit: Visit, afresh: Afresh, wrong: dict[str, object], htmx: bool
) -> None:
    for url in (f"{root}/stages", f"{root}/stages/{stage_named(sales, 'Engaging').id}"):
        answer = visit(cast.ada).post(url, htmx=htmx, **{**STAGE, **wrong})
        assert answer.status_code == 422
        assert "error" in answer.text
    afresh()
    assert [stage.name for stage in sales.stages][2] == "Engaging"
    assert len(sales.stages) == 7


def test_a_stage_is_changed(root: str, engaging: Stage, cast: Cast, visit: Visit, afresh: Afresh) -> None:
    answer = visit(cast.ada).post(f"{root}/stages/{engaging.id}", htmx=True, **{**STAGE, "kind": "parked"})
    assert "Contract sent was saved." in answer.text
    afresh()
    assert (engaging.name, engaging.kind) == ("Contract sent", StageKind.PARKED)


@pytest.mark.parametrize("htmx", [True, False])
def test_a_stage_is_put_elsewhere_and_drawn_there(
    sales: Pipeline, root: str, engaging: Stage, cast: Cast, visit: Visit, afresh: Afresh, htmx: bool
) -> None:
    answer = visit(cast.ada).post(f"{root}/stages/{engaging.id}/place", htmx=htmx, position=0)
    if htmx:
        assert answer.text.index("Engaging") < answer.text.index("New Opportunity")
    afresh()
    assert sales.stages[0] is engaging


def test_a_place_that_is_no_number_is_refused(root: str, engaging: Stage, cast: Cast, visit: Visit) -> None:
    assert visit(cast.ada).post(f"{root}/stages/{engaging.id}/place", position="x").status_code == 422


def test_retiring_asks_where_to_then_shows_what_it_touches_then_does_it(
    sales: Pipeline, root: str, engaging: Stage, cast: Cast, visit: Visit, afresh: Afresh
) -> None:
    deal = factories.deal(sales, stage="Engaging")
    url, ada, closing = f"{root}/stages/{engaging.id}/retirement", visit(cast.ada), stage_named(sales, "Closing")
    assert "Engaging holds 1 opportunity" in ada.get(url).text
    shown = ada.get(f"{url}?target={closing.id}").text
    assert "No status changes" in shown
    assert "1 open" in shown
    answer = ada.post(url, target=closing.id, fate="switch_off")
    assert (answer.status_code, answer.location) == (303, root)
    afresh()
    assert (deal.stage, engaging.retired_at is None) == (closing, False)
    assert ada.get(url).status_code == 404


@pytest.mark.parametrize("htmx", [True, False])
def test_retiring_into_lost_shows_who_loses_and_asks_for_the_reason(
    sales: Pipeline, root: str, engaging: Stage, cast: Cast, visit: Visit, afresh: Afresh, htmx: bool
) -> None:
    (reason,) = factories.loss_reasons(sales, "No budget")
    deal = factories.deal(sales, stage="Engaging")
    url, lost = f"{root}/stages/{engaging.id}/retirement", stage_named(sales, "Lost")
    ada = visit(cast.ada)
    assert "becomes lost" in ada.get(f"{url}?target={lost.id}", htmx=htmx).text
    answer = ada.post(url, htmx=htmx, target=lost.id, fate="switch_off")
    assert answer.status_code == 422
    assert "Choose the reason that all open opportunities get" in answer.text
    ada.post(url, htmx=htmx, target=lost.id, fate="switch_off", reason=reason.id, note="Dropped the product")
    afresh()
    assert (deal.status, deal.reason, deal.reason_note) == (Status.LOST, reason, "Dropped the product")


def test_a_checklist_is_written_put_in_order_and_dropped(
    root: str, engaging: Stage, cast: Cast, visit: Visit, afresh: Afresh
) -> None:
    ada, url = visit(cast.ada), f"{root}/stages/{engaging.id}/items"
    for text in ("Budget confirmed", "Decider known"):
        assert ada.post(url, htmx=True, text=text, is_required="y").status_code == 200
    assert ada.post(url, text="budget confirmed").status_code == 422
    afresh()
    first, second = engaging.checklist
    assert first.is_required
    ada.post(f"{root}/items/{second.id}/place", htmx=True, position=0)
    ada.post(f"{root}/items/{second.id}", text="Decider met")
    ada.post(f"{root}/items/{first.id}/drop")
    afresh()
    assert [(item.text, item.is_required) for item in engaging.checklist] == [("Decider met", False)]


def test_reasons_are_added_reworded_put_in_order_archived_and_restored(
    sales: Pipeline, root: str, cast: Cast, visit: Visit, afresh: Afresh
) -> None:
    ada = visit(cast.ada)
    for text in ("No budget", "Bad timing"):
        assert ada.post(f"{root}/reasons/lost", htmx=True, text=text).status_code == 200
    for wrong in ("no budget", ""):
        answer = ada.post(f"{root}/reasons/lost", text=wrong)
        assert answer.status_code == 422
        assert "error" in answer.text
    afresh()
    first, second = sales.reasons(Outcome.LOST)
    assert ada.get(f"{root}?panel=reason&id={first.id}").status_code == 200
    assert ada.post(f"{root}/reasons/{first.id}", htmx=True, text="bad timing").status_code == 422
    ada.post(f"{root}/reasons/{first.id}", htmx=True, text="Too expensive")
    ada.post(f"{root}/reasons/{second.id}/place", htmx=True, position=0)
    ada.post(f"{root}/reasons/{first.id}/archive")
    afresh()
    assert [reason.text for reason in sales.reasons(Outcome.LOST)] == ["Bad timing"]
    ada.post(f"{root}/reasons/{first.id}/restoration")
    afresh()
    assert [reason.text for reason in sales.reasons(Outcome.LOST)] == ["Bad timing", "Too expensive"]
