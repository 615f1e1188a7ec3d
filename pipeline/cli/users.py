"""`pipeline user`: people, from the command line."""

import sys

import click

from pipeline.cli import frame
from pipeline.domain import founding, people
from pipeline.domain.people import Newcomer
from pipeline.domain.rules import RuleBroken
from pipeline.models.user import GroupKind, User
from pipeline.transaction import transaction
from pipeline.web import links


@click.group("user")
def user_command() -> None:
    """Let people in."""


@user_command.command("add")
@click.argument("email")
@click.option("--name", required=True, help="What colleagues call them.")
@click.option("--admin", is_flag=True, help="They administer the installation.")
@click.option("--rep", is_flag=True, help="They are a sales rep, who may own opportunities.")
@click.option("--password-stdin", is_flag=True, help="Read their password from standard input; else a link is printed.")
def add(email: str, name: str, admin: bool, rep: bool, password_stdin: bool) -> None:
    """Let someone in, who signs in as EMAIL. Without a password, prints the link by which they choose one."""
    wanted = [(admin, GroupKind.ADMINISTRATORS), (rep, GroupKind.SALES_REPS)]
    kinds = [kind for is_wanted, kind in wanted if is_wanted]
    with frame.application():
        password = _password() if password_stdin else None
        with transaction():
            person = _added(Newcomer(name, email), kinds, password)
        click.echo(f"Added {person.name} <{person.email}>.")
        if password is None:
            link = links.password_link(person, links.INVITATION)
            click.echo(f"They choose a password here, within a week:\n  {link}")


def _added(newcomer: Newcomer, kinds: list[GroupKind], password: str | None) -> User:
    person = people.invite(newcomer, groups=[founding.meaningful(kind) for kind in kinds], by=None)
    if password is not None:
        people.set_password(person, password, by=None)
    return person


def _password() -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise RuleBroken("--password-stdin: there is no password on standard input.")
    return password
