"""What a stage asks to be ticked: written by admins, and never at the cost of what was ticked."""

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline.domain import checklist_templates, checklists
from pipeline.domain.rules import NotAllowed, RuleBroken
from pipeline.extensions import db
from pipeline.models.event import Event
from pipeline.models.pipeline import ChecklistItem, Stage
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.factories import stage_named


@pytest.fixture
def stage(app: Flask) -> Stage:
    return stage_named(factories.sales_pipeline(), "Engaging")


def add(stage: Stage, text: str, cast: Cast, *, required: bool = False) -> ChecklistItem:
    with transaction():
        return checklist_templates.add(stage, text, by=cast.ada, is_required=required)


def texts(stage: Stage) -> list[str]:
    return [item.text for item in stage.checklist]


def test_items_stand_in_the_order_they_were_added_and_can_be_put_in_another(stage: Stage, cast: Cast) -> None:
    one, *_ = (add(stage, text, cast) for text in ("one", "two", "three"))
    with transaction():
        checklist_templates.place(one, 1, by=cast.ada)
    assert texts(stage) == ["two", "one", "three"]
    with transaction():
        checklist_templates.drop(one, by=cast.ada)
    assert [(item.text, item.position) for item in stage.checklist] == [("two", 0), ("three", 1)]


def test_a_tick_keeps_the_words_it_was_made_with(stage: Stage, cast: Cast) -> None:
    item = add(stage, "Budget confirmed", cast)
    deal = factories.deal(stage.pipeline, stage="Engaging")
    with transaction():
        checklists.tick(deal, item, by=None)
    with transaction():
        checklist_templates.change(item, by=cast.ada, text="Budget in writing", is_required=True)
    with transaction():
        checklist_templates.drop(item, by=cast.ada)
    assert [tick.text for tick in deal.ticks] == ["Budget confirmed"]
    assert texts(stage) == []


def test_the_same_words_twice_are_refused(stage: Stage, cast: Cast) -> None:
    item = add(stage, "Budget confirmed", cast)
    for text in ("budget  confirmed", "", "x" * 201):
        with pytest.raises(RuleBroken):
            add(stage, text, cast)
    with transaction():
        checklist_templates.change(item, by=cast.ada, text="Budget Confirmed", is_required=False)
    assert texts(stage) == ["Budget Confirmed"]


def test_a_dropped_item_is_not_changed_any_more_but_can_be_added_again(stage: Stage, cast: Cast) -> None:
    item = add(stage, "Budget confirmed", cast)
    with transaction():
        checklist_templates.drop(item, by=cast.ada)
    with pytest.raises(RuleBroken, match="was dropped"), transaction():
        checklist_templates.change(item, by=cast.ada, text="Anything", is_required=False)
    assert add(stage, "Budget confirmed", cast) is not item


def test_each_change_says_who_made_it(stage: Stage, cast: Cast) -> None:
    item = add(stage, "Budget confirmed", cast)
    with transaction():
        checklist_templates.change(item, by=cast.ada, text="Budget confirmed", is_required=True)
    with transaction():
        checklist_templates.drop(item, by=cast.ada)
    told = list(db.session.scalars(select(Event).where(Event.subject == f"checklistitem:{item.id}").order_by(Event.id)))
    assert [event.kind for event in told] == ["checklist_item_added", "setting_changed", "checklist_item_dropped"]
    assert {event.actor_id for event in told} == {cast.ada.id}


def test_only_admins_write_checklists(stage: Stage, cast: Cast) -> None:
    item = add(stage, "Budget confirmed", cast)
    attempts = (
        lambda: checklist_templates.add(stage, "Mine", by=cast.olive),
        lambda: checklist_templates.change(item, by=cast.olive, text="Mine", is_required=False),
        lambda: checklist_templates.place(item, 0, by=cast.olive),
        lambda: checklist_templates.drop(item, by=cast.olive),
    )
    for attempt in attempts:
        with pytest.raises(NotAllowed), transaction():
            attempt()
