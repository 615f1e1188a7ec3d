"""A company grown to any size in seconds: deals in bulk, and of a block of them copies, by the database itself.

What the database keeps by triggers is made again in the end, not for each deal. PostgreSQL then vacuums the tables, as
it would by itself a minute later; SQLite is left as it is.
"""

from collections.abc import Mapping
from string import ascii_letters

from fractional_indexing import generate_n_keys_between
from sqlalchemy import Connection, Table, func, insert, literal, select, text

from bench.deals import Deals
from pipeline import kept
from pipeline.extensions import db
from pipeline.models.activity import Activity
from pipeline.models.base import Base, Numbered
from pipeline.models.contact import Contact, contact_tags
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity, StageMove, opportunity_tags
from pipeline.models.pipeline import Pipeline
from pipeline.transaction import transaction

BLOCK = 10_000
OF_DEALS = {"opportunity_id": 1}
COPIED: tuple[tuple[str, Mapping[str, int]], ...] = (
    ("contacts", {"id": 2, "company_id": 2}),
    ("opportunities", {"id": 1, "contact_id": 2}),
    ("stage_moves", OF_DEALS),
    ("events", OF_DEALS),
    ("activities", OF_DEALS),
    ("opportunity_tags", OF_DEALS),
    ("contact_tags", {"contact_id": 1}),
)
TOLD_APART = {"opportunities": "title", "contacts": "name"}


def grow_to(count: int, pipeline: Pipeline) -> None:
    """Have this many opportunities, those there are included."""
    here = db.session.scalar(select(func.count(Opportunity.id))) or 0
    rank = db.session.scalar(select(func.max(Opportunity.rank)).where(Opportunity.id <= BLOCK))
    db.session.rollback()
    with transaction():
        kept.remove(db.session.connection())
    while here < count:
        if here >= BLOCK and count - here >= BLOCK:
            with transaction():
                _copy(db.session.connection(), here)
            here += BLOCK
            continue
        upto = min(count, here + BLOCK)
        ranks = generate_n_keys_between(rank, None, upto - here)
        with transaction():
            _write(db.session.connection(), Deals(pipeline, here + 1, ranks))
        here, rank = upto, ranks[-1]
    with transaction():
        kept.rebuild(db.session.connection())
        kept.install(db.session.connection())
    _settle()


def _write(connection: Connection, deals: Deals) -> None:
    numbers = deals.numbers
    for table, rows in (
        (Contact.__table__, deals.contacts()),
        (Opportunity.__table__, deals.deals),
        (StageMove.__table__, deals.moves()),
        (Event.__table__, deals.events()),
        (Activity.__table__, deals.tasks()),
        (opportunity_tags, deals.tags("opportunity_id", numbers[::2])),
        (contact_tags, deals.tags("contact_id", numbers[::3])),
    ):
        assert isinstance(table, Table)  # noqa: S101 — for the type checker
        connection.execute(insert(table), list(rows))


def _copy(connection: Connection, here: int) -> None:
    """The first block once more: other numbers, other names, and a place just below the one that was copied."""
    mark = "".join(ascii_letters[digit] for digit in divmod(here // BLOCK, len(ascii_letters)))
    for name, moved in COPIED:
        table = Base.metadata.tables[name]
        columns = [column for column in table.c if column.name != "id" or "id" in moved]
        values = []
        for column in columns:
            value = column + here * moved[column.name] if column.name in moved else column
            if column.name == "rank":
                value = column + literal(mark)
            elif column.name == TOLD_APART.get(name):
                value = column + literal(f" {mark}")
            values.append(value.label(column.name))
        key = next(table.c[each] for each in ("opportunity_id", "contact_id", "id") if each in moved)
        last = BLOCK * moved[key.name]
        connection.execute(insert(table).from_select(columns, select(*values).where(key <= last)))


def _settle() -> None:
    """What a PostgreSQL does a minute later by itself; and its counters go on behind the numbers written."""
    if db.engine.dialect.name != "postgresql":
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for model in (Contact, Opportunity):
            _count_on(connection, model)
        connection.execute(text("VACUUM ANALYZE"))


def _count_on(connection: Connection, model: type[Numbered]) -> None:
    name = Base.metadata.tables[model.__tablename__].name
    highest = select(func.max(model.id)).scalar_subquery()
    connection.execute(select(func.setval(func.pg_get_serial_sequence(name, "id"), highest)))
