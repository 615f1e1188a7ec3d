"""`pipeline doctor`: looks at everything the product stands on, and says what to do about what is wrong."""

import os
import smtplib
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import click
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from pipeline import create_app, migrations
from pipeline.cli import frame
from pipeline.cli.environment import settings
from pipeline.domain import beats
from pipeline.domain.paying.words import ProviderError
from pipeline.extensions import db
from pipeline.gateways import payments
from pipeline.gateways.mail import SmtpCarrier
from pipeline.kept import search_texts
from pipeline.queries.health import LONGEST_WAIT, health
from pipeline.settings import Settings, WrongSetting
from pipeline.tasks import queues
from pipeline.web.assets import STATIC

OTHERS = 0o077
STARTERS = {beats.WORKER: "pipeline worker", beats.RELAY: "pipeline relay"}


@dataclass(frozen=True)
class Finding:
    """What was looked at and what was seen; `remedy` says what to do, and is empty when all is well."""

    name: str
    seen: str
    remedy: str = ""

    @property
    def is_well(self) -> bool:
        return not self.remedy

    def __str__(self) -> str:
        line = f"{'✓' if self.is_well else '✗'} {self.name}: {self.seen}"
        return line if self.is_well else f"{line} → {self.remedy}"


@click.command("doctor")
def doctor_command() -> None:
    """Check settings, files, database, queue, mail, payments and processes. Exits with 1 when something is wrong."""
    findings = []
    for finding in examine():
        findings.append(finding)
        click.echo(str(finding))
    if not all(finding.is_well for finding in findings):
        sys.exit(1)


def examine() -> Iterator[Finding]:
    """One finding after the other; what cannot be looked at because of an earlier one is left out."""
    try:
        found = settings()
    except WrongSetting as wrong:
        yield Finding("settings", str(wrong), "correct this variable")
        return
    yield Finding("settings", f"instance in {found.instance}, pages at {found.public_url}")
    for look in (folder, browser_libraries, queue, mail, paying):
        yield look(found)
    yield from the_database(found)


def folder(found: Settings) -> Finding:
    name, secret = "instance folder", found.instance / "secret_key"
    if not os.access(found.instance, os.W_OK | os.X_OK):
        return Finding(name, "cannot be written to", f"let this user write to {found.instance}")
    if secret.exists() and secret.stat().st_mode & OTHERS:
        return Finding(name, "others may read the secret key", f"chmod 600 '{secret}'")
    return Finding(name, "writable, and its secret is kept")


def browser_libraries(found: Settings) -> Finding:
    library = STATIC / "vendor" / "htmx.min.js"
    if library.exists() and library.stat().st_size:
        return Finding("browser libraries", "built")
    return Finding("browser libraries", f"{library} is missing", "install again: make clean, then make up")


def queue(found: Settings) -> Finding:
    if not found.redis_url:
        return Finding("queue", "embedded, run by `pipeline up`")
    try:
        with queues.connect(found.redis_url) as connection:
            connection.ping()
    except (RedisError, OSError) as error:
        return Finding("queue", one_line(error), "start Redis or Valkey, or correct REDIS_URL")
    return Finding("queue", "answers")


def mail(found: Settings) -> Finding:
    if not found.smtp_url:
        return Finding("mail", "kept in the mailbox of the app, because SMTP_URL is not set")
    try:
        with SmtpCarrier(found).connected() as server:
            server.noop()
    except (smtplib.SMTPException, OSError) as error:
        return Finding("mail", one_line(error), "correct SMTP_URL, or ask who runs the mail server")
    return Finding("mail", "the server lets us in")


def paying(found: Settings) -> Finding:
    """By which provider prospects pay, and whether it can be asked and can call us."""
    name = "payments"
    if not found.stripe_secret_key:
        return Finding(name, "in the sandbox, where no money moves, because STRIPE_SECRET_KEY is not set")
    gateway = payments.gateway(found)
    try:
        gateway.check()
    except ProviderError as error:
        return Finding(name, str(error), "correct STRIPE_SECRET_KEY or STRIPE_API_BASE, or try again later")
    seen = f"Stripe lets us in with a {'test' if gateway.is_test else 'live'} key"
    if not found.stripe_webhook_secret:
        remedy = f"let Stripe call {found.public_url}/hooks/stripe, and set STRIPE_WEBHOOK_SECRET to that endpoint's"
        return Finding(name, f"{seen}, but its calls cannot be checked, so that payments are seen late", remedy)
    if not gateway.is_test and not found.public_url.startswith("https://"):
        return Finding(name, f"{seen}, but calls no address without https", "set PUBLIC_URL to an https:// address")
    return Finding(name, seen)


def the_database(found: Settings) -> Iterator[Finding]:
    """Whether it can be reached and is up to date; when it is, whether work is done in it."""
    with create_app(found).app_context():
        try:
            is_current = migrations.is_current(db.engine)
            yield tables(frame.place(found), is_current)
            if is_current:
                yield search_index()
                yield from signs_of_life()
        except SQLAlchemyError as error:
            reason = one_line(getattr(error, "orig", None) or error)
            yield Finding("database", reason, "start the database server, or correct DATABASE_URL")
        finally:
            db.session.remove()
            db.engine.dispose()


def tables(place: str, is_current: bool) -> Finding:
    if not is_current:
        return Finding("database", f"{place} is not up to date", "run: pipeline migrate")
    return Finding("database", f"{place} is up to date")


def search_index() -> Finding:
    """Without its extension a PostgreSQL is searched row by row: right, but slow when there are many."""
    with db.engine.connect() as connection:
        if search_texts.is_indexed(connection):
            return Finding("search", "has its index")
    remedy = "let a superuser run CREATE EXTENSION pg_trgm in this database; then run: pipeline reindex"
    return Finding("search", "reads every row, because pg_trgm is missing", remedy)


def signs_of_life() -> Iterator[Finding]:
    now = health()
    for role, command in STARTERS.items():
        if role in now.silent:
            yield Finding(role, "no sign of life for a minute", f"start it: {command}, or pipeline up")
        else:
            yield Finding(role, "alive")
    waiting = f"the oldest due work has waited for {now.waiting_seconds} s"
    remedy = "start workers and relay, and look at Settings, Runs"
    yield Finding("work", waiting, remedy if now.waiting_seconds > LONGEST_WAIT.total_seconds() else "")


def one_line(error: object) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
