"""The migrations lead to exactly the tables that the models describe, on whichever database the suite runs."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask

from pipeline import migrations, references
from pipeline.backups import tables
from pipeline.extensions import db
from pipeline.kept import search_texts
from pipeline.models.base import Base

BEFORE_SELLING = "0013"
A_DEAL_OF_THEN = (
    "INSERT INTO pipelines (id, name, currency, position, is_default, requires_win_reason, requires_loss_reason,"
    " rotting_days, created_at) VALUES (1, 'Sales', 'USD', 0, true, false, false, 14, '2026-01-01 09:00:00')",
    "INSERT INTO stages (id, pipeline_id, name, position, kind, probability, target_days, is_active, colour)"
    " VALUES (1, 1, 'New', 0, 'working', 0, 0, true, 'slate')",
    "INSERT INTO automations (id, pipeline_id, name, trigger, source_id, only_by_person, is_on, note, version,"
    " created_at) VALUES (1, 1, 'Welcome', 'stage_move', 1, false, true, '', 1, '2026-01-01 09:00:00')",
    "INSERT INTO products (id, name) VALUES (1, 'Getting started')",
    "INSERT INTO contacts (id, name, is_company, notes, created_at, version)"
    " VALUES (1, 'Ana', false, '', '2026-01-01 09:00:00', 1)",
    "INSERT INTO opportunities (id, title, contact_id, pipeline_id, stage_id, status, currency, typed_value, value,"
    " is_committed, reason_note, rank, version, created_at, entered_stage_at, last_contact_at)"
    " VALUES (1, 'Books', 1, 1, 1, 'open', 'USD', 100, 100, false, '', 'm', 1,"
    " '2026-01-01 09:00:00', '2026-01-01 09:00:00', '2026-01-01 09:00:00')",
    "INSERT INTO opportunity_products (opportunity_id, product_id) VALUES (1, 1)",
)
WHAT_IS_KEPT = (
    "SELECT products.name, pipelines.name, pipelines.buy_link_days, opportunities.lines_total"
    " FROM opportunity_products JOIN products ON products.id = product_id"
    " JOIN opportunities ON opportunities.id = opportunity_id"
    " JOIN pipelines ON pipelines.id = opportunities.pipeline_id"
    " JOIN automations ON automations.pipeline_id = pipelines.id"
)


def test_the_migrations_equal_the_models(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_modelled})
        differences = compare_metadata(context, Base.metadata)

    assert differences == [], "the models changed: write a migration that does the same to a database"


def test_what_was_there_before_is_there_after(app: Flask) -> None:
    """Rows that refer to each other live through every migration that changes their tables."""
    engine = db.engine
    with references.one_transaction(engine) as connection:
        tables.drop_all(connection)
        migrations.upgrade_to(connection, BEFORE_SELLING)
        for statement in A_DEAL_OF_THEN:
            connection.exec_driver_sql(statement)

    migrations.upgrade(engine)

    with engine.connect() as connection:
        kept = connection.exec_driver_sql(WHAT_IS_KEPT).one()
    assert tuple(kept) == ("Getting started", "Sales", 14, None)
    assert migrations.is_current(engine)


def is_modelled(name: str | None, kind: str, parents: object) -> bool:
    """The texts of search have no models: on SQLite their tables are virtual."""
    return kind != "table" or name not in search_texts.TABLES


def test_migrating_again_changes_nothing(app: Flask) -> None:
    assert migrations.is_current(db.engine)

    migrations.upgrade(db.engine)

    assert migrations.is_current(db.engine)
