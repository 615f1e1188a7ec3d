"""Keeping the texts that search reads: every title, and every contact's name, mail address and number, made plain.

The one place where the databases differ about finding a part of a text. SQLite has FTS5 tables, whose trigrams are
asked by MATCH; PostgreSQL has tables with an index of trigrams, which serves LIKE. Where PostgreSQL has no `pg_trgm`,
and may not be given it, search reads all texts instead: slower, and as right.

A contact's text is kept once, not with each of its deals: renaming one who has a thousand changes one row.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Dialect, Integer, MetaData, Table, Text, TypeDecorator, bindparam
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from pipeline.folding import DOUBLED, LETTERS, escaped


def _table(name: str) -> Table:
    """Beside the models: on SQLite it is a virtual one, which no migration could compare."""
    return Table(name, MetaData(), Column("rowid", Integer, key="id", primary_key=True), Column("text", Text))


title_texts, contact_texts = _table("title_texts"), _table("contact_texts")


class has(FunctionElement[bool]):  # noqa: N801 — it reads as an operator of SQL
    """Whether a row of one of these tables has a part, of three signs or more, anywhere in its text."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, texts: Table, part: str) -> None:
        super().__init__(texts.c.text, bindparam(None, part, type_=Part()))

    def self_group(self, against: Any = None) -> "has":
        """A condition as it stands: SQLite knows no MATCH that is compared with anything."""
        return self


class Part(TypeDecorator[str]):
    """A part of a text, as the database wants to be asked for it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str:
        if dialect.name == "sqlite":
            return '"{}"'.format((value or "").replace('"', '""'))
        return f"%{escaped(value or '')}%"


@compiles(has)
def _like(element: has, compiler: SQLCompiler, **options: Any) -> str:
    text, part = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{text} LIKE {part}"


@compiles(has, "sqlite")
def _match(element: has, compiler: SQLCompiler, **options: Any) -> str:
    text, part = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{text} MATCH {part}"


@dataclass(frozen=True)
class _Kept:
    """A table of texts, and the columns it is kept from."""

    texts: Table
    source: str
    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.texts.name

    @property
    def index(self) -> str:
        return f"ix_{self.name}_trigrams"

    @property
    def triggers(self) -> tuple[str, ...]:
        return tuple(f"{self.name}_on_{act}" for act in ("insert", "update", "delete"))

    def of(self, row: str) -> str:
        """The text of a row: a line for each column."""
        return " || '\n' || ".join(f"search_text({row}.{column})" for column in self.columns)

    @property
    def everything(self) -> str:
        return f"INSERT INTO {self.name} (rowid, text) SELECT s.id, {self.of('s')} FROM {self.source} s ORDER BY s.id"


KEPT = (
    _Kept(title_texts, "opportunities", ("title",)),
    _Kept(contact_texts, "contacts", ("name", "email", "phone_digits")),
)
OF_SQLITE = ("config", "content", "data", "docsize", "idx")
TABLES = frozenset(f"{kept.name}{end}" for kept in KEPT for end in ("", *(f"_{name}" for name in OF_SQLITE)))


def install(connection: Connection) -> None:
    for kept in KEPT:
        for statement in _triggers(kept, connection.dialect.name):
            connection.exec_driver_sql(statement)


def remove(connection: Connection) -> None:
    """The tables go as well: what changes meanwhile would not be in them."""
    for kept in KEPT:
        for trigger in kept.triggers:
            on = f" ON {kept.source}" if connection.dialect.name == "postgresql" else ""
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {trigger}{on}")
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {kept.name}")


def rebuild(connection: Connection) -> None:
    """Make the tables anew and read everything into them; on PostgreSQL writers wait meanwhile."""
    remove(connection)
    if connection.dialect.name == "sqlite":
        for kept in KEPT:
            connection.exec_driver_sql(FTS5.format(kept=kept))
            connection.exec_driver_sql(kept.everything)
        return
    connection.exec_driver_sql(SEARCH_TEXT)
    for kept in KEPT:
        connection.exec_driver_sql(f"LOCK TABLE {kept.source} IN SHARE MODE")
        connection.exec_driver_sql(PLAIN_TABLE.format(kept=kept))
        connection.exec_driver_sql(kept.everything)
    _index(connection)


def is_indexed(connection: Connection) -> bool:
    """Whether search has its index; SQLite's tables are theirs."""
    if connection.dialect.name == "sqlite":
        return True
    names = ", ".join(f"'{kept.index}'" for kept in KEPT)
    wanted = f"SELECT count(*) FROM pg_indexes WHERE schemaname = current_schema() AND indexname IN ({names})"
    return connection.exec_driver_sql(wanted).scalar() == len(KEPT)


