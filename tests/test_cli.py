"""The `pipeline` command: every command explains itself, and a mistake gets one line and no traceback."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from pipeline import clock
from pipeline.cli import COMMANDS, cli
from pipeline.domain import beats, passwords
from pipeline.extensions import db
from pipeline.models.outbox import Heartbeat
from pipeline.models.user import User
from pipeline.settings import Settings
from pipeline.transaction import transaction
from tests.cast import Cast
from tests.support.saying import Said, say_in_a_fork

Say = Callable[..., Said]
SECRET = "for tests only, and long enough"

MISTAKES = [
    ("frobnicate", "No such command 'frobnicate'"),
    ("up --port many", "'many' is not a valid integer"),
    ("up --host nowhere.invalid", "Cannot listen on nowhere.invalid"),
    ("worker sideways", "'sideways' is not one of"),
    ("relay", "REDIS_URL is not set"),
    ("import /nowhere.csv", "/nowhere.csv cannot be read"),
    ("import", "Missing argument 'FILE'"),
    ("user add nonsense --name Ann", "is not a mail address"),
    ("user add ann@example.com", "Missing option '--name'"),
    ("user add ann@example.com --name Ann --password-stdin", "no password on standard input"),
    ("user add olive@example.com --name Olive", "belongs to Olive Owner already"),
    ("demo", "only into an empty database"),
    ("backup /nowhere/all.backup", "/nowhere/all.backup cannot be written"),
    ("restore /nowhere/all.backup", "/nowhere/all.backup cannot be read"),
]


@pytest.fixture
def say(app: Flask, settings: Settings, tmp_path: Path) -> Say:
    """Runs the command on the database of the test, in a process of its own."""

    def run(line: str, *, given: str = "", **variables: str) -> Said:
        environment = {name: value for name, value in os.environ.items() if name != "REDIS_URL"}
        environment |= {"PIPELINE_INSTANCE": str(settings.instance), "DATABASE_URL": settings.database_url, **variables}
        return say_in_a_fork(line, environment, given, tmp_path)

    return run


def test_it_is_a_program_of_its_own() -> None:
    for program in ([sys.executable, "-m", "pipeline"], [str(Path(sys.executable).with_name("pipeline"))]):
        said = subprocess.run([*program, "worker", "sideways"], check=False, capture_output=True, text=True, timeout=60)

        assert (said.returncode, said.stdout) == (2, "")
        assert "'sideways' is not one of" in said.stderr
        assert said.stderr.count("\n") == 1


@pytest.mark.parametrize("command", [*COMMANDS, "user add"])
def test_every_command_explains_itself(command: str) -> None:
    shown = CliRunner().invoke(cli, [*command.split(), "--help"])

    assert shown.exit_code == 0
    assert shown.output.startswith("Usage: ")


@pytest.mark.parametrize(("line", "words"), MISTAKES)
def test_a_mistake_gets_one_line_and_no_traceback(cast: Cast, say: Say, line: str, words: str) -> None:
    said = say(line)

    assert said.returncode in {1, 2}
    assert words in said.stderr
    assert said.stderr.count("\n") == 1, said.stderr


@pytest.mark.parametrize("command", ["web", "doctor"])
def test_a_wrong_setting_stops_every_command_with_one_line_that_names_it(say: Say, command: str) -> None:
    said = say(command, LOG_LEVEL="loud")

    assert said.returncode == 1
    assert "LOG_LEVEL: must be one of" in said.stderr + said.stdout
    assert (said.stderr + said.stdout).count("\n") == 1


@pytest.mark.parametrize("number", ["many", "0", "101"])
def test_as_many_web_processes_as_cannot_be_are_refused_in_one_line(say: Say, number: str) -> None:
    said = say("web", WEB_CONCURRENCY=number)

    assert said.returncode == 1
    assert said.stderr == f"pipeline: WEB_CONCURRENCY: must be a whole number from 1 to 100, not “{number}”\n"


@pytest.mark.parametrize("command", ["web", "worker", "relay"])
def test_a_database_that_is_not_up_to_date_is_said_in_one_line(say: Say, tmp_path: Path, command: str) -> None:
    said = say(command, DATABASE_URL=f"sqlite:///{tmp_path / 'new.db'}", REDIS_URL="redis://127.0.0.1:9")

    assert said.returncode == 1
    assert said.stderr == (
        "pipeline: The database is not up to date; run `pipeline migrate` first (`pipeline up` does it).\n"
    )


@pytest.mark.parametrize("command", ["migrate", "web"])
def test_a_database_that_does_not_answer_is_said_in_one_line(say: Say, command: str) -> None:
    said = say(command, DATABASE_URL="postgresql://nobody@127.0.0.1:9/none")

    assert said.returncode == 1
    assert said.stderr.startswith("pipeline: The database cannot be used: ")
    assert said.stderr.count("\n") == 1


def test_a_person_added_with_a_password_can_sign_in(say: Say, afresh: Callable[[], None]) -> None:
    said = say("user add Ann@Example.com --name Ann --admin --rep --password-stdin", given="correct horse battery\n")

    afresh()
    ann = db.session.scalars(select(User)).one()
    assert said.returncode == 0, said.stderr
    assert (ann.email, ann.is_admin, ann.is_rep) == ("ann@example.com", True, True)
    assert passwords.matches("correct horse battery", ann.password_hash)


def test_a_person_added_without_one_gets_a_link_to_choose_it(say: Say, client: FlaskClient) -> None:
    said = say("user add bob@example.com --name Bob --rep", SECRET_KEY=SECRET, PUBLIC_URL="http://pipeline.example")

    link = said.stdout.split()[-1]
    assert link.startswith("http://pipeline.example/")
    assert client.get(link.removeprefix("http://pipeline.example")).status_code == 200


def test_the_doctor_says_what_is_wrong_and_what_to_do(say: Say) -> None:
    said = say("doctor", REDIS_URL="redis://127.0.0.1:9", SMTP_URL="smtp://127.0.0.1:9")

    assert said.returncode == 1
    wrong = [line for line in said.stdout.splitlines() if line.startswith("✗")]
    assert [line.split()[1] for line in wrong] == ["queue:", "mail:", "worker:", "relay:"]
    assert all(" → " in line for line in wrong)


def test_the_doctor_is_content_with_an_installation_that_works(say: Say) -> None:
    with transaction():
        beats.beat(beats.WORKER)
    with transaction():
        db.session.add(Heartbeat(process="relay@here:1", role=beats.RELAY, beat_at=clock.real()))

    said = say("doctor")

    assert "✗" not in said.stdout
    assert said.returncode == 0, said.stdout


def test_the_doctor_notices_a_secret_that_others_can_read(say: Say, settings: Settings) -> None:
    assert say("migrate").returncode == 0
    secret = settings.instance / "secret_key"
    secret.chmod(0o644)
    try:
        assert f"chmod 600 '{secret}'" in say("doctor").stdout
    finally:
        secret.chmod(0o600)


def test_a_restore_is_refused_while_workers_are_at_work(cast: Cast, say: Say, tmp_path: Path) -> None:
    file = tmp_path / "all.backup"
    assert say(f"backup {file}").returncode == 0
    with transaction():
        beats.beat(beats.WORKER)

    said = say(f"restore {file} --replace")

    assert said.returncode == 1
    assert "works on this database" in said.stderr


def test_a_restore_over_what_is_there_takes_its_place(
    cast: Cast, say: Say, afresh: Callable[[], None], tmp_path: Path
) -> None:
    file = tmp_path / "all.backup"
    assert say(f"backup {file}").returncode == 0
    with transaction():
        db.session.delete(db.session.get_one(User, cast.guy.id))
    afresh()

    said = say(f"restore {file} --replace")

    assert said.returncode == 0, said.stderr
    assert db.session.scalar(select(func.count(User.id))) == 5


def test_a_restore_brings_the_secret_along(cast: Cast, say: Say, settings: Settings, tmp_path: Path) -> None:
    file, other = tmp_path / "all.backup", tmp_path / "other"
    assert say(f"backup {file}").returncode == 0

    said = say(f"restore {file}", PIPELINE_INSTANCE=str(other), DATABASE_URL="")

    assert said.returncode == 0, said.stderr
    assert (other / "secret_key").read_text() == (settings.instance / "secret_key").read_text()
    assert (other / "secret_key").stat().st_mode & 0o777 == 0o600


def test_search_and_sums_are_made_anew(cast: Cast, say: Say) -> None:
    said = say("reindex")

    assert said.returncode == 0, said.stderr
    assert said.stdout.startswith("Made anew")
