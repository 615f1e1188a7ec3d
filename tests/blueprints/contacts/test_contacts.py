from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from pipeline.domain import contacts, owning, tags
from pipeline.extensions import db
from pipeline.models.contact import Contact
from pipeline.models.opportunity import ShareLevel
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.support.visiting import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def ana(cast: Cast) -> Contact:
    """Olive's."""
    with transaction():
        return contacts.create("Ana Lima", by=cast.olive, email="ana@x.org")


@pytest.fixture
def read_only(cast: Cast, ana: Contact) -> Contact:
    """Ana, whom Stan sees by a share that lets him read."""
    deal = factories.deal(factories.sales_pipeline(), owner=cast.olive, contact=ana)
    with transaction():
        owning.share(deal, cast.stan, ShareLevel.READ, by=cast.olive)
    return ana


def latest() -> Contact:
    db.session.rollback()
    return db.session.scalars(select(Contact).order_by(Contact.id.desc())).first()


def test_a_person_at_a_new_company_is_added(cast: Cast, visit: Visit) -> None:
    answer = visit(cast.olive).post(
        "/contacts",
        kind="person",
        name=" Ana  Lima ",
        company="Acme",
        email="Ana@X.org",
        phone="+1 555",
        time_zone="Europe/Lisbon",
    )
    assert answer.status_code == 303
    added = db.session.scalars(select(Contact).where(Contact.name == "Ana Lima")).one()
    assert (added.company.name, added.email, added.phone_digits, added.owner_id) == (
        "Acme",
        "ana@x.org",
        "1555",
        cast.olive.id,
    )
    assert added.time_zone == "Europe/Lisbon"


def test_a_company_is_added_and_has_none_itself(cast: Cast, visit: Visit) -> None:
    visit(cast.olive).post("/contacts", kind="company", name="Acme", company="Ignored")
    added = latest()
    assert (added.name, added.is_company, added.company_id) == ("Acme", True, None)


@pytest.mark.parametrize(
    "fields",
    [{"name": ""}, {"name": "x" * 121}, {"name": "Ana", "email": "nonsense"}, {"name": "Ana", "kind": "robot"}],
)
def test_bad_input_shows_the_form_again_with_what_was_typed(cast: Cast, visit: Visit, fields: dict[str, str]) -> None:
    answer = visit(cast.olive).post("/contacts", **{"kind": "person", "company": "Acme", **fields})
    assert answer.status_code == 422
    assert 'value="Acme"' in answer.text
    assert db.session.scalar(select(func.count(Contact.id))) == 0


def test_who_may_not_add_is_refused(cast: Cast, visit: Visit) -> None:
    with transaction():
        cast.olive.may_add = False
    assert visit(cast.olive).get("/contacts/new").status_code == 403
    assert visit(cast.olive).post("/contacts", kind="person", name="Ana").status_code == 403


def test_a_known_address_is_pointed_at_until_one_says_anyway(cast: Cast, ana: Contact, visit: Visit) -> None:
    visitor = visit(cast.olive)
    first = visitor.post("/contacts", kind="person", name="Another", email="ana@x.org")
    assert first.status_code == 422
    assert f'href="/contacts/{ana.id}"' in first.text
    assert visitor.post("/contacts", kind="person", name="Another", email="ana@x.org", anyway="y").status_code == 303
    assert latest().name == "Another"


def test_the_hint_while_typing_knows_only_what_one_may_see(cast: Cast, ana: Contact, visit: Visit) -> None:
    assert "Ana Lima" in visit(cast.olive).get("/contacts/duplicates?email=ANA@x.org", htmx=True).text
    assert "Ana Lima" not in visit(cast.stan).get("/contacts/duplicates?email=ana@x.org", htmx=True).text
    assert visit(cast.stan).post("/contacts", kind="person", name="Mine", email="ana@x.org").status_code == 303


def test_companies_are_suggested_while_typing(cast: Cast, visit: Visit) -> None:
    with transaction():
        contacts.create("Acme Foods", by=cast.olive, is_company=True)
    assert "Acme Foods" in visit(cast.olive).get("/contacts/companies?company=acme", htmx=True).text
    assert "Acme Foods" not in visit(cast.stan).get("/contacts/companies?company=acme", htmx=True).text


def test_a_contact_is_changed_on_its_form(cast: Cast, ana: Contact, visit: Visit) -> None:
    visitor = visit(cast.olive)
    assert 'value="ana@x.org"' in visitor.get(f"/contacts/{ana.id}/edit").text
    visitor.post(f"/contacts/{ana.id}", kind="person", name="Ana Souza", company="Acme", email="", phone="12")
    db.session.expire_all()
    assert (ana.name, ana.company.name, ana.email, ana.phone) == ("Ana Souza", "Acme", None, "12")
    assert "Ana Souza" in visitor.get(f"/contacts/{ana.id}").text


def test_naming_a_company_one_may_not_see_makes_one_of_ones_own(cast: Cast, visit: Visit) -> None:
    with transaction():
        hidden = contacts.create("Secret Ltd", by=cast.olive, is_company=True, phone="555 secret")
    visit(cast.stan).post("/contacts", kind="person", name="Spy", company="Secret Ltd")
    assert visit(cast.stan).get(f"/contacts/{hidden.id}").status_code == 404
    assert "Secret Ltd" in visit(cast.stan).get("/contacts").text