def _index(connection: Connection) -> None:
    """By trigrams, if this PostgreSQL has them and its user may have them; nothing fails if not."""
    try:
        with connection.begin_nested():
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            for kept in KEPT:
                connection.exec_driver_sql(TRIGRAMS.format(kept=kept))
    except DBAPIError:
        """`pipeline doctor` says what to do about it."""


def _triggers(kept: _Kept, dialect: str) -> Iterator[str]:
    insert, update, delete = kept.triggers
    if dialect == "postgresql":
        yield KEEP.format(kept=kept, text=kept.of("NEW"))
        for name, act in ((insert, "INSERT"), (update, f"UPDATE OF {', '.join(kept.columns)}")):
            yield f"""CREATE OR REPLACE TRIGGER {name} AFTER {act} ON {kept.source}
FOR EACH ROW EXECUTE FUNCTION {kept.name}_keep()"""
        return
    text, changed = kept.of("NEW"), f"{kept.of('OLD')} <> {kept.of('NEW')}"
    yield f"""CREATE TRIGGER IF NOT EXISTS {insert} AFTER INSERT ON {kept.source}
BEGIN INSERT INTO {kept.name} (rowid, text) VALUES (NEW.id, {text}); END"""
    yield f"""CREATE TRIGGER IF NOT EXISTS {update} AFTER UPDATE OF {", ".join(kept.columns)} ON {kept.source}
WHEN {changed} BEGIN UPDATE {kept.name} SET text = {text} WHERE rowid = NEW.id; END"""
    yield f"""CREATE TRIGGER IF NOT EXISTS {delete} AFTER DELETE ON {kept.source}
BEGIN DELETE FROM {kept.name} WHERE rowid = OLD.id; END"""


FTS5 = "CREATE VIRTUAL TABLE {kept.name} USING fts5(text, tokenize = 'trigram case_sensitive 1')"
PLAIN_TABLE = """CREATE TABLE {kept.name} (
    rowid integer PRIMARY KEY REFERENCES {kept.source} ON DELETE CASCADE, text text NOT NULL)"""
TRIGRAMS = """CREATE INDEX {kept.index} ON {kept.name} USING gin (text gin_trgm_ops)
WITH (gin_pending_list_limit = 256)"""
KEEP = """CREATE OR REPLACE FUNCTION {kept.name}_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO {kept.name} (rowid, text) VALUES (NEW.id, {text})
    ON CONFLICT (rowid) DO UPDATE SET text = excluded.text WHERE {kept.name}.text <> excluded.text;
    RETURN NULL;
END $$"""


def _plainly() -> str:
    """What `pipeline.folding.plain` does, in the words of PostgreSQL."""
    bare = r"regexp_replace(normalize(said, NFKD), '[\u0300-\u036f]+', '', 'g')"
    found = f"translate(lower({bare}), '{''.join(LETTERS)}', '{''.join(LETTERS.values())}')"
    for one, two in DOUBLED.items():
        found = f"replace({found}, '{one}', '{two}')"
    return found


TRIMMED = rf"regexp_replace({_plainly()}, '\s+$', '')"
SEARCH_TEXT = rf"""CREATE OR REPLACE FUNCTION search_text(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT coalesce(regexp_replace({TRIMMED}, '\s*(\S+)', '  \1', 'g'), '') $$"""
