import pytest
from sqlalchemy import select

from pipeline.domain import contacts, opportunities
from pipeline.domain.facts import ContactChanged
from pipeline.domain.rules import NotAllowed, RuleBroken
from pipeline.extensions import db
from pipeline.models.contact import Contact
from pipeline.models.event import Event
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast


def kinds(contact: Contact) -> list[str]:
    return list(db.session.scalars(select(Event.kind).where(Event.contact_id == contact.id).order_by(Event.id)))


def test_a_contact_belongs_to_its_maker(cast: Cast) -> None:
    with transaction():
        made = contacts.create("  Ana   Lima ", by=cast.olive, email=" Ana@X.ORG ", phone="+1 (555) 0199")
    assert (made.name, made.email, made.phone, made.phone_digits) == (
        "Ana Lima",
        "ana@x.org",
        "+1 (555) 0199",
        "15550199",
    )
    assert made.owner_id == cast.olive.id
    assert kinds(made) == ["contact_created"]


@pytest.mark.parametrize("wrong", [{"name": " "}, {"name": "x" * 121}, {"name": "Ana", "email": "ana at x"}])
def test_a_contact_without_a_name_or_with_a_wrong_address_is_not_made(cast: Cast, wrong: dict[str, str]) -> None:
    with pytest.raises(RuleBroken), transaction():
        contacts.create(wrong["name"], by=cast.olive, email=wrong.get("email"))
    assert not db.session.scalars(select(Contact)).all()


def test_who_may_not_add_adds_no_contact(cast: Cast) -> None:
    with transaction():
        cast.olive.may_add = False
    with pytest.raises(NotAllowed), transaction():
        contacts.create("Ana", by=cast.olive)


def test_a_change_is_written_down_field_by_field_and_saving_the_same_again_is_none(cast: Cast) -> None:
    contact = factories.contact("Ana", email="ana@x.org")
    with transaction():
        changed = contacts.change(contact, by=cast.ada, name="Ana Lima", email="ANA@x.org", phone="12")
    assert changed == ["name", "phone"]
    assert contact.phone_digits == "12"
    with transaction():
        assert contacts.change(contact, by=cast.ada, name="Ana Lima") == []
    assert kinds(contact) == ["contact_created", ContactChanged.kind()]


def test_a_company_works_nowhere_and_nobody_at_themselves(cast: Cast) -> None:
    acme, ana = factories.contact("Acme", is_company=True), factories.contact("Ana")
    with transaction():
        contacts.change(ana, by=cast.ada, company=acme)
    with transaction():
        contacts.change(ana, by=cast.ada, is_company=True)
    assert ana.company is None
    bea = factories.contact("Bea")
    with pytest.raises(RuleBroken, match="its own company"), transaction():
        contacts.change(bea, by=cast.ada, company=bea)


def test_a_company_is_known_by_its_name_whatever_its_case_in_any_script(cast: Cast) -> None:
    with transaction():
        made = contacts.company_named("Éclair  Ünited", by=cast.ada)
        again = contacts.company_named("ÉCLAIR ÜNITED", by=cast.ada)
    assert made is again


def test_a_company_one_may_not_see_is_not_found_by_its_name(cast: Cast) -> None:
    with transaction():
        hers = contacts.company_named("Acme", by=cast.olive)
        his = contacts.company_named("Acme", by=cast.stan)
    assert hers is not his


def test_a_stranger_changes_nothing(cast: Cast) -> None:
    with transaction():
        contact = contacts.create("Ana", by=cast.olive)
    with pytest.raises(NotAllowed), transaction():
        contacts.change(contact, by=cast.stan, name="Taken")
    assert contact.name == "Ana"


def test_who_may_edit_a_deal_may_edit_its_contact(cast: Cast) -> None:
    with transaction():
        contact = contacts.create("Ana", by=cast.olive)
    factories.deal(factories.sales_pipeline(), owner=cast.stan, contact=contact)
    with transaction():
        contacts.change(contact, by=cast.stan, name="Ana Lima")
    assert contact.name == "Ana Lima"


def test_a_contact_with_opportunities_stays_until_they_are_deleted(cast: Cast) -> None:
    deal = factories.deal(factories.sales_pipeline())
    with pytest.raises(RuleBroken, match="still has opportunities"), transaction():
        contacts.delete(deal.contact, by=cast.ada)
    with transaction():
        opportunities.delete(deal, by=cast.ada)
        contacts.delete(deal.contact, by=cast.ada)
    assert deal.contact.deleted_at is not None


def test_a_deleted_contact_comes_back(cast: Cast) -> None:
    contact = factories.contact()
    with transaction():
        contacts.delete(contact, by=cast.ada)
    with transaction():
        contacts.restore(contact, by=cast.ada)
    assert contact.deleted_at is None
    assert kinds(contact) == ["contact_created", "contact_deleted", "contact_restored"]
