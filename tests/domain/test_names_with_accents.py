"""Names are known again whatever their case, also where a letter has an accent: SQLite by itself knows only A to Z."""

import pytest
from sqlalchemy import func, select

from pipeline.domain import pipelines, saved_views, tags, vocabulary
from pipeline.domain.importing import owners, stage_names
from pipeline.domain.people import Newcomer, invite
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.contact import Tag
from pipeline.models.opportunity import LeadSource
from pipeline.models.product import Product
from pipeline.models.saved_view import Place
from pipeline.queries import settings_people
from pipeline.transaction import transaction

SPELLED = ["Übersee", "übersee", "ÜBERSEE"]


@pytest.mark.parametrize("name", SPELLED)
@pytest.mark.parametrize(
    ("find", "kind"), [(tags.named, Tag), (vocabulary.source, LeadSource), (vocabulary.product, Product)]
)
def test_a_name_is_one_thing(cast, find, kind, name):
    with transaction():
        first = find("Übersee")
        assert find(name) is first
    assert db.session.scalar(select(func.count()).select_from(kind)) == 1


@pytest.mark.parametrize("name", SPELLED)
def test_two_views_of_one_person_are_not_called_the_same(cast, name):
    with transaction():
        saved_views.save("Übersee", Place.LIST, "", by=cast.olive)
    with pytest.raises(RuleBroken, match="already a view"), transaction():
        saved_views.save(name, Place.LIST, "", by=cast.olive)


@pytest.mark.parametrize("name", SPELLED)
def test_a_file_finds_the_pipeline_it_names(cast, name):
    with transaction():
        made = pipelines.create("Übersee", currency="EUR", by=None)
    assert stage_names.pipeline_named(name) is made


@pytest.mark.parametrize("name", ["Özlem Kaya", "özlem kaya", "ÖZLEM KAYA"])
def test_a_file_finds_the_owner_it_names(cast, name):
    with transaction():
        person = invite(Newcomer("Özlem Kaya", "ozlem@example.com"), by=None)
    assert owners.find(name) is person


def test_people_are_listed_by_their_letters(cast):
    with transaction():
        for name in ("Élodie", "Émile", "élise"):
            invite(Newcomer(name, f"{len(name)}{name[1:]}@example.com"), by=None)
    listed = [user.name for user in settings_people.users() if user.name[0] in "Éé"]
    assert listed == ["élise", "Élodie", "Émile"]
