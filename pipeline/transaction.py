"""One transaction, opened at the edge: `with transaction(): verb(...)`.

What was read before is forgotten and read again inside, so that a verb decides on what is true while it holds the
pen; but for what is said to `stay_true`. On SQLite the pen is the write lock (BEGIN IMMEDIATE); on PostgreSQL verbs
lock the rows they change.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from sqlite3 import Connection as SQLiteConnection
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction
from sqlalchemy.orm.attributes import instance_state

from pipeline import folding
from pipeline.extensions import db
from pipeline.models.base import Base
from pipeline.sessions import WRITES

PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = NORMAL",
    "foreign_keys = ON",
    "busy_timeout = 15000",
    "cache_size = -500",  # half a MB for each connection; the system keeps the file's pages for all of them
)
FIRST = "pipeline_first"
WROTE = "pipeline_wrote"
LOCKED = "pipeline_locked"
STAYING = "pipeline_staying"
KNOWN = "pipeline_known"
STRAY = "a write outside `with transaction():`"
Read = TypeVar("Read")


@contextmanager
def transaction() -> Iterator[None]:
    """Commit all that the block changed, or nothing of it. Transactions do not nest: only edges open them."""
    session = db.session()
    if session.info.get(WRITES):
        raise RuntimeError("a transaction is open already; only the edge opens one")
    _forget(session)
    session.info[WRITES], session.info[LOCKED] = True, set()
    try:
        session.connection(execution_options={WRITES: True})
        for act in session.info.pop(FIRST, ()):
            act()
        session.info[WROTE] = False
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info[WRITES], session.info[LOCKED] = False, set()


def stay_true(*things: Base | None) -> None:
    """Say of what was just read that this session's next transaction need not read it again, if it begins at once."""
    db.session().info[STAYING] = things


def _forget(session: Session) -> None:
    """What was read before. On SQLite all of it, since beginning may take long: there is one pen."""
    staying = session.info.pop(STAYING, ())
    if not staying or session.get_bind().dialect.name == "sqlite" or session.new or session.dirty or session.deleted:
        session.rollback()
        session.expire_all()
        return
    session.commit()
    for thing in set(session) - set(staying):
        session.expire(thing)


def first_of_all(act: Callable[[], None]) -> None:
    """Do this at the beginning of this session's next transaction, and have it undone with it."""
    db.session().info.setdefault(FIRST, []).append(act)


def note_locked(*things: Base) -> None:
    """Say of rows just read that they were locked in reading them: nobody else changes them in this transaction."""
    db.session().info[LOCKED].update(things)


def is_still_true(thing: Base) -> bool:
    """Whether what the open transaction has read of a row is so now, as long as it has written nothing itself: on
    PostgreSQL if it was locked in reading it, on SQLite anyway.
    """
    session = db.session()
    if not session.info.get(WRITES) or session.info.get(WROTE, True) or instance_state(thing).expired_attributes:
        return False
    return session.get_bind().dialect.name == "sqlite" or thing in session.info[LOCKED]


def read_once(read: Callable[[], Read]) -> Read:
    """What `read` returns, asked once for as long as nothing is written and this session goes on reading: settings that
    many parts of one answer hang on.
    """
    session = db.session()
    if session.info.get(WRITES):
        return read()
    known = session.info.setdefault(KNOWN, {})
    if read not in known:
        known[read] = read()
    return cast("Read", known[read])


def on_postgresql() -> bool:
    """Whether this is PostgreSQL, where rows are locked one by one and a statement may write several tables."""
    return db.session.get_bind().dialect.name == "postgresql"


def prepare(engine: Engine) -> None:
    """Teach an engine how transactions begin, and refuse writes outside one."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)


@event.listens_for(Session, "after_transaction_end")
def _forget_what_is_known(session: Session, ended: SessionTransaction) -> None:
    session.info.pop(KNOWN, None)


@event.listens_for(Session, "before_flush")
def _refuse_stray_writes(session: Session, context: Any, instances: Any) -> None:
    if not session.info.get(WRITES):
        raise RuntimeError(STRAY)


@event.listens_for(Session, "after_flush")
def _note_flush(session: Session, context: Any) -> None:
    session.info[WROTE] = True


@event.listens_for(Session, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    if (state.is_insert or state.is_update or state.is_delete) and not state.session.info.get(WRITES):
        raise RuntimeError(STRAY)
    if not state.is_select:
        state.session.info[WROTE] = True


def _configure_sqlite(connection: SQLiteConnection, record: Any) -> None:
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    folding.lend(connection)


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
