"""Tags: one for a name whatever its case, worn once, written down when they come and go."""

import pytest
from sqlalchemy import func, select

from pipeline.domain import tags
from pipeline.domain.facts import TagApplied, TagRemoved
from pipeline.domain.rules import NotVisible, RuleBroken
from pipeline.extensions import db
from pipeline.models.contact import Tag
from pipeline.transaction import transaction
from tests import factories
from tests.support.history import facts


@pytest.fixture
def deal(cast):
    return factories.deal(factories.sales_pipeline(), owner=cast.olive)


def apply(deal, name, *, by=None):
    with transaction():
        tag = tags.named(name)
        tags.apply(tag, deal, by=by)
    return tag


def test_a_name_is_one_tag_whatever_its_case_and_spaces(deal):
    apply(deal, "Big  Fish")
    apply(deal, " big fish ")
    assert [tag.name for tag in deal.tags] == ["Big Fish"]
    assert db.session.scalar(select(func.count(Tag.id))) == 1


@pytest.mark.parametrize("name", ["", " ", "x" * 61])
def test_a_tag_has_a_short_name(deal, name):
    with pytest.raises(RuleBroken, match="between 1 and 60"):
        apply(deal, name)


def test_putting_on_and_taking_off_is_written_down_once(deal, cast):
    tag = apply(deal, "vip", by=cast.olive)
    apply(deal, "vip", by=cast.olive)
    for _ in range(2):
        with transaction():
            tags.remove(tag, deal, by=cast.olive)
    assert facts(deal, TagApplied) == [TagApplied(tag_id=tag.id, tag="vip")]
    assert facts(deal, TagRemoved) == [TagRemoved(tag_id=tag.id, tag="vip")]


def test_wearing_a_set_changes_only_what_differs(deal):
    for name in ("a", "b"):
        apply(deal, name)
    with transaction():
        tags.wear([tags.named("b"), tags.named("c")], deal, by=None)
    assert [tag.name for tag in sorted(deal.tags, key=lambda tag: tag.name)] == ["b", "c"]
    assert [fact.tag for fact in facts(deal, TagRemoved)] == ["a"]


def test_a_contact_wears_tags_too(deal):
    apply(deal.contact, "vip")
    assert [tag.name for tag in deal.contact.tags] == ["vip"]


def test_a_stranger_tags_nothing(deal, cast):
    with pytest.raises(NotVisible):
        apply(deal, "mine", by=cast.stan)
