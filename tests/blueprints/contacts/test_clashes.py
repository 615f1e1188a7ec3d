"""Two who change the same contact: different fields merge, the same field asks."""

import pytest
from bs4 import BeautifulSoup

from pipeline.domain import contacts
from pipeline.transaction import transaction
from tests import factories


@pytest.fixture
def ana(cast):
    return factories.deal(
        factories.sales_pipeline(), owner=cast.olive, contact=factories.contact("Ana Lima", phone="1")
    ).contact


def send(visitor, contact, **said):
    form = {"kind": "person", "name": "Ana Lima", "phone": "1", "version": 1} | said
    return visitor.post(f"/contacts/{contact.id}", **form)


def test_different_fields_merge(visit, cast, ana, afresh):
    with transaction():
        contacts.change(ana, by=cast.ada, email="ana@lima.example")
    answer = send(visit(cast.olive), ana, phone="2", email="ana@lima.example")
    afresh()
    assert (answer.status_code, ana.phone, ana.email) == (303, "2", "ana@lima.example")


def test_the_same_field_asks_and_is_applied_when_meant(visit, cast, ana, afresh):
    with transaction():
        contacts.change(ana, by=cast.ada, phone="3")
    answer = send(visit(cast.olive), ana, phone="2")
    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 409
    assert "Ada Admin changed phone meanwhile" in page.find(role="alert").text
    assert page.find("input", {"name": "phone"})["value"] == "2"
    send(visit(cast.olive), ana, phone="2", version=page.find("input", {"name": "version"})["value"])
    afresh()
    assert ana.phone == "2"
