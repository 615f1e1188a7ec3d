"""Tables that the database keeps by itself from others, by triggers: right whoever writes, and whatever way.

They can be thrown away and made again from what they are kept from, so backups leave them out. Migrations remove the
triggers first and install them last: a changed trigger needs a migration, even an empty one, to reach a database.
"""

from sqlalchemy import Connection

from pipeline.kept import search_texts, stage_sums

KEPT = (stage_sums, search_texts)
TABLES = frozenset().union(*(kept.TABLES for kept in KEPT))


def install(connection: Connection) -> None:
    """Let the database keep what it does not keep yet."""
    for kept in KEPT:
        kept.install(connection)


def remove(connection: Connection) -> None:
    """Let it keep nothing, so that tables can be rebuilt freely."""
    for kept in KEPT:
        kept.remove(connection)


def rebuild(connection: Connection) -> None:
    """Make every kept table again from what it is kept from."""
    for kept in KEPT:
        kept.rebuild(connection)
