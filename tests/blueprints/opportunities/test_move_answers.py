"""What a board is told after a move: the true card in its place and what the columns hold, and nothing else."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup

from pipeline.domain import installation, moves
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import Pipeline
from pipeline.queries import board
from pipeline.transaction import transaction
from tests import factories
from tests.factories import stage_named
from tests.support.counting import statements
from tests.support.visiting import Visitor


@pytest.fixture
def asked(olive: Visitor, pipeline: Pipeline, deal: Opportunity) -> Callable[..., Any]:
    def move(to: str, *, page: str = "/board", **fields: object) -> Any:
        stage_id = stage_named(pipeline, to).id
        return olive.post(f"/opportunities/{deal.id}/moves", htmx=True, page=page, stage_id=stage_id, **fields)

    return move


def partials(answer: Any) -> dict[str, str]:
    """What goes where: target or id, and what is inside."""
    found = BeautifulSoup(answer.text, "html.parser").find_all("hx-partial")
    return {part.get("hx-target") or f"#{part['id']}": part.get_text(" ", strip=True) for part in found}


def full(pipeline: Pipeline, stage: str, count: int = board.PAGE + 5) -> list[Opportunity]:
    """So many deals in a stage; the first of the list lies on top."""
    return [factories.deal(pipeline, f"Deal {number}", stage=stage) for number in range(count)][::-1]


@pytest.fixture
def sees_all(olive: Visitor, cast: Any) -> None:
    with transaction():
        cast.olive.may_view_all = True


@pytest.mark.usefixtures("sees_all")
def test_a_move_answers_with_one_card_and_two_heads(
    asked: Callable[..., Any], pipeline: Pipeline, deal: Opportunity
) -> None:
    full(pipeline, "Engaging")
    full(pipeline, "New Opportunity", 3)
    answer = asked("Engaging")
    engaging, source = stage_named(pipeline, "Engaging"), stage_named(pipeline, "New Opportunity")
    parts = partials(answer)
    assert "31 opportunities" in parts[f"#stage-{engaging.id}-head"]
    assert "3 opportunities" in parts[f"#stage-{source.id}-head"]
    assert "Acme" in parts[f"#stage-{engaging.id}-cards > .cards-top"]
    assert parts[f"#opportunity-{deal.id}-card"] == "", "it is taken from where it was"
    assert answer.text.count("<article") == 1


@pytest.mark.usefixtures("sees_all")
def test_it_lies_below_its_neighbour_or_on_top_where_the_neighbour_is_not_shown(
    asked: Callable[..., Any], pipeline: Pipeline
) -> None:
    cards, there = full(pipeline, "Engaging"), f"#stage-{stage_named(pipeline, 'Engaging').id}-cards"
    above = f"#opportunity-{cards[2].id}-card"
    answer = asked("Engaging", after_id=cards[2].id, loaded=f"{stage_named(pipeline, 'Engaging').id}.25")
    assert f"{there} > {above}, {there}:not(:has(> {above})) > .cards-top" in partials(answer)
    assert "Show more" not in answer.text


@pytest.mark.usefixtures("sees_all")
def test_below_the_last_card_shown_the_rest_begins_below_it(asked: Callable[..., Any], pipeline: Pipeline) -> None:
    cards, stage_id = full(pipeline, "Engaging"), stage_named(pipeline, "Engaging").id
    answer = asked("Engaging", after_id=cards[24].id, loaded=f"{stage_id}.26")
    assert "Acme" in answer.text.split("<article")[1]
    assert f"#stage-{stage_id}-more" in partials(answer)
    deep = asked("Engaging", after_id=cards[-1].id, loaded=f"{stage_id}.26")
    assert "<article" not in deep.text, "what lies deeper than what is shown comes with Show more"


def test_a_column_that_is_empty_now_says_what_belongs_there(
    asked: Callable[..., Any], pipeline: Pipeline, deal: Opportunity
) -> None:
    parts = partials(asked("Engaging"))
    source, target = (stage_named(pipeline, name).id for name in ("New Opportunity", "Engaging"))
    assert "Nothing in New Opportunity" in parts[f"#stage-{source}-cards > .cards-top"]
    assert "Acme" in parts[f"#stage-{target}-cards > .cards-top"]


@pytest.mark.usefixtures("sees_all")
def test_what_the_filter_hides_is_taken_away(asked: Callable[..., Any], pipeline: Pipeline, deal: Opportunity) -> None:
    full(pipeline, "New Opportunity", 2)
    answer = asked("Won")
    assert "<article" not in answer.text
    assert f"#opportunity-{deal.id}-card" in partials(answer)


@pytest.mark.usefixtures("sees_all")
@pytest.mark.parametrize("status", [409, 422])
def test_a_refusal_carries_the_true_card_and_both_heads_too(
    asked: Callable[..., Any], pipeline: Pipeline, deal: Opportunity, status: int
) -> None:
    for name in ("New Opportunity", "Engaging", "Qualified"):
        full(pipeline, name, 2)
    if status == 422:
        factories.required_item(deal.stage, "Budget confirmed")
        true = "New Opportunity"
    else:
        true = "Qualified"
        with transaction():
            moves.move(deal, stage_named(pipeline, true), by=None)
    answer = asked("Engaging", version=1)
    assert answer.status_code == status
    parts = partials(answer)
    heads = {f"#stage-{stage_named(pipeline, name).id}-head" for name in ("New Opportunity", "Engaging", true)}
    assert heads <= parts.keys()
    assert any("Acme" in text for target, text in parts.items() if f"#stage-{deal.stage_id}-cards >" in target)


def test_only_the_answer_to_a_dialog_closes_the_dialog(asked: Callable[..., Any]) -> None:
    assert "#dialog" not in partials(asked("Engaging", via="drag"))
    assert "#dialog" in partials(asked("Qualified", via="menu", in_dialog=1))


@pytest.mark.usefixtures("sees_all")
def test_a_move_is_answered_with_a_tenth_of_a_board(
    asked: Callable[..., Any], olive: Visitor, pipeline: Pipeline
) -> None:
    for name in ("New Opportunity", "Engaging"):
        full(pipeline, name)
    whole = len(olive.get("/board").data)
    assert len(asked("Engaging").data) < whole / 10


@pytest.mark.parametrize("who", ["sees all", "sees her own"])
def test_a_move_asks_five_things_and_writes_five_by_three_statements_where_it_can(
    olive: Visitor, pipeline: Pipeline, deal: Opportunity, cast: Any, who: str
) -> None:
    with transaction():
        installation.kept()
        cast.olive.may_view_all = who == "sees all"
    for name in ("New Opportunity", "Engaging"):
        full(pipeline, name, 3)
    address, stage_id = f"/opportunities/{deal.id}/moves", stage_named(pipeline, "Engaging").id
    with statements() as sent:
        assert olive.post(address, htmx=True, page="/board", stage_id=stage_id).status_code == 200
    locks = [statement for statement in sent if "FOR SHARE" in statement]
    reads = [statement for statement in sent if statement.startswith("SELECT") and statement not in locks]
    assert len(reads) == (4 if locks else 5), "who asks, and again where it waited; deal, stages, place; sums; card"
    written = "deal; event with its promises; way back with the line of history"
    assert len(sent) - len(reads) - len(locks) == (3 if locks else 5), written
    assert len(locks) == (1 if db.engine.dialect.name == "postgresql" else 0)
