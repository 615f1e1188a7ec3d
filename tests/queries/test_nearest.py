"""What is typed finds the nearest at once, however many hold it; and all the same, nothing is missed."""

import pytest

from pipeline.domain import contacts
from pipeline.extensions import db
from pipeline.models.contact import Contact
from pipeline.models.pipeline import Pipeline
from pipeline.models.user import User
from pipeline.queries import matching, search
from pipeline.queries.nearest import Group
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return factories.sales_pipeline()


@pytest.fixture
def two_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "LOOKED_AT", 2)


def titles(person: User, text: str, *, most: int = 1) -> list[str]:
    return [line.title for line in search.found(text, seen_by=person, most=most).opportunities]


def names(person: User, text: str, *, most: int = 1) -> list[str]:
    found = search.found(text, seen_by=person, most=most)
    return [line.name for line in (*found.people, *found.companies)]


def at(company: str, person: str) -> Contact:
    with transaction():
        return contacts.create(person, by=None, company=contacts.create(company, by=None, is_company=True))


@pytest.mark.usefixtures("two_are_many")
def test_what_begins_with_it_comes_first_however_many_newer_ones_hold_it(pipeline: Pipeline, cast: Cast) -> None:
    for title in ("Cobalt", "The Cobalt", "Subcobalt one", "Subcobalt two", "Subcobalt three"):
        factories.deal(pipeline, title)
    assert titles(cast.ada, "cobalt") == ["Cobalt"]
    assert titles(cast.ada, "cobalt", most=2) == ["Cobalt", "The Cobalt"]


@pytest.mark.usefixtures("two_are_many")
def test_among_the_newest_each_word_is_found_in_another_place(pipeline: Pipeline, cast: Cast) -> None:
    ana, bea = at("Kestrel Foods", "Ana Lima"), at("Kestrel Tools", "Bea Lima")
    for title, contact in (("Audit", ana), ("Audit", bea), ("Renewal", ana), ("Renewal", bea)):
        factories.deal(pipeline, f"{title} of {contact.name}", contact=contact)
    assert titles(cast.ada, "kestrel renewal bea") == ["Renewal of Bea Lima"]
    assert titles(cast.ada, "an kestrel audit") == ["Audit of Ana Lima"]
    assert names(cast.ada, "lima tools") == ["Bea Lima"]
    assert titles(cast.ada, "kestrel renewal zebra") == []


@pytest.mark.usefixtures("two_are_many")
def test_who_may_see_none_of_the_newest_still_finds_what_he_may(pipeline: Pipeline, cast: Cast) -> None:
    factories.deal(pipeline, "Cobalt of Stan", owner=cast.stan)
    for number in range(4):
        factories.deal(pipeline, f"Cobalt {number}", owner=cast.olive)
    assert titles(cast.stan, "cobalt", most=2) == ["Cobalt of Stan"]


@pytest.mark.usefixtures("two_are_many")
def test_a_page_that_the_newest_do_not_fill_is_filled_with_the_others(pipeline: Pipeline, cast: Cast) -> None:
    for number in range(6):
        factories.deal(pipeline, f"Cobalt {number}")
    found = search.found("cobalt", seen_by=cast.ada, most=5)
    assert [line.title for line in found.opportunities] == [f"Cobalt {number}" for number in (5, 4, 3, 2, 1)]
    assert Group.OPPORTUNITIES in found.more


@pytest.mark.usefixtures("two_are_many")
def test_what_was_deleted_does_not_stand_in_the_way(pipeline: Pipeline, cast: Cast) -> None:
    for number in range(5):
        factories.contact(f"Cobalt {number}")
    with transaction():
        for contact in db.session.query(Contact).order_by(Contact.id.desc()).limit(3):
            contacts.delete(contact, by=cast.ada)
    assert names(cast.ada, "cobalt", most=3) == ["Cobalt 0", "Cobalt 1"]
