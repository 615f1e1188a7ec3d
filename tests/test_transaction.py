"""One way to write: all of a block, or nothing of it."""

import pytest
from flask import Flask

from pipeline.extensions import db
from pipeline.models.contact import Tag
from pipeline.transaction import read_once, stay_true, transaction
from tests.support.counting import statements

OFTEN = 10


def names() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Tag.name)))


def test_all_of_a_block_is_kept(app: Flask) -> None:
    with transaction():
        db.session.add_all([Tag(name="one"), Tag(name="two")])
    assert names() == ["one", "two"]


def test_nothing_is_kept_of_a_block_that_fails(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        db.session.add(Tag(name="one"))
        db.session.flush()
        raise ZeroDivisionError
    assert names() == []


def test_a_write_outside_a_transaction_is_refused(app: Flask) -> None:
    db.session.add(Tag(name="stray"))
    with pytest.raises(RuntimeError, match="with transaction"):
        db.session.flush()
    assert names() == []


def test_so_is_one_that_is_said_in_sql(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="with transaction"):
        db.session.execute(db.insert(Tag).values(name="stray", colour="slate"))
    assert names() == []


def test_transactions_do_not_nest(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="only the edge"), transaction(), transaction():
        pass


def test_what_was_read_before_is_read_again_inside(app: Flask) -> None:
    with transaction():
        db.session.add(Tag(name="before"))
    tag = db.session.scalars(db.select(Tag)).one()
    with app.app_context(), transaction():
        db.session.execute(db.update(Tag).values(name="after"))
    with transaction():
        assert tag.name == "after"


def test_what_was_read_just_now_is_read_again_only_where_beginning_may_take_long(app: Flask) -> None:
    with transaction():
        db.session.add(Tag(name="before"))
    tag = db.session.scalars(db.select(Tag)).one()
    stay_true(tag)
    with app.app_context(), transaction():
        db.session.execute(db.update(Tag).values(name="after"))
    with transaction():
        assert tag.name == ("after" if db.engine.dialect.name == "sqlite" else "before")
    with transaction():
        assert tag.name == "after"


def test_who_reads_sees_what_others_wrote_meanwhile(app: Flask) -> None:
    assert names() == []
    with app.app_context(), transaction():
        db.session.add(Tag(name="theirs"))
    assert names() == ["theirs"]


def test_what_postgresql_has_prepared_outlasts_the_request_that_asked(app: Flask) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite prepares by itself")
    db.session.remove()
    db.engine.dispose()
    for _ in range(OFTEN):
        names()
        db.session.remove()
    prepared = db.session.scalars(db.text("SELECT statement FROM pg_prepared_statements")).all()
    assert any("FROM tags" in statement for statement in prepared)


def count() -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(Tag)) or 0


def test_what_is_read_once_is_asked_once_and_again_after_a_change(app: Flask) -> None:
    with statements() as asked:
        assert (read_once(count), read_once(count)) == (0, 0)
    assert len(asked) == 1
    with transaction():
        db.session.add(Tag(name="one"))
        db.session.flush()
        assert read_once(count) == 1
        db.session.add(Tag(name="two"))
        db.session.flush()
        assert read_once(count) == 2
    assert read_once(count) == 2
    db.session.rollback()
    with statements() as asked:
        read_once(count)
    assert len(asked) == 1
