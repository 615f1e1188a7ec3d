"""Text without its case, on both databases: PostgreSQL folds all letters by itself, SQLite knows only A to Z.

The one place where the databases differ about letters: SQLite is lent Python's `str.lower`, as its function `folded`.
What is searched is folded further, by `plain`: without accents, and `ß` is `ss`.
"""

import re
import unicodedata
from sqlite3 import Connection as SQLiteConnection
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

MARK = "\\"
ACCENTS = re.compile("[\u0300-\u036f]+")
LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "ς": "σ"}
DOUBLED = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
PLAINLY = str.maketrans(LETTERS | DOUBLED)


class folded(GenericFunction[str]):  # noqa: N801 — it reads as the SQL function that it is
    """A column in lower case."""

    type = String()
    inherit_cache = True


@compiles(folded)
def _lower(element: "folded", compiler: SQLCompiler, **options: Any) -> str:
    return f"lower({compiler.process(element.clauses, **options)})"


@compiles(folded, "sqlite")
def _lent(element: "folded", compiler: SQLCompiler, **options: Any) -> str:
    return f"folded({compiler.process(element.clauses, **options)})"


def lend(connection: SQLiteConnection) -> None:
    """Give a SQLite connection the function."""
    connection.create_function("folded", 1, lambda text: text and str(text).lower(), deterministic=True)
    connection.create_function("search_text", 1, lambda text: spaced(str(text or "")), deterministic=True)


def plain(text: str) -> str:
    """As people type it in a hurry: without case, accents and ligatures, `Élise Weiß` as `elise weiss`."""
    return ACCENTS.sub("", unicodedata.normalize("NFKD", text)).lower().translate(PLAINLY)


def spaced(text: str) -> str:
    """Plain, with two spaces before each word: so the beginning of a word, a letter or two, is three signs long."""
    return "".join(f"  {word}" for word in plain(text).split())


def contains(column: SQLColumnExpression[Any], text: str) -> ColumnElement[bool]:
    """Whether a column has the text anywhere, whatever its case; `%` and `_` are themselves.

    Plain letters take the fast way, which both databases know.
    """
    return _like(column, f"%{escaped(text)}%")


def begins(column: SQLColumnExpression[Any], text: str) -> ColumnElement[bool]:
    """Whether a column begins with the text, in the same way."""
    return _like(column, f"{escaped(text)}%")


def _like(column: SQLColumnExpression[Any], pattern: str) -> ColumnElement[bool]:
    if pattern.isascii():
        return column.ilike(pattern, escape=MARK)
    return folded(column).like(pattern.lower(), escape=MARK)


def escaped(text: str) -> str:
    for sign in (MARK, "%", "_"):
        text = text.replace(sign, MARK + sign)
    return text
