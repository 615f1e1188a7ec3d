"""Mail by a real SMTP server: delivered once, refused, put off, or, when a worker dies in the middle, unknown."""

import os
import signal
import time
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline import clock
from pipeline.domain import mails, outbox, promises
from pipeline.extensions import db
from pipeline.models.mail import Carrier, Mail, MailState
from pipeline.models.outbox import OutboxMessage, PromiseState
from pipeline.settings import Settings
from pipeline.transaction import transaction
from tests.support.house import House
from tests.tasks.conftest import Engine, Server


def write(number: int = 1, to: str = "ana@example.com") -> int:
    with transaction():
        mail = mails.write(
            purpose=f"test:{number}",
            to_address=to,
            to_name="Ana Lima",
            subject="Grüße, Ana",
            text="Hello\n.\nAna",
            html="<p>Hello</p>",
            reply_to="olive@example.com",
        )
        return mail.id


def mail() -> Mail:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Mail)).one()


@pytest.mark.usefixtures("by_smtp")
def test_a_mail_arrives_whole_with_a_plain_text_and_an_id_from_its_row(engine: Engine, server: Server) -> None:
    write()
    engine.run()
    arrived = server.read()
    assert (mail().state, mail().carrier, mail().remark) == (MailState.SENT, Carrier.SMTP, "SMTP 250 taken")
    assert arrived["Message-ID"] == mail().message_id
    assert mail().message_id.startswith(f"<mail.{mail().id}.")  # type: ignore[union-attr]
    assert (arrived["Subject"], arrived["To"]) == ("Grüße, Ana", "Ana Lima <ana@example.com>")
    assert (arrived["From"], arrived["Reply-To"]) == ("Books <books@example.com>", "olive@example.com")
    plain, html = arrived.get_body(("plain",)), arrived.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().splitlines() == ["Hello", ".", "Ana"]


@pytest.mark.usefixtures("by_smtp")
def test_one_purpose_has_one_mail(engine: Engine, server: Server) -> None:
    assert write() == write()
    engine.run()
    assert len(server.taken) == 1


@pytest.mark.usefixtures("by_smtp")
def test_a_domain_with_umlauts_is_spelled_as_servers_know_it(engine: Engine, server: Server) -> None:
    write(to="info@müller.example")
    engine.run()
    assert server.read()["To"] == "Ana Lima <info@xn--mller-kva.example>"
    assert mail().state is MailState.SENT


@pytest.mark.usefixtures("by_smtp")
def test_a_mail_that_cannot_be_written_has_failed_for_surely_nothing_was_sent(engine: Engine, server: Server) -> None:
    write(to="jörg@example.com")
    engine.run()
    assert mail().state is MailState.FAILED
    assert "jörg@example.com" in (mail().remark or "")
    assert server.taken == []


@pytest.mark.usefixtures("by_smtp")
def test_what_is_refused_for_good_has_failed_at_once(engine: Engine, server: Server) -> None:
    server.answer = "550 no such person"
    write()
    engine.run()
    assert (mail().state, mail().remark) == (MailState.FAILED, "SMTP 550 no such person")


@pytest.mark.usefixtures("by_smtp")
def test_what_is_refused_for_now_goes_on_another_try_under_the_same_id(engine: Engine, server: Server) -> None:
    server.answer = "451 come back later"
    write()
    engine.run()
    assert (mail().state, mail().remark) == (MailState.SCHEDULED, "SMTP 451 come back later; retry 1 of 5")
    server.answer = "250 taken"
    with clock.travelled(timedelta(minutes=1)):
        engine.run()
    assert mail().state is MailState.SENT
    first, second = (message_from_bytes(taken)["Message-ID"] for taken in server.taken)
    assert first == second


def test_a_server_that_is_away_is_tried_again(engine: Engine, app: Flask, settings: Settings) -> None:
    app.config["SETTINGS"] = replace(settings, smtp_url="smtp://127.0.0.1:1")
    write()
    engine.run()
    app.config["SETTINGS"] = settings
    assert mail().state is MailState.SCHEDULED
    assert "retry 1 of 5" in (mail().remark or "")


def test_without_a_server_mail_is_kept_in_the_mailbox(engine: Engine) -> None:
    write()
    engine.run()
    assert (mail().state, mail().carrier) == (MailState.SENT, Carrier.MAILBOX)


def test_a_restored_backup_sends_nothing_old_until_a_person_says_so(engine: Engine) -> None:
    write()
    with clock.travelled(timedelta(hours=25)):
        engine.run()
        assert mail().state is MailState.HELD
        with transaction():
            promise = mails.promise_of(mail())
            assert promise is not None
            outbox.renew(promise)
        engine.run()
        assert mail().state is MailState.SENT


def test_a_worker_killed_between_the_servers_yes_and_its_own_note_leaves_one_unknown(
    engine: Engine, server: Server, settings: Settings
) -> None:
    house = House(replace(settings, redis_url=engine.url, smtp_url=server.url))
    worker = house.start("outside")
    server.first = lambda: os.kill(worker.pid or 0, signal.SIGKILL)
    write()
    engine.relay.turn()
    worker.join(60)
    assert worker.exitcode == -signal.SIGKILL
    end = time.monotonic() + 30
    while not server.taken:
        assert time.monotonic() < end
    house.processes.clear()
    assert len(server.taken) == 1
    with clock.travelled(promises.BEGUN_FOR + timedelta(minutes=10)):
        engine.run()
        engine.run()
    assert mail().state is MailState.UNKNOWN
    assert mail().message_id
    assert db.session.scalars(select(OutboxMessage.state).where(OutboxMessage.task == mails.DELIVER)).one() is (
        PromiseState.UNKNOWN
    )
    assert len(server.taken) == 1
