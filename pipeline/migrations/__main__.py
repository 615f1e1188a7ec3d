"""`python -m pipeline.migrations "Say what changes"` writes the next migration: what the models say beyond the last."""

import sys

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from pipeline import migrations


def write_next(title: str) -> None:
    """Compare the models with an empty database brought up to date, and write down the difference, to be read over."""
    engine = create_engine("sqlite://")
    head = ScriptDirectory.from_config(migrations.configuration()).get_current_head()
    with engine.begin() as connection:
        config = migrations.configuration(connection)
        command.upgrade(config, "head")
        command.revision(config, message=title, autogenerate=True, rev_id=f"{int(head or 0) + 1:04}")


if __name__ == "__main__":
    write_next(" ".join(sys.argv[1:]) or "Change the tables")
