"""Mail templates, written and looked at by an admin."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from pipeline.domain.actions.send_mail import SendMailSettings
from pipeline.extensions import db
from pipeline.models.automation import ActionKind
from pipeline.models.mail import MailTemplate
from pipeline.models.user import User
from tests import factories
from tests.cast import Cast
from tests.support.visiting import Visitor

HERE = "/settings/mail-templates"
LETTER = {"name": "Guide", "subject": "For {{ contact.name }}", "body": "**Hello** {{ contact.first_name }}"}


@pytest.fixture
def ada(cast: Cast, visit: Callable[[User], Visitor]) -> Visitor:
    return visit(cast.ada)


def test_a_template_is_written_shown_with_an_example_and_changed(ada: Visitor) -> None:
    ada.get(f"{HERE}/new")
    answer = ada.post(HERE, **LETTER)
    assert answer.status_code == 303
    shown = ada.get(answer.location).text
    assert "For Ana Lima" in shown
    assert "&lt;strong&gt;Hello&lt;/strong&gt; Ana" in shown
    assert ada.post(answer.location, **{**LETTER, "subject": "New"}).status_code == 303
    assert "New" in ada.get(HERE).text


def test_a_preview_saves_nothing(ada: Visitor) -> None:
    factories.deal(factories.sales_pipeline(), contact=factories.contact("Bob Stone"))
    assert "For Bob Stone" in ada.post(HERE, preview="1", **LETTER).text
    assert db.session.scalars(select(MailTemplate)).all() == []


@pytest.mark.parametrize("change", [{"body": "{{ nobody }}"}, {"subject": "{% if %}"}, {"name": ""}, {"body": "{{"}])
@pytest.mark.parametrize("preview", [None, "1"])
def test_what_cannot_be_sent_is_refused(ada: Visitor, change: dict[str, str], preview: str | None) -> None:
    assert ada.post(HERE, preview=preview, **{**LETTER, **change}).status_code == 422
    assert db.session.scalars(select(MailTemplate)).all() == []


def test_a_template_in_use_is_not_deleted_and_says_who_uses_it(ada: Visitor) -> None:
    template = factories.mail_template()
    rule = (ActionKind.SEND_MAIL, SendMailSettings(template_id=template.id))
    factories.automation(factories.sales_pipeline(), rule, name="Proposal sent")
    answer = ada.post(f"{HERE}/{template.id}/deletion")
    assert answer.status_code == 422
    assert "“Proposal sent” still sends this mail" in answer.text
    assert "Proposal sent" in ada.get(HERE).text


def test_a_template_nobody_uses_is_deleted(ada: Visitor) -> None:
    template = factories.mail_template()
    assert ada.post(f"{HERE}/{template.id}/deletion").status_code == 303
    assert ada.get(f"{HERE}/{template.id}").status_code == 404


def test_reps_get_403(cast: Cast, visit: Callable[[User], Visitor]) -> None:
    assert visit(cast.olive).get(HERE).status_code == 403
