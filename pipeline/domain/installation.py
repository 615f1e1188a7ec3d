"""This one installation: whose it is, and for a demo, how far its clock was moved on."""

from datetime import timedelta

from pipeline import clock
from pipeline.domain import access, changes, events, money
from pipeline.domain.access import Permission
from pipeline.domain.facts import DemoClockMoved, SettingChanged
from pipeline.domain.rules import NotAllowed, RuleBroken
from pipeline.extensions import db
from pipeline.models.installation import Installation
from pipeline.models.user import User

ONLY_ROW = 1
LONGEST_UNDO = 300


def current() -> Installation:
    """The installation's row; one with the defaults before it was ever saved."""
    return db.session.get(Installation, ONLY_ROW) or Installation(
        id=ONLY_ROW, company_name="", currency="USD", undo_seconds=30, is_demo=False, clock_offset=0
    )


def kept() -> Installation:
    """The installation's row, made when there is none, to be changed in the caller's transaction."""
    installation = current()
    db.session.add(installation)
    return installation


def change(company_name: str, *, currency: str, undo_seconds: int, by: User | None) -> None:
    """Say whose this is, what new pipelines count in (those that exist keep theirs), and how long one can undo."""
    access.refuse_unless(by, Permission.ADMINISTER, "Only an administrator sets up the company.")
    if not money.is_currency(currency):
        raise RuleBroken(f"“{currency}” is not a currency; use a code like USD or EUR.")
    if not 0 <= undo_seconds <= LONGEST_UNDO:
        raise RuleBroken(f"Undo is possible for 0 to {LONGEST_UNDO} seconds.")
    installation = kept()
    values = {"company_name": " ".join(company_name.split()), "currency": currency, "undo_seconds": undo_seconds}
    made = changes.between(installation, values)
    for field, value in values.items():
        setattr(installation, field, value)
    if made:
        db.session.flush()
        events.record(SettingChanged(what="the company", changes=made), about=installation, by=by)


def set_clock() -> bool:
    """Let this process's clock run as far ahead as the demo's does. Says whether this is a demo at all."""
    return let_run(current())


def let_run(installation: Installation | None) -> bool:
    """The same for an installation that was read already, if there is one."""
    is_demo = installation is not None and installation.is_demo
    clock.shift(timedelta(seconds=installation.clock_offset if installation and is_demo else 0))
    return is_demo


def advance(days: int, *, by: User | None) -> None:
    """Move the demo's clock on, for every process. Refused outside a demo: real promises would fall due."""
    installation = kept()
    if not installation.is_demo:
        raise NotAllowed("Only a demo's clock can be moved.")
    installation.clock_offset += days * 86_400
    clock.shift(timedelta(seconds=installation.clock_offset))
    db.session.flush()
    events.record(DemoClockMoved(days=days), about=installation, by=by)
