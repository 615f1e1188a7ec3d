"""Facts that are more than a field: whom a deal is with, why it ended, when it wakes up."""

from datetime import timedelta

import pytest

from pipeline import clock
from pipeline.domain import moves, opportunities
from pipeline.domain.readiness import Answers
from pipeline.models.opportunity import Status
from pipeline.transaction import transaction
from tests import factories


@pytest.fixture
def change(olive, deal, afresh):
    def send(group, **fields):
        answer = olive.post(f"/opportunities/{deal.id}/facts/{group}", htmx=True, version=deal.version, **fields)
        afresh()
        return answer

    return send


def test_another_contact_is_chosen_by_name(change, deal, olive, cast):
    other = factories.deal(deal.pipeline, "Other", owner=cast.olive).contact
    answer = change("contact", contact_name=other.name.upper())
    assert (answer.status_code, deal.contact_id) == (200, other.id)
    assert f'id="opportunity-{deal.id}-contact"' in answer.text


def test_a_name_nobody_has_makes_a_new_contact(change, deal, cast):
    change("contact", contact_name="Nina New")
    assert (deal.contact.name, deal.contact.owner_id) == ("Nina New", cast.olive.id)


def test_a_name_that_several_have_is_asked_about(change, deal, cast):
    first = factories.deal(deal.pipeline, owner=cast.olive, contact=factories.contact("Ana")).contact
    factories.deal(deal.pipeline, owner=cast.olive, contact=factories.contact("Ana"))
    before = deal.contact_id
    answer = change("contact", contact_name="Ana")
    assert (answer.status_code, deal.contact_id) == (422, before)
    assert "You know several of that name" in answer.text
    change("contact", contact_name="Ana", contact_id=first.id)
    assert deal.contact_id == first.id


def test_a_contact_one_may_not_see_is_not_to_be_had(change, deal, cast):
    hidden = factories.deal(deal.pipeline, owner=cast.stan, contact=factories.contact("Hidden")).contact
    assert change("contact", contact_name="Hidden", contact_id=hidden.id).status_code == 404
    change("contact", contact_name="Hidden")
    assert deal.contact_id != hidden.id


def test_two_who_change_the_contact_are_told_and_nobody_is_made_for_it(change, deal, olive, cast, afresh):
    other = factories.contact("Else")
    seen = deal.version
    with transaction():
        opportunities.change(deal, by=cast.ada, contact=other)
    answer = olive.post(f"/opportunities/{deal.id}/facts/contact", htmx=True, version=seen, contact_name="Nina New")
    afresh()
    assert (answer.status_code, deal.contact_id) == (409, other.id)
    assert "Ada Admin changed contact meanwhile" in answer.text
    assert "Nina New" in answer.text


def test_why_it_ended_can_be_mended_within_the_pipelines_reasons(change, deal):
    price, time = factories.loss_reasons(deal.pipeline, "Price", "Time")
    (won,) = factories.win_reasons(deal.pipeline, "Trust")
    with transaction():
        moves.set_status(deal, Status.LOST, by=None, answers=Answers(reason_id=price.id))
    change("ending", reason_id=time.id, reason_note="Next year")
    assert (deal.reason, deal.reason_note) == (time, "Next year")
    assert change("ending", reason_id=0, reason_note="").status_code == 422
    assert change("ending", reason_id=won.id, reason_note="").status_code == 422
    assert deal.reason == time


def test_a_deal_at_rest_says_when_it_wakes(change, deal, olive):
    url = f"/opportunities/{deal.id}"
    assert "Wakes up" not in olive.get(url).text
    with transaction():
        moves.set_status(deal, Status.LOST, by=None)
    assert "Wakes up" in olive.get(url).text
    soon = clock.today() + timedelta(days=90)
    assert change("wake", wake_on=soon.isoformat()).status_code == 200
    assert deal.wake_on == soon
    assert change("wake", wake_on=clock.today().isoformat()).status_code == 422
    assert deal.wake_on == soon
