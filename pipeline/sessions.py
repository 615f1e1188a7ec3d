"""The session of SQLAlchemy, which opens a transaction on PostgreSQL only to write.

What is only read needs none: each statement sees what is committed, in a transaction as without one. And a statement
that was prepared stays so: psycopg forgets all of them at every ROLLBACK, by which a transaction of reading would end,
and a board takes PostgreSQL longer to plan than to find.
"""

from functools import lru_cache
from typing import Any

from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, Engine

WRITES = "pipeline_writes"


class ReadingSession(Session):
    """Reads by statements that stand alone, until `transaction()` says that it writes."""

    def get_bind(self, *asked: Any, **more: Any) -> Engine | Connection:
        bind = super().get_bind(*asked, **more)
        if isinstance(bind, Connection) or bind.dialect.name != "postgresql" or self.info.get(WRITES):
            return bind
        return _reading(bind)


@lru_cache(maxsize=8)
def _reading(engine: Engine) -> Engine:
    """The same engine, its pool and its events; only without transactions."""
    return engine.execution_options(isolation_level="AUTOCOMMIT")
