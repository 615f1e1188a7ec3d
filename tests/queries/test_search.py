import pytest

from pipeline.domain import contacts, opportunities, owning
from pipeline.models.opportunity import ShareLevel
from pipeline.models.pipeline import Pipeline
from pipeline.models.user import User
from pipeline.queries import search
from pipeline.queries.nearest import Group
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.support.counting import statements


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return factories.sales_pipeline()


def found(person: User, text: str) -> tuple[list[str], list[str]]:
    results = search.found(text, seen_by=person, most=10)
    titles = [line.title for line in results.opportunities]
    return titles, [line.name for line in (*results.people, *results.companies)]


def test_a_few_letters_find_deals_and_contacts(pipeline: Pipeline, cast: Cast) -> None:
    factories.deal(pipeline, "Kestrel audit", contact=factories.contact("Ana Lima"))
    factories.deal(pipeline, "Renewal", contact=factories.contact("Kestrel Jones"))
    assert found(cast.ada, "KEST") == (["Kestrel audit", "Renewal"], ["Kestrel Jones"])


@pytest.mark.parametrize("text", ["lima", "ACME fo", "ana@", "020 79", "79 46 0"])
def test_a_deal_is_found_by_its_contacts_name_company_mail_and_digits(
    pipeline: Pipeline, cast: Cast, text: str
) -> None:
    with transaction():
        company = contacts.create("Acme Foods", by=None, is_company=True)
    person = factories.contact("Ana Lima", company=company, email="ana@x.org", phone="020 7946-0000")
    factories.deal(pipeline, "Audit", contact=person)
    titles, names = found(cast.ada, text)
    assert titles == ["Audit"]
    assert "Ana Lima" in names


def test_one_letter_finds_nothing_and_asks_nothing(pipeline: Pipeline, cast: Cast) -> None:
    with statements() as asked:
        assert search.found("a", seen_by=cast.ada, most=10).is_too_short
    assert not asked


def test_names_that_begin_with_it_come_first_then_words_that_do(pipeline: Pipeline, cast: Cast) -> None:
    for title in ("Subcobalt", "The Cobalt", "Cobalt"):
        factories.deal(pipeline, title)
    factories.deal(pipeline, "Elsewhere", contact=factories.contact("Mr Cobalt"))
    assert found(cast.ada, "cobalt")[0] == ["Cobalt", "The Cobalt", "Subcobalt", "Elsewhere"]


def test_of_those_equally_near_open_deals_come_before_closed_and_the_newest_first(
    pipeline: Pipeline, cast: Cast
) -> None:
    for title, stage in (("Cobalt one", None), ("Cobalt two", "Won"), ("Cobalt three", None)):
        factories.deal(pipeline, title, stage=stage)
    assert found(cast.ada, "cobalt")[0] == ["Cobalt three", "Cobalt one", "Cobalt two"]


def test_each_word_is_found_in_another_place_and_without_its_accents(pipeline: Pipeline, cast: Cast) -> None:
    with transaction():
        company = contacts.create("Ærø Søværk", by=None, is_company=True)
    factories.deal(pipeline, "Façade", contact=factories.contact("Élise Weiß", company=company))
    for text in ("facade weiss aero", "ÉLISE façade", "soværk el", "fa we"):
        assert found(cast.ada, text)[0] == ["Façade"], text
    assert found(cast.ada, "facade ana")[0] == []


def test_groups_are_people_and_companies_and_each_goes_on_by_pages(pipeline: Pipeline, cast: Cast) -> None:
    with transaction():
        contacts.create("Acme 0", by=None, is_company=True)
    for number in range(5):
        factories.contact(f"Acme {number} person")
    first = search.found("acme", seen_by=cast.ada, most=2)
    assert [line.name for line in first.companies] == ["Acme 0"]
    assert (len(first.people), first.more) == (2, {Group.PEOPLE})
    last = search.found("acme", seen_by=cast.ada, most=2, page=3, only=Group.PEOPLE)
    assert [line.name for line in last.people] == ["Acme 4 person"]
    assert (last.companies, last.more) == ([], set())


def test_a_stranger_finds_neither_the_deal_nor_its_contact_nor_the_company(pipeline: Pipeline, cast: Cast) -> None:
    with transaction():
        company = contacts.create("Secretive", by=cast.olive, is_company=True)
        person = contacts.create("Secret Agent", by=cast.olive, company=company, email="secret@x.org")
    deal = factories.deal(pipeline, "Secret audit", owner=cast.olive, contact=person)
    assert found(cast.stan, "secret") == ([], [])
    with transaction():
        owning.share(deal, cast.stan, ShareLevel.READ, by=cast.olive)
    assert found(cast.stan, "secret") == (["Secret audit"], ["Secret Agent", "Secretive"])


def test_what_was_deleted_is_not_found(pipeline: Pipeline, cast: Cast) -> None:
    deal = factories.deal(pipeline, "Acme", contact=factories.contact("Acme person"))
    with transaction():
        opportunities.delete(deal, by=cast.ada)
        contacts.delete(deal.contact, by=cast.ada)
    assert found(cast.ada, "acme") == ([], [])


def test_search_asks_the_same_few_questions_of_few_and_of_many(pipeline: Pipeline, cast: Cast) -> None:
    def asked() -> int:
        with statements() as sent:
            search.found("deal", seen_by=cast.olive, most=6)
            search.found("person", seen_by=cast.olive, most=6)
        return len(sent)

    factories.many_deals(pipeline, 10, owner=cast.olive)
    few = asked()
    factories.many_deals(pipeline, 990, owner=cast.olive)
    assert asked() == few <= 12
