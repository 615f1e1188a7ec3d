"""Tables that the database keeps by itself from others, by triggers: right whoever writes, and whatever way.

They can be thrown away and made again from what they are kept from, so backups leave them out. Migrations remove the
triggers first and install them last: a changed trigger needs a migration, even an empty one, to reach a database.
"""

from collections.abc import Callable

from sqlalchemy import Connection, inspect

from pipeline.kept import stage_sums

KEPT = (stage_sums,)
TABLES = frozenset(kept.TABLE for kept in KEPT)


def install(connection: Connection) -> None:
    """Let the database keep what it does not keep yet."""
    _each(connection, lambda kept: kept.install)


def remove(connection: Connection) -> None:
    """Let it keep nothing, so that tables can be rebuilt freely."""
    _each(connection, lambda kept: kept.remove)


def rebuild(connection: Connection) -> None:
    """Make every kept table again from what it is kept from."""
    _each(connection, lambda kept: kept.rebuild)


def _each(connection: Connection, what: Callable[..., Callable[[Connection], None]]) -> None:
    there = set(inspect(connection).get_table_names())
    for kept in KEPT:
        if kept.TABLE in there:
            what(kept)(connection)