READS = ["", "/edit", "/timeline", "/deletion/new"]
WRITES = {
    "": {"kind": "person", "name": "Taken"},
    "/notes": {"body": "x"},
    "/tags": {"name": "x"},
    "/tags/1/removal": {},
    "/deletion": {},
    "/restoration": {},
}


@pytest.mark.parametrize("path", READS)
def test_a_stranger_reads_404(cast: Cast, ana: Contact, visit: Visit, path: str) -> None:
    with transaction():
        cast.stan.may_delete = True
    answer = visit(cast.stan).get(f"/contacts/{ana.id}{path}")
    assert answer.status_code == 404
    assert "Ana Lima" not in answer.text


@pytest.mark.parametrize("path", WRITES)
def test_a_stranger_writes_404(cast: Cast, ana: Contact, visit: Visit, path: str) -> None:
    with transaction():
        cast.stan.may_delete = True
    answer = visit(cast.stan).post(f"/contacts/{ana.id}{path}", **WRITES[path])
    assert answer.status_code == 404
    assert "Ana Lima" not in answer.text


@pytest.mark.parametrize("path", ["", "/notes", "/tags"])
def test_who_may_only_read_gets_403_and_nothing_is_kept(
    cast: Cast, read_only: Contact, visit: Visit, path: str
) -> None:
    version = read_only.version
    assert visit(cast.stan).post(f"/contacts/{read_only.id}{path}", **WRITES[path]).status_code == 403
    db.session.expire_all()
    assert (read_only.name, read_only.version, read_only.tags) == ("Ana Lima", version, [])
    page = visit(cast.stan).get(f"/contacts/{read_only.id}")
    assert "Add note" not in page.text
    assert "You can see this contact but not change it" in page.text


def test_a_note_and_a_tag_appear_with_htmx_and_without(cast: Cast, ana: Contact, visit: Visit) -> None:
    visitor = visit(cast.olive)
    assert visitor.post(f"/contacts/{ana.id}/notes", body="Called").status_code == 303
    answer = visitor.post(f"/contacts/{ana.id}/notes", htmx=True, body="Called again")
    assert f'<hx-partial id="contact-{ana.id}-timeline"' in answer.text
    assert "Called again" in answer.text
    tagged = visitor.post(f"/contacts/{ana.id}/tags", htmx=True, name="VIP")
    assert "Remove tag VIP" in tagged.text
    tag = tags.named("VIP")
    assert "Remove tag VIP" not in visitor.post(f"/contacts/{ana.id}/tags/{tag.id}/removal", htmx=True).text


def test_an_empty_note_is_refused_and_nothing_is_kept(cast: Cast, ana: Contact, visit: Visit) -> None:
    answer = visit(cast.olive).post(f"/contacts/{ana.id}/notes", htmx=True, body="  ")
    assert answer.status_code == 422
    assert "A note has between" in answer.text


def test_a_contact_is_deleted_and_restored(cast: Cast, ana: Contact, visit: Visit) -> None:
    with transaction():
        cast.olive.may_delete = True
    visitor = visit(cast.olive)
    assert visitor.get(f"/contacts/{ana.id}/deletion/new").status_code == 200
    assert visitor.post(f"/contacts/{ana.id}/deletion").status_code == 303
    assert visitor.get(f"/contacts/{ana.id}").status_code == 404
    assert "Restore Ana Lima" in visitor.get("/contacts?kind=deleted").text
    assert visitor.post(f"/contacts/{ana.id}/restoration").status_code == 303
    assert visitor.get(f"/contacts/{ana.id}").status_code == 200


def test_a_contact_with_opportunities_is_not_deleted(cast: Cast, read_only: Contact, visit: Visit) -> None:
    answer = visit(cast.ada).post(f"/contacts/{read_only.id}/deletion")
    assert answer.status_code == 422
    assert "still has opportunities" in answer.text


def test_deleting_needs_the_right(cast: Cast, ana: Contact, visit: Visit) -> None:
    assert visit(cast.olive).post(f"/contacts/{ana.id}/deletion").status_code == 403


def test_an_entry_about_a_deal_names_it_apart_from_what_was_done(read_only: Contact, cast: Cast, visit: Visit) -> None:
    said = [entry.get_text() for entry in visit(cast.olive).soup(f"/contacts/{read_only.id}").select(".entry-text")]
    assert any(entry.startswith("Acme · ") for entry in said), said


def test_the_timeline_goes_on_by_pages(cast: Cast, ana: Contact, visit: Visit) -> None:
    visitor = visit(cast.olive)
    for number in range(32):
        visitor.post(f"/contacts/{ana.id}/notes", body=f"Note number {number}.")
    page = visitor.soup(f"/contacts/{ana.id}")
    older = page.select_one(".timeline-older a")["href"]
    assert "Note number 0." not in page.get_text()
    assert "Note number 0." in visitor.get(older, htmx=True).text
    assert "Note number 0." in visitor.get(older).text
