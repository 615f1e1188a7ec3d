import pytest

from pipeline.domain import contacts, notes, opportunities, owning
from pipeline.domain.rules import NotAllowed, NotVisible
from pipeline.models.contact import Contact
from pipeline.models.opportunity import ShareLevel
from pipeline.models.pipeline import Pipeline
from pipeline.models.user import User
from pipeline.queries import contact_duplicates, contact_list, contact_page
from pipeline.queries.contact_list import BY_NAME, By, Kind, Wanted
from pipeline.queries.sorting import Sort
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.support.counting import statements


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return factories.sales_pipeline()


def names(person: User, wanted: Wanted = Wanted(), sort: Sort[By] = BY_NAME) -> list[str]:  # noqa: B008
    return [line.name for line in contact_list.listed(wanted, sort, 1, seen_by=person).lines]


def company(name: str, by: User | None = None) -> Contact:
    with transaction():
        return contacts.create(name, by=by, is_company=True)


def test_people_and_companies_stand_in_the_order_of_their_names(cast: Cast) -> None:
    factories.contact("bea")
    factories.contact("Ana", company=company("Zeta"))
    assert names(cast.ada) == ["Ana", "bea", "Zeta"]
    assert names(cast.ada, Wanted(kind=Kind.PEOPLE)) == ["Ana", "bea"]
    assert names(cast.ada, Wanted(kind=Kind.COMPANIES)) == ["Zeta"]
    assert names(cast.ada, sort=Sort(By.COMPANY)) == ["Ana", "bea", "Zeta"]


def test_deleted_contacts_stand_apart(cast: Cast) -> None:
    gone = factories.contact("Gone")
    with transaction():
        contacts.delete(gone, by=cast.ada)
    assert names(cast.ada) == []
    assert names(cast.ada, Wanted(kind=Kind.DELETED)) == ["Gone"]


@pytest.mark.parametrize("text", ["ÁNA", "zet", "a@x", "5550199"])
def test_a_contact_is_found_by_name_company_mail_and_digits(cast: Cast, text: str) -> None:
    factories.contact("Ána", company=company("Zeta"), email="a@x.org", phone="555-0199")
    factories.contact("Bea")
    assert "Ána" in names(cast.ada, Wanted(text=text))
    assert "Bea" not in names(cast.ada, Wanted(text=text))


def test_who_may_not_search_is_refused_text_and_nothing_else(cast: Cast) -> None:
    with transaction():
        cast.olive.may_search = False
    assert names(cast.olive) == []
    with pytest.raises(NotAllowed):
        names(cast.olive, Wanted(text="an"))


def test_open_deals_are_counted_as_far_as_one_may_see_them(pipeline: Pipeline, cast: Cast) -> None:
    person = factories.contact("Ana")
    factories.deal(pipeline, owner=cast.olive, contact=person)
    factories.deal(pipeline, owner=cast.stan, contact=person)
    factories.deal(pipeline, owner=cast.stan, contact=person, stage="Won")
    counts = {
        who: contact_list.listed(Wanted(), BY_NAME, 1, seen_by=cast[who]).lines[0].open_deals for who in ("ada", "stan")
    }
    assert counts == {"ada": 2, "stan": 1}


def test_a_page_shows_the_deals_and_people_one_may_see(pipeline: Pipeline, cast: Cast) -> None:
    acme = company("Acme", by=cast.stan)
    with transaction():
        ours = contacts.create("Ours", by=cast.stan, company=acme)
        theirs = contacts.create("Theirs", by=cast.olive, company=acme)
    factories.deal(pipeline, "Seen", owner=cast.stan, contact=ours)
    factories.deal(pipeline, "Unseen", owner=cast.olive, contact=theirs)
    page = contact_page.whole(acme.id, to=cast.stan)
    assert [person.name for person in page.people] == ["Ours"]
    assert [line.title for line in page.deals] == ["Seen"]
    assert [line.title for line in contact_page.whole(acme.id, to=cast.ada).deals] == ["Unseen", "Seen"]


def test_the_timeline_leaves_out_what_happened_to_deals_one_may_not_see(pipeline: Pipeline, cast: Cast) -> None:
    person = factories.contact("Ana")
    mine = factories.deal(pipeline, "Mine", owner=cast.stan, contact=person)
    factories.deal(pipeline, "Theirs", owner=cast.olive, contact=person)
    with transaction():
        notes.write(person, "About Ana", by=cast.ada)
        notes.write(mine, "About mine", by=cast.stan)
    page = contact_page.whole(person.id, to=cast.stan)
    entries = [(entry.kind, entry.deal) for day in page.timeline.days for entry in day.entries]
    assert entries == [
        ("note_written", "Mine"),
        ("note_written", None),
        ("opportunity_created", "Mine"),
        ("contact_created", None),
    ]


def test_what_happened_to_a_deleted_deal_is_not_told(pipeline: Pipeline, cast: Cast) -> None:
    deal = factories.deal(pipeline, "Gone", contact=factories.contact("Ana"))
    with transaction():
        opportunities.delete(deal, by=cast.ada)
    page = contact_page.whole(deal.contact_id, to=cast.ada)
    assert [entry.deal for day in page.timeline.days for entry in day.entries] == [None]


def test_a_contact_of_others_does_not_exist_until_a_deal_of_it_is_shared(pipeline: Pipeline, cast: Cast) -> None:
    with transaction():
        person = contacts.create("Ana", by=cast.olive)
    deal = factories.deal(pipeline, owner=cast.olive, contact=person)
    with pytest.raises(NotVisible):
        contact_page.whole(person.id, to=cast.stan)
    with transaction():
        owning.share(deal, cast.stan, ShareLevel.READ, by=cast.olive)
    page = contact_page.whole(person.id, to=cast.stan)
    assert not page.may_edit
    assert "Its owner or an admin" in (page.refusal or "")


def test_the_same_mail_or_number_is_pointed_at_among_what_one_may_see(cast: Cast) -> None:
    with transaction():
        contacts.create("Ana", by=cast.olive, email="ana@x.org", phone="+1 555 0199")
    assert [known.name for known in contact_duplicates.like("ANA@x.org", None, seen_by=cast.olive)] == ["Ana"]
    assert [known.name for known in contact_duplicates.like(None, "(1555) 0199", seen_by=cast.olive)] == ["Ana"]
    assert not contact_duplicates.like("ana@x.org", "+1 555 0199", seen_by=cast.stan)
    assert not contact_duplicates.like("no address", "12", seen_by=cast.ada)


def test_lists_and_pages_ask_the_same_few_questions_of_few_and_of_many(pipeline: Pipeline, cast: Cast) -> None:
    acme = company("Acme", by=cast.olive)

    def asked() -> tuple[int, int]:
        cast.olive.is_admin  # noqa: B018 — who asks is known before the page begins
        with statements() as of_list:
            contact_list.listed(Wanted(), BY_NAME, 1, seen_by=cast.olive)
        with statements() as of_page:
            contact_page.whole(acme.id, to=cast.olive)
        return len(of_list), len(of_page)

    factories.many_deals(pipeline, 10, owner=cast.olive, company=acme)
    few = asked()
    factories.many_deals(pipeline, 990, owner=cast.olive, company=acme)
    assert asked() == few
    assert few[0] <= 4
