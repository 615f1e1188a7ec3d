"""Questions that prospects ask on an offer's page."""

import pytest
from sqlalchemy import select

from pipeline.domain import questions
from pipeline.domain.buying_facts import QuestionAsked
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink, LinkQuestion
from pipeline.models.event import Event
from tests.blueprints.shop.conftest import Prospect


def asked() -> list[LinkQuestion]:
    db.session.rollback()
    return list(db.session.scalars(select(LinkQuestion).order_by(LinkQuestion.id)))


def test_a_question_is_written_down_and_thanked_for(prospect: Prospect, address: str, link: BuyLink) -> None:
    answer = prospect.post(f"{address}/questions", text="Is it\r\nincluded? ", email="Kim@Lima.example")
    assert answer.status_code == 303
    assert "your question is on its way" in prospect.get(answer.location).text
    (question,) = asked()
    assert (question.text, question.email, question.link_id) == ("Is it\nincluded?", "kim@lima.example", link.id)
    event = db.session.scalars(select(Event).where(Event.kind == QuestionAsked.kind())).one()
    assert event.actor_id is None
    assert event.opportunity_id == link.opportunity_id


def test_a_second_press_asks_once(prospect: Prospect, address: str) -> None:
    page = prospect.soup(address)
    key = page.find("input", {"name": "form_key"})["value"]  # type: ignore[index]
    for _ in range(2):
        answer = prospect.post(f"{address}/questions", text="Why?", form_key=key)
        assert answer.status_code == 303
        assert "your question is on its way" in prospect.get(answer.location).text
    assert len(asked()) == 1


@pytest.mark.parametrize(
    ("text", "email", "words"),
    [
        ("", "", "Write your question first."),
        ("x" * (questions.LONGEST + 1), "", "Use at most 2000 letters."),
        ("Why is it <b>so</b>?", "nowhere", "This is not a mail address."),
    ],
)
def test_what_cannot_be_asked_is_refused_and_what_was_typed_is_kept(
    prospect: Prospect, address: str, text: str, email: str, words: str
) -> None:
    answer = prospect.post(f"{address}/questions", text=text, email=email)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Pay $1,428.00" in answer.text
    if email:
        assert "Why is it &lt;b&gt;so&lt;/b&gt;?" in answer.text
        assert 'value="nowhere"' in answer.text
    assert asked() == []


def test_a_machine_that_fills_in_everything_is_thanked_and_not_heard(prospect: Prospect, address: str) -> None:
    answer = prospect.post(f"{address}/questions", text="Buy pills", website="http://pills.example")
    assert answer.status_code == 303
    assert asked() == []


def test_who_sells_is_never_asked_more_than_they_can_read(prospect: Prospect, address: str) -> None:
    answers = [prospect.post(f"{address}/questions", text=f"{number}?").status_code for number in range(22)]
    assert answers[:20] == [303] * 20
    assert answers[20:] == [429] * 2


def test_nothing_can_be_asked_of_an_offer_that_is_not_there(prospect: Prospect) -> None:
    assert prospect.post("/buy/nothing/questions", text="Why?").status_code == 404
    assert prospect.post("/buy/nothing/fresh").status_code == 404
    assert prospect.post("/buy/nothing/continuation").status_code == 404
